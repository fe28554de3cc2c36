"""Fixtures: one Neo4j for all tests of a process (`neo4j`, empty for each), and the program on it.

`start_nerdx`, `run_nerdx`, `begin_nerdx`, `nerdx` and `shared_nerdx` are those of ../conftest.py with the world in that
Neo4j; `start_nerdx(on_neo4j=False)` starts one on its own file.
"""

import pytest

from neo4j_server import Neo4jServer


def pytest_collection_modifyitems(items):
    """Tests that share a program come first, those of a file together: each other test empties the graph under it."""
    items.sort(key=lambda item: (item.path, "shared_nerdx" not in item.fixturenames, item.function.__module__))


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory):
    """Started once; a test that ends it starts it again."""
    with Neo4jServer(tmp_path_factory.mktemp("neo4j")) as server:
        yield server


def on(server, command):
    """The command with the world in that Neo4j."""

    def run(*arguments, env=None, **options):
        return command(*arguments, "--world-graph", server.url, env={**server.environment, **(env or {})}, **options)

    return run


class Shared:
    """The program that tests of one file share for as long as no test empties the graph: it ends with the graph."""

    def __init__(self, server):
        self.server = server
        self.one = self.known_by = None

    def of(self, module, start):
        if self.known_by != (module, start):
            self.end()
            self.one, self.known_by = on(self.server, start)(), (module, start)
        return self.one

    def end(self):
        if self.one and self.one.process.poll() is None:
            self.one.stop()
        self.one = self.known_by = None
        self.server.empty()


@pytest.fixture(scope="session")
def shared(neo4j_server):
    return Shared(neo4j_server)


@pytest.fixture
def shared_nerdx(request, shared, start_shared_nerdx):
    return shared.of(request.function.__module__, start_shared_nerdx)


@pytest.fixture
def neo4j(request, neo4j_server, shared):
    if "shared_nerdx" not in request.fixturenames:
        shared.end()
    return neo4j_server


@pytest.fixture
def start_nerdx(start_nerdx, neo4j):
    def start(*flags, on_neo4j=True, **options):
        return (on(neo4j, start_nerdx) if on_neo4j else start_nerdx)(*flags, **options)

    return start


@pytest.fixture
def run_nerdx(run_nerdx, neo4j):
    return on(neo4j, run_nerdx)


@pytest.fixture
def begin_nerdx(begin_nerdx, neo4j):
    return on(neo4j, begin_nerdx)


@pytest.fixture
def many():
    return 4_000


@pytest.fixture
def has_begun(neo4j):
    return lambda: neo4j.run("MATCH (n:Dish) RETURN count(n)")[0][0] > 100
