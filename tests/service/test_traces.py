"""Traces: what a collector gets hangs together, in one process and across a fleet; what failed or was slow is there, of
the rest as much as was asked for; and nothing of a person is in it."""

import hashlib
import hmac
import itertools
import json
import os
import time
import uuid

import pytest

from collector import Collector
from conversation import CHAT, ask, until, wait_until_remembered
from fleet import SECRET, fleet_of
from jaeger import Jaeger
from llm_server import calls, says
from people import bearer, begin_guest, sign_up
from stand_in import saying
from web_socket import WebSocket
from wire import Wire

PATH = "/api/v1/world-model/entity/maeju-ai"
INBOX = "/api/v1/notify/inbox/events"
TURN = "POST /api/v1/agents/{agent}/chat"
SLOWEST = {"NERDX_TRACE_SLOW": "1h"}
Keeper = Jaeger if "NERDX_TEST_JAEGER" in os.environ else Collector


@pytest.fixture
def collector():
    with Keeper() as one:
        yield one


@pytest.fixture(scope="module")
def shared_collector():
    with Keeper() as one:
        yield one


@pytest.fixture(scope="module")
def nerdx(start_shared_nerdx, shared_collector):
    return start_shared_nerdx(env={**SLOWEST, "NERDX_TRACE_URL": shared_collector.url, "NERDX_TRACE_SAMPLE": "1"})


def parent():
    trace_id, span_id = uuid.uuid4().hex, uuid.uuid4().hex[:16]
    return trace_id, span_id, {"traceparent": f"00-{trace_id}-{span_id}-00"}


def all_below(span):
    for one in span.children:
        yield one
        yield from all_below(one)


def test_a_request_hangs_below_whoever_asked_and_its_store_calls_below_it(nerdx, shared_collector):
    trace_id, span_id, headers = parent()
    assert nerdx.get("/api/v1/agents/maeju/sessions?user_id=u", headers=headers).status_code == 200
    [root] = shared_collector.trace(trace_id, "GET /api/v1/agents/maeju/sessions")
    assert (root.kind, root.parent_id) == ("server", span_id)
    assert root.notes["http.request.method"] == "GET"
    assert root.notes["http.response.status_code"] == 200
    assert root.children, "it has asked its store"
    for one in root.children:
        assert (one.kind, one.notes["db.namespace"]) == ("client", "agents")
        assert root.start_ns <= one.start_ns and one.end_ns <= root.end_ns


def test_the_answer_names_its_span(nerdx, shared_collector):
    trace_id, _, headers = parent()
    answered = nerdx.get(PATH, headers=headers).headers["traceparent"].split("-")
    [root] = shared_collector.trace(trace_id, "GET /api/v1/world-model/entity/{id}")
    assert answered == ["00", trace_id, root.span_id, "01"]


@pytest.mark.parametrize("wrong", [f"00-{'0' * 32}-{'b' * 16}-01", f"ff-{'a' * 32}-{'b' * 16}-01", "x"])
def test_a_wrong_parent_is_none(nerdx, shared_collector, wrong):
    trace_id = nerdx.get(PATH, headers={"traceparent": wrong}).headers["traceparent"].split("-")[1]
    [root] = shared_collector.trace(trace_id, "GET /api/v1/world-model/entity/{id}")
    assert root.parent_id == ""


def test_the_resource_says_which_process_it_is(nerdx, shared_collector):
    trace_id, _, headers = parent()
    nerdx.get(PATH, headers=headers)
    [root] = shared_collector.trace(trace_id, "GET /api/v1/world-model/entity/{id}")
    assert root.resource["service.name"] == "nerdx"
    assert root.resource["process.pid"] == nerdx.pid
    assert root.resource["nerdx.role"] == "serve world,agents"
    assert {"service.version", "service.instance.id", "host.name"} <= root.resource.keys()


def test_a_turn_shows_the_nodes_of_its_agent_and_what_each_asked(nerdx, shared_collector):
    trace_id, _, headers = parent()
    body = {"user_id": "u", "session_id": uuid.uuid4().hex, "message": "What is takju?"}
    assert nerdx.post(CHAT, body, headers=headers).status_code == 200
    [root] = shared_collector.trace(trace_id, TURN)
    nodes = [one for one in root.children if "nerdx.agent" in one.notes]
    assert [one.notes["nerdx.agent"] for one in nodes] == ["maeju"] * len(nodes)
    assert len({one.name for one in nodes}) > 3
    assert any(one.kind == "client" for node in nodes for one in node.children), "a node asks a store"


def test_a_language_model_is_told_of_the_span_that_asks_it(start_nerdx, collector, llm):
    llm.play(says("Nuruk is the starter with which Korean alcohol is brewed."))
    env = {**SLOWEST, "NERDX_TRACE_URL": collector.url, "NERDX_TRACE_SAMPLE": "1"}
    nerdx = start_nerdx(env={**env, "NERDX_LLM_URL": llm.url, "NERDX_LLM_MODEL": "small"})
    trace_id, _, headers = parent()
    headers["tracestate"] = "rojo=00f067aa0ba902b7"
    body = {"user_id": "u", "session_id": "s", "message": "What is nuruk?"}
    assert nerdx.post(CHAT, body, headers=headers).status_code == 200
    [root] = collector.trace(trace_id, TURN, "chat small")
    [asked] = [one for one in all_below(root) if one.name == "chat small"]
    assert asked.kind == "client"
    assert asked.notes["gen_ai.operation.name"] == "chat"
    assert asked.notes["gen_ai.provider.name"] == "openai"
    assert asked.notes["gen_ai.request.model"] == "small"
    sent = {name.lower(): value for name, value in llm.headers[0].items()}
    assert sent["traceparent"] == f"00-{trace_id}-{asked.span_id}-01"
    assert "tracestate" not in sent, "what others have noted of a visitor's trace is nothing for a model's provider"


def test_a_tool_that_a_model_calls_is_a_span_of_its_turn(start_nerdx, collector, llm):
    llm.play(calls(("QueryWorldModel", {"query": "nuruk"})), says("Nuruk is a starter."))
    env = {**SLOWEST, "NERDX_TRACE_URL": collector.url, "NERDX_TRACE_SAMPLE": "1"}
    nerdx = start_nerdx(env={**env, "NERDX_LLM_URL": llm.url, "NERDX_LLM_MODEL": "small"})
    trace_id, _, headers = parent()
    body = {"user_id": "u", "session_id": "s", "message": "What is nuruk?"}
    assert nerdx.post(CHAT, body, headers=headers).status_code == 200
    [root] = collector.trace(trace_id, TURN, "execute_tool QueryWorldModel", "chat small")
    [tool] = [one for one in all_below(root) if one.name == "execute_tool QueryWorldModel"]
    assert (tool.kind, tool.is_error) == ("internal", False)
    assert tool.notes["gen_ai.operation.name"] == "execute_tool"
    assert tool.notes["gen_ai.tool.name"] == "QueryWorldModel"
    assert len([one for one in all_below(root) if one.name == "chat small"]) == 2


@pytest.fixture
def nerdx_fleet(start_nerdx, collector):
    """Agents behind HAProxy, and the world in a process of its own."""
    env = {**SLOWEST, "NERDX_TRACE_URL": collector.url, "NERDX_TRACE_SAMPLE": "1", "NERDX_NODE_SECRET": SECRET}
    world = start_nerdx("--roles", "world", env=env)
    agents = [start_nerdx("--roles", "agents", "--world-url", world.url, env=env) for _ in range(2)]
    with fleet_of(agents) as fleet:
        fleet.world = world
        yield fleet


def test_across_a_fleet_one_trace_hangs_together(nerdx_fleet, collector):
    trace_id, span_id, headers = parent()
    body = {"user_id": "u", "session_id": uuid.uuid4().hex, "message": "What is takju?"}
    assert nerdx_fleet.post(CHAT, body, headers=headers).status_code == 200
    query = (trace_id, "server", "POST /api/v1/world-model/query")  # who asks has a span of that name, too
    collector.wait_for(lambda spans: query in {(one.trace_id, one.kind, one.name) for one in spans})
    [root] = collector.trace(trace_id, TURN)
    assert root.parent_id == span_id
    asked = [one for one in all_below(root) if one.kind == "server"]
    assert asked, "the world is another process"
    for one in asked:
        [caller] = [other for other in all_below(root) if one in other.children]
        assert (caller.kind, caller.name) == ("client", one.name)
        assert (caller.notes["server.address"], caller.notes["server.port"]) == ("127.0.0.1", nerdx_fleet.world.port)
        assert caller.resource["process.pid"] == root.resource["process.pid"] != one.resource["process.pid"]
        assert one.flags == root.flags == 1


@pytest.fixture(scope="module")
def agents_of_a_world(start_shared_nerdx):
    """Agents, and the heads of what they send to a world that knows nothing."""
    with saying(404) as (port, heads):
        url = f"http://127.0.0.1:{port}"
        yield start_shared_nerdx("--roles", "agents", "--world-url", url, env={"NERDX_NODE_SECRET": SECRET}), heads


PARENT, NO_PARENT = (f"traceparent: 00-{digit * 32}-{'b' * 16}-00\r\n" for digit in "a0")
STATES = {
    "a line": (f"{PARENT}tracestate: rojo=1\r\n", "rojo=1"),
    "lines": (f"{PARENT}tracestate: rojo=1\r\ntracestate: congo=2\r\n", "rojo=1,congo=2"),
    "no parent": ("tracestate: rojo=1\r\n", None),
    "a wrong parent": (f"{NO_PARENT}tracestate: rojo=1\r\n", None),
}


@pytest.mark.parametrize("how", STATES)
def test_what_others_know_of_a_trace_goes_to_our_nodes_beside_its_parent_only(agents_of_a_world, how):
    nerdx, heads = agents_of_a_world
    lines, wanted = STATES[how]
    before = len(heads)
    body = json.dumps({"user_id": "u", "session_id": uuid.uuid4().hex, "message": "What is takju?"})
    head = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    with Wire(nerdx.port) as wire:
        trace_id = wire.exchange(f"{head}{lines}\r\n{body}").header("traceparent").split("-")[1]
    asked = [sent for sent in heads[before:] if trace_id in sent.get("traceparent", "")]
    assert asked and {sent.get("tracestate") for sent in asked} == {wanted}


def node_pass(method, target):
    """What a node of ours shows when it asks for nobody in particular."""
    fields = f"{int(time.time()) + 60:x}.0.{2**64 - 1:x}.0.."
    signed = hmac.new(SECRET.encode(), f"{method} {target} {fields}".encode(), hashlib.sha256)
    return {"Authorization": f"Nerdx-Node {fields}.{signed.hexdigest()}"}


def test_a_node_that_traces_nothing_passes_on_what_our_nodes_say_of_a_trace_and_nobody_else(agents_of_a_world):
    nerdx, heads = agents_of_a_world
    before, told = len(heads), {}
    for flags, is_node in itertools.product(("00", "01", None), (False, True)):
        headers = {"traceparent": f"00-{uuid.uuid4().hex}-{'b' * 16}-{flags}"} if flags else {}
        headers |= node_pass("POST", CHAT) if is_node else {}
        body = {"user_id": "u", "session_id": uuid.uuid4().hex, "message": "What is takju?"}
        answered = nerdx.post(CHAT, body, headers=headers).headers["traceparent"].split("-")
        assert answered[3] == (flags if flags and is_node else "00")
        told[answered[1]] = answered[3]
    asked = [sent["traceparent"].split("-") for sent in heads[before:] if "traceparent" in sent]
    assert told.keys() <= {trace for _, trace, _, _ in asked}
    for _, trace, _, flags in asked:
        assert flags == told.get(trace, "00"), "what it begins by itself isn't recorded either"


def test_what_a_request_has_done_later_is_part_of_its_trace(start_nerdx, collector):
    env = {**SLOWEST, "NERDX_TRACE_URL": collector.url, "NERDX_TRACE_SAMPLE": "1", "NERDX_IDENTITY": "required"}
    nerdx = start_nerdx(env=env)
    sign_up(nerdx)
    path, jobs = "POST /api/v1/auth/verify-email", {"job event.analytics", "job event.notify"}

    def of_request(spans):
        traces = {one.trace_id for one in spans if one.name == path}
        return [one for one in spans if one.trace_id in traces and one.kind == "consumer"]

    collector.wait_for(lambda spans: jobs <= {one.name for one in of_request(spans)})
    [request] = [one for one in collector.spans if one.name == path]
    heard = [one for one in of_request(collector.spans) if one.name in jobs]
    assert {one.parent_id for one in heard} == {request.span_id}
    for one in heard:
        assert one.name == f"job {one.notes['messaging.destination.name']}"
        assert one.notes["messaging.system"] == "nerdx"
        assert one.notes["messaging.operation.type"] == "process"


@pytest.fixture(scope="module")
def guest_at(start_shared_nerdx, shared_collector):
    """A program that knows who calls, and somebody of theirs."""
    env = {**SLOWEST, "NERDX_TRACE_URL": shared_collector.url, "NERDX_TRACE_SAMPLE": "1", "NERDX_IDENTITY": "required"}
    nerdx = start_shared_nerdx(env=env)
    return nerdx, begin_guest(nerdx)


def by_stream(nerdx, guest, headers):
    return nerdx.get(INBOX, params={"user_id": guest["user_id"]}, headers={**bearer(guest), **headers}, stream=True)


def by_socket(nerdx, guest, headers):
    return WebSocket(f"{nerdx.url}{INBOX}?user_id={guest['user_id']}", extra_headers={**bearer(guest), **headers})


@pytest.mark.parametrize("follow", [by_stream, by_socket])
def test_what_is_followed_has_ended_for_its_trace_and_its_time_when_it_begins(guest_at, shared_collector, follow):
    """The collector hears of it while it is open, and it stays so for as long again."""
    nerdx, guest = guest_at

    def counted(what):
        series = f'http_request_duration_seconds_{what}{{operation="notify_follow"}} '
        return sum(
            float(line.rsplit(" ", 1)[1]) for line in nerdx.get("/metrics").text.splitlines() if line.startswith(series)
        )

    count, seconds, asked = counted("count"), counted("sum"), time.monotonic()
    trace_id, span_id, headers = parent()
    with follow(nerdx, guest, headers):
        [root] = shared_collector.trace(trace_id, f"GET {INBOX}")
        assert (root.parent_id, root.is_error) == (span_id, False)
        took = time.monotonic() - asked
        until(lambda: time.monotonic() > asked + 2 * took)
    until(lambda: counted("count") == count + 1)
    assert counted("sum") - seconds < took, "as its trace says, and not as long as it was open"


# --- which are kept ---


def test_of_ordinary_requests_only_the_chosen_part_is_sent(start_nerdx, collector):
    nerdx = start_nerdx(env={**SLOWEST, "NERDX_TRACE_URL": collector.url, "NERDX_TRACE_SAMPLE": "0"})
    for _ in range(20):
        assert nerdx.get(PATH).headers["traceparent"].endswith("-00")
    assert nerdx.get(PATH, headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}).status_code == 200
    assert nerdx.stop() == 0
    assert collector.spans == [], "a stranger's wish counts for nothing"


def test_what_a_node_tells_another_by_itself_is_chosen_as_rarely(start_nerdx, collector):
    env = {**SLOWEST, "NERDX_TRACE_URL": collector.url, "NERDX_TRACE_SAMPLE": "0", "NERDX_NODE_SECRET": SECRET}
    world = start_nerdx("--roles", "world", env=env)
    agents = start_nerdx("--roles", "agents", "--world-url", world.url, env=env)
    ask(agents, "What is takju?", user="visitor")
    wait_until_remembered(world, "visitor", 1)
    assert (agents.stop(), world.stop()) == (0, 0)
    assert collector.spans == []


def test_one_that_was_slow_is_sent_in_any_case(start_nerdx, collector):
    env = {"NERDX_TRACE_URL": collector.url, "NERDX_TRACE_SAMPLE": "0", "NERDX_TRACE_SLOW": "1ms"}
    nerdx = start_nerdx(env={**env, "NERDX_IDENTITY": "required"})
    sign_up(nerdx)  # a password's hash takes longer
    collector.wait_for(lambda spans: [one for one in spans if one.name == "POST /api/v1/auth/verify-email"])


def test_one_that_failed_is_sent_with_its_error(start_nerdx, collector):
    env = {**SLOWEST, "NERDX_TRACE_URL": collector.url, "NERDX_TRACE_SAMPLE": "0", "NERDX_NODE_SECRET": SECRET}
    nerdx = start_nerdx("--roles", "agents", "--world-url", "http://127.0.0.1:1", env=env)
    trace_id, _, headers = parent()
    body = {"user_id": "u", "session_id": "s", "message": "What is takju?"}
    nerdx.post(CHAT, body, headers=headers)
    [root] = collector.trace(trace_id, TURN)
    failed = [one for one in all_below(root) if one.is_error]
    assert failed and {one.notes["error.type"] for one in failed} == {"unavailable"}


def test_a_collector_that_is_away_costs_spans_and_no_request(start_nerdx):
    nerdx = start_nerdx(env={"NERDX_TRACE_URL": "http://127.0.0.1:1", "NERDX_TRACE_SAMPLE": "1"})
    assert all(nerdx.get(PATH).status_code == 200 for _ in range(30))
    assert nerdx.stop() == 0
    assert [line for line in nerdx.log_lines() if line["message"] == "traces can't be sent"]


def test_a_batch_that_the_collector_has_no_time_for_is_sent_again(start_nerdx):
    with Collector() as collector:
        collector.status = 503
        nerdx = start_nerdx(env={"NERDX_TRACE_URL": collector.url, "NERDX_TRACE_SAMPLE": "1"})
        nerdx.get(PATH)
        until(lambda: collector.requests >= 1)
        collector.status = 200
        collector.wait_for(lambda spans: spans)


def test_a_batch_that_the_collector_will_never_take_is_not_sent_again(start_nerdx):
    with Collector() as collector:
        collector.status = 501
        nerdx = start_nerdx("--job-threads", "0", env={"NERDX_TRACE_URL": collector.url, "NERDX_TRACE_SAMPLE": "1"})
        nerdx.get(PATH)
        until(lambda: 'nerdx_spans_total{result="not_sent"} 0' not in nerdx.get("/metrics").text)
        assert collector.requests == 1


def test_what_the_collector_refuses_of_a_batch_is_not_counted_as_sent(start_nerdx):
    with Collector() as collector:
        collector.answer = b'{"partialSuccess": {"rejectedSpans": "1", "errorMessage": "too old"}}'
        nerdx = start_nerdx("--job-threads", "0", env={"NERDX_TRACE_URL": collector.url, "NERDX_TRACE_SAMPLE": "1"})
        nerdx.get(PATH)
        until(lambda: 'nerdx_spans_total{result="not_sent"} 1' in nerdx.get("/metrics").text)


def test_nothing_of_a_person_is_in_a_trace(nerdx, shared_collector):
    trace_id, _, headers = parent()
    said = "the secret of my grandmother"
    ask(nerdx, said, user="somebody-we-know")
    nerdx.post(CHAT, {"user_id": "somebody-we-know", "session_id": "s", "message": said}, headers=headers)
    shared_collector.trace(trace_id, TURN)
    told = json.dumps([[one.name, one.notes] for one in shared_collector.spans])
    for private in ("grandmother", "somebody-we-know", "maeju-ai", "127.0.0.1:8"):
        assert private not in told


def test_logs_lead_to_the_trace(start_nerdx):
    nerdx = start_nerdx("--log-to", "stderr", env={"NERDX_IDENTITY": "required"})
    answered = nerdx.get(PATH, headers=bearer(begin_guest(nerdx))).headers["traceparent"].split("-")
    nerdx.stop()
    lines = [line for line in nerdx.log_lines() if line.get("trace_id") == answered[1]]
    assert [line["span_id"] for line in lines] == [answered[2]]
