"""How Neo4j carries out each statement of neo4j.cypher, planned while the graph is empty: what is planned then is kept
for a while, whatever an import makes meanwhile."""

import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/cyphergen"))
import cyphergen  # noqa: E402

STATEMENTS = cyphergen.parse(ROOT / "src/stores/graph/neo4j/neo4j.cypher")
SCANS = {"count_all", "list_types", "read_nodes_of_label"}  # they are about everything there is
SCHEMA = ("require_", "index_", "await_")


@pytest.fixture
def plans(run_nerdx, neo4j, tmp_path):
    """By name, the operators of each statement on a graph that was only just made."""
    nothing = tmp_path / "nothing.jsonl"
    nothing.touch()
    run_nerdx("ingest", "--empty", str(nothing))
    return {s.name: neo4j.operators(s.text) for s in STATEMENTS if not s.name.startswith(SCHEMA)}


def test_every_statement_finds_its_rows_by_an_index(plans):
    scanning = {name for name, operators in plans.items() if any(o.endswith("Scan") for o in operators)}
    assert scanning <= SCANS


def test_a_relationship_is_looked_for_between_both_its_ends(plans):
    assert "Expand(Into)" in plans["load_ends"]
    assert "Expand(All)" not in plans["load_ends"]
