"""Backups are taken while everything is in use; what is restored of them is what was there at the moment wanted."""

import concurrent.futures
import contextlib
import datetime
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import threading

import pytest

from conversation import until
from moments import DAY_S, within_one
from postgres_server import BIN, PostgresServer, as_nobody

USAGE_WRONG = 64
SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "deploy/postgres/backup.sh"


def say(nerdx, user, number):
    body = {"user_id": user, "session_id": f"{user}-{number}", "message": "안녕하세요"}
    reply = nerdx.post("/api/v1/agents/maeju/chat", body)
    assert reply.status_code == 200, reply.text
    return reply.json()["turn_id"]


def digests(run_nerdx, data, env=None):
    """Of every service, as `nerdx export` tells them."""
    done = run_nerdx("export", "--data", data, env=env)
    assert done.returncode == 0, done.stderr
    return dict(re.findall(r"^(\w+): \d+ rows of \d+ tables, sha256 (\w+)$", done.stderr, re.MULTILINE))


@pytest.fixture
def files(tmp_path):
    """The environment of a program whose stores are files, whatever stores the tests are run on."""
    files = {name: name for name in ("agents", "analytics", "auth", "notify", "webhooks")} | {"world": "proposals"}
    return {f"NERDX_{name.upper()}_SQL": f"sqlite:{tmp_path}/own/{file}.db" for name, file in files.items()}


def restored(files, tmp_path):
    return {name: url.replace("/own/", "/backup/") for name, url in files.items()}


def test_what_was_acknowledged_before_a_backup_is_in_it_while_others_write(run_nerdx, start_nerdx, files, tmp_path):
    nerdx, ended, acknowledged = start_nerdx(data=tmp_path / "own", env=files), threading.Event(), []

    def talk(user):
        for number in range(100_000):
            acknowledged.append((user, number, say(nerdx, user, number)))
            if ended.is_set():
                return

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        talks = [pool.submit(talk, f"u{n}") for n in range(3)]
        try:
            for _ in range(3):
                before = list(acknowledged)
                done = run_nerdx("backup", tmp_path / "backup", "--data", tmp_path / "own", env=files)
                assert done.returncode == 0, done.stderr
                assert re.search(r"agents: .*/agents.db, sound, (\d+) of \1 migrations", done.stdout)
        finally:
            ended.set()
        for one in talks:
            one.result()
    copy = start_nerdx(data=tmp_path / "backup", env=restored(files, tmp_path))
    for user, number, turn in before[-20:]:
        talk_of = copy.get(f"/api/v1/agents/maeju/sessions/{user}-{number}?user_id={user}").json()
        assert turn in [item["turn_id"] for item in talk_of["items"]]


def test_what_is_restored_is_what_was_there(run_nerdx, start_nerdx, files, tmp_path):
    nerdx = start_nerdx(data=tmp_path / "own", env=files)
    for number in range(5):
        say(nerdx, "u1", number)
    nerdx.stop()
    assert run_nerdx("backup", tmp_path / "backup", "--data", tmp_path / "own", env=files).returncode == 0
    was = digests(run_nerdx, tmp_path / "own", files)
    assert {"world", "agents"} <= set(was)
    assert digests(run_nerdx, tmp_path / "backup", restored(files, tmp_path)) == was


def test_a_backup_that_fails_leaves_the_one_before(run_nerdx, start_nerdx, files, tmp_path):
    start_nerdx(data=tmp_path / "own", env=files).stop()
    assert run_nerdx("backup", tmp_path / "backup", "--data", tmp_path / "own", env=files).returncode == 0
    before = digests(run_nerdx, tmp_path / "backup", restored(files, tmp_path))
    (tmp_path / "own/agents.db").write_bytes(b"not a database at all" * 1000)
    refused = run_nerdx("backup", tmp_path / "backup", "--data", tmp_path / "own", env=files)
    assert refused.returncode != 0
    assert digests(run_nerdx, tmp_path / "backup", restored(files, tmp_path)) == before
    assert not list((tmp_path / "backup").glob("*.part"))


def term_of(path):
    with contextlib.closing(sqlite3.connect(path)) as store:
        return store.execute("PRAGMA user_version").fetchone()[0]


def over(folder):
    """As if its time had come."""
    for path in folder.glob("*.db"):
        with contextlib.closing(sqlite3.connect(path)) as store:
            store.execute("PRAGMA user_version = 1")


def backup(run_nerdx, start_nerdx, files, tmp_path, *days):
    start_nerdx(data=tmp_path / "own", env=files).stop()
    for day in days:
        done = run_nerdx("backup", day, "--data", tmp_path / "own", env=files)
        assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_backup_says_until_when_it_may_be_used_and_lives_when_it_is_restored_in_time(
    run_nerdx, start_nerdx, files, tmp_path
):
    told = backup(run_nerdx, start_nerdx, files, tmp_path, tmp_path / "backup")
    term = datetime.datetime.fromtimestamp(term_of(tmp_path / "backup/agents.db") * 60, datetime.UTC)
    assert f"they may be used until {term:%Y-%m-%dT%H:%M}" in told
    assert term_of(tmp_path / "own/agents.db") == 0
    start_nerdx(data=tmp_path / "backup", env=restored(files, tmp_path)).stop()
    assert {term_of(path) for path in (tmp_path / "backup").glob("*.db")} == {0}


def test_a_backup_whose_time_is_over_is_not_restored(run_nerdx, start_nerdx, files, tmp_path):
    backup(run_nerdx, start_nerdx, files, tmp_path, tmp_path / "backup")
    over(tmp_path / "backup")
    env, words = restored(files, tmp_path), "a backup that might be used until 1970-01-01T00:01:00Z"
    for command in ("serve", "export", "doctor"):
        done = run_nerdx(command, "--data", tmp_path / "backup", env=env)
        assert done.returncode != 0 and words in done.stdout + done.stderr, command
    assert term_of(tmp_path / "backup/agents.db") == 1, "and it stays as it is"


def test_prune_throws_away_what_is_over_and_nothing_else(run_nerdx, start_nerdx, files, tmp_path):
    store = tmp_path / "store"
    store.mkdir()
    days = [store / "monday", store / "tuesday", store / "wednesday"]
    backup(run_nerdx, start_nerdx, files, tmp_path, *days)
    (store / "empty").mkdir()
    (days[1] / "notes.txt").write_text("mine")
    count = len(list(days[2].glob("*.db")))
    over(days[0])
    over(days[1])
    (tmp_path / "own/notes.db").write_bytes(b"SQLite format 3")
    for _ in range(2):
        done = run_nerdx("backup", "prune", store)
        assert done.returncode == 0, done.stderr
        assert f"{count} may still be used" in done.stdout
    assert sorted(path.name for path in store.iterdir()) == ["empty", "tuesday", "wednesday"]
    assert [path.name for path in days[1].iterdir()] == ["notes.txt"]
    was = sorted((tmp_path / "own").iterdir())
    assert run_nerdx("backup", "prune", tmp_path).returncode == 0
    assert sorted((tmp_path / "own").iterdir()) == was, "living stores have no term"
    assert run_nerdx("backup", "prune", tmp_path / "nowhere").returncode != 0


def test_an_export_says_until_when_it_may_be_used_and_prune_throws_it_away_afterwards(
    run_nerdx, start_nerdx, files, tmp_path
):
    start_nerdx(data=tmp_path / "own", env=files).stop()
    store = tmp_path / "store"
    (store / "monday").mkdir(parents=True)
    stream = run_nerdx("export", "--data", tmp_path / "own", env=files).stdout
    term = datetime.datetime.fromisoformat(json.loads(stream.splitlines()[0])["until"])
    days = (term - datetime.datetime.now(datetime.UTC)).total_seconds() / 86400
    assert 29.9 < days <= 30
    past = re.sub(r'"until":"[^"]+"', '"until":"2026-01-01T00:00:00Z"', stream)
    for name in ("past.jsonl", "monday/past.jsonl", "past.txt"):
        (store / name).write_text(past)
    (store / "now.jsonl").write_text(stream)
    (store / "other.jsonl").write_text('{"nothing": "of ours"}\n')
    refused = run_nerdx("import", "--data", tmp_path / "own", "--replace", env=files, input=past)
    assert refused.returncode != 0
    assert "an export that might be used until 2026-01-01T00:00:00Z" in refused.stderr
    done = run_nerdx("backup", "prune", store)
    assert done.returncode == 0, done.stderr
    assert "1 may still be used" in done.stdout
    assert sorted(path.name for path in store.iterdir()) == ["now.jsonl", "other.jsonl", "past.txt"]


def test_a_store_on_a_server_is_left_to_its_tools_and_a_folder_is_asked_for(run_nerdx, tmp_path):
    done = run_nerdx(
        "backup", tmp_path / "b", "--data", tmp_path, env={"NERDX_AGENTS_SQL": "postgresql://u@127.0.0.1:1/n#agents"}
    )
    assert done.returncode == 0, done.stderr
    assert "agents: not in this backup: it lies on a server" in done.stdout
    assert run_nerdx("backup", "--data", tmp_path).returncode == USAGE_WRONG


@contextlib.contextmanager
def archiving_server():
    """A PostgreSQL that keeps its log, as docs/operations.md sets it up."""
    server = PostgresServer()
    archive = server.folder / "wal"
    subprocess.run(as_nobody("mkdir", archive), check=True, cwd="/")
    server.set("archive_mode = on", f"archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'")
    with server:
        yield server


@pytest.fixture
def archiving():
    with archiving_server() as server:
        yield server


def restore(server, base, moment):
    """The base backup in the place of the data, and the log up to that moment."""
    shutil.rmtree(server.data)
    os.rename(base, server.data)
    server.set(
        f"restore_command = 'cp {server.folder}/wal/%f %p'",
        f"recovery_target_time = '{moment}'",
        "recovery_target_action = 'promote'",
    )
    subprocess.run(as_nobody("touch", server.data / "recovery.signal"), check=True, cwd="/")
    server.start()
    until(lambda: server.run("SELECT pg_is_in_recovery()") == "f")  # it answers before it is there


def back_up(server):
    """As a timer would, by the user that PostgreSQL runs as."""
    script = shutil.copy(SCRIPT, server.folder)
    env = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGUSER": "nerdx", "PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(as_nobody(script, server.folder), cwd="/", env=env, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
    return max((server.folder / "base").iterdir())


def log_of(server):
    """Its segments; the notes beside them hold no data."""
    return {path.name for path in (server.folder / "wal").iterdir() if "." not in path.name}


def after_thirty_days():
    """What backups of thirty days and of one less leave once there is another: (its day, names of all, label of the
    oldest, the log as it was at either, and as it is)."""
    with archiving_server() as server:
        server.run("CREATE TABLE said (n integer)")
        today, logs = datetime.datetime.now(datetime.UTC).date(), []
        for days in (30, 29):
            os.rename(back_up(server), server.folder / "base" / str(today - datetime.timedelta(days)))
            server.run("INSERT INTO said VALUES (1)")
            server.run("SELECT pg_switch_wal()")
            logs.append(log_of(server))
        back_up(server)
        bases = sorted((server.folder / "base").iterdir())
        return today, [base.name for base in bases], (bases[0] / "backup_label").read_text(), *logs, log_of(server)


def test_backups_of_postgres_older_than_their_term_are_thrown_away_with_their_log():
    today, names, label, *before, left = within_one(DAY_S, after_thirty_days)
    assert names == [str(today - datetime.timedelta(29)), str(today)]
    begins = re.search(r"\(file (\w+)\)", label)[1]
    assert {name for name in before[1] if name >= begins} <= left
    gone = {name for name in before[0] if name < begins}
    assert gone
    assert not gone & left


@pytest.mark.parametrize("days", ["31", "0", "-1", "many"])
def test_no_longer_term_can_be_asked_for(tmp_path, days):
    (tmp_path / "wal").mkdir()
    env = {"PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run([SCRIPT, tmp_path, days], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "from 1 to 30 days" in done.stderr


def test_postgres_is_restored_to_the_moment_before_an_accident(run_nerdx, start_nerdx, archiving, tmp_path):
    env = {"NERDX_AGENTS_SQL": f"{archiving.url}#agents"}
    nerdx = start_nerdx(data=tmp_path / "own", env=env)
    say(nerdx, "u1", 1)
    base = archiving.folder / "base"
    archiving._call("pg_basebackup", "-h", "127.0.0.1", "-p", archiving.port, "-U", "nerdx", "-X", "stream", "-D", base)
    kept = say(nerdx, "u1", 2)
    nerdx.stop()
    was = digests(run_nerdx, tmp_path / "own", env)["agents"]
    moment = archiving.run("SELECT clock_timestamp()")
    archiving.run("DELETE FROM agents.turn; DELETE FROM agents.session")
    archiving.run("SELECT pg_switch_wal()")
    assert digests(run_nerdx, tmp_path / "own", env)["agents"] != was
    archiving.stop()
    restore(archiving, base, moment)
    assert digests(run_nerdx, tmp_path / "own", env)["agents"] == was
    nerdx = start_nerdx(data=tmp_path / "own", env=env)
    items = nerdx.get("/api/v1/agents/maeju/sessions/u1-2?user_id=u1").json()["items"]
    assert [item["turn_id"] for item in items] == [kept]
