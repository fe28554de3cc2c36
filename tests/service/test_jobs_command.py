"""`nerdx jobs` and `nerdx worker`: what nobody waits for is done, and is looked at and steered from the terminal."""

import contextlib
import os
import select
import socket
import subprocess
import time

import pytest

from conversation import until
from peak import peak_kb
from postgres_server import PostgresServer
from redis_server import RedisServer
from stores import STORES, open_store

NERDX = os.environ["NERDX_BIN"]
LIMIT_S = 60  # a bound for a machine that hangs, not a promise about speed


def nerdx(data, *arguments):
    command = [NERDX, arguments[0], *arguments[1:], "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def worker(tmp_path):
    process = subprocess.Popen(
        [NERDX, "worker", "--data", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout.readline().startswith("NERDX does jobs")
    yield tmp_path
    process.terminate()
    assert process.wait(timeout=LIMIT_S) == 0


def jobs_when(data, state):
    """The lines of `nerdx jobs`, once one of them is in that state."""
    until = time.monotonic() + 60
    while True:
        lines = nerdx(data, "jobs", "--state", state, "--service", "auth").stdout.splitlines()
        if lines or time.monotonic() > until:
            return lines
        time.sleep(0.05)


def test_a_worker_alone_does_what_is_due(worker):
    *_, line = jobs_when(worker, "done")  # that of the start; each hour another comes
    assert "auth.sweep" in line and "100%" in line
    shown = nerdx(worker, "jobs", "show", line.split()[0]).stdout
    assert "state      done\n" in shown and "attempt    1\n" in shown


def test_a_job_that_is_done_is_neither_cancelled_nor_tried_again(worker):
    job_id = jobs_when(worker, "done")[0].split()[0]
    refused = nerdx(worker, "jobs", "cancel", job_id)
    assert refused.returncode != 0 and "it has ended (done)" in refused.stderr
    refused = nerdx(worker, "jobs", "retry", job_id)
    assert refused.returncode != 0 and "only what is dead or cancelled" in refused.stderr
    assert "0 dead jobs begin anew" in nerdx(worker, "jobs", "retry", "dead").stdout


def test_a_job_that_isnt_there_is_said_to_be_so(tmp_path):
    missing = nerdx(tmp_path, "jobs", "show", "none")
    assert missing.returncode == 69 and "there is no job none" in missing.stderr


def test_what_isnt_understood_is_answered_with_what_is(tmp_path):
    assert nerdx(tmp_path, "jobs", "delete").returncode == 64
    assert "must be later, ready" in nerdx(tmp_path, "jobs", "--state", "gone").stderr
    assert nerdx(tmp_path, "worker", "--job-threads", "0").returncode == 64


SWEEP = {
    **{"job_id": "01a00000-0000-7000-8000-000000000001", "kind": "auth.sweep", "lane": "auth.sweep", "state": "dead"},
    **{"priority": 0, "due_us": 1, "input": "{}", "child_count": 0, "open_children": 0, "is_failing": 0, "attempt": 10},
    **{"fence": 10, "lease_until_us": 0, "worker": "", "is_cancel_asked": 0, "progress": 0, "message": ""},
    **{"outcome": "", "created_us": 1, "started_us": 1, "ended_us": 1, "expires_us": 0},
}
ADD_SWEEP = f"INSERT INTO job ({', '.join(SWEEP)}) VALUES ({', '.join(map(repr, SWEEP.values()))})"


ADD_MANY_OF_AN_ORDER = f"""
WITH RECURSIVE n(number) AS (SELECT 100 UNION ALL SELECT number + 1 FROM n WHERE number < 310)
INSERT INTO job ({', '.join(SWEEP)}, order_key)
SELECT '01a00000-0000-7000-8000-000000000' || number, {', '.join(map(repr, list(SWEEP.values())[1:]))}, 'one' FROM n"""


def test_all_that_are_dead_are_tried_again_and_those_of_an_order_in_theirs(run_nerdx, tmp_path):
    assert run_nerdx("migrate", "--data", tmp_path).returncode == 0
    with contextlib.closing(open_store(tmp_path, "auth")) as store, store:
        store.execute(ADD_MANY_OF_AN_ORDER)
    done = run_nerdx("jobs", "retry", "dead", "--service", "auth", "--data", tmp_path)
    assert "auth: 211 dead jobs begin anew" in done.stdout, done.stderr
    with contextlib.closing(open_store(tmp_path, "auth")) as store:
        states = store.execute("SELECT state FROM job WHERE order_key = 'one' ORDER BY job_id").fetchall()
    assert states == [("ready",)] + [("waiting",)] * 210


MANY = 500
LARGE = '{"a": "' + "x" * 60_000 + '"}'
LITTLE_KB = 48 * 1024  # with the 30 MB that they hold it would be 80


def test_however_many_are_tried_again_a_few_are_in_memory(run_nerdx, nerdx_bin, nerdx_environment, tmp_path):
    assert run_nerdx("migrate", "--data", tmp_path).returncode == 0
    with contextlib.closing(open_store(tmp_path, "auth")) as store, store:
        for number in range(MANY):
            row = {**SWEEP, "job_id": f"{SWEEP['job_id'][:-4]}{number:04}", "input": LARGE}
            store.execute(f"INSERT INTO job ({', '.join(row)}) VALUES ({', '.join(map(repr, row.values()))})")
    command = [nerdx_bin, "jobs", "retry", "dead", "--service", "auth", "--data", tmp_path]
    environment = {**nerdx_environment, **STORES.options(tmp_path)}
    with (tmp_path / "said").open("w+") as said:
        most_kb = peak_kb(command, environment, subprocess.DEVNULL, said)
        said.seek(0)
        assert said.read() == f"auth: {MANY} dead jobs begin anew\n"
    assert most_kb < LITTLE_KB


def test_a_delivery_of_an_event_that_is_cancelled_here_is_no_event_itself(run_nerdx, tmp_path):
    assert run_nerdx("migrate", "--data", tmp_path).returncode == 0
    last_of_ids = {"auth.sweep": "1", "event.webhooks": "2"}
    with contextlib.closing(open_store(tmp_path, "auth")) as store, store:
        for kind, digit in last_of_ids.items():
            row = {**SWEEP, "job_id": SWEEP["job_id"][:-1] + digit, "kind": kind, "lane": kind, "state": "later"}
            store.execute(f"INSERT INTO job ({', '.join(row)}) VALUES ({', '.join(map(repr, row.values()))})")
    for digit in last_of_ids.values():
        done = run_nerdx("jobs", "cancel", SWEEP["job_id"][:-1] + digit, "--data", tmp_path)
        assert "state      cancelled" in done.stdout, done.stderr
    with contextlib.closing(open_store(tmp_path, "auth")) as store:
        told = store.execute("SELECT subject FROM event").fetchall()
    assert told == [(SWEEP["job_id"],)], "of the sweep alone"


def retry_dead(run_nerdx, data, env):
    done = run_nerdx("jobs", "retry", "dead", "--service", "auth", "--data", data, env=env)
    assert "auth: 1 dead jobs begin anew" in done.stdout, done.stderr


def test_one_that_is_tried_again_is_called_out_to_workers_elsewhere_by_the_redis_of_nodes(run_nerdx, tmp_path):
    with RedisServer() as redis, socket.create_connection(("127.0.0.1", redis.port), LIMIT_S) as wire:
        env = {"NERDX_KV": redis.url}
        assert run_nerdx("migrate", "--data", tmp_path, env=env).returncode == 0
        with contextlib.closing(open_store(tmp_path, "auth")) as store, store:
            store.execute(ADD_SWEEP)
        heard = wire.makefile("rb")
        wire.sendall(b"SUBSCRIBE jobs:auth\r\n")
        assert [heard.readline() for _ in range(6)][-1] == b":1\r\n"
        retry_dead(run_nerdx, tmp_path, env)
        assert [heard.readline() for _ in range(7)][-1].startswith(b"+")


def test_and_by_their_postgres_where_there_is_no_redis(run_nerdx, tmp_path):
    import psycopg2  # only here: it wants the library

    with PostgresServer("fsync = off") as postgres:
        env = {"NERDX_AUTH_SQL": f"{postgres.url}#auth"}
        assert run_nerdx("migrate", "--data", tmp_path, env=env).returncode == 0
        postgres.run(ADD_SWEEP.replace("job", "auth.job", 1))
        with contextlib.closing(psycopg2.connect(postgres.url)) as wire:
            wire.autocommit = True
            wire.cursor().execute("LISTEN auth")
            retry_dead(run_nerdx, tmp_path, env)
            assert select.select([wire], [], [], LIMIT_S)[0], "nothing is said"
            wire.poll()
            assert [said.payload[0] for said in wire.notifies] == ["+"]


def test_on_sqlite_alone_a_worker_finds_it_when_it_looks(start_nerdx, run_nerdx):
    nerdx = start_nerdx()
    until(lambda: "done" in run_nerdx("jobs", "--service", "auth", "--data", nerdx.data).stdout)
    with contextlib.closing(open_store(nerdx.data, "auth")) as store, store:
        store.execute(ADD_SWEEP)
    retry_dead(run_nerdx, nerdx.data, None)
    until(lambda: "state      done" in run_nerdx("jobs", "show", SWEEP["job_id"], "--data", nerdx.data).stdout)
