"""Fixtures: one Neo4j for all tests of a process (`neo4j`, empty for each), and the program on it.

`start_nerdx`, `run_nerdx`, `nerdx` and `shared_nerdx` are those of ../conftest.py with the world in that Neo4j;
`start_nerdx(on_neo4j=False)` starts one on its own file.
"""

import pytest

from neo4j_server import Neo4jServer


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory):
    """Started once; a test that ends it starts it again."""
    with Neo4jServer(tmp_path_factory.mktemp("neo4j")) as server:
        yield server


@pytest.fixture
def neo4j(neo4j_server):
    neo4j_server.empty()
    return neo4j_server


@pytest.fixture
def start_nerdx(start_nerdx, neo4j):
    def start(*flags, env=None, on_neo4j=True, **options):
        if not on_neo4j:
            return start_nerdx(*flags, env=env, **options)
        return start_nerdx("--world-graph", neo4j.url, *flags, env={**neo4j.environment, **(env or {})}, **options)

    return start


@pytest.fixture
def run_nerdx(run_nerdx, neo4j):
    def run(command, *arguments, env=None, **options):
        env = {**neo4j.environment, **(env or {})}
        return run_nerdx(command, "--world-graph", neo4j.url, *arguments, env=env, **options)

    return run


@pytest.fixture
def shared_nerdx(nerdx):
    """Not shared here: each test has its own empty graph."""
    return nerdx
