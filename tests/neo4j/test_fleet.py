"""What tests/service promises of the world and of agents that tell of it, in a fleet of three behind HAProxy: its graph
on Neo4j, its rows on PostgreSQL, what nodes share on Redis. The tests are those that one program passes."""

import inspect

import pytest

import test_agents_sessions
import test_agents_wishes
import test_world_entity
import test_world_query
from conversation import say
from stores import STORES

OTHER_PROGRAMS = {"nerdx", "start_nerdx", "run_nerdx"}  # that look into its files, or stop it


@pytest.fixture(scope="module")
def shared_nerdx(neo4j_server, start_shared_nerdx):
    neo4j_server.empty()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NERDX_TEST_FLEET", "split")
        patch.setattr(STORES, "wanted", "postgres")
        yield start_shared_nerdx("--world-graph", neo4j_server.url, env=neo4j_server.environment)


def asks_only(name, value):
    needs = set(inspect.signature(value).parameters) if name.startswith("test_") else set()
    return "shared_nerdx" in needs and not needs & OTHER_PROGRAMS


for module in (test_world_query, test_world_entity, test_agents_wishes, test_agents_sessions):
    globals().update({name: value for name, value in vars(module).items() if asks_only(name, value)})


def test_what_it_keeps_lies_on_those_servers(shared_nerdx, neo4j_server):
    assert say(shared_nerdx, "talk").status_code == 200
    assert not [path.name for path in shared_nerdx.data.rglob("*.db")]
    assert int(neo4j_server.run("MATCH (n) RETURN count(n)")[0][0]) > 0
    assert shared_nerdx.redis.ask("PUBSUB", "CHANNELS") != "*0"
