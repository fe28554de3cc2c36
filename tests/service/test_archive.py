"""Any moment of an archive is restored as it was, before and after a crash; where it has a gap nothing is made up."""

import contextlib
import datetime
import os
import re
import sqlite3
import subprocess

import pytest

from conversation import until

NAMES = {"world": "proposals"} | {name: name for name in ("agents", "analytics", "auth", "notify", "webhooks")}
DATABASES = ["world.db", *(f"{file}.db" for file in NAMES.values())]


@pytest.fixture
def files(tmp_path):
    """A program whose stores are files and are archived, whatever stores the tests are run on."""
    own = tmp_path / "own"
    urls = {f"NERDX_{name.upper()}_SQL": f"sqlite:{own}/{file}.db" for name, file in NAMES.items()}
    return urls | {"NERDX_WORLD_GRAPH": f"sqlite:{own}/world.db", "NERDX_ARCHIVE": str(tmp_path / "archive")}


def chains(tmp_path, database="agents.db"):
    return sorted((tmp_path / "archive" / database).glob("[0-9]*"))


def have_chains(tmp_path, count, databases=DATABASES):
    """Each database takes its own bases: a moment can be had once the last of them has the one before it."""
    return all(len(chains(tmp_path, database)) == count for database in databases)


def looks(tmp_path):
    """By which an archive knows whether its database was written by somebody else."""
    found = {database: (tmp_path / "own" / database).stat() for database in DATABASES}
    return {(database, file.st_size, file.st_mtime_ns) for database, file in found.items()}


def segments(tmp_path):
    return sorted(chains(tmp_path)[-1].glob("*.wal"))


@pytest.fixture
def site(start_nerdx, files, tmp_path):
    """It runs, and what is said to it from now on can be had."""
    nerdx = start_nerdx(data=tmp_path / "own", env=files)
    until(lambda: have_chains(tmp_path, 1))
    return nerdx


@pytest.fixture
def small_archive(tmp_path):
    """An archive on a disk of 16 MB."""
    place = tmp_path / "archive"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", place]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(place):
    """Until nothing fits any more."""
    filler = place / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"\0" * 4096):
            pass
    return filler


def say(nerdx, number):
    body = {"user_id": "u1", "session_id": f"s{number}", "message": "안녕하세요"}
    reply = nerdx.post("/api/v1/agents/maeju/chat", body)
    assert reply.status_code == 200, reply.text
    return moment()


def moment():
    return datetime.datetime.now(datetime.UTC).isoformat()


def rows(path, query):
    with contextlib.closing(sqlite3.connect(path)) as store:
        return store.execute(query).fetchall()


def sessions(data):
    return [row[0] for row in rows(data / "agents.db", "SELECT DISTINCT session_id FROM turn ORDER BY 1")]


@pytest.fixture
def restore(run_nerdx, tmp_path):
    def run(at=None, data=None):
        data = data or tmp_path / f"restored-{sum(1 for _ in tmp_path.iterdir())}"
        when = ["--at", at] if at else []
        return data, run_nerdx("restore", "--archive", tmp_path / "archive", *when, "--data", data, env={})

    return run


def restored(restore, at=None):
    data, done = restore(at)
    assert done.returncode == 0, done.stderr
    return sessions(data)


def stop(nerdx):
    assert nerdx.stop() == 0


def test_every_moment_can_be_had_before_and_after_a_crash(site, restore, tmp_path):
    moments = [say(site, number) for number in range(3)]
    site.kill9()
    site.start()
    moments += [say(site, number) for number in range(3, 5)]
    stop(site)
    for number, at in enumerate(moments):
        assert restored(restore, at) == [f"s{n}" for n in range(number + 1)]
    assert restored(restore) == [f"s{n}" for n in range(5)]


def test_what_was_restored_is_served(site, restore, start_nerdx, files, tmp_path):
    at = say(site, 1)
    say(site, 2)
    stop(site)
    data, done = restore(at)
    told = re.search(r"agents.db: as its last commit left it, at (\S+)", done.stdout)[1]
    last = datetime.datetime.fromisoformat(told)
    assert last <= datetime.datetime.fromisoformat(at)
    env = {name: url.replace("/own/", f"/{data.name}/") for name, url in files.items()}
    copy = start_nerdx(data=data, env=env | {"NERDX_ARCHIVE": None})
    assert copy.get("/api/v1/agents/maeju/sessions/s1?user_id=u1").status_code == 200
    assert copy.get("/api/v1/agents/maeju/sessions/s2?user_id=u1").status_code == 404


def test_a_log_that_began_anew_is_followed(site, restore, tmp_path):
    """A clean end writes the log back and removes it: the next begins with other salts."""
    moments = []
    for number in range(3):
        moments.append(say(site, number))
        site.restart()
    stop(site)
    assert [len(chains(tmp_path)), (chains(tmp_path)[0] / "00000003.wal").exists()] == [1, True]
    for number, at in enumerate(moments):
        assert restored(restore, at) == [f"s{n}" for n in range(number + 1)]


def test_a_moment_before_the_base_is_refused_and_the_first_is_named(site, restore, tmp_path):
    stop(site)
    data, done = restore("2026-01-01T00:00:00Z")
    first = datetime.datetime.fromtimestamp(int(chains(tmp_path)[0].name) / 1e6, datetime.UTC)
    assert done.returncode != 0
    assert re.search(r"\.db: that moment isn't in the archive: those from \S+ on are", done.stderr)
    assert not data.exists() and not list(tmp_path.glob("*.part"))
    assert abs(first - datetime.datetime.now(datetime.UTC)).total_seconds() < 3600


@pytest.mark.parametrize("at", ["yesterday", "2026-01-01T00:00:00", "9999-01-01T00:00:00Z"])
def test_what_is_no_moment_of_the_past_is_refused(restore, at):
    assert "--at: at: must be a moment" in restore(at)[1].stderr.replace("`", "")


def test_nothing_is_restored_over_what_is_there(site, restore, tmp_path):
    stop(site)
    was = sorted((path.name, path.stat().st_mtime_ns) for path in (tmp_path / "own").iterdir())
    _, done = restore(data=tmp_path / "own")
    assert done.returncode != 0
    assert "is there already" in done.stderr
    assert sorted((path.name, path.stat().st_mtime_ns) for path in (tmp_path / "own").iterdir()) == was


def test_what_a_program_without_the_archive_wrote_is_a_gap_that_is_told_and_not_filled(
    site, restore, start_nerdx, files, tmp_path
):
    before = say(site, 1)
    stop(site)
    left = looks(tmp_path)
    other = start_nerdx(data=tmp_path / "own", env=files | {"NERDX_ARCHIVE": None})
    within = say(other, 2)
    stop(other)
    written = [database for database, *_ in looks(tmp_path) - left]
    site.start()
    until(lambda: have_chains(tmp_path, 2, written))
    behind = say(site, 3)
    stop(site)
    assert "the archive has a gap" in site.log_text()
    assert chains(tmp_path)[1].name.endswith(".gap")
    assert restored(restore, behind) == ["s1", "s2", "s3"]
    _, done = restore(within)
    assert done.returncode != 0
    words = r"agents.db: the archive has a gap there: moments until (\S+) and from \S+ on can be had"
    last = re.search(words, done.stderr)[1]
    assert before < last.replace("Z", "+00:00") < within


def test_a_segment_that_is_cut_short_is_refused_and_moments_before_it_can_be_had(site, restore, tmp_path):
    at = say(site, 1)
    site.restart()
    say(site, 2)
    stop(site)
    torn = segments(tmp_path)[-1]
    os.truncate(torn, torn.stat().st_size - 1)
    assert restored(restore, at) == ["s1"]
    _, done = restore()
    assert done.returncode != 0
    words = rf"agents.db: {torn.name}: a segment that is cut short: .* bytes: moments until \S+ can be had"
    assert re.search(words, done.stderr)


def test_a_segment_whose_frames_are_damaged_is_found_by_their_checksums(site, restore, tmp_path):
    say(site, 1)
    stop(site)
    for torn in segments(tmp_path):
        with torn.open("r+b") as file:
            file.seek(-100, os.SEEK_END)
            file.write(b"\xa5" * 50)
    _, done = restore()
    assert done.returncode != 0
    assert "a segment is damaged, as its checksums say" in done.stderr


def test_a_segment_that_is_missing_is_told(site, restore, tmp_path):
    say(site, 1)
    site.restart()
    say(site, 2)
    stop(site)
    segments(tmp_path)[0].unlink()
    _, done = restore()
    assert done.returncode != 0
    assert "agents.db: a segment is missing" in done.stderr


def test_a_full_disk_of_the_archive_loses_no_frames(small_archive, start_nerdx, restore, files, tmp_path):
    nerdx = start_nerdx(data=tmp_path / "own", env=files)
    until(lambda: have_chains(tmp_path, 1))
    filler = fill(small_archive)
    moments = [say(nerdx, number) for number in range(2)]
    failures = re.compile(r'nerdx_archive_failures_total\{store="agents.db"\} [1-9]')
    until(lambda: failures.search(nerdx.get("/metrics").text))
    assert "the archive can't be written" in nerdx.log_text()
    filler.unlink()
    until(lambda: "the archive can be written again" in nerdx.log_text())
    stop(nerdx)
    for number, at in enumerate(moments):
        assert restored(restore, at) == [f"s{n}" for n in range(number + 1)]


def test_a_program_that_ends_while_its_archive_is_full_ships_at_the_next_start(
    small_archive, start_nerdx, restore, files, tmp_path
):
    nerdx = start_nerdx(data=tmp_path / "own", env=files)
    until(lambda: have_chains(tmp_path, 1))
    filler = fill(small_archive)
    moments = [say(nerdx, number) for number in range(2)]
    stop(nerdx)
    filler.unlink()
    stop(nerdx.start())
    assert "the archive has a gap" not in nerdx.log_text()
    for number, at in enumerate(moments):
        assert restored(restore, at) == [f"s{n}" for n in range(number + 1)]


def test_a_backup_into_the_archive_begins_another_chain_without_a_gap(site, restore, run_nerdx, files, tmp_path):
    first = say(site, 1)
    done = run_nerdx("backup", "--data", tmp_path / "own", env=files)
    assert done.returncode == 0, done.stderr
    assert "agents: the archive has a new base" in done.stdout
    assert [path.name.endswith(".gap") for path in chains(tmp_path)] == [False, False]
    second = say(site, 2)
    stop(site)
    assert restored(restore, first) == ["s1"]
    assert restored(restore, second) == ["s1", "s2"]


def end_term(chain):
    with contextlib.closing(sqlite3.connect(chain / "base.db")) as store:
        store.execute("PRAGMA user_version = 1")


def test_prune_throws_away_chains_whose_term_is_over_and_leaves_the_rest(site, restore, run_nerdx, files, tmp_path):
    first = say(site, 1)
    run_nerdx("backup", "--data", tmp_path / "own", env=files)
    second = say(site, 2)
    stop(site)
    old, new = chains(tmp_path)
    end_term(old)
    _, done = restore(first)
    assert "a chain of an archive that might be used until 1970" in done.stderr
    for _ in range(2):
        assert run_nerdx("backup", "prune", tmp_path / "archive", env={}).returncode == 0
        assert chains(tmp_path) == [new]
    assert restored(restore, second) == ["s1", "s2"]


def test_what_is_restored_has_the_term_of_its_base(site, restore, tmp_path):
    stop(site)
    data, _ = restore()
    term = rows(data / "agents.db", "PRAGMA user_version")[0][0]
    days = term / 60 / 24 - datetime.datetime.now(datetime.UTC).timestamp() / 86400
    assert 29.9 < days <= 30
    assert rows(data / "agents.db", "PRAGMA integrity_check") == [("ok",)]


def test_a_data_folder_in_whose_archive_another_writes_does_not_start_and_says_whose_it_is(
    site, run_nerdx, restore, files, tmp_path
):
    at = say(site, 1)
    env = {name: url.replace("/own/", "/other/") for name, url in files.items()}
    (tmp_path / "other").mkdir()
    done = run_nerdx("serve", "--data", tmp_path / "other", "--listen", "127.0.0.1:0", env=env)
    assert done.returncode != 0
    assert re.search(rf"/other/\w+\.db: its archive is that of {tmp_path}/own/\w+\.db: give each data", done.stderr)
    stop(site)
    assert restored(restore, at) == ["s1"]
    assert len(chains(tmp_path)) == 1


def test_without_the_option_nothing_is_archived(start_nerdx, files, tmp_path):
    start_nerdx(data=tmp_path / "own", env=files | {"NERDX_ARCHIVE": None}).stop()
    assert not (tmp_path / "archive").exists()


def test_a_folder_that_holds_no_archive_is_named(run_nerdx, tmp_path):
    (tmp_path / "other").mkdir()
    done = run_nerdx("restore", "--archive", tmp_path / "other", "--data", tmp_path / "new")
    assert done.returncode != 0
    assert "no archive of a store is in it" in done.stderr
    assert "say from which archive" in run_nerdx("restore", "--data", tmp_path / "new").stderr
