"""Disks and databases that fail: the program says what is wrong and what to do, and keeps what it acknowledged."""

import concurrent.futures
import contextlib
import os
import pathlib
import shutil
import sqlite3
import subprocess

import pytest

from conversation import events_of, open_chat, stream

LEARN = "/api/v1/world-model/learn"
EXIT_USAGE_WRONG, EXIT_FAULT, EXIT_TRY_LATER, EXIT_NO_RIGHT = 64, 70, 75, 77
DATABASES = ["world.db", "agents.db"]


def event(number, size=0):
    fields = {"user_id": "visitor", "type": "INTERESTED_IN", "entity_id": "makgeolli"}
    return {"event_id": f"event-{number}", **fields, "properties": {"note": "x" * size}}


def learn(nerdx, number, size=0):
    return nerdx.post(LEARN, {"events": [event(number, size)]})


def serve(run_nerdx, data):
    return run_nerdx("serve", "--data", data, "--listen", "127.0.0.1:0")


def seeded(start_nerdx, data):
    """A data directory as a run that ended in order leaves it."""
    assert start_nerdx(data=data).stop() == 0
    return data


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 16 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(directory, leave):
    """A file that takes all room but `leave` bytes."""
    filler = directory / "filler"
    room = shutil.disk_usage(directory).free - leave
    with contextlib.suppress(OSError), filler.open("wb") as file:  # full, whoever took the last
        file.write(b"\0" * max(room, 0))
    return filler


def test_a_full_disk_refuses_writes_by_name_loses_nothing_and_recovers(small_disk, start_nerdx):
    nerdx = start_nerdx(data=small_disk / "data")
    filler = fill(small_disk, 1 << 20)
    acknowledged, reply = [], None
    for number in range(4000):
        reply = learn(nerdx, number, size=4000)
        if reply.status_code != 200:
            break
        acknowledged.append(number)
    assert reply.status_code == 503, reply.text
    assert "disk is full" in reply.json()["detail"]
    assert int(reply.headers["Retry-After"]) >= 1
    assert nerdx.get("/api/v1/world-model/entity/makgeolli").status_code == 200, "reads go on"

    filler.unlink()
    assert learn(nerdx, "after").status_code == 200, "room again: no restart is needed"
    nerdx.kill9()
    nerdx.restart()
    again = nerdx.post(LEARN, {"events": [event(number, 4000) for number in acknowledged[-200:]]})
    assert again.json() == {"accepted": 0, "duplicates": len(acknowledged[-200:])}


def test_a_disk_that_fills_up_under_load_refuses_only_what_it_did_not_keep(small_disk, start_nerdx):
    nerdx = start_nerdx(data=small_disk / "data")
    filler = fill(small_disk, 3 << 20)

    def teach_until_refused(client):
        replies = {}
        for number in range(4000):
            name = f"{client}-{number}"
            replies[name] = learn(nerdx, name, size=4000).status_code
            if replies[name] != 200:
                break
        return replies

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        parts = list(pool.map(teach_until_refused, range(16)))
    replies = {name: status for part in parts for name, status in part.items()}
    acknowledged = [name for name, status in replies.items() if status == 200]
    refused = [name for name, status in replies.items() if status == 503]
    assert (len(refused), len(acknowledged)) == (16, len(replies) - 16)

    filler.unlink()
    nerdx.kill9()
    nerdx.restart()
    assert all(learn(nerdx, name, size=4000).json() == {"accepted": 0, "duplicates": 1} for name in acknowledged)
    assert all(learn(nerdx, name, size=4000).json() == {"accepted": 1, "duplicates": 0} for name in refused)


def refusal_of_a_turn(nerdx, session):
    """What a turn was refused with, before its stream began or at its end; None when it was answered."""
    with open_chat(nerdx, "What is nuruk?", user="full", session=session) as reply:
        if reply.status_code != 200:
            return reply.json()
        last = list(events_of(reply))[-1]
        return None if last.name == "done" else last.data


def test_a_full_disk_refuses_a_turn_and_keeps_nothing_half(small_disk, start_nerdx):
    nerdx = start_nerdx(data=small_disk / "data")
    filler = fill(small_disk, 0)
    for number in range(2000):  # what the log of the store has reserved is still to be had
        refusal = refusal_of_a_turn(nerdx, f"full-{number}")
        if refusal:
            break
    assert refusal["status"] == 503
    assert "disk is full" in refusal["detail"]

    filler.unlink()
    again = stream(nerdx, "What is nuruk?", user="full", session=f"full-{number}")
    assert again[-1].name == "done"
    assert "an AI storyteller" in again[-1].data["content"], "the session begins with what was kept"


def test_a_full_disk_at_the_start_is_said_with_an_exit_code(small_disk, run_nerdx):
    fill(small_disk, 8192)
    ended = serve(run_nerdx, small_disk / "data")
    assert ended.returncode == EXIT_TRY_LATER, ended.stderr
    assert "disk is full" in ended.stderr


@pytest.mark.parametrize("database", DATABASES)
def test_a_database_that_is_not_one_is_named_with_what_to_do(start_nerdx, run_nerdx, tmp_path, database):
    data = seeded(start_nerdx, tmp_path / "data")
    (data / database).write_bytes(b"this is no database at all\n" * 500)
    ended = serve(run_nerdx, data)
    assert ended.returncode == EXIT_FAULT, ended.stderr
    assert database in ended.stderr
    assert "restore" in ended.stderr


@pytest.mark.parametrize("database", DATABASES)
def test_a_database_with_a_damaged_schema_is_named_with_what_to_do(start_nerdx, run_nerdx, tmp_path, database):
    data = seeded(start_nerdx, tmp_path / "data")
    with (data / database).open("r+b") as file:
        file.seek(100)  # the b-tree of the first page: the schema
        file.write(b"\xa5" * 900)
    ended = serve(run_nerdx, data)
    assert ended.returncode == EXIT_FAULT, ended.stderr
    assert database in ended.stderr
    assert "restore" in ended.stderr


@pytest.mark.parametrize("database", DATABASES)
def test_a_database_from_a_newer_program_is_left_alone(start_nerdx, run_nerdx, tmp_path, database):
    data = seeded(start_nerdx, tmp_path / "data")
    with contextlib.closing(sqlite3.connect(data / database)) as connection, connection:
        connection.execute("INSERT INTO schema_history (version, name, digest) VALUES (9999, 'later', 'later')")
    ended = serve(run_nerdx, data)
    assert ended.returncode == EXIT_FAULT, ended.stderr
    assert database in ended.stderr
    assert "newer" in ended.stderr


@pytest.fixture
def made_read_only():
    """Makes a directory read-only for everybody, root too (a read-only mount), or by its mode where we aren't root."""
    mounted, modes = [], []

    def make(path):
        if os.geteuid() != 0:
            modes.extend((p, p.stat().st_mode) for p in [path, *path.iterdir()])
            for p, mode in modes:
                p.chmod(mode & ~0o222)
            return
        bound = subprocess.run(["mount", "--bind", path, path], capture_output=True, check=False)
        if bound.returncode != 0:
            pytest.skip("a read-only disk for root needs the right to mount")
        mounted.append(path)
        subprocess.run(["mount", "-o", "remount,bind,ro", path], check=True)

    yield make
    for path in mounted:
        subprocess.run(["umount", "-l", path], check=True)
    for path, mode in modes:
        path.chmod(mode)


def test_a_read_only_data_directory_is_said_with_an_exit_code(start_nerdx, run_nerdx, tmp_path, made_read_only):
    data = seeded(start_nerdx, tmp_path / "data")
    made_read_only(data)
    ended = serve(run_nerdx, data)
    assert ended.returncode in (EXIT_FAULT, EXIT_NO_RIGHT), ended.stderr
    assert str(data) in ended.stderr
    assert "writ" in ended.stderr  # that it can't be written, or must be writable


def test_a_data_directory_that_is_a_file_is_said_with_an_exit_code(run_nerdx, tmp_path):
    data = tmp_path / "data"
    data.write_text("a file")
    ended = serve(run_nerdx, data)
    assert ended.returncode in (EXIT_FAULT, EXIT_NO_RIGHT, EXIT_USAGE_WRONG), ended.stderr
    assert str(data) in ended.stderr


def test_a_port_that_is_taken_is_said_with_an_exit_code(nerdx, run_nerdx, tmp_path):
    ended = run_nerdx("serve", "--data", tmp_path / "other", "--listen", f"127.0.0.1:{nerdx.port}")
    assert ended.returncode in (EXIT_TRY_LATER, EXIT_NO_RIGHT), ended.stderr
    assert str(nerdx.port) in ended.stderr


def test_two_programs_on_one_data_directory_lose_nothing(nerdx, start_nerdx):
    other = start_nerdx(data=pathlib.Path(nerdx.data))
    for number in range(20):
        assert learn(nerdx if number % 2 else other, number).status_code == 200
    again = nerdx.post(LEARN, {"events": [event(number) for number in range(20)]})
    assert again.json() == {"accepted": 0, "duplicates": 20}
