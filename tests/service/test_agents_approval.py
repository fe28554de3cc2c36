"""A tool with effects is called only once the visitor has agreed: the turn waits, over a restart too, and goes on."""

import contextlib
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from conversation import ask, events_of, until
from llm_server import calls, says
from stores import open_store
from test_agents_rows import CONTENT, tell

TURNS = "/api/v1/agents/gil/turns"
MEMORIES = "/api/v1/agents/maeju/memories?user_id=visitor"
FORGET = "What is takju? And clear my notes."


def start(start_nerdx, llm, content=CONTENT):
    env = {"NERDX_LLM_URL": llm.url, "NERDX_LLM_MODEL": "test-model", "NERDX_LLM_RETRIES": "0"}
    return start_nerdx("--agents-content", content, env=env)


@pytest.fixture
def nerdx(start_nerdx, llm):
    return start(start_nerdx, llm)


def remembered(nerdx):
    return len(nerdx.get(MEMORIES).json()["items"])


def ask_to_forget(nerdx, llm, **more):
    """A turn that waits: its reply. The visitor has told something that can be forgotten."""
    llm.play(says("Noted."))
    ask(nerdx, "I love dry drinks.", session="before")
    assert remembered(nerdx) == 1
    llm.play(
        calls(("Look", {"query": "takju"}), ("ForgetEverything", {}), text="Let me see. "),
        says("Takju is cloudy."),
    )
    return tell(nerdx, FORGET, **more).json()


def decide(nerdx, waiting, decision="approve", user="visitor", approval=None, **options):
    approval_id = approval or waiting["approval"]["approval_id"]
    body = {"user_id": user, "approval_id": approval_id, "decision": decision}
    return nerdx.post(f"{TURNS}/{waiting['turn_id']}/approval", body, **options)


def test_a_turn_waits_and_says_for_what(nerdx, llm):
    waiting = ask_to_forget(nerdx, llm)
    assert waiting["outcome"] == "waiting"
    approval = waiting["approval"]
    assert (approval["tool"], approval["arguments"], approval["turn_id"]) == (
        "ForgetEverything",
        "{}",
        waiting["turn_id"],
    )
    assert [call["name"] for call in waiting["tools"]] == ["Look"], "what needs nobody's approval was done"
    assert remembered(nerdx) == 1
    assert len(llm.requests) == 1


@pytest.mark.parametrize("restarted", [False, True, "killed"])
def test_what_is_approved_is_done_and_the_turn_goes_on(nerdx, llm, restarted):
    waiting = ask_to_forget(nerdx, llm)
    if restarted == "killed":
        nerdx.kill9()
    if restarted:
        nerdx.restart()
    answer = decide(nerdx, waiting).json()
    assert answer["turn_id"] == waiting["turn_id"]
    assert answer["outcome"] == "answer" and "approval" not in answer
    assert answer["content"].endswith("Takju is cloudy.")
    assert [(call["name"], call["ok"]) for call in answer["tools"]] == [("Look", True), ("ForgetEverything", True)]
    assert remembered(nerdx) == 0
    told = llm.requests[-1]["messages"]
    assert [message["role"] for message in told[-4:]] == ["user", "assistant", "tool", "tool"]
    assert "takju" in told[-2]["content"] and '"forgotten":1' in told[-1]["content"]


def test_what_is_refused_is_not_done_and_the_model_is_told(nerdx, llm):
    waiting = ask_to_forget(nerdx, llm)
    answer = decide(nerdx, waiting, "refuse").json()
    assert answer["content"].endswith("Takju is cloudy.")
    assert remembered(nerdx) == 1
    assert "the visitor doesn't want that" in llm.requests[-1]["messages"][-1]["content"]


def test_the_same_decision_again_is_the_same_answer_and_another_is_refused(nerdx, llm):
    waiting = ask_to_forget(nerdx, llm)
    with ThreadPoolExecutor(4) as threads:
        answers = [reply.json() for reply in threads.map(lambda _: decide(nerdx, waiting), range(4))]
    assert all(answer == answers[0] for answer in answers)
    nerdx.restart()
    assert decide(nerdx, waiting).json() == answers[0]
    assert len(llm.requests) == 2
    other = decide(nerdx, waiting, "refuse")
    assert (other.status_code, other.json()["detail"]) == (409, "decision: it is approved already")
    with contextlib.closing(open_store(nerdx.data, "agents")) as store:
        assert store.execute("SELECT record FROM waiting_turn").fetchall() == [("",)]


def test_nobody_else_decides(nerdx, llm):
    waiting = ask_to_forget(nerdx, llm)
    assert decide(nerdx, waiting, user="thief").status_code == 404
    assert decide(nerdx, waiting, approval="guessed").status_code == 404
    assert remembered(nerdx) == 1
    assert decide(nerdx, waiting).status_code == 200


def test_events_say_what_waits_and_go_on_after_it(nerdx, llm):
    turn = str(uuid.uuid4())
    waiting = ask_to_forget(nerdx, llm, turn_id=turn)
    assert tell(nerdx, FORGET, turn_id=turn).json() == waiting, "sent again it waits as before"
    with nerdx.get(f"{TURNS}/{turn}/events?user_id=visitor", stream=True) as reply:
        until_then = list(events_of(reply))
    assert (until_then[-1].name, until_then[-1].data) == ("approval", waiting["approval"])
    assert nerdx.get(f"{TURNS}/{turn}/events?user_id=thief").status_code == 404
    headers = {"Accept": "text/event-stream", "Last-Event-ID": str(until_then[-1].id)}
    with decide(nerdx, waiting, headers=headers, stream=True) as reply:
        rest = list(events_of(reply))
    assert [event.id for event in until_then + rest] == list(range(1, len(until_then + rest) + 1))
    assert rest[-1].name == "done"


def test_when_its_time_is_over_nothing_is_done(start_nerdx, llm, tmp_path):
    content = tmp_path / "agents"
    shutil.copytree(CONTENT, content)
    row = content / "gil/agent.yaml"
    row.write_text(row.read_text().replace("rounds: 4}", "rounds: 4, approval_s: 1}"))
    nerdx = start(start_nerdx, llm, content)
    waiting = ask_to_forget(nerdx, llm)
    until(lambda: decide(nerdx, waiting, approval="none").status_code == 404)
    with contextlib.closing(open_store(nerdx.data, "agents")) as store, store:
        store.execute("UPDATE waiting_turn SET until_us = 1000")
    assert decide(nerdx, waiting).status_code == 410
    assert remembered(nerdx) == 1


def test_a_decision_that_was_cut_off_goes_on_at_the_next_start(nerdx, llm):
    waiting = ask_to_forget(nerdx, llm)
    assert nerdx.stop() == 0
    with contextlib.closing(open_store(nerdx.data, "agents")) as store, store:
        store.execute("UPDATE waiting_turn SET state = 1")
    nerdx.start()
    until(lambda: remembered(nerdx) == 0)
    assert decide(nerdx, waiting).json()["outcome"] == "answer"


def test_the_graph_shows_where_a_person_is_asked(run_nerdx):
    table = run_nerdx("agents", "graph", "maeju").stdout
    assert "approve          -> generate; waits while nobody has decided" in table
