"""What /metrics says of the servers that a process calls: each way in which a request ends, and no address."""

import contextlib
import re
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

import fcm
from conversation import CHAT, ask, until
from llm_server import DONE, LlmServer, breaks_off, chunk, hangs, says, sends, status, stays_open
from metrics import metric
from people import AUTH, begin_guest
from push_service import BrowserOfTests, PushService
from stand_in import saying
from test_notify_devices import DeviceSite
from test_notify_push import PushSite

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
NOWHERE = "http://127.0.0.1:1"
PAUSE_S = 2  # after each one who has gone to see whether a server is there again: src/llm/llm.c
MODEL = {"NERDX_LLM_MODEL": "test-model", "NERDX_LLM_RETRIES": "0"}


@pytest.fixture(scope="module")
def model():
    with LlmServer() as server:
        yield server


@pytest.fixture(scope="module")
def nerdx(start_shared_nerdx, model):
    return start_shared_nerdx(env={**MODEL, "NERDX_LLM_URL": model.url})


@pytest.fixture(scope="module")
def impatient(start_shared_nerdx, model):
    """What is silent is given up soon; and so might be, on a busy machine, what isn't."""
    soon = {"NERDX_LLM_FIRST_TOKEN_TIMEOUT": "300ms"}
    return start_shared_nerdx(env={**MODEL, **soon, "NERDX_LLM_URL": model.url})


def outcomes(nerdx, client):
    """How many requests came to what, of what any came to."""
    pattern = rf'^nerdx_client_requests_total{{outcome="(\w+)",client="{client}"}} ([1-9]\d*)$'
    return {name: int(n) for name, n in re.findall(pattern, nerdx.get("/metrics").text, re.MULTILINE)}


def value(nerdx, name, client):
    return metric(nerdx, f'{name}{{client="{client}"}}')


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
def test_a_request_is_counted_by_what_came_of_it_and_timed(request, model, how):
    step, outcome = ENDS[how]
    nerdx = request.getfixturevalue("impatient" if outcome == "timed_out" else "nerdx")
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
    nerdx, begun = start_nerdx(env=env), time.monotonic()
    for number in range(4):
        ask(nerdx, MESSAGE, session=f"s{number}")
    assert outcomes(nerdx, "llm") == {"unreached": 4}

    def came_when_two_were_left_alone():
        ask(nerdx, MESSAGE)
        came = outcomes(nerdx, "llm")
        return came if came.get("left_alone") == 2 else None

    came = until(came_when_two_were_left_alone)
    assert came["unreached"] <= 4 + (time.monotonic() - begun) / PAUSE_S
    asked = value(nerdx, "nerdx_client_request_seconds_count", "llm")
    assert asked == came["unreached"], "who isn't asked takes no time"
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


def test_the_push_services_of_browsers_are_one_of_them(start_nerdx, run_nerdx):
    site = PushSite(start_nerdx("--push-inside", env={"NERDX_IDENTITY": "required"}), run_nerdx)
    guest = begin_guest(site.nerdx)
    with PushService() as service:
        for answer in (201, 410, 500):
            browser = site.browser(guest, service)
            service.answers[browser.path] = [answer]
        site.subscribe(guest, BrowserOfTests(SimpleNamespace(url=NOWHERE)))
        site.told(guest)
        until(lambda: outcomes(site.nerdx, "web_push") == {"ok": 1, "4xx": 1, "5xx": 1, "unreached": 1})
    timed = value(site.nerdx, "nerdx_client_request_seconds_count", "web_push")
    assert timed == sum(outcomes(site.nerdx, "web_push").values()) >= 4
    assert value(site.nerdx, "nerdx_client_requests_active", "web_push") == 0


def test_who_pushes_to_phones_is_one_of_them_and_who_lets_us_in_there_another(start_nerdx, run_nerdx, tmp_path):
    with fcm.Fcm() as firebase:
        env = {"NERDX_MOBILE_PUSH": f"fcm:{firebase.account(tmp_path)}", "NERDX_FCM_URL": firebase.url}
        site = DeviceSite(start_nerdx(env={**env, "NERDX_IDENTITY": "required"}), run_nerdx)
        guest = begin_guest(site.nerdx)
        site.register(guest)
        site.told(guest)
        until(lambda: outcomes(site.nerdx, "mobile_push") == {"ok": 1})
        firebase.answers[site.register(guest)] = [fcm.UNREGISTERED]
        firebase.answers[site.register(guest)] = [fcm.UNAVAILABLE]
        site.told(guest)
        until(lambda: outcomes(site.nerdx, "mobile_push") == {"ok": 2, "4xx": 1, "5xx": 1})
    assert outcomes(site.nerdx, "mobile_push_tokens") == {"ok": 1}, "what lets us in is asked for once"
    site.told(guest)
    until(lambda: outcomes(site.nerdx, "mobile_push").get("unreached"))


def test_without_what_lets_us_in_nothing_is_asked_of_who_pushes_to_phones(start_nerdx, run_nerdx, tmp_path):
    with fcm.Fcm() as firebase:
        account = firebase.account(tmp_path)
    env = {"NERDX_MOBILE_PUSH": f"fcm:{account}", "NERDX_FCM_URL": firebase.url, "NERDX_IDENTITY": "required"}
    site = DeviceSite(start_nerdx(env=env), run_nerdx)
    guest = begin_guest(site.nerdx)
    site.register(guest)
    site.told(guest)
    until(lambda: outcomes(site.nerdx, "mobile_push_tokens").keys() == {"unreached"})
    assert outcomes(site.nerdx, "mobile_push") == {}


def test_providers_of_identities_are_one_of_them(start_nerdx, tmp_path):
    line = "{name}: {{issuer: '{url}', title: X, scope: openid, subject: sub, client_id: x, client_secret_env: S}}\n"
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(saying(code, "{}"))[0] for code in (200, 404, 500)]
        urls = [*(f"http://127.0.0.1:{port}" for port in ports), NOWHERE]
        file = tmp_path / "providers.yaml"
        file.write_text("".join(line.format(name=f"p{number}", url=url) for number, url in enumerate(urls)))
        nerdx = start_nerdx("--providers", file, env={"S": "x", "NERDX_IDENTITY": "required"})
        for number in range(len(urls)):
            reply = nerdx.get(f"{AUTH}/oidc/p{number}/start", allow_redirects=False)
            assert reply.status_code == 503, reply.text
    counted = outcomes(nerdx, "sign_in")
    assert counted.keys() == {"ok", "4xx", "5xx", "unreached"}
    assert value(nerdx, "nerdx_client_request_seconds_count", "sign_in") == sum(counted.values())
    assert value(nerdx, "nerdx_client_requests_active", "sign_in") == 0


def test_requests_that_wait_for_a_server_are_seen_by_top_and_explained_by_the_doctor(start_nerdx, run_nerdx, model):
    visitors = 10
    one_at_a_time = {"NERDX_LLM_CONCURRENCY": "1", "NERDX_LLM_FIRST_TOKEN_TIMEOUT": "60s"}  # none gives up meanwhile
    narrow = start_nerdx(env={"NERDX_LLM_URL": model.url, "NERDX_LLM_MODEL": "any", **one_at_a_time})
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
