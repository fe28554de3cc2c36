"""Fixtures: one Neo4j for all tests (`neo4j`, empty for each), and the program on it (`start_on_neo4j`)."""

import pytest

from neo4j_server import Neo4jServer

REPORT = []


def pytest_terminal_summary(terminalreporter):
    for line in REPORT:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def report():
    """Lines to be printed at the end of the run."""
    return REPORT


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
def start_on_neo4j(neo4j, start_nerdx):
    """start_on_neo4j("--flag", …) -> a Nerdx whose world is in the Neo4j of the tests."""

    def start(*flags, **options):
        return start_nerdx("--world-graph", neo4j.url, *flags, env=neo4j.environment, **options)

    return start


@pytest.fixture
def nerdx(start_on_neo4j):
    return start_on_neo4j()


@pytest.fixture
def shared_nerdx(nerdx):
    """Not shared here: each test has its own empty graph."""
    return nerdx
