#!/usr/bin/env python3
"""The contract makes the code: OpenAPI 3.1 files -> C types, validators, route tables, clients and documentation.

    apigen.py --out DIR file.yaml...            the C code
    apigen.py --docs --out DIR file.yaml...     index.html, docs.css, openapi.json, events.json

All files that refer to each other are given together. For each file NAME.yaml it writes NAME.h and NAME.c, and
NAME_operations.c when it has paths. See api/README.md for what a contract may say.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from access import read_access
from bundle import bundle
from c_header import all_schemas, print_header
from c_operations import print_operations_source
from c_shapes import print_source
from docs_html import page
from events import events_json, read_event_types
from model import Access, Unit
from operations import read_document
from schemas import Schemas
from source import ContractError, Map, allow, need, read

CSS = Path(__file__).with_name("docs.css")
STYLE = Path(__file__).resolve().parents[2] / ".clang-format"


def read_unit(path: Path, document: Map) -> Unit:
    info = need(document, "info", Map, "an OpenAPI document")
    allow(info, {"title", "version", "description", "license"}, "info")
    if document.get("openapi") != "3.1.0":
        raise ContractError(document.at("openapi"), "openapi: must be 3.1.0")
    title, version = need(info, "title", str, "info"), need(info, "version", str, "info")
    return Unit(path.stem, title, version, str(info.get("description", "")).strip())


def read_units(paths: list[Path], documents: dict[str, Map], access: Access) -> list[Unit]:
    units = {path.stem: read_unit(path, documents[path.stem]) for path in paths}
    schemas = Schemas(documents, units)
    for name, unit in units.items():
        read_document(unit, documents[name], schemas, access)
        read_event_types(unit, documents[name], schemas)
    return list(units.values())


def format_c(files: list[Path]) -> None:
    """The printers come close; clang-format, where there is one, does the rest."""
    formatter = shutil.which("clang-format-19")
    if formatter and STYLE.exists():
        subprocess.run([formatter, f"--style=file:{STYLE}", "-i", *files], check=True)


def write_c(units: list[Unit], access: Access, out: Path) -> None:
    everything = all_schemas(units)
    files: dict[Path, str] = {}
    for unit in units:
        files[out / f"{unit.name}.h"] = print_header(unit, everything, access)
        files[out / f"{unit.name}.c"] = print_source(unit, access)
        if unit.operations:
            files[out / f"{unit.name}_operations.c"] = print_operations_source(unit, access)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    format_c(list(files))


def write_docs(units: list[Unit], access: Access, documents: dict[str, Map], out: Path) -> None:
    (out / "openapi.json").write_text(bundle(units, access, documents), encoding="utf-8")
    (out / "events.json").write_text(events_json(units), encoding="utf-8")
    (out / "index.html").write_text(page(units, access), encoding="utf-8")
    shutil.copyfile(CSS, out / "docs.css")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--docs", action="store_true", help="write the documentation instead of the code")
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    try:
        documents = {path.stem: read(path) for path in options.files}
        access = read_access(documents)
        units = read_units(options.files, documents, access)
        if options.docs:
            write_docs(units, access, documents, options.out)
        else:
            write_c(units, access, options.out)
    except ContractError as error:
        print(f"apigen: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
