"""Many nodes that start at once on an empty store, or on one of a version before: each migration is applied once."""

import contextlib
import sqlite3
import subprocess

import pytest

from postgres_server import PostgresServer

NODES = 16
JOBS = 9001  # from here on the numbers are of the tables of jobs and events


@pytest.fixture(scope="module")
def postgres():
    with PostgresServer("fsync = off") as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, tmp_path):
    """Where the conversations are, and what reads rows there."""
    if request.param == "sqlite":

        def rows_of_file(statement):
            with contextlib.closing(sqlite3.connect(tmp_path / "agents.db")) as store:
                rows = store.execute(statement.replace("agents.", "")).fetchall()
                store.commit()
                return rows

        return f"sqlite:{tmp_path}/agents.db", rows_of_file
    server = request.getfixturevalue("postgres")
    server.run("DROP SCHEMA IF EXISTS agents CASCADE")
    return f"{server.url}#agents", lambda statement: [
        tuple(map(int, line.split("|"))) for line in server.run(statement).splitlines()
    ]


def migrate_at_once(nerdx_bin, nerdx_environment, url, tmp_path):
    """All nodes' outputs."""
    nodes = [
        subprocess.Popen(
            [nerdx_bin, "migrate", "--data", tmp_path / f"node-{number}"],
            env={**nerdx_environment, "NERDX_AGENTS_SQL": url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(NODES)
    ]
    ended = [node.communicate() for node in nodes]
    assert [node.returncode for node in nodes] == [0] * NODES, [said for _, said in ended]


def test_sixteen_nodes_at_once_apply_each_migration_once(nerdx_bin, nerdx_environment, store, tmp_path):
    url, rows = store
    migrate_at_once(nerdx_bin, nerdx_environment, url, tmp_path)
    versions = [version for (version,) in rows("SELECT version FROM agents.schema_history ORDER BY version")]
    own = [version for version in versions if version < JOBS]
    of_jobs = [version for version in versions if version >= JOBS]
    assert len(own) >= 7 and own == list(range(1, len(own) + 1))
    assert of_jobs and of_jobs == list(range(JOBS, JOBS + len(of_jobs)))
    assert rows("SELECT count(*) FROM agents.turn") == [(0,)]
