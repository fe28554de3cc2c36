"""Two programs on one Neo4j: what one is told, the other finds."""

import concurrent.futures
import signal
import statistics
import time

LEARN = "/api/v1/world-model/learn"
ENTITY = "/api/v1/world-model/entity/"
QUERY = "/api/v1/world-model/query"
RELATE = "/api/v1/world-model/relationship"
SOON_S = 10  # on a machine that is busy with other tests; each looks every quarter of a second
LIMIT_S = 60  # a bound for a machine that hangs


def seconds_until(condition):
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < LIMIT_S
    return time.monotonic() - begun


def hits(nerdx, question):
    return [hit["entity"]["id"] for hit in nerdx.post(QUERY, {"query": question, "max_results": 20}).json()["results"]]


def teach_dish(nerdx, number):
    name = f"Zwiebelkuchen {'abcdefgh'[number] * 5}"
    fact = {"label": "Dish", "id": f"dish-{number}", "properties": {"name": name, "summary_en": "A flat pie."}}
    reply = nerdx.post(LEARN, {"facts": [fact]})
    assert reply.status_code == 200, reply.text
    return name, f"dish-{number}"


def test_what_one_is_taught_the_other_finds_soon(start_nerdx):
    one, other = start_nerdx(), start_nerdx()
    waits = []
    for number in range(5):
        name, dish = teach_dish(one, number)
        assert hits(one, name)[:1] == [dish], "where it was told it is found at once"
        waits.append(seconds_until(lambda name=name, dish=dish: hits(other, name)[:1] == [dish]))
    assert statistics.median(waits) < SOON_S, waits


def test_what_is_joined_here_is_joined_there_at_once(start_nerdx):
    one, other = start_nerdx(), start_nerdx()
    _, dish = teach_dish(one, 0)
    assert one.post(RELATE, {"from": "makgeolli", "relationship": "PAIRS_WITH", "to": dish}).status_code == 200
    pairs = other.get(f"{ENTITY}{dish}").json()["neighbours"]
    assert [(n["relationship"], n["id"]) for n in pairs] == [("PAIRS_WITH", "makgeolli")]


def test_an_event_that_both_are_told_counts_once(start_nerdx):
    replicas = [start_nerdx(), start_nerdx()]
    events = [
        {"event_id": f"e{n}", "user_id": "minji", "type": "CHATTED_WITH", "entity_id": "maeju-ai"} for n in range(50)
    ]
    answers = [replica.post(LEARN, {"events": events}).json() for replica in replicas]
    assert sum(answer["accepted"] for answer in answers) == len(events)
    assert len(replicas[0].get(f"{ENTITY}minji?limit=100").json()["neighbours"]) == len(events)


def test_both_may_write_at_once(start_nerdx):
    """No write is lost or refused because another replica writes, too."""
    replicas = [start_nerdx(), start_nerdx()]

    def write(number):
        one = {"event_id": f"e{number}", "user_id": f"u{number % 3}", "type": "INTERESTED_IN", "entity_id": "takju"}
        return replicas[number % 2].post(LEARN, {"events": [one]}).status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(200))) == {200}
    for user in range(3):
        neighbours = replicas[0].get(f"{ENTITY}u{user}?limit=100").json()["neighbours"]
        assert [n["id"] for n in neighbours] == ["takju"], "the latest word on what holds once"


def test_what_the_other_has_said_of_something_new_is_taken_into_account(start_nerdx):
    """It was made here, and nothing was joined to it here: what was joined to it there is seen all the same."""
    one, other = start_nerdx(), start_nerdx()
    _, dish = teach_dish(one, 0)
    pair = {"from": "makgeolli", "relationship": "PAIRS_WITH", "to": dish}
    for replica in (other, one, other, one):
        assert replica.post(RELATE, pair).status_code == 200
    for replica in (one, other):
        pairs = replica.get(f"{ENTITY}{dish}").json()["neighbours"]
        assert [(n["relationship"], n["id"]) for n in pairs] == [("PAIRS_WITH", "makgeolli")]


def test_a_graph_of_the_format_before_is_followed_and_raised(start_nerdx, neo4j):
    """Format 1 noted the version in which a node last changed on the node itself."""
    start_nerdx()
    neo4j.run("MATCH (c:_Change) DELETE c")
    neo4j.run("MATCH (s:_State) SET s._format = 1")
    other = start_nerdx()
    assert neo4j.run("MATCH (s:_State) RETURN s._format") == [[2]]
    told = '{"name":"Zwiebelkuchen Altform","summary_en":"A flat pie."}'
    neo4j.run(
        "MATCH (s:_State), (n:_Entity {_key: 'makgeolli'}) SET s._version = s._version + 1, "
        "n._changed = s._version, n._properties = $told, n.name = 'Zwiebelkuchen Altform'",
        told=told,
    )
    assert seconds_until(lambda: hits(other, "Zwiebelkuchen Altform")[:1] == ["makgeolli"]) < LIMIT_S


CHANGES_KEPT, TRIM_EVERY = 10_000, 64  # versions: src/stores/graph/neo4j/draft_write.c


def test_a_replica_that_slept_while_changes_were_trimmed_reads_all_anew(start_nerdx, neo4j):
    one, other = start_nerdx(), start_nerdx()
    assert hits(other, "Zwiebelkuchen aaaaa") == []
    other.process.send_signal(signal.SIGSTOP)
    try:
        missed, dish = teach_dish(one, 0)
        neo4j.run("MATCH (s:_State) SET s._version = (s._version + $kept) / $every * $every + 2 * $every - 1",
                  kept=CHANGES_KEPT, every=TRIM_EVERY)  # fmt: skip
        teach_dish(one, 1)
        assert neo4j.run("MATCH (c:_Change) WHERE $dish IN c._keys RETURN c", dish=dish) == [], "it is trimmed"
    finally:
        other.process.send_signal(signal.SIGCONT)
    assert seconds_until(lambda: hits(other, missed)[:1] == [dish]) < LIMIT_S


def test_the_changes_kept_are_bounded(start_nerdx, neo4j):
    one = start_nerdx()
    neo4j.run("MATCH (s:_State) SET s._version = 4 * $kept", kept=CHANGES_KEPT)
    neo4j.run("UNWIND range(1, 5000) AS v CREATE (:_Change {_version: v, _keys: ['takju']})")
    for number in range(8):
        neo4j.run("MATCH (s:_State) SET s._version = s._version / $every * $every + $every - 1", every=TRIM_EVERY)
        teach_dish(one, number)
    assert neo4j.run("MATCH (s:_State), (c:_Change) WHERE c._version <= s._version - $kept RETURN count(c)",
                     kept=CHANGES_KEPT) == [[0]]  # fmt: skip
