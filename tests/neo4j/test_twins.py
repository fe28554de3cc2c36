"""The same world on its own file and on Neo4j: the same answers, also after both were restarted."""

import pytest

LEARN = "/api/v1/world-model/learn"
ENTITY = "/api/v1/world-model/entity/"
QUERY = "/api/v1/world-model/query"
RELATE = "/api/v1/world-model/relationship"
RECOMMEND = "/api/v1/world-model/recommend/"

QUESTIONS = (
    "이천 쌀로 빚은 술",
    "what goes with makgeolli",
    "누룩",
    "bottles made of Icheon rice",
    "고려 시대의 술",
    "latest smartphone prices",
)
CYPHER = (
    "MATCH (n) RETURN labels(n) AS l, count(*) AS c ORDER BY c DESC, l",
    "MATCH (p:Product)-[r]->(x) RETURN p.id, type(r), x.id, x.name ORDER BY p.id, type(r), x.id",
    "MATCH (d:Drink) WHERE d.name_ko CONTAINS '주' RETURN d ORDER BY d.id LIMIT 5",
    "MATCH p = (a:Product)-[*1..2]-(b:Region) RETURN a.id, b.id, length(p) AS n, count(*) AS c ORDER BY a.id, b.id, n",
    "MATCH (a)-[r]->(b) WITH a, count(r) AS n WHERE n > 3 RETURN a.id, n ORDER BY n DESC, a.id",
    "MATCH (a:Drink)-[r:IS_A]->(b) RETURN a, r, b ORDER BY a.id, b.id LIMIT 10",
)
EVENTS = [
    ("minji", "INTERESTED_IN", "nerd12-signature", 0.8, "2026-01-01T00:00:00Z"),
    ("minji", "CHATTED_WITH", "maeju-ai", None, "2026-01-02T00:00:00Z"),
    ("minji", "CHATTED_WITH", "maeju-ai", None, "2026-01-03T00:00:00.5Z"),
    ("jisu", "INTERESTED_IN", "takju", 0.25, "2026-01-02T00:00:00Z"),
    ("jisu", "INTERESTED_IN", "nerd12-signature", 1.0, "2026-01-04T00:00:00Z"),
    ("jisu", "INTERESTED_IN", "takju", 0.75, "2026-01-05T00:00:00Z"),
    ("hansol", "INTERESTED_IN", "makgeolli", 0.5, "2026-01-05T00:00:00Z"),
]
FACTS = [
    {"label": "Dish", "id": "dish-emoji", "properties": {"name": "😀", "big": 9007199254740993, "float": 2.0}},
    {"label": "Dish", "id": "dish-edge", "properties": {"name": "\uffff", "list": [1, 2, 3], "empty": []}},
    {"type": "PAIRS_WITH", "from": "makgeolli", "to": "dish-emoji", "properties": {"note": "\"'`\\ \u2028"}},
    {"type": "PAIRS_WITH", "from": "makgeolli", "to": "dish-edge"},
]


def teach(nerdx):
    events = [
        {"event_id": str(number), "user_id": user, "type": kind, "entity_id": entity, "timestamp": at}
        | ({"score": score} if score is not None else {})
        for number, (user, kind, entity, score, at) in enumerate(EVENTS)
    ]
    assert nerdx.post(LEARN, {"events": events}).json()["accepted"] == len(EVENTS)
    return nerdx.post(LEARN, {"facts": FACTS}).json()


def without_times(answer):
    """What says when it was made or written is another moment on each twin; cursors have ids of the store."""
    moments = ("created_at", "since", "until", "next_cursor", "recorded_at")
    if isinstance(answer, dict):
        return {key: without_times(value) for key, value in answer.items() if key not in moments}
    return [without_times(item) for item in answer] if isinstance(answer, list) else answer


def answers_of(nerdx):
    """All that can be asked, as one value."""
    ids = [row[0] for row in nerdx.post(QUERY, {"cypher": "MATCH (n) RETURN n.id ORDER BY n.id"}).json()["rows"]]
    assert len(ids) > 100
    answers = {"ids": ids}
    for key in (*ids, "minji", "jisu", "hansol"):
        answers[key] = nerdx.get(f"{ENTITY}{key}", params={"limit": 100, "provenance": "true"}).json()
    for key in ("makgeolli", "nerd12-signature", "minji"):
        answers[key, "then"] = nerdx.get(f"{ENTITY}{key}", params={"as_of": "2026-01-02T12:00:00Z"}).json()
    for question in QUESTIONS:
        answers[question] = nerdx.post(QUERY, {"query": question, "max_results": 20}).json()
    for cypher in CYPHER:
        answers[cypher] = nerdx.post(QUERY, {"cypher": cypher}).json()
    for user in ("minji", "jisu", "nobody-yet"):
        answers["recommend", user] = nerdx.get(RECOMMEND + user).json()
    return without_times(answers)


@pytest.fixture
def twins(start_nerdx):
    return [start_nerdx(on_neo4j=False), start_nerdx()]


def test_both_answer_alike_and_still_do_after_a_restart_of_all(twins, neo4j):
    assert without_times(teach(twins[0])) == without_times(teach(twins[1]))
    before = [answers_of(nerdx) for nerdx in twins]
    for what, answer in before[0].items():
        assert before[1][what] == answer, what
    for nerdx in twins:
        nerdx.stop()
    neo4j.stop()
    neo4j.start()
    for nerdx in twins:
        nerdx.start()
    assert [answers_of(nerdx) for nerdx in twins] == before
