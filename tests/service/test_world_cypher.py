"""POST query with Cypher: a table, right or refused; nothing written, nobody's business told, nobody kept waiting."""

import concurrent.futures

import pytest

from conversation import until
from metrics import metric

PATH = "/api/v1/world-model/query"
LEARN = "/api/v1/world-model/learn"
ENDLESS = "MATCH (a), (b), (c), (d), (e) RETURN count(*)"
TOO_LATE = "the query takes longer than its 2.0 s"


def ask(nerdx, cypher, parameters=None, status=200):
    body = {"cypher": cypher} | ({"parameters": parameters} if parameters is not None else {})
    reply = nerdx.post(PATH, body)
    assert reply.status_code == status, reply.text
    return reply.json()


def test_a_table_has_columns_and_rows(shared_nerdx):
    table = ask(shared_nerdx, "MATCH (d:Drink {id: $id}) RETURN d.id AS id, labels(d), 1.0, null", {"id": "makgeolli"})
    assert table == {"columns": ["id", "labels(d)", "1.0", "null"], "rows": [["makgeolli", ["Drink"], 1.0, None]]}


def test_tables_are_counted(nerdx):
    counted = 'nerdx_world_queries_total{outcome="cypher"} %d'
    assert counted % 0 in nerdx.get("/metrics").text
    nerdx.post("/api/v1/world-model/query", {"cypher": "RETURN 1"})
    nerdx.post("/api/v1/world-model/query", {"cypher": "RETURN"})
    assert counted % 1 in nerdx.get("/metrics").text


def test_a_question_is_answered_as_before(shared_nerdx):
    answer = shared_nerdx.post(PATH, {"query": "nuruk"}).json()
    assert set(answer) == {"language", "results"}
    assert shared_nerdx.post(PATH, {"query": "zzzzqqqq"}).json()["results"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"query": "nuruk", "cypher": "RETURN 1"}, ""),
        ({}, ""),
        ({"cypher": ""}, "/cypher"),
        ({"cypher": "RETURN 1", "parameters": []}, "/parameters"),
    ],
)
def test_what_is_no_question_is_refused(shared_nerdx, body, pointer):
    reply = shared_nerdx.post(PATH, body)
    assert reply.status_code == 400, reply.text
    assert reply.json().get("pointer", "") == pointer


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"query": "nuruk", "parameters": {}}, "/parameters"),
        ({"cypher": "MATCH (n RETURN n"}, "/cypher"),
        ({"cypher": "RETURN x"}, "/cypher"),
    ],
)
def test_what_means_nothing_is_pointed_at(shared_nerdx, body, pointer):
    reply = shared_nerdx.post(PATH, body)
    assert reply.status_code == 422, reply.text
    assert reply.json()["pointer"] == pointer


@pytest.mark.parametrize(
    ("cypher", "why"),
    [
        ("MATCH (n) RETURN 1 / (size(n.id) - size(n.id))", "zero"),
        ("MATCH (n {id: $nowhere}) RETURN n", "$nowhere"),
        ("UNWIND range(1, 1001) AS x RETURN x", "LIMIT"),
        (ENDLESS, TOO_LATE),
        ("MATCH (a)-[*]-(b) RETURN count(*)", ""),
        ("RETURN reduce(s = 'x', i IN range(1, 60) | s + s)", "too long"),
        ("RETURN range(1, 100000000000)", "too long"),
        ("RETURN [x IN range(1, 1000000) | range(1, 1000000)]", "128 MB"),
    ],
)
def test_what_goes_wrong_or_too_far_is_refused(shared_nerdx, cypher, why):
    problem = ask(shared_nerdx, cypher, status=422)
    while why not in problem["detail"] and TOO_LATE in problem["detail"]:  # the machine stood still for that long
        problem = ask(shared_nerdx, cypher, status=422)
    assert why in problem["detail"]
    assert problem["pointer"] == "/cypher"


WRITES = [
    "CREATE (n:Product {id: 'mine'})",
    "MATCH (n) SET n.name = 'mine' RETURN n",
    "MATCH (n) DETACH DELETE n",
    "MERGE (n:Product {id: 'mine'}) RETURN n",
    "MATCH (n) REMOVE n.name RETURN n",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "CALL db.labels()",
    "MATCH (n) FOREACH (x IN [1] | SET n.a = x)",
    "MATCH (n) CALL { CREATE (m) } RETURN n",
    "RETURN 1; MATCH (n) DELETE n",
    "MATCH (n) RETURN n /* */ DELETE n",
    "MATCH (n:`Product`) RETURN n UNION MATCH (m) DELETE m RETURN m",
]


def test_nothing_writes(shared_nerdx):
    everything = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r)"
    before = ask(shared_nerdx, everything)
    for cypher in WRITES:
        assert ask(shared_nerdx, cypher, status=422)["detail"].startswith("line 1, column ")
    assert ask(shared_nerdx, everything) == before


def test_parameters_and_names_stay_what_they_are(shared_nerdx):
    evil = "makgeolli'}) DETACH DELETE n //"
    assert ask(shared_nerdx, "MATCH (n {id: $id}) RETURN count(n)", {"id": evil})["rows"] == [[0]]
    assert ask(shared_nerdx, "MATCH (n:`x') OR 1=1 --`) RETURN count(n)")["rows"] == [[0]]
    assert ask(shared_nerdx, 'RETURN $a AS `b"c`', {"a": {"x": [evil]}}) == {
        "columns": ['b"c'],
        "rows": [[{"x": [evil]}]],
    }


def test_hostile_texts_end_in_a_refusal(shared_nerdx):
    for cypher in ("RETURN " + "(" * 5000, "RETURN " + "[" * 5000 + "]" * 5000, "RETURN " + "NOT " * 5000 + "true"):
        ask(shared_nerdx, cypher, status=422)
    ask(shared_nerdx, "RETURN " + "9" * 30000, status=422)
    ask(shared_nerdx, "MATCH " + "()-->" * 2000 + "() RETURN 1", status=422)
    ask(shared_nerdx, "WITH 1 AS a " * 2000 + "RETURN a", status=422)


def test_visitors_are_nobody_elses_business(nerdx, run_nerdx):
    for user in ("ann", "bob"):
        event = {"event_id": user, "user_id": user, "type": "INTERESTED_IN", "entity_id": "makgeolli"}
        assert nerdx.post(LEARN, {"events": [event]}).status_code == 200
    for cypher, rows in (
        ("MATCH (u:User) RETURN count(u)", [[0]]),
        ("MATCH (u {id: 'ann'}) RETURN u.id", []),
        ("MATCH ()-[r:INTERESTED_IN]->() RETURN count(r)", [[0]]),
        ("MATCH (m {id: 'makgeolli'})<-[r]-(u) WHERE type(r) = 'INTERESTED_IN' RETURN u", []),
        ("MATCH (m {id: 'makgeolli'}) RETURN size([(m)<-[r:INTERESTED_IN]-(u) | u])", [[0]]),
        ("MATCH (m {id: 'makgeolli'})-[*1..2]-(x) WHERE x.id IN ['ann', 'bob'] RETURN count(*)", [[0]]),
        ("MATCH (m {id: 'makgeolli'}) WHERE exists { (m)<--({id: 'ann'}) } RETURN m.id", []),
    ):
        assert ask(nerdx, cypher)["rows"] == rows, cypher
    told = "MATCH (u:User)-[r:INTERESTED_IN]->({id: 'makgeolli'}) RETURN u.id ORDER BY u.id"
    seen = run_nerdx("cypher", "--data", nerdx.data, told)
    assert '"rows":[["ann"],["bob"]' in seen.stdout


def under_way(nerdx):
    """Requests, but for this one."""
    return metric(nerdx, "nerdx_http_requests_active") - 1


LONG = 3


def answered_meanwhile(nerdx):
    """Short questions, while long ones were under way from before the first until after the last."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        long = [pool.submit(ask, nerdx, ENDLESS, None, 422) for _ in range(LONG)]
        while under_way(nerdx) < LONG and not any(one.done() for one in long):
            pass
        answered = -1
        while under_way(nerdx) == LONG:
            answered += 1
            assert nerdx.post(PATH, {"query": "nuruk"}).status_code == 200
    return answered


def test_a_long_question_keeps_nobody_waiting(start_nerdx):
    nerdx = start_nerdx("--loop-threads", "1")
    until(lambda: answered_meanwhile(nerdx) > LONG)  # two seconds are enough, but for a machine that stands still
