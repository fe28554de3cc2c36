"""Neo4j is frozen, killed and started again under load: 503 with Retry-After meanwhile, back by itself afterwards,
and nothing that was acknowledged is lost."""

import collections
import concurrent.futures
import contextlib
import itertools
import re
import statistics
import threading
import time

import pytest
import requests

from conversation import until

LEARN = "/api/v1/world-model/learn"
ENTITY = "/api/v1/world-model/entity/"
QUERY = "/api/v1/world-model/query"
WRITERS = 8
CALL_LIMIT_S = 8  # that a call of Neo4j waits: src/stores/graph/neo4j/link.c
LIMIT_S = 180  # a bound for a machine that hangs, not a promise about speed


def event(writer, number):
    return {
        "event_id": f"{writer}-{number}",
        "user_id": f"user-{writer}",
        "type": "CHATTED_WITH",
        "entity_id": "maeju-ai",
    }


class Load:
    """Writers that go on whatever they are told, and what they were told."""

    def __init__(self, url):
        self.url = url
        self.acknowledged, self.refusals = [], []
        self.changed, self.ends = threading.Condition(), False

    def note(self, writer, number, reply):
        with self.changed:
            if reply.status_code == 200:
                self.acknowledged.append((writer, number))
            else:
                self.refusals.append((reply.status_code, reply.headers.get("Retry-After")))
            self.changed.notify_all()

    def write(self, writer):
        session = requests.Session()
        for number in itertools.count():
            if self.ends:
                return
            reply = session.post(self.url + LEARN, json={"events": [event(writer, number)]}, timeout=LIMIT_S)
            self.note(writer, number, reply)

    def wait_for_more(self, what, more):
        """Until so many more are in one of the lists."""
        wanted = len(what) + more
        with self.changed:
            assert self.changed.wait_for(lambda: len(what) >= wanted, LIMIT_S), (len(self.acknowledged), self.refusals)


@contextlib.contextmanager
def load(nerdx):
    load = Load(nerdx.url)
    with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(load.write, writer) for writer in range(WRITERS)]
        try:
            yield load
        finally:
            load.ends = True
        for writer in writers:
            writer.result()


def assert_nothing_is_lost_or_doubled(nerdx, load):
    kept = collections.Counter()
    for start in range(0, len(load.acknowledged), 100):
        batch = [event(*one) for one in load.acknowledged[start : start + 100]]
        answer = nerdx.post(LEARN, {"events": batch}).json()
        kept[True] += answer["duplicates"]
        kept[False] += answer["accepted"]
    assert kept[False] == 0, f"{kept[False]} of {len(load.acknowledged)} acknowledged events were lost"
    query = {"cypher": "MATCH (m {id: 'maeju-ai'}) RETURN m.id"}
    rows = until(lambda: nerdx.post(QUERY, query).json().get("rows"), LIMIT_S)  # a new Neo4j may be too slow at first
    assert rows == [["maeju-ai"]]


def freeze(neo4j):
    neo4j.freeze()


def kill(neo4j):
    neo4j.kill()


def thaw(neo4j):
    neo4j.thaw()


def start(neo4j):
    neo4j.start()


@pytest.mark.parametrize(("cut", "mend"), [(freeze, thaw), (kill, start)], ids=["frozen", "killed"])
def test_an_outage_is_503_with_retry_after_and_ends_by_itself_with_nothing_lost(nerdx, neo4j, cut, mend):
    with load(nerdx) as under_way:
        under_way.wait_for_more(under_way.acknowledged, 100)
        cut(neo4j)
        try:
            under_way.wait_for_more(under_way.refusals, 50)
            entity = nerdx.get(ENTITY + "makgeolli")
            ready = nerdx.get("/readyz")
            searched = nerdx.post(QUERY, {"query": "막걸리"})
        finally:
            mend(neo4j)
        under_way.wait_for_more(under_way.acknowledged, 100)
    assert {status for status, _ in under_way.refusals} == {503}, under_way.refusals
    assert all(after is not None and int(after) >= 1 for _, after in under_way.refusals)
    assert (entity.status_code, ready.status_code) == (503, 503)
    assert int(entity.headers["Retry-After"]) >= 1
    assert searched.json()["results"], "what can be searched is in memory"
    until(lambda: nerdx.get("/readyz").status_code == 200, LIMIT_S)  # a call of before may have been in vain since
    assert_nothing_is_lost_or_doubled(nerdx, under_way)


def timed(ask):
    """What it gives, and after how many seconds."""
    begun = time.monotonic()
    return ask(), time.monotonic() - begun


def test_nobody_waits_long_for_a_store_that_does_not_answer(nerdx, neo4j):
    """After the first have waited in vain, everybody is told at once."""
    neo4j.freeze()
    try:
        for _ in range(3):
            assert nerdx.get(ENTITY + "makgeolli").status_code == 503
        told = [timed(lambda: nerdx.get(ENTITY + "makgeolli").status_code) for _ in range(10)]
    finally:
        neo4j.thaw()
    assert {status for status, _ in told} == {503}
    assert statistics.median(took for _, took in told) < CALL_LIMIT_S / 2, told  # one may look whether it is back
    counted = nerdx.get("/metrics").text
    for outcome in ("timed_out", "left_alone"):
        assert re.search(rf'^nerdx_client_requests_total{{outcome="{outcome}",client="neo4j"}} [1-9]', counted, re.M)
    assert 'nerdx_store_connection_limit{store="world"} 32\n' in counted


def refused_calls(nerdx):
    found = re.search(
        r'^nerdx_store_calls_total{call="read",outcome="refused",store="world"} (\d+)', nerdx.get("/metrics").text, re.M
    )
    return int(found[1])


def test_what_neo4j_answers_is_what_came_of_the_call(nerdx, neo4j):
    before = refused_calls(nerdx)
    with neo4j.another_password():
        assert nerdx.get(ENTITY + "makgeolli").status_code >= 400
    assert refused_calls(nerdx) > before  # what looks for news in the graph may have been refused beside
    assert nerdx.get(ENTITY + "makgeolli").status_code == 200


def test_without_neo4j_the_program_says_so_and_does_not_start(run_nerdx, neo4j, tmp_path):
    neo4j.kill()
    try:
        told = run_nerdx("query", "rice", "--data", tmp_path)
    finally:
        neo4j.start()
    assert told.returncode == 75
    assert "can't be reached" in told.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"NERDX_WORLD_GRAPH_PASSWORD": "guessed"}, "world_graph_password"),
        ({"NERDX_WORLD_GRAPH_USER": "", "NERDX_WORLD_GRAPH_PASSWORD": ""}, "world_graph_user"),
    ],
)
def test_who_is_not_let_in_is_told_what_to_set(run_nerdx, tmp_path, change, said):
    told = run_nerdx("doctor", "--data", tmp_path, env=change)
    assert told.returncode == 1
    assert "WRONG  world model" in told.stdout and said in told.stdout
    assert "guessed" not in told.stdout + told.stderr


def test_doctor_says_what_it_found(run_nerdx, nerdx, tmp_path):
    told = run_nerdx("doctor", "--data", tmp_path)
    assert told.returncode == 0, told.stdout
    assert "Neo4j 5." in told.stdout and " nodes, " in told.stdout
