"""The wires to PostgreSQL and Redis are cut, slow and held: requests are refused with 503 and Retry-After, or served
without; /readyz says so; everything is as before within 5 s of their return; a thousand cuts leave nothing behind."""

import concurrent.futures
import pathlib
import re
import threading
import time

import pytest

from conversation import say, sessions, turns_of, until
from cut_proxy import ANSWERS, CutProxy
from postgres_server import PostgresServer
from redis_server import RedisServer

LIMIT_S = 60  # a bound for a machine that hangs, not a promise about speed
LOOK_S = 0.05  # between two looks at the condition
BACK_WITHIN_LOOKS = 100  # five seconds, unless the machine stands still
CUTS = 1000
ASKERS = 8
PATH = "/api/v1/world-model/entity/maeju-ai"


@pytest.fixture(scope="module")
def postgres():
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_wire(postgres):
    with CutProxy(postgres.port) as wire:
        yield wire


@pytest.fixture
def redis_wire():
    with RedisServer() as server, CutProxy(server.port) as wire:
        yield wire


@pytest.fixture
def talking(start_nerdx, postgres, postgres_wire):
    """NERDX whose conversations are behind the wire to PostgreSQL."""
    url = f"{postgres.url.replace(str(postgres.port), str(postgres_wire.port))}#wires_{time.monotonic_ns()}"
    return start_nerdx(env={"NERDX_AGENTS_SQL": url})


@pytest.fixture
def counting(start_nerdx, redis_wire):
    """NERDX whose requests are counted behind the wire to Redis."""
    url = f"redis://127.0.0.1:{redis_wire.port}/0"
    return start_nerdx("--kv", url, env={"NERDX_RATE_LIMITS": "default 1000000/minute 1000000/hour"})


def readiness(house):
    return house.get("/readyz").json()["status"]


def back_soon(house):
    looks = 0
    while readiness(house) != "ready":
        looks += 1
        assert looks < BACK_WITHIN_LOOKS, house.get("/readyz").text
        time.sleep(LOOK_S)


def assert_refused(reply):
    assert reply.status_code == 503, reply.text
    assert int(reply.headers["Retry-After"]) > 0
    assert reply.json()["type"] == "/problems/unavailable"


def holds(house):
    """Descriptors it has open, and its memory in kB."""
    return len(list(pathlib.Path(f"/proc/{house.pid}/fd").iterdir())), house.memory_kb()


def cut_a_thousand_times(house, wire, ask):
    """Under load; the answers that were given meanwhile."""
    for _ in range(200):
        ask(house)
    before, done, answers = holds(house), 0, []
    while done < CUTS:
        with concurrent.futures.ThreadPoolExecutor(ASKERS) as pool:
            asked = [pool.submit(ask, house) for _ in range(2 * ASKERS)]
            while not asked[0].done() or wire.pairs:
                done += wire.cut()
            answers += [one.result() for one in asked]
    back_soon(house)
    descriptors, memory_kb = holds(house)
    assert descriptors <= before[0] + 64, "threads open files as they first ask; a leak would be a thousand"
    assert memory_kb <= before[1] + 4096
    return answers


def test_a_thousand_cuts_of_postgres_are_told_and_leave_nothing_behind(talking, postgres_wire):
    answers = cut_a_thousand_times(talking, postgres_wire, lambda house: sessions(house, "one"))
    for reply in answers:
        if reply.status_code != 200:
            assert_refused(reply)


def test_a_thousand_cuts_of_redis_refuse_nobody_and_leave_nothing_behind(counting, redis_wire):
    answers = cut_a_thousand_times(counting, redis_wire, lambda house: house.get(PATH))
    assert {reply.status_code for reply in answers} == {200}


def test_what_was_acknowledged_while_postgres_was_cut_again_and_again_is_there(talking, postgres_wire):
    ended, acknowledged = threading.Event(), []

    def talk(session):
        while not ended.is_set():
            reply = say(talking, session)
            if reply.status_code == 200:
                acknowledged.append((session, reply.json()["turn_id"]))
            else:
                assert_refused(reply)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        talks = [pool.submit(talk, f"s{n}") for n in range(4)]
        try:
            for _ in range(40):  # each time when one was acknowledged, and others are under way
                before, end = len(acknowledged), time.monotonic() + LIMIT_S
                while len(acknowledged) == before and time.monotonic() < end:
                    time.sleep(0.001)  # between two looks at the condition
                postgres_wire.cut()
        finally:
            ended.set()
        for one in talks:
            one.result()
    back_soon(talking)
    assert len(acknowledged) >= 40
    for session in {session for session, _ in acknowledged}:
        kept = turns_of(talking, session)
        assert len(kept) == len(set(kept))
        assert {turn for of, turn in acknowledged if of == session} <= set(kept)


def test_without_postgres_it_is_not_ready_and_is_again_within_5_s_of_its_return(talking, postgres_wire):
    assert say(talking, "talk").status_code == 200
    postgres_wire.refuse()
    assert talking.get("/readyz").status_code == 503
    assert readiness(talking) == "not ready"
    assert_refused(say(talking, "talk"))
    postgres_wire.accept()
    back_soon(talking)
    assert say(talking, "talk").status_code == 200
    assert len(turns_of(talking, "talk")) == 2


def test_without_redis_it_is_degraded_and_serves_and_is_ready_within_5_s_of_its_return(counting, redis_wire):
    back_soon(counting)
    redis_wire.refuse()
    reply = counting.get("/readyz")
    assert (reply.status_code, reply.json()["status"]) == (200, "degraded")
    assert "can't be reached" in reply.json()["checks"]["limits"]
    assert counting.get(PATH).status_code == 200
    redis_wire.accept()
    back_soon(counting)
    until(lambda: "RateLimit" in counting.get(PATH).headers)  # not of a request during which the machine stood still


def test_a_slow_postgres_is_waited_for(talking, postgres_wire):
    postgres_wire.delay_s = 0.2
    assert say(talking, "slow").status_code == 200
    assert sessions(talking, "slow").status_code == 200
    assert readiness(talking) == "ready"


def test_a_redis_that_is_too_slow_holds_nobody_for_long(counting, redis_wire):
    redis_wire.hold()
    said = redis_wire.passed[ANSWERS]
    assert counting.get(PATH).status_code == 200
    assert redis_wire.passed[ANSWERS] == said, "who asks is answered while Redis says nothing"
    undecided = re.search(r'decisions_total\{decision="undecided"\} (\d+)', counting.get("/metrics").text)
    assert int(undecided[1]) > 0
    redis_wire.let_go()
    back_soon(counting)


def test_a_pool_has_no_more_connections_than_its_url_allows(start_nerdx, postgres):
    """And one that listens for other processes' jobs."""
    house = start_nerdx(env={"NERDX_AGENTS_SQL": f"{postgres.url}?application_name=narrow#narrow?connections=2"})
    with concurrent.futures.ThreadPoolExecutor(ASKERS) as pool:
        assert {r.status_code for r in pool.map(lambda n: say(house, f"s{n}"), range(3 * ASKERS))} == {200}
    held = postgres.run("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'narrow'")
    assert 2 <= int(held) <= 2 + 1


@pytest.mark.parametrize(
    ("role", "database", "said"),
    [
        ("nobody", "postgres", "refuses our name or password"),
        ("nerdx", "nowhere", "there is no such database on the server"),
    ],
)
def test_a_refusal_says_what_to_put_right(run_nerdx, postgres, tmp_path, role, database, said):
    url = f"postgresql://{role}@127.0.0.1:{postgres.port}/{database}#agents"
    refused = run_nerdx("doctor", "--data", tmp_path, "--agents-sql", url)
    assert refused.returncode == 1
    assert said in refused.stdout
