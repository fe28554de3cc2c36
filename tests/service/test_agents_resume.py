"""A turn whose process is killed goes on at the next start, and a message that is sent again counts once."""

import contextlib
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from conversation import CHAT, ask, events_of, events_url, follow, open_chat, stream, wait_until_remembered
from stores import held_store, open_store

NODES = ["guard the input", "gather context", "retrieve", "decide", "generate", "say the rest", "record"]


def say_until_killed(nerdx, turn):
    """The events that came before the process died."""
    seen = []
    with contextlib.suppress(requests.RequestException), open_chat(nerdx, "What is takju?", turn_id=turn) as reply:
        seen.extend(events_of(reply))
    return seen


@pytest.mark.parametrize("node", NODES)
def test_a_turn_killed_after_a_node_goes_on_and_nothing_is_doubled(start_nerdx, node):
    nerdx = start_nerdx(env={"AGENTS_DIE_AFTER": node})
    turn = str(uuid.uuid4())
    seen = say_until_killed(nerdx, turn)
    nerdx.kill9()
    nerdx.env = {}
    nerdx.restart()
    rest = follow(nerdx, turn, after=seen[-1].id if seen else 0)
    whole = follow(nerdx, turn)
    assert seen + rest == whole, "each event once, as it was"
    assert [event.id for event in whole] == list(range(1, len(whole) + 1))
    assert whole[-1].name == "done"
    assert "".join(event.data["text"] for event in whole if event.name == "delta") == whole[-1].data["content"]
    assert ask(nerdx, "What is takju?", turn_id=turn) == whole[-1].data, "sent again it isn't answered anew"
    assert wait_until_remembered(nerdx, "visitor", 1) == [turn]
    with contextlib.closing(open_store(nerdx.data, "agents")) as store:
        assert store.execute("SELECT count(*), max(number) FROM turn").fetchone() == (1, 1)


def test_an_answer_cut_off_after_its_first_sentence_is_told_to_its_end(start_nerdx):
    nerdx = start_nerdx(env={"AGENTS_DIE_AFTER": "generate"})
    turn = str(uuid.uuid4())
    seen = say_until_killed(nerdx, turn)
    assert sum(event.name == "delta" for event in seen) <= 1, "the rest comes later"
    nerdx.kill9()
    nerdx.env = {}
    nerdx.restart()
    content = follow(nerdx, turn)[-1].data["content"]
    assert content == ask(nerdx, "What is takju?", user="somebody-else")["content"]


def test_first_words_wait_for_no_commit(shared_nerdx):
    with contextlib.ExitStack() as held:
        held.enter_context(held_store(shared_nerdx.data, "agents", "turn"))
        with open_chat(shared_nerdx, "What is takju?", user="first-words", session="first-words") as reply:
            events = events_of(reply)
            names = [next(events).name, next(events).name]
            held.close()
            names += [event.name for event in events]
    assert names[:3] == ["meta", "delta", "delta"]
    assert names[-1] == "done"


def test_a_message_sent_again_is_the_same_turn(shared_nerdx):
    turn = str(uuid.uuid4())
    first = ask(shared_nerdx, "What is soju?", session="again", turn_id=turn)
    assert first["turn_id"] == turn
    assert ask(shared_nerdx, "What is soju?", session="again", turn_id=turn) == first
    assert stream(shared_nerdx, "What is soju?", session="again", turn_id=turn)[-1].data == first


def test_the_same_message_sent_at_once_is_answered_once(shared_nerdx):
    turn = str(uuid.uuid4())
    with ThreadPoolExecutor(6) as threads:
        replies = list(
            threads.map(lambda _: ask(shared_nerdx, "소주?", user="twice", session="twice", turn_id=turn), range(6))
        )
    assert all(reply == replies[0] for reply in replies)
    assert wait_until_remembered(shared_nerdx, "twice", 1) == [turn]


def test_a_turn_of_somebody_else_is_not_answered_to_another(shared_nerdx):
    turn = str(uuid.uuid4())
    ask(shared_nerdx, "What is soju?", user="owner", session="own", turn_id=turn)
    body = {"user_id": "thief", "session_id": "own", "message": "What is soju?", "turn_id": turn}
    reply = shared_nerdx.post(CHAT, body)
    assert reply.status_code == 409
    assert turn in reply.json()["detail"]


def test_a_trace_shows_each_step_its_time_and_what_it_saw(shared_nerdx):
    body = {"user_id": "tracer", "session_id": "trace", "message": "What is takju?"}
    trace = shared_nerdx.post(f"{CHAT}?trace=1", body).json()["trace"]
    assert [step["node"] for step in trace] == NODES
    assert all(step["took_ms"] >= 0 and step["at_ms"] >= 0 and step["saw"] for step in trace)
    assert "takju" in trace[2]["saw"]
    assert "trace" not in shared_nerdx.post(CHAT, body).json()


def test_the_graph_of_an_agent_is_drawn(run_nerdx):
    dot = run_nerdx("agents", "graph", "maeju", "--format", "dot").stdout
    assert dot.startswith('digraph "maeju" {')
    assert all(f'"{node}" -> ' in dot for node in [*NODES, "approve"])
    table = run_nerdx("agents", "graph", "maeju").stdout
    assert [line.split(" -> ")[0].strip() for line in table.splitlines()] == [*NODES[:-2], "approve", *NODES[-2:]]
    wrong = run_nerdx("agents", "graph", "nobody")
    assert wrong.returncode == 64 and "maeju" in wrong.stderr


def test_unknown_turns_are_not_found_and_known_ones_have_their_url(shared_nerdx):
    reply = ask(shared_nerdx, "What is nuruk?", session="known")
    assert shared_nerdx.get(events_url(reply["turn_id"])).status_code == 200
