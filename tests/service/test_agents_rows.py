"""An agent is a row of content and a prompt: a second one, of the tests only, talks, looks things up and hands over."""

import itertools
import pathlib

import pytest

from conversation import ask, events_of, remembered_turns, until
from llm_server import calls, says, status
from stores import open_store

CONTENT = pathlib.Path(__file__).with_name("agents")
GIL = "/api/v1/agents/gil/chat"
TOO_LATE = "the query takes longer than its 2.0 s"


@pytest.fixture
def nerdx(start_nerdx, llm):
    return start_nerdx(
        "--agents-content",
        CONTENT,
        env={"NERDX_LLM_URL": llm.url, "NERDX_LLM_MODEL": "test-model", "NERDX_LLM_RETRIES": "0"},
    )


def tell(nerdx, message, user="visitor", session="talk", chat=GIL, **more):
    return nerdx.post(chat, {"user_id": user, "session_id": session, "message": message, **more})


def test_another_agent_is_a_row_and_a_prompt(nerdx, llm):
    llm.play(calls(("Look", {"query": "Icheon rice"})), says("Icheon has grown rice for over 500 years."))
    answer = tell(nerdx, "What grows in Icheon?").json()
    assert answer["content"].endswith("Icheon has grown rice for over 500 years.")
    assert (answer["generator"], [call["name"] for call in answer["tools"]]) == ("llm", ["Look"])
    assert "You are Gil, a guide." in llm.requests[0]["messages"][0]["content"]
    assert "HOUSE RULES" in llm.requests[0]["messages"][0]["content"], "what he doesn't say is the house's"
    offered = [tool["function"]["name"] for tool in llm.requests[0]["tools"]]
    assert offered == ["Look", "Ask", "ForgetEverything", "handoff_to_maeju"]


def test_he_hands_over_to_maeju_who_need_not_ask_again(nerdx, llm):
    llm.play(calls(("handoff_to_maeju", {})))
    answer = tell(nerdx, "tell me a story of nuruk").json()
    assert answer["outcome"] == "handoff"
    assert (answer["handoff"]["to"], answer["handoff"]["reason"]) == ("maeju", "other_subject")
    assert "Maeju tells that better than I do." in answer["content"]
    llm.play(says("Nuruk is a starter."))
    assert ask(nerdx, "Go on, what is nuruk?")["generator"] == "llm"
    assert "a story of nuruk" in str(llm.requests[0]["messages"]), "the talk is one, whoever speaks"


def test_guards_are_the_house_s_for_every_agent(nerdx, llm):
    llm.play(says("Nuruk is a starter."))
    assert tell(nerdx, "I'm 15, what should I drink?").json()["outcome"] == "minor"
    assert llm.requests == []
    assert tell(nerdx, "I want to buy a bottle of nuruk", session="other").json()["outcome"] == "answer", (
        "he hands purchases to nobody"
    )


def test_an_agent_without_the_narrator_says_when_its_model_fails(nerdx, llm):
    llm.play(status(500))
    reply = tell(nerdx, "What is nuruk?")
    assert reply.status_code == 503
    assert ask(nerdx, "What is nuruk?", session="maeju")["generator"] == "narrator"


def test_an_agent_without_any_model_says_so(start_nerdx):
    nerdx = start_nerdx("--agents-content", CONTENT)
    reply = tell(nerdx, "What is nuruk?")
    assert reply.status_code == 503
    assert reply.json()["detail"] == "gil speaks with a language model only, and none is configured (llm_url)"


def test_an_agent_that_there_is_not_is_not_found(nerdx):
    reply = tell(nerdx, "hello", chat="/api/v1/agents/nobody/chat")
    assert reply.status_code == 404
    assert reply.json()["detail"] == 'agent: nobody is called "nobody"; there are gil, maeju'


def test_what_is_said_to_an_agent_that_the_world_does_not_know_is_told_to_nobody(nerdx, llm):
    llm.play(says("Nuruk is a starter."))
    tell(nerdx, "What is nuruk?")

    def unrecorded():
        with open_store(nerdx.data, "agents") as store:
            return store.execute("SELECT count(*) FROM unrecorded_turn").fetchone()[0]

    until(lambda: unrecorded() == 0)
    assert remembered_turns(nerdx, "visitor") == []


def test_calls_run_at_the_same_time_and_come_back_in_their_order(nerdx, llm):
    slow = {"cypher": "UNWIND range(1, 600000) AS x RETURN count(x) AS n"}
    wanted = calls(("Ask", slow), ("Look", {"query": "takju"}), ("Ask", {"cypher": "RETURN wrong"}), ("Ask", slow))

    def told_in(session):
        llm.play(wanted, says("Takju is cloudy."))
        body = {"user_id": "v", "session_id": session, "message": "count please"}
        with nerdx.post(GIL, body, headers={"Accept": "text/event-stream"}, stream=True) as reply:
            return [(event.data["call"], event.data["state"]) for event in events_of(reply) if event.name == "tool"]

    sessions = itertools.count()
    told = told_in(f"s{next(sessions)}")
    while TOO_LATE in str(llm.requests[1]["messages"]):  # the machine stood still for that long
        told = told_in(f"s{next(sessions)}")
    assert told[:4] == [(number, "started") for number in (1, 2, 3, 4)], "all begin before any ends"
    assert told.index((2, "ended")) < told.index((1, "ended")), "a slow one holds up no other"
    results = llm.requests[1]["messages"][-4:]
    assert [message["tool_call_id"] for message in results] == [f"call_{number}" for number in range(4)]
    assert [('"error"' in message["content"][:10]) for message in results] == [False, False, True, False]
    assert "600000" in results[0]["content"] and "takju" in results[1]["content"]


def test_calls_beyond_the_budget_are_refused_and_the_model_goes_on(nerdx, llm):
    llm.play(calls(*[("Look", {"query": "takju"})] * 8), says("Takju is cloudy."))
    answer = tell(nerdx, "What is takju?").json()
    assert answer["content"].endswith("Takju is cloudy.")
    assert len(answer["tools"]) == 6
    assert "used up its calls of tools" in llm.requests[1]["messages"][-1]["content"]


def test_a_turn_that_has_spent_its_tokens_ends_with_what_is_there(nerdx, llm):
    spent = calls(("Look", {"query": "takju"}), text="Takju is cloudy. ", tokens=(15000, 6000))
    llm.play(spent, says("And it is old."))
    answer = tell(nerdx, "What is takju?").json()
    assert answer["content"].endswith("Takju is cloudy.")
    assert len(llm.requests) == 1


def test_the_agents_are_listed(run_nerdx):
    listed = run_nerdx("agents", "list", "--agents-content", CONTENT).stdout
    assert "gil: Gil. A guide for tests." in listed and "maeju: Maeju. The storyteller." in listed
    assert (
        "handoff_to_joon: tools_hand_off" in listed
        and "ForgetEverything: agents_forget_memories (asks first)" in listed
    )
    assert run_nerdx("agents", "graph", "gil", "--agents-content", CONTENT).stdout


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            "name: X\ngenerators: [poet]\n",
            "content/agents/x/agent.yaml: generators: a list of llm, narrator, each once",
        ),
        ("name: X\ngenerators: [narrator]\noutcomes: [answer]\n", "those that protect people"),
        ("name: [\n", "content/agents/x/agent.yaml: "),
    ],
)
def test_an_agent_that_is_wrong_is_named_at_start(run_nerdx, tmp_path, wrong, said):
    (tmp_path / "x").mkdir()
    (tmp_path / "x/agent.yaml").write_text(wrong)
    done = run_nerdx("agents", "list", "--agents-content", tmp_path)
    assert done.returncode == 65 and said in done.stderr
