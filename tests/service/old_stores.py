"""Stores as earlier versions of the program left them: the tables of version n, with the rows that they can hold."""

import contextlib
import re
import sqlite3
from dataclasses import dataclass, field

from stores import STORES, open_store

APPLICATION_ID = 0x4E524458  # "NRDX": a file of this program's
EMBEDDED_ONLY = ("world",)  # on PostgreSQL, too, the world model of these tests is a file


@dataclass
class Room:
    """A store and what became of it. added: (table, column) that came later -> what rows of before have there, or what
    makes it of a row; later: tables that came later and hold what was in another; gone: (table, column) -> makes a
    row's value in a column that is there no more, (table, None) -> rows of a table that is gone."""

    name: str
    title: str
    added: dict = field(default_factory=dict)
    later: tuple = ()
    gone: dict = field(default_factory=dict)


def is_file(room):
    return STORES.embedded or room.name in EMBEDDED_ONLY


def open_room(room, data):
    file = data / f"{room.name}.db"
    return contextlib.closing(sqlite3.connect(file) if is_file(room) else open_store(data, room.name))


def texts(run_nerdx, room, data):
    """What each migration runs, in order, as `migrate --dry-run` says where there is no store yet."""
    data.mkdir(exist_ok=True)
    printed = run_nerdx("migrate", "--dry-run", "--data", data)
    assert printed.returncode == 0, printed.stderr
    parts = re.split(r"^-- (.+), (\d{4}) \w+\n", printed.stdout, flags=re.MULTILINE)[1:]
    return [text for title, _, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True) if title == room.title]


def columns(store, room, table):
    """Those that rows are written with: one that is generated from others isn't."""
    if is_file(room):
        return [row[1] for row in store.execute(f"PRAGMA table_xinfo({table})").fetchall() if row[6] == 0]
    every = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
    return [name for owner, name in store.execute(every).fetchall() if owner == table]


def tables(store, room):
    every = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        if is_file(room)
        else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    )
    return sorted(name for (name,) in store.execute(every).fetchall() if name != "schema_history")


def in_order(row):
    """Of rows alike, whatever order their columns are told in: PostgreSQL tells them in any."""
    return repr(sorted(row.items()))


def rows_of(store, room):
    """Every row of every table, as {table: [{column: value}]} in an order of their own."""
    found = {}
    for table in tables(store, room):
        named = columns(store, room, table)
        rows = store.execute(f"SELECT {', '.join(named)} FROM {table}").fetchall()
        found[table] = sorted((dict(zip(named, row, strict=True)) for row in rows), key=in_order)
    return found


def read(room, data):
    with open_room(room, data) as store:
        return rows_of(store, room)


def history(room, data):
    with open_room(room, data) as store:
        return store.execute("SELECT version, name, digest FROM schema_history ORDER BY version").fetchall()


def insert(store, table, rows):
    for row in rows:
        marks = ", ".join("?" * len(row))
        store.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def run_all(store, room, statements):
    if is_file(room):
        store.executescript(statements)
    else:
        store.execute(statements)


def make_tables(store, room, migrations, applied):
    if not is_file(room):
        store.execute(f"DROP SCHEMA {room.name} CASCADE")
        store.execute(f"CREATE SCHEMA {room.name}")
    kept = "version integer NOT NULL PRIMARY KEY, name text NOT NULL, digest text NOT NULL"
    store.execute(f"CREATE TABLE schema_history ({kept}, applied_at text NOT NULL DEFAULT CURRENT_TIMESTAMP)")
    for text in migrations:
        run_all(store, room, text)
    insert(store, "schema_history", [dict(zip(("version", "name", "digest"), row, strict=True)) for row in applied])


def fill(store, room, rows):
    """What of the rows a table here can hold, and of its own what no later one has."""
    for table in tables(store, room):
        here = columns(store, room, table)
        own = {column: make for (name, column), make in room.gone.items() if name == table and column in here}
        store.execute(f"DELETE FROM {table}")
        for row in rows.get(table, []):
            kept = {name: value for name, value in row.items() if name in here}
            insert(store, table, [{**kept, **{column: make(rows, row) for column, make in own.items()}}])
        if (table, None) in room.gone:
            insert(store, table, room.gone[table, None])
        assert store.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, f"{table} should have rows"


def make_store(room, data, migrations, applied, rows):
    """The store as the version with so many migrations left it; returns its tables with their columns."""
    with open_room(room, data) as store:
        if is_file(room):
            store.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        else:
            store.data = data
        make_tables(store, room, migrations, applied)
        fill(store, room, rows)
        store.commit()
        return {table: columns(store, room, table) for table in tables(store, room)}


def expected(room, rows, here):
    """What must be in the newest tables, of a store that had these columns."""

    def grown(table, row):
        new = {name for name in row if table in here and name not in here[table]}
        there = {name: room.added.get((table, name), row[name]) for name in new}
        return {**row, **{name: value(row) if callable(value) else value for name, value in there.items()}}

    kept = {table: there if table in here or table in room.later else [] for table, there in rows.items()}
    return {table: sorted((grown(table, row) for row in there), key=in_order) for table, there in kept.items()}
