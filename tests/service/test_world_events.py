"""What happens in the world is told once, in order, whatever its graph is in and whenever the program is killed."""

import json

import pytest

from conversation import until
from people import bearer
from test_webhooks import INSIDE, Receiver, Site
from test_world_learn import LEARN, event

CHANGED, LEARNED = "nerdx.world.entity.changed.v1", "nerdx.world.interaction.learned.v1"
FILLED = "nerdx.world.filled.v1"
WORLD = "nerdx.world.*"


@pytest.fixture(scope="module")
def receiver():
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def site(start_nerdx, run_nerdx):
    return Site(start_nerdx(env=INSIDE), run_nerdx)


def learn(site, body):
    return site.nerdx.post(LEARN, body, headers=bearer(site.operator))


def teach(site, *ids, summary="Of a test."):
    facts = [{"label": "Ingredient", "id": one, "properties": {"name": one, "summary": summary}} for one in ids]
    reply = learn(site, {"source": "turn:1.1", "facts": facts})
    assert reply.json()["accepted"] == len(ids), reply.text


def told(receiver, path, kind):
    """In the order they were told in."""
    events = [json.loads(body) for _, body in receiver.at(path)]
    return sorted((one for one in events if one["type"] == kind), key=lambda one: one["id"])


def test_what_changes_and_what_visitors_do_is_told_with_no_more_than_ids(site, receiver):
    site.add(f"{receiver.url}/told", WORLD)
    teach(site, "red-rice")
    assert learn(site, {"events": [event(1, score=0.9)]}).json() == {"accepted": 1, "duplicates": 0}
    until(lambda: told(receiver, "/told", CHANGED) and told(receiver, "/told", LEARNED))
    (changed,), (learned,) = told(receiver, "/told", CHANGED), told(receiver, "/told", LEARNED)
    assert (changed["source"], changed["subject"]) == ("urn:nerdx:world", "red-rice")
    assert changed["data"] == {"entity_id": "red-rice", "state": "present", "version": changed["data"]["version"]}
    assert (learned["subject"], learned["data"]) == ("minji", {"user_id": "minji", "learned_id": "event-1"})


def test_of_one_entity_it_is_told_in_the_order_of_its_changes(site, receiver):
    site.add(f"{receiver.url}/order", WORLD)
    for number in range(5):
        teach(site, "red-rice", summary=f"The {number}th.")
    until(lambda: len(told(receiver, "/order", CHANGED)) == 5)
    versions = [one["data"]["version"] for one in told(receiver, "/order", CHANGED)]
    assert versions == sorted(set(versions))


def test_what_is_refused_or_said_before_is_not_told(site, receiver):
    site.add(f"{receiver.url}/refused", WORLD)
    teach(site, "red-rice")
    until(lambda: told(receiver, "/refused", CHANGED))  # else it might come after what is said again
    assert learn(site, {"events": [event(1), event(2, entity="nowhere")]}).status_code == 422
    again = {"label": "Ingredient", "id": "red-rice", "properties": {"name": "red-rice", "summary": "Of a test."}}
    assert learn(site, {"source": "turn:1.1", "facts": [again]}).json()["accepted"] == 0
    assert learn(site, {"events": [event(3)]}).status_code == 200
    until(lambda: told(receiver, "/refused", LEARNED))
    assert [one["data"]["learned_id"] for one in told(receiver, "/refused", LEARNED)] == ["event-3"]
    assert [one["subject"] for one in told(receiver, "/refused", CHANGED)] == ["red-rice"], "the first time alone"


def test_what_was_committed_and_not_handed_over_when_the_program_was_killed_is_told_once(
    start_nerdx, run_nerdx, receiver
):
    """Nobody hands over in the first program: all of it, its content too, lies in the graph when that is killed."""
    site = Site(start_nerdx("--job-threads", "0", env=INSIDE), run_nerdx)
    site.add(f"{receiver.url}/killed", WORLD)
    teach(site, "red-rice", "black-rice")
    learn(site, {"events": [event(1), event(2)]})
    site.nerdx.kill9()
    assert receiver.at("/killed") == []
    site.nerdx = start_nerdx(data=site.nerdx.data, env=INSIDE)
    until(lambda: len(receiver.at("/killed")) >= 5)
    assert len(told(receiver, "/killed", LEARNED)) == 2
    assert {one["subject"] for one in told(receiver, "/killed", CHANGED)} == {"red-rice", "black-rice"}
    (filled,) = told(receiver, "/killed", FILLED)
    assert filled["subject"] == "world" and filled["data"]["entities"] > 100
    ids = [headers["webhook-id"] for headers, _ in receiver.at("/killed")]
    assert len(ids) == len(set(ids)) == 5
