"""Where the stores of a NERDX under test are: files in its data directory, or servers that the tests start.

With NERDX_TEST_STORES=postgres the same tests run on PostgreSQL: every data directory has schemas of its own there.
`open_store(data, "agents")` looks into a store past everything NERDX promises, wherever it is.
"""

import contextlib
import hashlib
import os
import pathlib
import sqlite3


class ScaledStores:
    def __init__(self):
        self.postgres = None
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
        return self.postgres

    @staticmethod
    def schema(data, name):
        return f"{name}_{hashlib.sha256(str(pathlib.Path(data).resolve()).encode()).hexdigest()[:12]}"

    def options(self, data):
        """What a program on that data directory needs in its environment."""
        if self.embedded or data is None:
            return {}
        url = self.server().url
        return {
            "NERDX_AGENTS_SQL": f"{url}#{self.schema(data, 'agents')}",
            "NERDX_ANALYTICS_SQL": f"{url}#{self.schema(data, 'analytics')}",
            "NERDX_AUTH_SQL": f"{url}#{self.schema(data, 'auth')}",
            "NERDX_WEBHOOKS_SQL": f"{url}#{self.schema(data, 'webhooks')}",
            "NERDX_NOTIFY_SQL": f"{url}#{self.schema(data, 'notify')}",
            "NERDX_WORLD_SQL": f"{url}#{self.schema(data, 'proposals')}",
        }

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
        return sqlite3.connect(pathlib.Path(data) / f"{name}.db")
    return PostgresRows(STORES.server().url, STORES.schema(data, name))


def dump_of(data, name):
    """All that the store holds, as SQL text."""
    if not STORES.embedded:
        return STORES.server().dump(STORES.schema(data, name))
    with contextlib.closing(open_store(data, name)) as store:
        return "".join(store.iterdump())


@contextlib.contextmanager
def held_store(data, name, table):
    """Another program holds the table (a file: all of it) for itself, as a long backup might."""
    with contextlib.closing(open_store(data, name)) as store:
        store.execute("BEGIN IMMEDIATE" if STORES.embedded else f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
        store.execute("ROLLBACK")
