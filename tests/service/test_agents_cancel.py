"""A visitor ends a turn: its model is left alone, what was said is kept, once; who waits behind it comes on."""

import contextlib
import threading
import uuid

import pytest

from conversation import CHAT, TURNS, ask, events_of, follow, open_chat, stream, until, wait_until_remembered
from llm_server import hangs, says, says_when
from stores import open_store

FIRST, SECOND = "Nuruk is the starter with which Korean alcohol is brewed.", "What would you like to hear?"
MESSAGE = "What is nuruk?"


@pytest.fixture
def gate():
    """Opened it lets the language model say its second sentence."""
    opened = threading.Event()
    yield opened
    opened.set()


@pytest.fixture
def maeju(start_nerdx, llm, gate):
    llm.play(says_when(gate, FIRST + " " + SECOND[:5], SECOND[5:]), says(SECOND))
    return start_nerdx(
        "--workers",
        "4",
        env={"NERDX_LLM_URL": llm.url, "NERDX_LLM_MODEL": "m", "NERDX_LLM_IDLE_TIMEOUT": "60s"},
    )


def cancel(nerdx, turn, user="visitor"):
    return nerdx.request("DELETE", f"{TURNS}/{turn}?user_id={user}")


def read_until(events, name):
    """The events up to the first of that name."""
    seen = []
    for event in events:
        seen.append(event)
        if event.name == name:
            return seen
    raise AssertionError(f"no {name} in {seen}")


def stored(nerdx):
    with contextlib.closing(open_store(nerdx.data, "agents")) as store:
        return store.execute("SELECT turn_id, content FROM turn ORDER BY at_us").fetchall()


def test_a_cancelled_turn_ends_and_what_was_said_is_kept_once(maeju, gate):
    turn = str(uuid.uuid4())
    with open_chat(maeju, MESSAGE, turn_id=turn) as reply:
        events = events_of(reply)
        seen = read_until(events, "delta")
        assert cancel(maeju, turn).json() == {"turn_id": turn, "state": "ending"}
        seen += list(events)
    assert not gate.is_set(), "the model is still silent"
    done = seen[-1]
    assert (done.name, done.data["interrupted"], done.data["generator"]) == ("done", True, "llm")
    assert FIRST in done.data["content"] and SECOND not in done.data["content"]
    assert "".join(event.data["text"] for event in seen if event.name == "delta") == done.data["content"]
    assert follow(maeju, turn) == seen
    until(lambda: cancel(maeju, turn).json() == {"turn_id": turn, "state": "ended"})  # just after its last event
    assert ask(maeju, MESSAGE, turn_id=turn) == done.data, "sent again it isn't answered anew"
    assert stored(maeju) == [(turn, done.data["content"])]
    assert wait_until_remembered(maeju, "visitor", 1) == [turn]


def test_a_turn_cancelled_before_it_said_anything_is_not_kept_and_can_be_sent_again(maeju, llm):
    llm.play(hangs(), says(FIRST + " " + SECOND))
    turn = str(uuid.uuid4())
    with open_chat(maeju, MESSAGE, turn_id=turn) as reply:
        until(lambda: llm.requests)
        assert cancel(maeju, turn).status_code == 200
        events = list(events_of(reply))
    assert [event.name for event in events] == ["error"]
    assert events[0].data["status"] == 410
    assert stored(maeju) == []
    assert SECOND in ask(maeju, MESSAGE, turn_id=turn)["content"]


def test_only_its_own_visitor_cancels_a_turn(maeju, gate):
    turn = str(uuid.uuid4())
    with open_chat(maeju, MESSAGE, turn_id=turn) as reply:
        events = events_of(reply)
        read_until(events, "delta")
        assert cancel(maeju, turn, user="thief").status_code == 404
        gate.set()
        assert SECOND in list(events)[-1].data["content"]
    assert cancel(maeju, turn, user="thief").status_code == 404
    assert cancel(maeju, str(uuid.uuid4())).status_code == 404


def test_the_next_message_of_the_session_comes_on_when_the_one_before_is_cancelled(maeju):
    turns = [str(uuid.uuid4()) for _ in range(2)]
    with open_chat(maeju, MESSAGE, turn_id=turns[0]) as first:
        read_until(events_of(first), "delta")
        second = []
        thread = threading.Thread(target=lambda: second.extend(stream(maeju, "And soju?", turn_id=turns[1])))
        thread.start()
        until(lambda: maeju.get(f"{TURNS}/{turns[1]}/events?user_id=visitor", stream=True).status_code == 200)
        assert cancel(maeju, turns[0]).status_code == 200
        thread.join()
    assert second[-1].name == "done" and "interrupted" not in second[-1].data
    assert [row[0] for row in stored(maeju)] == turns


def test_a_message_that_waits_for_its_session_can_be_cancelled(maeju, gate):
    turns = [str(uuid.uuid4()) for _ in range(2)]
    with open_chat(maeju, MESSAGE, turn_id=turns[0]) as first:
        events = events_of(first)
        read_until(events, "delta")
        replies = []
        body = {"user_id": "visitor", "session_id": "talk", "message": "And soju?", "turn_id": turns[1]}
        thread = threading.Thread(target=lambda: replies.append(maeju.post(CHAT, body)))
        thread.start()
        until(lambda: cancel(maeju, turns[1]).status_code == 200)
        thread.join()
        assert replies[0].status_code == 410
        gate.set()
        assert list(events)[-1].name == "done"
    assert [row[0] for row in stored(maeju)] == turns[:1]


def test_messages_that_wait_for_their_session_hold_no_worker(maeju, gate):
    """Four workers, and more messages that wait than these: another visitor is answered meanwhile."""
    with open_chat(maeju, MESSAGE) as first:
        events = events_of(first)
        read_until(events, "delta")
        turns = [str(uuid.uuid4()) for _ in range(7)]
        waiting = [threading.Thread(target=stream, args=(maeju, MESSAGE), kwargs={"turn_id": turn}) for turn in turns]
        for thread in waiting:
            thread.start()
        for turn in turns:
            until(lambda turn=turn: maeju.get(f"{TURNS}/{turn}/events?user_id=visitor", stream=True).status_code == 200)
        assert not gate.is_set()
        assert ask(maeju, "What is soju?", user="another", session="another")["content"]
        gate.set()
        assert list(events)[-1].name == "done"
        for thread in waiting:
            thread.join()
    assert len(stored(maeju)) == 9
