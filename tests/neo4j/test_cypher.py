"""The openCypher TCK on Neo4j: as on SQLite, an answer is right or refused, never wrong."""

import pytest
import runner
import tck
from test_tck import (
    test_nearly_all_that_is_read_is_answered,  # noqa: F401
    test_no_answer_is_wrong,  # noqa: F401
    test_what_must_be_refused_is_refused,  # noqa: F401
)

pytestmark = pytest.mark.xdist_group("tck")  # they share what was found


class Neo4j(runner.Sqlite):
    """One graph, emptied for each set-up."""

    name = "neo4j"

    def __init__(self, program, environment, server):
        super().__init__(program, {**environment, **server.environment})
        self.server = server
        self.workers = 1

    def place(self, folder):
        return (*super().place(folder), "--world-graph", self.server.url)

    def ingest(self, folder, setups):
        self.server.empty()
        return super().ingest(folder, setups)


@pytest.fixture(scope="module")
def results(nerdx_bin, nerdx_environment, neo4j_server, report):
    twin = Neo4j(nerdx_bin, nerdx_environment, neo4j_server)
    try:
        found = runner.run_cases(twin, tck.read_cases())
    finally:
        twin.close()
    report.extend(runner.summary(twin.name, found))
    return found
