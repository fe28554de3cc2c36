"""Teaching the world over HTTP: once, whole, and for good."""

import concurrent.futures
import itertools
import threading

import pytest
import requests

LEARN = "/api/v1/world-model/learn"
ENTITY = "/api/v1/world-model/entity/"
FORGET = "/api/v1/world-model/forget"
WRITERS = 8
WANTED = 600  # acknowledged before the process is killed


def event(number, user="minji", kind="INTERESTED_IN", entity="nerd12-signature", **more):
    return {"event_id": f"event-{number}", "user_id": user, "type": kind, "entity_id": entity, **more}


def learn(nerdx, *events):
    return nerdx.post(LEARN, {"events": list(events)})


def neighbours(nerdx, user):
    return nerdx.get(f"{ENTITY}{user}?limit=100").json()["neighbours"]


def test_a_new_user_is_made_and_remembered_after_a_restart(nerdx):
    reply = learn(nerdx, event(1, score=0.8, properties={"note": "맑다"}))
    assert reply.json() == {"accepted": 1, "duplicates": 0}
    nerdx.restart()
    (neighbour,) = neighbours(nerdx, "minji")
    assert (neighbour["id"], neighbour["relationship"]) == ("nerd12-signature", "INTERESTED_IN")
    assert neighbour["properties"] == {"note": "맑다", "score": 0.8}


def test_an_event_sent_again_changes_nothing(nerdx):
    assert learn(nerdx, event(1)).json() == {"accepted": 1, "duplicates": 0}
    assert learn(nerdx, event(1, entity="makgeolli")).json() == {"accepted": 0, "duplicates": 1}
    nerdx.restart()
    assert learn(nerdx, event(1), event(2, entity="takju")).json() == {"accepted": 1, "duplicates": 1}
    assert {neighbour["id"] for neighbour in neighbours(nerdx, "minji")} == {"nerd12-signature", "takju"}


@pytest.mark.parametrize(
    ("wrong", "pointer", "said"),
    [
        ({"entity": "nowhere"}, "/events/1/entity_id", "nowhere"),
        ({"kind": "CHATTED_WITH"}, "/events/1/type", "INTERESTED_IN"),
        ({"kind": "EATS"}, "/events/1/type", "INTERESTED_IN"),
        ({"entity": "maeju-ai", "kind": "KNOWS_ABOUT"}, "/events/1/type", "CHATTED_WITH"),
    ],
)
def test_a_wrong_event_is_named_and_none_is_taken(shared_nerdx, wrong, pointer, said):
    reply = learn(shared_nerdx, event("right", user="nobody"), event("wrong", user="nobody", **wrong))
    assert reply.status_code == 422
    problem = reply.json()
    assert problem["pointer"] == pointer
    assert said in problem["detail"]
    assert shared_nerdx.get(ENTITY + "nobody").status_code == 404


def test_visitors_are_not_shown_by_what_they_visited(shared_nerdx):
    assert learn(shared_nerdx, event("v1", user="a-visitor", entity="joon", kind="CHATTED_WITH")).status_code == 200
    shown = shared_nerdx.get(ENTITY + "joon?limit=100").text
    assert "a-visitor" not in shown
    assert "a-visitor" not in shared_nerdx.post("/api/v1/world-model/query", {"query": "a-visitor"}).text


def tell(nerdx, source, *facts):
    reply = nerdx.post(LEARN, {"source": source, "facts": list(facts)})
    assert [verdict["verdict"] for verdict in reply.json()["verdicts"] if verdict["verdict"] == "refused"] == []


def prefers(trait, score, user="minji", **more):
    return {"type": "PREFERS", "from": user, "to": trait, "properties": {"score": score}, **more}


def look(nerdx, user):
    """Everything that the world says of a user, now and by whom; None of one it never heard of."""
    reply = nerdx.get(f"{ENTITY}{user}?limit=100&provenance=true")
    return None if reply.status_code == 404 else reply.json()


def forget(nerdx, source):
    reply = nerdx.post(FORGET, {"source": source})
    assert reply.status_code == 200, reply.text
    return reply.json()["claims"]


def test_what_a_source_said_is_forgotten_as_if_it_had_never_been_said(nerdx):
    learn(nerdx, event(1))
    before = look(nerdx, "minji")
    tell(nerdx, "turn:1.1", prefers("sweet", -0.8), {"label": "User", "id": "minji", "properties": {"name": "민지"}})
    tell(nerdx, "turn:2.1", prefers("floral", 0.8, user="jun"))
    assert look(nerdx, "minji")["properties"]["name"] == "민지"
    assert forget(nerdx, "turn:1.1") == 2
    assert look(nerdx, "minji") == before
    assert forget(nerdx, "turn:2.1") == 2
    assert look(nerdx, "jun") is None
    nerdx.restart()
    assert look(nerdx, "minji") == before


def test_what_a_user_did_is_forgotten_by_its_event(nerdx):
    learn(nerdx, event(1), event(2, entity="takju"))
    assert forget(nerdx, "event:event-2") == 1
    assert [neighbour["id"] for neighbour in neighbours(nerdx, "minji")] == ["nerd12-signature"]


def test_a_source_that_said_nothing_has_nothing_to_forget(shared_nerdx):
    assert forget(shared_nerdx, "turn:never") == 0
    assert shared_nerdx.post(FORGET, {"source": "content"}).status_code == 400


def test_what_a_source_takes_back_and_says_again_is_as_it_was(nerdx):
    since, until = "2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"
    tell(nerdx, "turn:1.1", prefers("sweet", 0.8, since=since))
    before = look(nerdx, "minji")
    tell(nerdx, "turn:1.1", prefers("sweet", 0.8, since=since, until=until))
    assert look(nerdx, "minji")["neighbours"] == []
    then = nerdx.get(f"{ENTITY}minji?as_of=2026-11-10T00:00:00Z").json()["neighbours"]
    assert [neighbour["id"] for neighbour in then] == ["sweet"], "the past keeps it"
    tell(nerdx, "turn:1.1", prefers("sweet", 0.8, since=since))
    assert look(nerdx, "minji") == before


def write_until_dead(url, writer, acknowledged, enough):
    """One event a request; what was acknowledged is noted only then."""
    session = requests.Session()
    for number in itertools.count():
        event_id = f"{writer}-{number}"
        one = event(event_id, user=f"user-{writer}", kind="CHATTED_WITH", entity="maeju-ai")
        try:
            reply = session.post(url + LEARN, json={"events": [one]}, timeout=60)
        except requests.RequestException:
            return
        if reply.status_code == 200:
            acknowledged.append((writer, number))
            if len(acknowledged) >= WANTED:
                enough.set()


def test_kill_9_under_load_loses_nothing_acknowledged_and_doubles_nothing(nerdx):
    acknowledged, enough = [], threading.Event()
    with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write_until_dead, nerdx.url, w, acknowledged, enough) for w in range(WRITERS)]
        assert enough.wait(120), f"only {len(acknowledged)} acknowledged"
        nerdx.kill9()
        for writer in writers:
            writer.result()
    nerdx.start()
    again = [
        learn(nerdx, event(f"{w}-{n}", user=f"user-{w}", kind="CHATTED_WITH", entity="maeju-ai"))
        for w, n in acknowledged
    ]
    lost = sum(reply.json()["accepted"] for reply in again)
    assert lost == 0, f"{lost} of {len(acknowledged)} acknowledged events were lost"
    per_writer = {w: max((n for x, n in acknowledged if x == w), default=-1) + 1 for w in range(WRITERS)}
    for writer, count in per_writer.items():
        kept = len(neighbours(nerdx, f"user-{writer}")) if count else 0
        assert kept in (min(count, 100), min(count + 1, 100)), f"user-{writer}: {count} acknowledged, {kept} kept"
