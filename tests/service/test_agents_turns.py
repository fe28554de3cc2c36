"""Turns that are dropped, followed, replayed and remembered: what was acknowledged is there once, whatever happens."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from conversation import (
    CHAT,
    ask,
    events_of,
    events_url,
    follow,
    open_chat,
    remembered_turns,
    stream,
    until,
    wait_until_remembered,
)
from stores import held_store, open_store

ENOUGH_LIMIT_S = 120  # a bound for a machine that hangs
QUESTIONS = ["막걸리가 뭐예요?", "What is nuruk?", "이천은 어떤 곳이에요?", "how much is it?", "더 알려 주세요"]


@pytest.mark.parametrize("read", [1, 2, 3])
def test_a_dropped_stream_resumes_with_each_event_once(shared_nerdx, read):
    with open_chat(shared_nerdx, "What is takju?", session=f"dropped-{read}") as reply:
        events = events_of(reply)
        before = [next(events) for _ in range(read)]
    turn = before[0].data["turn_id"]
    seen = before + follow(shared_nerdx, turn, after=before[-1].id)
    assert [event.id for event in seen] == list(range(1, len(seen) + 1))
    assert seen[-1].name == "done"
    assert "".join(event.data["text"] for event in seen if event.name == "delta") == seen[-1].data["content"]


def test_a_finished_turn_replays_as_it_was(shared_nerdx):
    events = stream(shared_nerdx, "막걸리가 뭐예요?", session="replay")
    turn = events[0].data["turn_id"]
    assert follow(shared_nerdx, turn) == events
    assert follow(shared_nerdx, turn, after=2) == events[2:]
    assert follow(shared_nerdx, turn, after=events[-1].id) == []


def test_an_answer_in_json_replays_too(shared_nerdx):
    reply = ask(shared_nerdx, "What is soju?", session="json")
    assert follow(shared_nerdx, reply["turn_id"])[-1].data == reply


def test_an_unknown_turn_is_not_found(shared_nerdx):
    reply = shared_nerdx.get(events_url("01a20b3e-0000-7000-8000-000000000000"))
    assert reply.status_code == 404
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert "01a20b3e-0000-7000-8000-000000000000" in reply.json()["detail"]


NOBODYS = "01a20b3e-0000-7000-8000-00000000000f"


def test_a_turn_of_somebody_else_is_as_absent(shared_nerdx):
    reply = ask(shared_nerdx, "What is soju?", user="owner", session="own")
    known, unknown = (shared_nerdx.get(events_url(turn, "thief")) for turn in (reply["turn_id"], NOBODYS))
    assert (known.status_code, known.json()["title"]) == (unknown.status_code, unknown.json()["title"])
    assert known.json()["detail"].replace(reply["turn_id"], "…") == unknown.json()["detail"].replace(NOBODYS, "…")
    assert follow(shared_nerdx, reply["turn_id"], user="owner")[-1].data == reply


def test_a_turn_that_is_going_on_is_not_shown_to_somebody_else(shared_nerdx):
    with open_chat(shared_nerdx, "What is takju?", user="owner", session="going") as going:
        turn = next(events_of(going)).data["turn_id"]
        assert shared_nerdx.get(events_url(turn, "thief")).status_code == 404


def test_a_conversation_is_in_the_graph(shared_nerdx):
    turns = [ask(shared_nerdx, question, user="known", session="known")["turn_id"] for question in QUESTIONS]
    assert sorted(wait_until_remembered(shared_nerdx, "known", len(turns))) == sorted(turns)


def test_two_messages_at_once_in_one_session_are_both_answered(shared_nerdx):
    with ThreadPoolExecutor(8) as threads:
        replies = list(
            threads.map(lambda n: ask(shared_nerdx, QUESTIONS[n % 5], user="hasty", session="hasty"), range(8))
        )
    turns = [reply["turn_id"] for reply in replies]
    assert len(set(turns)) == 8
    assert all(reply["content"] for reply in replies)
    assert sorted(wait_until_remembered(shared_nerdx, "hasty", 8)) == sorted(turns)
    assert sum("AI 이야기꾼" in r["content"] or "an AI storyteller" in r["content"] for r in replies) == 1, (
        "one of them is the first of the session, and only one"
    )


class Visitor(threading.Thread):
    """Talks without a pause until the program is gone; keeps the answers that came whole."""

    def __init__(self, nerdx, number, most):
        super().__init__()
        self.nerdx, self.user, self.most, self.acknowledged = nerdx, f"visitor-{number}", most, []
        self.enough = threading.Event()

    def run(self):
        with contextlib.suppress(requests.RequestException):
            for n in range(self.most):
                self.talk(n)
                if n == 9:
                    self.enough.set()

    def talk(self, n):
        message = QUESTIONS[n % len(QUESTIONS)]
        if n % 2:
            self.acknowledged.append(ask(self.nerdx, message, user=self.user, session=f"{self.user}-{n // 7}"))
            return
        for event in stream(self.nerdx, message, user=self.user, session=f"{self.user}-{n // 7}"):
            if event.name == "done":
                self.acknowledged.append(event.data)


def test_kill_9_under_load_loses_no_acknowledged_turn_and_doubles_none(nerdx):
    visitors = [Visitor(nerdx, number, most=100) for number in range(6)]
    for visitor in visitors:
        visitor.start()
    enough = [visitor.enough.wait(ENOUGH_LIMIT_S) for visitor in visitors]
    nerdx.kill9()
    for visitor in visitors:
        visitor.join()
    assert all(enough), f"only {[len(visitor.acknowledged) for visitor in visitors]} were answered"
    nerdx.restart()
    for visitor in visitors:
        turns = [reply["turn_id"] for reply in visitor.acknowledged]
        assert len(turns) >= 10
        remembered = wait_until_remembered(nerdx, visitor.user, len(turns))
        assert len(remembered) == len(set(remembered))
        assert set(turns) <= set(remembered)
        for reply in visitor.acknowledged:
            assert follow(nerdx, reply["turn_id"], user=visitor.user)[-1].data == reply


def unrecorded(data):
    with contextlib.closing(open_store(data, "agents")) as store:
        return store.execute("SELECT count(*) FROM unrecorded_turn").fetchone()[0]


def test_a_turn_the_world_was_told_but_that_was_not_ticked_off_counts_once(nerdx):
    turn = ask(nerdx, "What is soju?")["turn_id"]
    assert wait_until_remembered(nerdx, "visitor", 1) == [turn]
    assert nerdx.stop() == 0
    with contextlib.closing(open_store(nerdx.data, "agents")) as store, store:
        columns = "at_us, turn_id, agent, user_id, session_id, language, outcome"
        store.execute(f"INSERT INTO unrecorded_turn ({columns}) SELECT {columns} FROM turn")
    nerdx.restart()
    until(lambda: unrecorded(nerdx.data) == 0)
    assert remembered_turns(nerdx, "visitor") == [turn]


def test_a_turn_past_its_deadline_ends_with_an_error_and_is_not_kept(start_nerdx):
    nerdx = start_nerdx("--request_timeout", "5s")  # what isn't late has as long on a busy machine
    body = {"user_id": "late", "session_id": "other", "message": "What is soju?"}
    with held_store(nerdx.data, "agents", "turn"):
        reply = open_chat(nerdx, "What is takju?", user="late", session="late")
        events = events_of(reply)
        turn = next(events).data["turn_id"]
        assert nerdx.post(CHAT, body).status_code == 504, "its deadline comes after the stream's"
    *_, last = events
    reply.close()
    assert (last.name, last.data["status"]) == ("error", 504)
    until(lambda: nerdx.get(events_url(turn, "late")).status_code == 404)  # it is let go just after its last event
    after = ask(nerdx, "What is nuruk?", user="late", session="late")
    assert "an AI storyteller" in after["content"], "the session begins with what was kept"
    assert wait_until_remembered(nerdx, "late", 1) == [after["turn_id"]]
