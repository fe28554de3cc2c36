"""What every request passes: limits and origins, in this process's memory and on a Redis that nodes share."""

import concurrent.futures
import itertools
import re

import pytest

from conversation import until
from moments import HOUR_S, within_one
from redis_server import RedisServer
from web_socket import handshake

LIMIT_S = 60  # a bound for a machine that hangs, not a promise about speed
PATH = "/api/v1/world-model/entity/maeju-ai"
NERDX = "https://nerdx.com"


@pytest.fixture(scope="module")
def redis():
    with RedisServer() as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
def store(request):
    """The URL of a store where nothing is counted yet."""
    if request.param == "memory":
        return "memory:"
    server = request.getfixturevalue("redis")
    server.ask("FLUSHALL")
    return server.url


def start(start_nerdx, store, limits="default 5/minute 100/hour", *flags):
    return start_nerdx("--kv", store, *flags, env={"NERDX_RATE_LIMITS": limits})


def left(reply, window):
    return int(re.search(rf'"{window}";r=(\d+);t=\d+', reply.headers["RateLimit"])[1])


def ask_until_refused(nerdx):
    """Replies up to the first refusal; a minute that begins in between only makes them more."""
    replies = []
    while not replies or replies[-1].status_code == 200:
        replies.append(nerdx.get(PATH))
    return replies


def test_the_next_one_is_refused_and_told_when_to_come_back(start_nerdx, store):
    nerdx = start(start_nerdx, store)
    *served, refused = ask_until_refused(nerdx)
    assert len(served) >= 5
    assert served[0].headers["RateLimit-Policy"] == '"minute";q=5;w=60, "hour";q=100;w=3600'
    assert left(served[0], "minute") == 4
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert left(refused, "minute") == 0
    assert refused.json()["type"] == "/problems/limited"
    assert "within this minute" in refused.json()["detail"]


def test_operations_of_a_class_are_counted_by_themselves(start_nerdx, store):
    nerdx = start(start_nerdx, store, "default 1000/minute 1000/hour; sign-in 3/minute 1000/hour")
    body = {"email": "nobody@example.com", "password": "a password of nobody"}
    tried = 0
    while (reply := nerdx.post("/api/v1/auth/sign-in", body)).status_code != 429:
        tried += 1
    assert tried >= 3
    assert reply.headers["RateLimit-Policy"] == '"minute";q=3;w=60, "hour";q=1000;w=3600'
    served = nerdx.get(PATH)
    assert served.status_code == 200
    assert left(served, "minute") >= 990


def test_pages_and_health_are_not_counted(start_nerdx, store):
    nerdx = start(start_nerdx, store)
    ask_until_refused(nerdx)
    for path in ("/", "/docs/", "/healthz", "/readyz", "/metrics", "/openapi.json"):
        reply = nerdx.get(path)
        assert reply.status_code == 200, path
        assert "RateLimit" not in reply.headers


def test_handlers_of_every_kind_answer_behind_the_limiter(start_nerdx, store):
    nerdx = start(start_nerdx, store, "default 1000/minute 1000/hour")
    assert nerdx.get(PATH).json()["id"] == "maeju-ai"
    event = {"event_id": "e1", "user_id": "u1", "type": "CHATTED_WITH", "entity_id": "maeju-ai"}
    assert nerdx.post("/api/v1/world-model/learn", {"events": [event]}).json()["accepted"] == 1
    talk = {"user_id": "u1", "session_id": "s1", "message": "안녕하세요"}
    assert nerdx.post("/api/v1/agents/maeju/chat", talk).json()["outcome"] == "answer"
    stream = nerdx.post("/api/v1/agents/maeju/chat", talk, headers={"Accept": "text/event-stream"})
    assert "event: done" in stream.text
    assert nerdx.post("/api/v1/world-model/query", {"query": ""}).status_code == 400


def test_many_nodes_share_one_count(start_nerdx, redis):
    redis.ask("FLUSHALL")
    nodes = [start(start_nerdx, redis.url, "default 1000/minute 40/hour") for _ in range(3)]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        codes = list(pool.map(lambda n: nodes[n % 3].get(PATH).status_code, range(120)))
    assert codes.count(200) in (40, 80), "an hour may begin in between"
    assert codes.count(429) == 120 - codes.count(200)


def test_while_the_store_is_gone_everybody_passes_and_then_is_counted_again(start_nerdx):
    with RedisServer() as server:
        nerdx = start(start_nerdx, server.url)
        assert nerdx.get(PATH).status_code == 200
        server.stop()
        replies = [nerdx.get(PATH) for _ in range(20)]
        assert {reply.status_code for reply in replies} == {200}
        undecided = re.search(r'decisions_total\{decision="undecided"\} (\d+)', nerdx.get("/metrics").text)
        assert int(undecided[1]) > 0
        server.start()
        until(lambda: "RateLimit" in nerdx.get(PATH).headers, LIMIT_S)
        assert ask_until_refused(nerdx)[-1].status_code == 429


def test_one_that_keeps_silent_holds_nobody_for_long(start_nerdx):
    with RedisServer() as server:
        nerdx = start(start_nerdx, server.url)
        server.freeze()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            codes = list(pool.map(lambda _: nerdx.get(PATH).status_code, range(16)))
        assert set(codes) == {200}
        server.thaw()
        until(lambda: "RateLimit" in nerdx.get(PATH).headers, LIMIT_S)


def test_behind_a_proxy_each_client_has_its_own_count(start_nerdx):
    nerdx = start(start_nerdx, "memory:", "default 1/minute 1/hour", "--trusted-proxies", "127.0.0.0/8")

    def code(client):
        return nerdx.get(PATH, headers={"X-Forwarded-For": client}).status_code

    numbers = itertools.count(1)

    def ask():
        one, other, network = f"198.51.100.{next(numbers)}", f"198.51.100.{next(numbers)}", f"2001:db8:{next(numbers)}:"
        return [code(client) for client in (one, one, other, f"{network}:1", f"{network}:2", f"9.9.9.9, {one}")]

    assert within_one(HOUR_S, ask) == [200, 429, 200, 200, 429, 429]


def test_what_an_untrusted_client_says_of_itself_counts_for_nothing(start_nerdx):
    nerdx = start(start_nerdx, "memory:", "default 1/minute 1/hour")

    def ask():
        return [nerdx.get(PATH, headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(3)]

    assert within_one(HOUR_S, ask)[1:] == [429, 429]


# --- origins ---


def test_a_listed_origin_may_call_with_credentials(shared_nerdx):
    reply = shared_nerdx.get(PATH, headers={"Origin": NERDX})
    assert reply.headers["Access-Control-Allow-Origin"] == NERDX
    assert reply.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in reply.headers["Vary"]


OTHERS = ("https://evil.example", "https://nerdx.com.evil.example", "http://nerdx.com", "null")


EVENTS = "/api/v1/agents/maeju/turns/nothing/events?user_id=visitor"  # 404 to who may ask


@pytest.mark.parametrize("origin", OTHERS)
def test_a_page_of_another_origin_opens_no_websocket(shared_nerdx, origin):
    """Its browser would send our cookies along and show it the answer (RFC 6455, 10.2)."""
    with shared_nerdx.connect() as wire:
        reply = wire.exchange(handshake(EVENTS, f"Origin: {origin}"))
        assert (reply.status, reply.json()["type"]) == (403, "/problems/forbidden")


@pytest.mark.parametrize("headers", [[], [f"Origin: {NERDX}"], ["Origin: http://x"], ["Origin: https://X"]])
def test_our_own_pages_and_what_is_no_page_may_open_one(shared_nerdx, headers):
    with shared_nerdx.connect() as wire:
        assert wire.exchange(handshake(EVENTS, *headers)).status == 404


@pytest.mark.parametrize("origin", OTHERS)
def test_another_origin_gets_no_permission(shared_nerdx, origin):
    reply = shared_nerdx.get(PATH, headers={"Origin": origin})
    assert not [name for name in reply.headers if name.startswith("Access-Control")]
    assert "Origin" in reply.headers["Vary"]


def test_a_preflight_is_answered_with_the_four_methods_and_may_be_kept(shared_nerdx):
    asks = {"Origin": NERDX, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    reply = shared_nerdx.request("OPTIONS", "/api/v1/world-model/query", headers=asks)
    assert reply.status_code == 204
    assert reply.headers["Access-Control-Allow-Origin"] == NERDX
    assert reply.headers["Access-Control-Allow-Methods"] == "GET, POST, PUT, DELETE"
    assert "content-type" in reply.headers["Access-Control-Allow-Headers"]
    assert int(reply.headers["Access-Control-Max-Age"]) > 0


def test_a_page_can_read_why_it_was_refused(start_nerdx):
    nerdx = start(start_nerdx, "memory:", "default 1/minute 1/hour")
    _, refused = within_one(HOUR_S, lambda: [nerdx.get(PATH, headers={"Origin": NERDX}) for _ in "12"])
    assert refused.status_code == 429
    assert refused.headers["Access-Control-Allow-Origin"] == NERDX
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("--cors-origins", "*", '"*" is no origin'),
        ("--cors-origins", "https://a.example/path", "is no origin"),
        ("--rate-limits", "60", "default 60/minute 1000/hour"),
        ("--rate-limits", "default 9/minute 9/hour; sing-in 1/minute 1/hour", "no operation is of that class"),
        ("--trusted-proxies", "everybody", "no block of addresses"),
        ("--kv", "memcached://x", "no key-value store I know"),
    ],
)
def test_a_wrong_policy_is_refused_at_the_start(run_nerdx, tmp_path, flag, value, said):
    limits = {} if flag == "--rate-limits" else {"NERDX_RATE_LIMITS": "default 60/minute 1000/hour"}
    ended = run_nerdx("serve", "--data", tmp_path / "data", "--listen", "127.0.0.1:0", flag, value, env=limits)
    assert ended.returncode != 0
    assert said in ended.stderr


# --- what browsers are told ---


def test_pages_run_and_load_only_what_is_ours_and_nobody_frames_them(shared_nerdx):
    for path in ("/", "/docs/"):
        reply = shared_nerdx.get(path)
        policy = dict(part.strip().split(" ", 1) for part in reply.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert len(reply.raw.headers.getlist("Content-Security-Policy")) == 1, "pages say it, and nobody else does"
        assert "<script>" not in reply.text and "<style" not in reply.text and " style=" not in reply.text
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Referrer-Policy"] == "no-referrer"


def test_answers_of_the_api_load_nothing(shared_nerdx):
    for path in (PATH, "/api/v1/world-model/entity/nobody"):
        reply = shared_nerdx.get(path)
        assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'; frame-ancestors 'none'")
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Cache-Control"] == "no-store"
        kind = "application/json" if reply.status_code == 200 else "application/problem+json"
        assert reply.headers["Content-Type"] == kind


def test_only_a_proxy_we_trust_says_that_there_is_tls(start_nerdx):
    secure = {"X-Forwarded-Proto": "https"}
    behind = start(start_nerdx, "memory:", "off", "--trusted-proxies", "127.0.0.1")
    told = behind.get("/", headers=secure).headers["Strict-Transport-Security"]
    assert told == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in behind.get("/").headers
    alone = start(start_nerdx, "memory:", "off")
    assert "Strict-Transport-Security" not in alone.get("/", headers=secure).headers
