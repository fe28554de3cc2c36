"""One session on two nodes: of messages that come to both at once one waits, and none is lost; a turn is ended by
whichever is asked; a node that is gone stops nobody."""

import concurrent.futures
import threading
import uuid

import pytest

from conversation import CHAT, TURNS, events_of, events_url, open_chat, say, turns_of, until
from llm_server import says, says_when
from postgres_server import PostgresServer
from redis_server import RedisServer

ANSWER = "Nuruk is a starter."


@pytest.fixture(scope="module")
def postgres():
    with PostgresServer("fsync = off") as server:
        yield server


@pytest.fixture
def redis():
    with RedisServer() as server:
        yield server


@pytest.fixture
def shared(postgres, redis):
    return {"NERDX_AGENTS_SQL": f"{postgres.url}#agents_{uuid.uuid4().hex[:12]}", "NERDX_KV": redis.url}


@pytest.fixture
def nodes(start_nerdx, shared):
    return [start_nerdx(env=shared) for _ in range(2)]


@pytest.fixture
def gate():
    opened = threading.Event()
    yield opened
    opened.set()


@pytest.fixture
def speaking(start_nerdx, shared, llm, gate):
    """Two nodes whose model speaks on when the gate opens, and at once from its second answer on."""
    llm.play(says_when(gate, ANSWER[:5], ANSWER[5:]), says(ANSWER))
    model = {"NERDX_LLM_URL": llm.url, "NERDX_LLM_MODEL": "m", "NERDX_LLM_IDLE_TIMEOUT": "60s"}
    return [start_nerdx(env={**shared, **model}) for _ in range(2)]


def is_there(nerdx, turn):
    with nerdx.get(events_url(turn, "user-talk"), stream=True) as reply:
        return reply.status_code == 200


def test_a_message_to_another_node_waits_for_the_one_that_is_being_answered(speaking, llm, gate):
    one, other = speaking
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        first = pool.submit(say, one, "talk", "What is nuruk?")
        until(lambda: llm.requests)
        turn = str(uuid.uuid4())
        body = {"user_id": "user-talk", "session_id": "talk", "message": "And what is it made of?", "turn_id": turn}
        second = pool.submit(other.post, CHAT, body)
        until(lambda: is_there(other, turn))
        gate.set()
        replies = [first.result(), second.result()]
    assert [reply.status_code for reply in replies] == [200, 200]
    told = str(llm.requests[1]["messages"])
    assert "What is nuruk?" in told and ANSWER in told, "it knows what was said before"
    assert turns_of(one, "talk") == [reply.json()["turn_id"] for reply in replies]


def test_of_many_to_both_at_once_none_is_lost_and_one_alone_is_the_first(nodes):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda n: say(nodes[n % 2], "hasty", f"막걸리 {n}병은 어때요?"), range(8)))
    assert [reply.status_code for reply in replies] == [200] * 8
    assert set(turns_of(nodes[0], "hasty")) == {reply.json()["turn_id"] for reply in replies}
    assert sum("AI 이야기꾼" in reply.json()["content"] for reply in replies) == 1


def test_a_session_goes_on_elsewhere_when_its_node_was_killed(speaking, llm, gate):
    one, other = speaking
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        cut_off = pool.submit(say, one, "talk", "What is nuruk?")
        until(lambda: llm.requests)
        one.kill9()
        assert say(other, "talk", "What is nuruk?").status_code == 200
        assert cut_off.exception() is not None


def test_without_what_they_share_each_answers_by_itself(nodes, redis):
    redis.stop()
    for node in nodes:
        assert say(node, "alone").status_code == 200
    assert len(turns_of(nodes[0], "alone")) == 2


def cancel(nerdx, turn, user="user-talk"):
    return nerdx.request("DELETE", f"{TURNS}/{turn}?user_id={user}")


def test_a_turn_that_another_node_runs_is_ended_by_whichever_is_asked(speaking, llm, gate):
    one, other = speaking
    turn = str(uuid.uuid4())
    with open_chat(one, "What is nuruk?", turn_id=turn, user="user-talk") as reply:
        until(lambda: llm.requests)
        assert cancel(other, turn, "somebody-else").status_code == 404
        # A node that is silent for half a second has none for whoever asks, and ends it all the same.
        ends = until(lambda: (answer := cancel(other, turn)).status_code == 200 and answer.json())
        assert ends["turn_id"] == turn and ends["state"] in ("ending", "ended")
        assert list(events_of(reply))[-1].name in ("done", "error")
    assert not gate.is_set(), "its model is still silent"


def test_one_that_no_node_runs_is_not_found_and_one_that_has_ended_has(nodes, redis):
    one, other = nodes
    ended = say(one, "talk").json()["turn_id"]
    assert cancel(other, ended).json() == {"turn_id": ended, "state": "ended"}
    assert cancel(other, str(uuid.uuid4())).status_code == 404
    redis.stop()
    assert cancel(other, str(uuid.uuid4())).status_code == 404
