#!/usr/bin/env python3
"""Makes typed C functions from a file of annotated SQL queries, and a table from a folder of migrations.

The format is described in README.md beside this file. Every statement is prepared by SQLite against the
migrations while building, so that a wrong column, count or parameter name is refused with its file and line.
"""

import argparse
import pathlib
import sys

from emit import emit_header, emit_source
from parse import Problem, parse_migrations, parse_queries
from schema import Schema
from tables import tables_of


def generate(source, folders, out_dir):
    module = source.stem
    migrations = parse_migrations(*folders) if folders else []
    queries = parse_queries(source)
    schema = Schema(migrations)
    for query in queries:
        schema.check(query)
    (out_dir / f"{module}_sql.h").write_text(emit_header(module, source.name, queries, migrations))
    made = emit_source(module, source.name, queries, migrations, tables_of(migrations))
    (out_dir / f"{module}_sql.c").write_text(made)


def write_depfile(path, target, folders):
    """The folders themselves are named too, so that a new migration is noticed."""
    inputs = [str(p) for p in pathlib.Path(__file__).parent.glob("*.py")]
    for folder in folders:
        inputs += [str(folder)] + [str(p) for p in sorted(folder.glob("*.sql"))]
    path.write_text(f"{target}: {' '.join(inputs)}\n")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("source", type=pathlib.Path, help="the .sql file with the queries")
    arguments.add_argument(
        "--migrations", type=pathlib.Path, action="append", default=[], help="a folder with 0001_name.sql, …"
    )
    arguments.add_argument("--out", type=pathlib.Path, required=True, help="where to write <module>_sql.h and .c")
    arguments.add_argument("--depfile", type=pathlib.Path)
    options = arguments.parse_args()
    try:
        generate(options.source, options.migrations, options.out)
    except Problem as problem:
        sys.exit(str(problem))
    if options.depfile:
        write_depfile(options.depfile, options.out / f"{options.source.stem}_sql.h", options.migrations)


if __name__ == "__main__":
    main()
