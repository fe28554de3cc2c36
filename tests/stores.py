"""Where the stores of a NERDX under test are: files in its data directory, or servers that the tests start.

With NERDX_TEST_STORES=postgres the same tests run on PostgreSQL: every data directory has a database of its own there.
`open_store(data, "agents")` looks into a store past everything NERDX promises, wherever it is.
"""

import contextlib
import hashlib
import os
import pathlib
import sqlite3
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
LOCK_LIMIT_S = 60  # a bound for a program that hangs while it writes
NAMES = {
    "agents": "NERDX_AGENTS_SQL",
    "analytics": "NERDX_ANALYTICS_SQL",
    "auth": "NERDX_AUTH_SQL",
    "webhooks": "NERDX_WEBHOOKS_SQL",
    "notify": "NERDX_NOTIFY_SQL",
    "proposals": "NERDX_WORLD_SQL",
}


class ScaledStores:
    def __init__(self):
        self.postgres, self.databases = None, set()
        fleet = os.environ.get("NERDX_TEST_FLEET", "")  # its nodes share what only servers can
        self.wanted = os.environ.get("NERDX_TEST_STORES", "postgres" if fleet else "embedded")
        assert self.wanted in ("embedded", "postgres"), f"NERDX_TEST_STORES={self.wanted}: embedded or postgres"

    @property
    def embedded(self):
        return self.wanted == "embedded"

    def server(self):
        """Started once, when the first test wants it."""
        if self.postgres is None:
            from postgres_server import PostgresServer  # only here: it wants PostgreSQL

            self.postgres = PostgresServer("fsync = off").start()
            self._migrate(self.postgres.create("migrated"))
        return self.postgres

    def _migrate(self, database):
        """Each data directory has a copy: to copy 600 tables and indices is a tenth of the work of making them."""
        program = os.environ.get("NERDX_BIN", ROOT / "build/release/nerdx")
        with tempfile.TemporaryDirectory() as folder:
            env = {**os.environ, **self._urls(database)}
            subprocess.run([program, "migrate", "--data", folder], env=env, check=True, stdout=subprocess.DEVNULL)

    @staticmethod
    def _urls(database):
        return {option: f"{database}#{name}" for name, option in NAMES.items()}

    def database(self, data):
        """The name of what belongs to a data directory, with all tables from the first time on that it is asked for."""
        name = f"data_{hashlib.sha256(str(pathlib.Path(data).resolve()).encode()).hexdigest()[:12]}"
        server = self.server()
        if name not in self.databases:
            server.run(f"CREATE DATABASE {name} TEMPLATE migrated")
            self.databases.add(name)
        return name

    def url(self, data):
        return self.server().url_of(self.database(data))

    def options(self, data):
        """What a program on that data directory needs in its environment."""
        return {} if self.embedded or data is None else self._urls(self.url(data))

    def stop(self):
        if self.postgres:
            self.postgres.__exit__()
            self.postgres = None


STORES = ScaledStores()


class PostgresRows:
    """As much of sqlite3's connection as the tests use; leaving its `with` commits."""

    def __init__(self, url, schema):
        import psycopg2  # only here: it wants the library

        self.connection = psycopg2.connect(url, options=f"-c search_path={schema}")

    def execute(self, statement, parameters=()):
        cursor = self.connection.cursor()
        cursor.execute(statement.replace("?", "%s"), parameters)
        return cursor

    def __enter__(self):
        self.connection.__enter__()
        return self

    def __exit__(self, *what_happened):
        return self.connection.__exit__(*what_happened)

    def commit(self):
        self.connection.commit()

    def close(self):
        self.connection.close()


def open_store(data, name):
    """A connection to the store `agents`, `auth`, `proposals` or `webhooks` of that data directory."""
    if STORES.embedded:
        return sqlite3.connect(pathlib.Path(data) / f"{name}.db", timeout=LOCK_LIMIT_S)
    return PostgresRows(STORES.url(data), name)


def dump_of(data, name):
    """All that the store holds, as SQL text."""
    if not STORES.embedded:
        return STORES.server().dump(name, STORES.database(data))
    with contextlib.closing(open_store(data, name)) as store:
        return "".join(store.iterdump())


@contextlib.contextmanager
def held_store(data, name, table):
    """Another program holds the table (a file: all of it) for itself, as a long backup might."""
    with contextlib.closing(open_store(data, name)) as store:
        store.execute("BEGIN IMMEDIATE" if STORES.embedded else f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
        store.execute("ROLLBACK")
