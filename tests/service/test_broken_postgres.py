"""PostgreSQL is stopped, frozen, killed and cut off under load: 503 with Retry-After meanwhile, back by itself
afterwards, nothing that was acknowledged is lost."""

import concurrent.futures
import threading

import pytest

from conversation import say, sessions, turns_of, until
from postgres_server import PostgresServer
from server_process import make_certificate
from stores import PostgresRows

LIMIT_S = 60  # a bound for a machine that hangs, not a promise about speed
TALKERS = 6
CUTS = 1000


@pytest.fixture
def postgres():
    with PostgresServer() as server:
        yield server


@pytest.fixture
def house(start_nerdx, postgres):
    """NERDX with what visitors say in that PostgreSQL."""
    return start_nerdx(env={"NERDX_AGENTS_SQL": f"{postgres.url}#agents", "NERDX_WORLD_SQL": f"{postgres.url}#world"})


def is_ready(house):
    return house.get("/readyz").status_code == 200


def assert_refused(reply):
    assert reply.status_code == 503, reply.text
    assert int(reply.headers["Retry-After"]) > 0
    assert any(words in reply.json()["detail"] for words in ("try again", "look whether it did")), reply.text


def test_while_it_is_down_everybody_is_asked_to_come_back_and_is_served_once_it_is_up(house, postgres):
    assert say(house, "before").status_code == 200
    postgres.stop()
    assert_refused(say(house, "meanwhile"))
    assert_refused(sessions(house, "before"))
    ready = house.get("/readyz")
    assert ready.status_code == 503
    assert "can't be reached" in ready.json()["checks"]["agents"]
    postgres.start()
    until(lambda: is_ready(house), LIMIT_S)
    assert say(house, "before").status_code == 200
    assert len(turns_of(house, "before")) == 2


def test_connections_to_one_that_restarted_are_replaced(house, postgres):
    assert say(house, "talk").status_code == 200
    postgres.stop()
    postgres.start()
    until(lambda: is_ready(house), LIMIT_S)
    assert sessions(house, "talk").status_code == 200
    assert say(house, "talk").status_code == 200


def test_one_that_keeps_silent_is_given_up_and_found_again(house, postgres):
    assert say(house, "talk").status_code == 200
    postgres.freeze()
    reply = sessions(house, "talk")
    assert reply.status_code in (503, 504), reply.text
    postgres.thaw()
    until(lambda: is_ready(house), LIMIT_S)
    assert len(turns_of(house, "talk")) == 1


def test_who_waits_for_a_lock_too_long_is_told_so(house, postgres):
    """Somebody at the server's own tools holds the table: nobody waits for it for ever, and then all goes on."""
    assert say(house, "talk").status_code == 200
    with PostgresRows(postgres.url, "agents") as held:
        held.execute("LOCK TABLE turn IN ACCESS EXCLUSIVE MODE")
        assert_refused(say(house, "talk"))
    assert say(house, "talk").status_code == 200
    assert len(turns_of(house, "talk")) == 2


def talk_until(house, ended, session, acknowledged):
    while not ended.is_set():
        reply = say(house, session)
        if reply.status_code == 200:
            acknowledged.append((session, reply.json()["turn_id"]))
        else:
            assert_refused(reply)


def test_killed_under_load_it_loses_nothing_that_was_acknowledged(house, postgres):
    ended, acknowledged = threading.Event(), []
    with concurrent.futures.ThreadPoolExecutor(TALKERS) as pool:
        talks = [pool.submit(talk_until, house, ended, f"s{n}", acknowledged) for n in range(TALKERS)]
        try:
            for _ in range(3):
                before = len(acknowledged)
                until(lambda before=before: len(acknowledged) > before + 2 * TALKERS, LIMIT_S)
                postgres.kill()
                postgres.start()
        finally:
            ended.set()
        for talk in talks:
            talk.result()
    until(lambda: is_ready(house), LIMIT_S)
    for n in range(TALKERS):
        mine = [turn for session, turn in acknowledged if session == f"s{n}"]
        kept = turns_of(house, f"s{n}")
        assert len(kept) == len(set(kept))
        assert set(mine[-50:]) <= set(kept), "an acknowledged turn is gone"


@pytest.fixture
def postgres_with_tls(tmp_path):
    with PostgresServer() as server:
        for made, name in zip(make_certificate(tmp_path), ("server.crt", "server.key"), strict=True):
            server.put(made, name)
        server.stop()
        server.set("ssl = on")
        server.start()
        yield server


def test_tls_is_used_and_the_name_of_the_server_is_checked(run_nerdx, postgres_with_tls, tmp_path):
    def doctor(host):
        tls = f"sslmode=verify-full&sslrootcert={tmp_path}/cert.pem"
        url = f"postgresql://nerdx@{host}:{postgres_with_tls.port}/postgres?{tls}#agents"
        return run_nerdx("doctor", "--data", tmp_path / "data", "--agents-sql", url)

    assert "absent, will be made" in doctor("localhost").stdout
    refused = doctor("127.0.0.1")
    assert refused.returncode != 0
    assert "no TLS with the database: see sslmode and sslrootcert" in refused.stdout + refused.stderr
