"""What tests/service promises of the world, on Neo4j: the same tests, with the fixtures of this folder."""

import test_world_cypher
import test_world_entity
import test_world_events
import test_world_ingest
import test_world_learn
import test_world_query
import test_world_recommend
import test_world_review

MODULES = (
    test_world_cypher,
    test_world_entity,
    test_world_events,
    test_world_ingest,
    test_world_learn,
    test_world_query,
    test_world_recommend,
    test_world_review,
)
OWN_FIXTURES = ("nerdx", "shared_nerdx", "start_nerdx", "run_nerdx", "begin_nerdx", "many", "has_begun")


def is_taken(name, value):
    """Tests, and the fixtures they have of their own."""
    return name.startswith("test_") or (hasattr(value, "_pytestfixturefunction") and name not in OWN_FIXTURES)


for module in MODULES:
    globals().update({name: value for name, value in vars(module).items() if is_taken(name, value)})
