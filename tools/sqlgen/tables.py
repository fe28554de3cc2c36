"""The tables that the migrations make, and the statements that move their rows from one database to another. No list to
keep: a table that a migration adds is among them."""

import dataclasses
import sqlite3

from parse import MAX_COLUMNS, Column, Problem
from schema import type_of

PLACEHOLDERS = {"sqlite": "?", "postgres": "$"}
GENERATED = (2, 3)  # "hidden" of PRAGMA table_xinfo: the database makes it of the others


@dataclasses.dataclass
class Table:
    name: str
    columns: list  # that are stored
    key: list  # numbers of the columns that order the rows, and tell them apart
    is_keyed: bool  # no two rows have the same key
    initial_rows: int  # that the migrations themselves made

    def names(self, numbers):
        return ", ".join(f'"{self.columns[number].name}"' for number in numbers)

    def all(self):
        return range(len(self.columns))

    def read(self, database, is_first):
        """The first rows by key, or those behind a key; so many at the most."""
        mark = PLACEHOLDERS[database]
        behind = ", ".join(f"{mark}{number + 1}" for number in range(len(self.key)))
        where = "" if is_first else f"WHERE ({self.names(self.key)}) > ({behind}) "
        limit = f"{mark}{1 if is_first else len(self.key) + 1}"
        ordered = f"ORDER BY {self.names(self.key)} LIMIT {limit}"
        return f'SELECT {self.names(self.all())} FROM "{self.name}" {where}{ordered}'

    def clear(self, _database):
        return f'DELETE FROM "{self.name}"'

    def add(self, database):
        values = ", ".join(f"{PLACEHOLDERS[database]}{number + 1}" for number in self.all())
        return f'INSERT INTO "{self.name}" ({self.names(self.all())}) VALUES ({values})'

    def statements(self):
        """Name, text of a database, types of the parameters, whether it gives rows."""
        key = [self.columns[number].type for number in self.key]
        return (
            ("first", lambda database: self.read(database, True), ["int"], True),
            ("next", lambda database: self.read(database, False), [*key, "int"], True),
            ("clear", self.clear, [], False),
            ("add", self.add, [column.type for column in self.columns], False),
        )


def columns_of(db, name, path):
    columns, primary = [], {}
    for _, column, declared, not_null, _, of_key, hidden in db.execute(f'PRAGMA table_xinfo("{name}")'):
        kind = type_of(declared)
        if hidden in GENERATED:
            continue
        if kind is None:
            right = "TEXT, BIGINT, DOUBLE PRECISION or BLOB"
            raise Problem(path, 1, f"{name}.{column} is declared {declared}: {right} would do")
        if of_key:
            primary[of_key] = len(columns)
        columns.append(Column(column, kind, not (not_null or of_key)))
    if len(columns) >= MAX_COLUMNS:
        raise Problem(path, 1, f"{name} has {len(columns)} columns, {MAX_COLUMNS - 1} are allowed")
    return columns, [primary[place] for place in sorted(primary)]


def unique_key(db, name, columns):
    """Of a table without a primary key: the first index over columns that no two rows share and that are never NULL."""
    numbers = {column.name: number for number, column in enumerate(columns)}
    for _, index, unique, _, partial in db.execute(f'PRAGMA index_list("{name}")'):
        parts = [row[2] for row in db.execute(f'PRAGMA index_info("{index}")')]
        key = [numbers[part] for part in parts if part in numbers]
        if unique and not partial and len(key) == len(parts) and not any(columns[number].nullable for number in key):
            return key
    return []


def read_table(db, name, path):
    columns, key = columns_of(db, name, path)
    key = key or unique_key(db, name, columns)
    (rows,) = db.execute(f'SELECT count(*) FROM "{name}"').fetchone()
    if not key and any(column.nullable for column in columns):
        raise Problem(path, 1, f"{name} has no key: give it a PRIMARY KEY, so that its rows can be told apart")
    return Table(name, columns, key or list(range(len(columns))), bool(key), rows)


def tables_of(migrations):
    if not migrations:
        return []
    db = sqlite3.connect(":memory:")
    for migration in migrations:
        db.executescript(migration.text["sqlite"])
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    return [read_table(db, name, migrations[0].path) for (name,) in db.execute(names).fetchall()]
