"""What /metrics says of the servers that a process calls: each way in which a request ends, and no address."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from conversation import CHAT, ask, until
from llm_server import DONE, LlmServer, breaks_off, chunk, hangs, says, sends, status, stays_open

MESSAGE = "What is nuruk?"
GOOD = "Nuruk is the starter with which Korean alcohol is brewed."
NAMES = {
    "llm",
    "mobile_push",
    "mobile_push_tokens",
    "neo4j",
    "sign_in",
    "traces",
    "web_push",
    "webhooks",
    "world",
}
FAST = {"NERDX_LLM_FIRST_TOKEN_TIMEOUT": "300ms", "NERDX_LLM_IDLE_TIMEOUT": "300ms", "NERDX_LLM_RETRIES": "0"}
NOWHERE = "http://127.0.0.1:1"
MODEL = {"NERDX_LLM_MODEL": "test-model", **FAST}


@pytest.fixture(scope="module")
def model():
    with LlmServer() as server:
        yield server


@pytest.fixture(scope="module")
def nerdx(start_shared_nerdx, model):
    return start_shared_nerdx(env={**MODEL, "NERDX_LLM_URL": model.url})


def outcomes(nerdx, client):
    """How many requests came to what, of what any came to."""
    pattern = rf'^nerdx_client_requests_total{{outcome="(\w+)",client="{client}"}} ([1-9]\d*)$'
    return {name: int(n) for name, n in re.findall(pattern, nerdx.get("/metrics").text, re.MULTILINE)}


def value(nerdx, name, client):
    found = re.search(rf'^{name}{{client="{client}"}} (\S+)$', nerdx.get("/metrics").text, re.MULTILINE)
    return float(found.group(1))


ENDS = {  # four of silence in a row would open the breaker
    "a good answer": (says(GOOD), "ok"),
    "a good answer that is never ended": (stays_open(chunk({"content": GOOD}), chunk(finish="stop"), DONE), "ok"),
    "one of which only [DONE] says that it is whole": (stays_open(chunk({"content": GOOD}), DONE), "ok"),
    "one that doesn't say [DONE]": (stays_open(chunk({"content": GOOD}), chunk(finish="stop")), "ok"),
    "what can't be read": (sends(b"data: " + b"x" * (300 << 10) + b"\n\n", delay=60), "cancelled"),
    "a refusal": (status(400), "4xx"),
    "a fault": (status(500), "5xx"),
    "silence before the head": (hangs(after_head=False), "timed_out"),
    "silence after the head": (hangs(), "timed_out"),
    "a connection that breaks": (breaks_off(), "cut"),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_request_is_counted_by_what_came_of_it_and_timed(nerdx, model, how):
    step, outcome = ENDS[how]
    before, timed = outcomes(nerdx, "llm"), value(nerdx, "nerdx_client_request_seconds_count", "llm")
    model.play(step)
    ask(nerdx, MESSAGE, session=re.sub(r"\W", "-", how))
    expected = before | {outcome: before.get(outcome, 0) + 1}
    until(lambda: outcomes(nerdx, "llm") == expected)
    assert value(nerdx, "nerdx_client_request_seconds_count", "llm") == timed + 1
    until(lambda: value(nerdx, "nerdx_client_requests_active", "llm") == 0)
    assert value(nerdx, "nerdx_client_requests_waiting", "llm") == 0
    assert value(nerdx, "nerdx_client_request_limit", "llm") == 64


def test_servers_that_are_not_there_are_unreached_and_then_left_alone(start_nerdx):
    env = {**MODEL, "NERDX_LLM_URL": NOWHERE, "NERDX_TRACE_URL": NOWHERE, "NERDX_TRACE_SAMPLE": "1"}
    nerdx = start_nerdx(env=env)
    for number in range(6):
        ask(nerdx, MESSAGE, session=f"s{number}")
    assert outcomes(nerdx, "llm") == {"unreached": 4, "left_alone": 2}
    assert value(nerdx, "nerdx_client_request_seconds_count", "llm") == 4, "who isn't asked takes no time"
    until(lambda: outcomes(nerdx, "traces").keys() == {"unreached"})


def test_another_process_of_ours_is_one_of_them(start_nerdx):
    env = {"NERDX_NODE_SECRET": "x" * 32}
    world = start_nerdx("--roles", "world", env=env)
    nerdx = start_nerdx("--roles", "agents", "--world-url", world.url, env=env)
    body = {"user_id": "u", "session_id": "s", "message": MESSAGE}
    assert nerdx.post(CHAT, body).status_code == 200
    assert outcomes(nerdx, "world")["ok"] > 0
    world.kill9()
    nerdx.post(CHAT, {**body, "session_id": "t"})
    assert outcomes(nerdx, "world")["unreached"] > 0


def test_requests_that_wait_for_a_server_are_seen_by_top_and_explained_by_the_doctor(start_nerdx, run_nerdx, model):
    visitors = 10
    narrow = start_nerdx(env={"NERDX_LLM_URL": model.url, "NERDX_LLM_MODEL": "any", "NERDX_LLM_CONCURRENCY": "1"})
    at = ("--listen", f"127.0.0.1:{narrow.port}")
    model.play(hangs(after_head=False))
    with ThreadPoolExecutor(visitors) as talking:
        for number in range(visitors):
            talking.submit(ask, narrow, MESSAGE, session=f"w{number}")
        until(lambda: value(narrow, "nerdx_client_requests_waiting", "llm") == visitors - 1)
        _, servers = run_nerdx("top", *at).stdout.split("OTHER SERVERS")
        explained = run_nerdx("doctor", "--data", narrow.data, *at).stdout
        narrow.kill9()
    at_work, waiting = re.search(r"^llm .* (\d+) +(\d+)$", servers, re.MULTILINE).groups()
    assert (at_work, waiting) == ("1", "9")
    assert "requests wait until another server has answered others" in explained
    assert "what to do: see in `nerdx top` which server" in explained


def test_no_address_is_in_a_label(nerdx):
    names = set(re.findall(r'client="([^"]*)"', nerdx.get("/metrics").text))
    assert "llm" in names and names <= NAMES
