"""`nerdx export` and `nerdx import`: the state of a service from SQLite to PostgreSQL and back, all of it or none."""

import hashlib
import json
import re
import sqlite3
import subprocess
import threading

import pytest

from cut_proxy import CutProxy
from peak import peak_kb
from postgres_server import PostgresServer

DATA_WRONG = 65
LITTLE_KB = 72 * 1024  # less than the 80 MB that are moved
SERVICES = ("world", "proposals", "agents", "auth", "webhooks", "analytics", "notify")


@pytest.fixture(scope="module")
def postgres():
    with PostgresServer("fsync = off") as server:
        yield server


@pytest.fixture
def on_postgres(postgres, tmp_path):
    """The environment of a program whose conversations and proposals are there."""
    place = hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]
    return {
        "NERDX_AGENTS_SQL": f"{postgres.url}#agents_{place}",
        "NERDX_WORLD_SQL": f"{postgres.url}#proposals_{place}",
    }


@pytest.fixture
def embedded(tmp_path):
    return {
        "NERDX_AGENTS_SQL": f"sqlite:{tmp_path}/own/agents.db",
        "NERDX_WORLD_SQL": f"sqlite:{tmp_path}/own/proposals.db",
    }


@pytest.fixture
def told(start_nerdx, tmp_path, embedded):
    """A data folder where two visitors have spoken, and the world has learnt."""
    (tmp_path / "own").mkdir()
    nerdx = start_nerdx(data=tmp_path / "own", env=embedded)
    for user, message in (("u1", "안녕하세요"), ("u1", '단맛이 좋아요 "🍶" \\ \n 끝'), ("u2", "I like sour things")):
        body = {"user_id": user, "session_id": f"s-{user}", "message": message}
        assert nerdx.post("/api/v1/agents/maeju/chat", body).status_code == 200
    nerdx.stop()
    with sqlite3.connect(tmp_path / "own/agents.db") as store:  # numbers of every kind
        store.execute("UPDATE memory SET score = 0.1 + 0.2")
        store.execute("UPDATE session SET seen_us = 9223372036854775807 WHERE user_id = 'u2'")
    return tmp_path / "own"


def export(run_nerdx, data, *flags, env=None):
    done = run_nerdx("export", "--data", data, *flags, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def take_in(run_nerdx, data, stream, *flags, env=None):
    return run_nerdx("import", "--data", data, *flags, env=env, input=stream)


def state(stream):
    """Without until when it may be used."""
    return re.sub(r',"until":"[^"]+"', "", stream)


def digests(stream):
    return {line["end"]: line["sha256"] for line in map(json.loads, stream.splitlines()) if "end" in line}


def test_everything_goes_to_the_other_twin_and_back_and_has_the_same_digest(
    run_nerdx, told, embedded, on_postgres, tmp_path
):
    first = export(run_nerdx, told, env=embedded)
    there = take_in(run_nerdx, tmp_path / "there", first, env=on_postgres)
    assert there.returncode == 0, there.stderr
    second = export(run_nerdx, tmp_path / "there", env=on_postgres)
    assert state(second) == state(first)
    back = take_in(run_nerdx, tmp_path / "back", second, env={**embedded, **own_files(tmp_path / "back")})
    assert back.returncode == 0, back.stderr
    third = export(run_nerdx, tmp_path / "back", env={**embedded, **own_files(tmp_path / "back")})
    assert state(third) == state(first)
    assert set(digests(first)) >= {"world", "agents"}
    for service, digest in digests(first).items():
        assert re.search(rf"{service}: \d+ rows of \d+ tables, sha256 {digest}", there.stdout)


def own_files(data):
    return {
        "NERDX_AGENTS_SQL": f"sqlite:{data}/agents.db",
        "NERDX_WORLD_SQL": f"sqlite:{data}/proposals.db",
    }


def test_what_came_in_is_worked_with_as_before(run_nerdx, start_nerdx, told, embedded, on_postgres, tmp_path):
    stream = export(run_nerdx, told, env=embedded)
    assert take_in(run_nerdx, tmp_path / "there", stream, env=on_postgres).returncode == 0
    nerdx = start_nerdx(data=tmp_path / "there", env=on_postgres)
    talk = nerdx.get("/api/v1/agents/maeju/sessions/s-u1?user_id=u1").json()
    assert [turn["message"] for turn in talk["items"]].count("안녕하세요") == 1
    body = {"user_id": "u1", "session_id": "s-u1", "message": "그리고?"}
    assert nerdx.post("/api/v1/agents/maeju/chat", body).status_code == 200
    assert nerdx.get("/api/v1/world-model/entity/maeju-ai").status_code == 200


def last(stream, change):
    head, end = stream.rstrip("\n").rsplit("\n", 1)
    return f"{head}\n{change(end)}\n"


BROKEN = {
    "another schema": (lambda s: re.sub(r'"schema":\d+', '"schema":99', s, count=1), "of schema 99, this program has"),
    "a cut": (lambda s: s[: len(s) * 2 // 3], "cut off|should be|line"),
    "no last line": (lambda s: s.rstrip("\n").rsplit("\n", 1)[0] + "\n", "its last line is missing"),
    "a changed row": (lambda s: s.replace("안녕하세요", "안녕하세오", 1), "its rows or its SHA-256 differ"),
    "another digest": (lambda s: last(s, lambda end: end[:-4] + '0"}'), "its rows or its SHA-256 differ"),
    "a row less": (lambda s: re.sub(r'\["u2",.*\n', "", s, count=1), "its rows or its SHA-256 differ"),
    "a value of another type": (
        lambda s: re.sub(r"9223372036854775807", '"soon"', s),
        "session.seen_us should be a whole",
    ),
    "another table": (lambda s: s.replace('{"table":"session"', '{"table":"sessions"'), "should be the table session"),
    "no term": (lambda s: re.sub(r',"until":"[^"]+"', "", s, count=1), "should say until when it may be used"),
    "another form": (lambda s: s.replace('"format":2', '"format":1', 1), "an export of another form"),
    "something else": (lambda s: "hello\n" + s, "isn't the first line of an export"),
    "nothing": (lambda s: "", "nothing came in"),
}


@pytest.mark.parametrize("twin", ["sqlite", "postgres"])
@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_stream_is_refused_and_leaves_everything_as_it_was(
    run_nerdx, told, embedded, on_postgres, tmp_path, how, twin
):
    target = {"sqlite": own_files(tmp_path / "there"), "postgres": on_postgres}[twin]
    whole = export(run_nerdx, told, "--service", "agents", env=embedded)
    assert run_nerdx("migrate", "--data", tmp_path / "there", env=target).returncode == 0
    before = export(run_nerdx, tmp_path / "there", env=target)
    change, said = BROKEN[how]
    refused = take_in(run_nerdx, tmp_path / "there", change(whole), env=target)
    assert refused.returncode == DATA_WRONG, refused.stderr
    assert re.search(said, refused.stderr)
    assert state(export(run_nerdx, tmp_path / "there", env=target)) == state(before)


def test_one_that_has_rows_is_refused_unless_told_to_replace_them(run_nerdx, told, embedded, tmp_path):
    stream = export(run_nerdx, told, "--service", "agents", env=embedded)
    other = own_files(tmp_path / "there")
    assert take_in(run_nerdx, tmp_path / "there", stream, env=other).returncode == 0
    with sqlite3.connect(tmp_path / "there/agents.db") as store:
        store.execute("DELETE FROM turn WHERE user_id = 'u2'")
    refused = take_in(run_nerdx, tmp_path / "there", stream, env=other)
    assert refused.returncode == DATA_WRONG
    assert "session isn't empty: --replace" in refused.stderr
    assert take_in(run_nerdx, tmp_path / "there", stream, "--replace", env=other).returncode == 0
    assert state(export(run_nerdx, tmp_path / "there", "--service", "agents", env=other)) == state(stream)


def test_export_sees_one_state_while_others_write(run_nerdx, start_nerdx, on_postgres, tmp_path):
    nerdx, ended = start_nerdx(data=tmp_path / "own", env=on_postgres), threading.Event()

    def talk():
        for number in range(10_000):
            body = {"user_id": "u", "session_id": f"s{number}", "message": "안녕하세요"}
            assert nerdx.post("/api/v1/agents/maeju/chat", body).status_code == 200
            if ended.is_set():
                return

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        for _ in range(5):
            stream = export(run_nerdx, tmp_path / "own", "--service", "agents", env=on_postgres)
            rows = json.loads(stream.splitlines()[-1])["rows"]
            assert rows["session"] == rows["turn"], "a session and its turn are written at once"
    finally:
        ended.set()
        thread.join()


def sealed(lines):
    """Those lines with counts and digest that are right for them."""
    end, table, rows = json.loads(lines[-1]), None, {}
    for line in map(json.loads, lines[1:-1]):
        if isinstance(line, dict):
            table = line["table"]
            rows[table] = 0
        else:
            rows[table] += 1
    body = "".join(f"{line}\n" for line in lines[:-1])
    end |= {"rows": rows, "sha256": hashlib.sha256(state(body).encode()).hexdigest()}
    return body + json.dumps(end, separators=(",", ":")) + "\n"


def with_sessions(stream, ids):
    """The export with a session for each of those ids, like the first."""
    lines = stream.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith('{"table":"session"')) + 1
    first = json.loads(lines[at])
    others = [json.dumps(["many", made, *first[2:]], ensure_ascii=False, separators=(",", ":")) for made in ids]
    return sealed([*lines[:at], *others, *lines[at:]])


@pytest.mark.parametrize("behind", [0, 500])
@pytest.mark.parametrize("twin", ["sqlite", "postgres"])
def test_a_row_that_the_store_refuses_leaves_everything_as_it_was(
    run_nerdx, told, embedded, on_postgres, tmp_path, behind, twin
):
    """Also where it is noticed only when others have been sent behind it."""
    target = {"sqlite": own_files(tmp_path / "there"), "postgres": on_postgres}[twin]
    whole = export(run_nerdx, told, "--service", "agents", env=embedded)
    assert run_nerdx("migrate", "--data", tmp_path / "there", env=target).returncode == 0
    before = export(run_nerdx, tmp_path / "there", env=target)
    stream = with_sessions(whole, ["same", "same", *(f"s{n:04}" for n in range(behind))])
    refused = take_in(run_nerdx, tmp_path / "there", stream, env=target)
    assert refused.returncode != 0
    assert "session" in refused.stderr
    assert state(export(run_nerdx, tmp_path / "there", env=target)) == state(before)


def test_rows_travel_to_a_server_many_at_a_time(run_nerdx, told, embedded, postgres, on_postgres, tmp_path):
    whole = export(run_nerdx, told, "--service", "agents", env=embedded)
    stream = with_sessions(whole, [f"s{n:04}" for n in range(1000)])
    with CutProxy(postgres.port) as wire:
        there = {name: url.replace(str(postgres.port), str(wire.port)) for name, url in on_postgres.items()}
        assert run_nerdx("migrate", "--data", tmp_path / "there", env=there).returncode == 0
        before = wire.turns
        assert take_in(run_nerdx, tmp_path / "there", stream, env=there).returncode == 0
        assert wire.turns - before < 1000 / 5
    assert state(export(run_nerdx, tmp_path / "there", "--service", "agents", env=on_postgres)) == state(stream)


def test_a_large_table_moves_in_little_memory(run_nerdx, nerdx_bin, nerdx_environment, embedded, on_postgres, tmp_path):
    (tmp_path / "own").mkdir()
    assert run_nerdx("migrate", "--data", tmp_path / "own", env=embedded).returncode == 0
    with sqlite3.connect(tmp_path / "own/agents.db") as store:
        rows = ((f"t{n:06}", "x" * 8000) for n in range(10_000))
        columns = "turn_id, record, approval_id, user_id, session_id, until_us, state"
        store.executemany(f"INSERT INTO waiting_turn ({columns}) VALUES (?, ?, 'a', 'u', 's', 0, 0)", rows)
    for source, target in ((embedded, on_postgres), (on_postgres, own_files(tmp_path / "back"))):
        with (tmp_path / "stream").open("wb") as out:
            command = [nerdx_bin, "export", "--data", tmp_path / "own", "--service", "agents"]
            assert peak_kb(command, {**nerdx_environment, **source}, None, out) < LITTLE_KB
        with (tmp_path / "stream").open("rb") as stream:
            command = [nerdx_bin, "import", "--data", tmp_path / "back"]
            assert peak_kb(command, {**nerdx_environment, **target}, stream, subprocess.DEVNULL) < LITTLE_KB
    assert (tmp_path / "stream").stat().st_size > 80e6


def test_a_service_that_is_not_there_is_named(run_nerdx, tmp_path):
    refused = run_nerdx("export", "--data", tmp_path, "--service", "nobody")
    assert refused.returncode == DATA_WRONG
    assert f'"nobody" is no service with a store; these are: {", ".join(SERVICES)}' in refused.stderr
    absent = run_nerdx("export", "--data", tmp_path, "--service", "agents")
    assert absent.returncode != 0
    assert "there is no such database yet" in absent.stderr


def test_every_option_that_names_a_store_names_one_that_is_exported(run_nerdx):
    """A service that gets a store and no row in the table of stores is noticed here."""
    stores = re.findall(r"^  --([\w-]+) URL +.*store", run_nerdx("help").stdout, re.MULTILINE)
    assert len(stores) == len(SERVICES)
