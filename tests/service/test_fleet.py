"""Three nodes on a shared PostgreSQL and Redis behind a real HAProxy, set up as deploy/haproxy says: what it lets in,
and that a node can be drained, stopped, killed and replaced while visitors ask."""

import ssl
import subprocess
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from conversation import CHAT, ask, events_of, events_url, follow, open_chat, until
from fleet import LIMIT_S, SECRET, Load, fleet_of
from llm_server import hangs, says_when
from people import bearer, begin_guest
from postgres_server import PostgresServer
from redis_server import RedisServer
from web_socket import WebSocket, refusal_of

PATH = "/api/v1/world-model/entity/maeju-ai"
LEARN = "/api/v1/world-model/learn"
NODES = 3


@pytest.fixture(scope="module")
def stores():
    """PostgreSQL and Redis for all fleets of this file."""
    with PostgresServer("fsync = off") as postgres, RedisServer() as redis:
        yield postgres, redis


def shared_by(stores, folder):
    """The options of nodes that share everything; the world is one file, for they are on one machine."""
    postgres, redis = stores
    redis.ask("FLUSHALL")
    return {
        "NERDX_AGENTS_SQL": f"{postgres.url}#fleet_{uuid.uuid4().hex[:12]}",
        "NERDX_WORLD_GRAPH": f"sqlite:{folder}/world.db",
        "NERDX_KV": redis.url,
        "NERDX_TRUSTED_PROXIES": "127.0.0.1",
    }


@pytest.fixture
def start_nodes(start_nerdx, stores, tmp_path):
    """start_nodes(env) -> three nodes."""
    shared = shared_by(stores, tmp_path)
    return lambda **env: [start_nerdx(env={**shared, **env}) for _ in range(NODES)]


@pytest.fixture(scope="module")
def fleet(start_shared_nerdx, stores, tmp_path_factory):
    """One for all tests that leave it whole."""
    env = {**shared_by(stores, tmp_path_factory.mktemp("fleet")), "NERDX_DRAIN_NOTICE": "2s"}
    with fleet_of([start_shared_nerdx(env=env) for _ in range(NODES)]) as started:
        yield started


def curl(fleet, path, *options):
    """What curl says of an answer: its status and the version of HTTP."""
    command = ["curl", "-s", "-o", "/dev/null", "--cacert", fleet.front.authority, "-w", "%{http_code} %{http_version}"]
    return subprocess.run(
        [*map(str, command), *options, fleet.url + path], capture_output=True, text=True, check=False
    ).stdout


# --- what it lets in ---


def test_browsers_get_tls_and_http_2_and_nothing_older(fleet):
    assert curl(fleet, PATH) == "200 2"
    assert curl(fleet, PATH, "--http1.1") == "200 1.1"
    assert curl(fleet, PATH, "--tls-max", "1.1").startswith("000")
    plain = requests.get(fleet.front.plain_url + PATH, allow_redirects=False, timeout=60)
    assert plain.status_code == 308
    assert plain.headers["Location"].startswith("https://")


INSIDE = ("/metrics", "/readyz", "/healthz", "/%6detrics", "/metric%73", "/readyz?x=1", "/metrics/", "//metrics")


@pytest.mark.parametrize("path", [*INSIDE, "/./metrics", "/a/../metrics", "/metrics%00", "/%2fmetrics"])
def test_what_is_for_operators_is_not_reached_from_outside(fleet, path):
    reply = curl(fleet, path, "--path-as-is")
    assert reply.split()[0] in ("400", "404")


def test_a_client_cannot_say_who_it_is(start_nodes):
    nodes = start_nodes(NERDX_RATE_LIMITS="default 1/minute 1/hour")
    with fleet_of(nodes) as fleet:
        lies = [("X-Forwarded-For", "Forwarded", "X-Real-IP")[n % 3] for n in range(9)]
        codes = [fleet.get(PATH, headers={name: f"198.51.100.{n}"}).status_code for n, name in enumerate(lies)]
        assert codes.count(200) in (1, 2), "an hour may begin in between"
        assert curl(fleet, PATH, "--interface", "127.0.0.2") == "200 2", "somebody else has a count of their own"


def test_both_windows_are_exact_over_all_nodes(start_nodes):
    nodes = start_nodes(NERDX_RATE_LIMITS="default 1000/minute 40/hour")
    codes = []
    with fleet_of(nodes) as fleet, ThreadPoolExecutor(12) as pool:

        def ask_all():
            """Who is slow is asked less often."""
            codes.extend(pool.map(lambda _: fleet.get(PATH).status_code, range(120)))
            return all(int(fleet.front.stat(f"blue/n{n}")["stot"]) > 5 for n in (1, 2, 3))

        until(ask_all, LIMIT_S)
    assert codes.count(200) in (40, 80), "an hour may begin in between"
    assert codes.count(429) == len(codes) - codes.count(200)


# --- nodes come and go ---


def read(session, url, _):
    return session.get(url + PATH, timeout=60)


def write(session, url, name):
    event = {"event_id": f"e-{name}", "user_id": "u1", "type": "CHATTED_WITH", "entity_id": "maeju-ai"}
    return session.post(url + LEARN, json={"events": [event]}, timeout=60)


def read_and_write(session, url, name):
    return (read if int(name.partition("-")[0]) % 2 else write)(session, url, name)


def test_a_node_that_is_drained_and_replaced_fails_no_request(fleet):
    with Load(fleet, read_and_write) as load:
        for number in (1, 2, 3):
            fleet.front.set(f"blue/n{number}", "state drain")
            until(lambda number=number: fleet.front.stat(f"blue/n{number}")["scur"] == "0", LIMIT_S)
            fleet.take_back(number)
            load.settle()
    assert load.failures == []


def test_a_node_that_is_told_to_stop_says_so_first_and_fails_no_request(fleet):
    with Load(fleet, read_and_write) as load:
        for number in (1, 2, 3):
            assert fleet.nodes[number - 1].stop() == 0
            fleet.take_back(number)
            load.settle()
    assert load.failures == []


def test_a_node_that_has_given_notice_serves_on_until_it_is_told_twice(start_nerdx):
    nerdx = start_nerdx("--drain-notice", "600s")
    nerdx.process.terminate()
    until(lambda: nerdx.get("/readyz").status_code == 503, LIMIT_S)
    assert nerdx.get("/readyz").json()["status"] == "draining"
    reply = nerdx.get(PATH)
    assert (reply.status_code, reply.headers["Connection"]) == (200, "close")
    assert nerdx.stop() == 0


def test_a_node_that_is_killed_loses_no_request_that_can_be_sent_again(fleet):
    with Load(fleet, read) as load:
        for number in (1, 2, 3):
            fleet.nodes[number - 1].kill9()
            load.settle()
            fleet.take_back(number)
    assert load.failures == []


def test_a_request_that_may_have_been_done_is_not_done_twice(start_nodes, llm):
    llm.play(hangs())
    nodes = start_nodes(NERDX_LLM_URL=llm.url, NERDX_LLM_MODEL="m")
    with fleet_of(nodes) as fleet, ThreadPoolExecutor(1) as pool:
        body = {"user_id": "u", "session_id": "s", "message": "What is nuruk?"}
        reply = pool.submit(fleet.post, CHAT, body)
        until(lambda: llm.requests, LIMIT_S)
        busy = [n for n in (1, 2, 3) if fleet.front.stat(f"blue/n{n}")["scur"] == "1"]
        fleet.nodes[busy[0] - 1].kill9()
        assert reply.result().status_code == 502
        assert reply.result().json()["type"] == "/problems/unavailable"
        assert len(llm.requests) == 1


def test_a_new_version_takes_over_by_one_line_and_fails_no_request(start_nodes):
    blue, green = start_nodes(), start_nodes()
    with fleet_of(blue, green) as fleet, Load(fleet, read_and_write) as load:
        for number in (1, 2, 3):
            fleet.front.set(f"green/n{number}", "state ready")
        until(lambda: all(fleet.front.is_up(f"green/n{number}") for number in (1, 2, 3)), LIMIT_S)
        fleet.front.switch("green")
        until(lambda: fleet.front.stat("blue/BACKEND")["scur"] == "0", LIMIT_S)
        before = fleet.front.stat("blue/BACKEND")["stot"]
        for node in blue:
            node.stop()
        load.settle()
        assert fleet.front.stat("blue/BACKEND")["stot"] == before, "nobody asks the old ones"
    assert load.failures == []


def test_with_no_node_left_visitors_are_told_to_come_back(fleet):
    for node in fleet.nodes:
        node.kill9()
    reply = fleet.get(PATH)
    assert reply.status_code == 503
    assert reply.headers["Retry-After"] == "1"
    assert reply.json()["type"] == "/problems/unavailable"
    for number in (1, 2, 3):
        fleet.take_back(number)


# --- event streams ---

FIRST, SECOND = "Nuruk is the starter with which Korean alcohol is brewed.", "What would you brew with it?"


@pytest.fixture
def talkative(start_nodes, llm):
    """A fleet whose model says its first sentence at once and the rest when `opened` is set."""
    opened = threading.Event()
    llm.play(says_when(opened, f"{FIRST} {SECOND[:5]}", SECOND[5:]))
    nodes = start_nodes(NERDX_LLM_URL=llm.url, NERDX_LLM_MODEL="m", NERDX_LLM_IDLE_TIMEOUT="60s")
    with fleet_of(nodes) as fleet:
        fleet.opened = opened
        yield fleet


def test_events_pass_as_they_come(talkative):
    with open_chat(talkative, "What is nuruk?") as reply:
        events = events_of(reply)
        while next(events).name != "delta":
            continue
        talkative.opened.set()
        assert list(events)[-1].name == "done"


def node_at_work(fleet):
    [busy] = [n for n in (1, 2, 3) if fleet.front.stat(f"blue/n{n}")["scur"] == "1"]
    return busy


def test_a_turn_that_has_ended_is_followed_from_any_node(fleet):
    turn = str(uuid.uuid4())
    reply = ask(fleet, "What is takju?", turn_id=turn)
    whole = [follow(node, turn) for node in fleet.nodes]
    assert whole[0] == whole[1] == whole[2]
    assert whole[0][-1].data == reply
    assert follow(fleet.nodes[2], turn, after=2) == whole[0][2:]
    assert all(ask(node, "What is takju?", turn_id=turn) == reply for node in fleet.nodes), "sent again it is the same"


def test_a_turn_is_followed_over_a_websocket_through_the_front(fleet):
    turn = str(uuid.uuid4())
    ask(fleet, "What is yakju?", turn_id=turn)
    trust = ssl.create_default_context(cafile=str(fleet.front.authority))
    with WebSocket(fleet.url + events_url(turn), ssl=trust, origin=fleet.url) as link:
        assert (link.events(), link.code) == (follow(fleet, turn), 1000)
    assert refusal_of(fleet.url + events_url(turn), ssl=trust, origin="https://evil.example") == 403


def test_a_stream_of_a_node_that_is_being_drained_goes_on_to_its_end(talkative):
    with open_chat(talkative, "What is nuruk?") as reply:
        events = events_of(reply)
        first = next(events)
        talkative.front.set(f"blue/n{node_at_work(talkative)}", "state drain")
        assert talkative.get(PATH).status_code == 200, "others are answered elsewhere"
        talkative.opened.set()
        assert [first, *events][-1].name == "done"


# --- services in processes of their own ---

FORGED = "Nerdx-Node ffffffffff.2.ffffffffffffffff.0.." + "61" * 4 + "." + "00" * 32


@pytest.fixture
def split(start_nerdx, tmp_path):
    """A process with the world and one with the agents, and what either writes of requests."""
    secret = {"NERDX_NODE_SECRET": SECRET, "NERDX_RATE_LIMITS": "default 2/minute 1000/hour"}
    world = start_nerdx("--roles", "world", env=secret)
    return start_nerdx("--roles", "agents", "--world-url", world.url, env=secret), world


def test_a_service_that_lives_elsewhere_is_asked_by_a_node_that_is_known(split):
    agents, world = split
    assert ask(agents, "What is nuruk?")["citations"][0]["id"] == "traditional-nuruk"

    def asked():
        """Whether it is ready anybody may ask, and its nodes do."""
        requests = [line for line in world.log_lines() if line.get("message") == "request"]
        return [line for line in requests if line["route"] != "/readyz"]

    until(lambda: len(asked()) > 2, LIMIT_S)
    assert all(line.get("from_node") for line in asked()), "and it isn't counted as a visitor"
    assert agents.get(PATH).status_code == world.get("/api/v1/agents/maeju/sessions?user_id=u").status_code == 404


def test_who_calls_is_known_on_every_node_and_to_every_service(start_nerdx, stores, tmp_path):
    shared = {
        **shared_by(stores, tmp_path),
        "NERDX_IDENTITY": "required",
        "NERDX_AUTH_SQL": f"{stores[0].url}#auth_{uuid.uuid4().hex[:12]}",
        "NERDX_JWT_SECRET": SECRET,
        "NERDX_NODE_SECRET": SECRET,
    }
    world = start_nerdx("--roles", "world", env=shared)
    agents = [start_nerdx("--roles", "agents", "--world-url", world.url, env=shared) for _ in range(2)]
    guest = begin_guest(agents[0])
    body = {"user_id": guest["user_id"], "session_id": "s", "message": "I'm called Mina. What is nuruk?"}
    assert agents[1].post(CHAT, body).status_code == 401
    assert agents[1].post(CHAT, body, headers=bearer(guest)).json()["citations"]
    assert agents[1].post(CHAT, {**body, "user_id": "somebody"}, headers=bearer(guest)).status_code == 403
    mine = f"/api/v1/world-model/entity/{guest['user_id']}"
    until(lambda: world.get(mine, headers=bearer(guest)).status_code == 200)
    assert world.get(mine, headers=bearer(begin_guest(agents[1]))).status_code in (403, 404)


def test_who_claims_to_be_a_node_and_is_not_is_refused(split):
    for node in split:
        reply = node.get("/api/v1/world-model/entity/maeju-ai", headers={"Authorization": FORGED})
        assert reply.status_code in (401, 404)
    assert reply.json()["type"] == "/problems/unauthorized"


def test_from_outside_nobody_can_even_claim_to_be_a_node(fleet):
    assert fleet.get(PATH, headers={"Authorization": FORGED}).status_code == 200, "the claim has been dropped"


def test_while_a_service_is_gone_the_others_say_so_and_come_back_with_it(split):
    agents, world = split
    world.kill9()
    assert "world" in agents.get("/readyz").text
    body = {"user_id": "u", "session_id": "s", "message": "What is nuruk?"}
    assert agents.post(CHAT, body).status_code == 503
    world.flags += ("--listen", f"127.0.0.1:{world.port}")
    world.start()
    assert ask(agents, "What is nuruk?")["citations"]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--roles", "agents"), "--world-url"),
        (("--roles", "kitchen"), "no role"),
        (("--roles", "agents", "--world-url", "localhost:80"), "http://"),
    ],
)
def test_a_process_that_could_not_reach_a_service_does_not_start(run_nerdx, tmp_path, flags, said):
    ended = run_nerdx("serve", "--data", tmp_path / "data", "--listen", "127.0.0.1:0", *flags)
    assert ended.returncode != 0
    assert said in ended.stderr
