"""The command line: what is refused and how it is said, what the doctor finds, and what is counted."""

import ctypes
import os
import pathlib
import re
import signal
import socket
import sqlite3
import sys
import threading
from xml.etree import ElementTree

import pytest

from metrics import metric

USAGE, NOT_THERE, FOUND_WRONG, TRY_LATER = 64, 69, 1, 75


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sevre"], "no command is called sevre; did you mean `nerdx serve`?"),
        (["frobnicate"], "no command is called frobnicate; `nerdx help` lists them"),
        (["serve", "--lisen", "127.0.0.1:0"], "--lisen: no option is called lisen; did you mean --listen?"),
        (["serve", "--listen", "nowhere"], "--listen: listen: nowhere is not HOST:PORT"),
        (["serve", "--workers", "0"], "--workers: workers: 0 is outside 1..1024"),
        (["serve", "somewhere"], 'nerdx serve: "somewhere" is not a flag'),
        (["query", "--format", "xml", "rice"], "--format: format: must be table, tsv or json"),
        (["query"], "say what to look for"),
        (["query", "--format", "svg", "rice"], "--format: must be table, tsv or json"),
        (["graph", "--format", "tsv"], "expected one id at the most and --format dot or svg"),
        (["graph", "makgeolli", "takju"], "expected one id at the most"),
        (["graph", "--depth", "9", "takju"], "--depth: depth: 9 is outside 0..6"),
    ],
)
def test_what_is_not_known_is_refused_with_what_would_be_right(run_nerdx, arguments, said):
    done = run_nerdx(*arguments)
    assert done.returncode == USAGE
    assert said in done.stderr
    assert done.stdout == ""


def test_a_mistyped_name_in_the_environment_is_refused_and_a_foreign_one_only_mentioned(run_nerdx):
    mistyped = run_nerdx("version", env={"NERDX_WORKER": "3"})
    assert mistyped.returncode == USAGE
    assert "NERDX_WORKER: no option is called worker; did you mean NERDX_WORKERS?" in mistyped.stderr
    foreign = run_nerdx("version", env={"NERDX_SERVICE_PORT_HTTP": "80"})
    assert foreign.returncode == 0
    assert "(ignored)" in foreign.stderr


@pytest.mark.parametrize("arguments", [["help"], ["version"], ["graph", "--format", "svg"]])
def test_output_that_did_not_arrive_is_said(run_nerdx, tmp_path, arguments):
    with open("/dev/full", "w") as full:
        done = run_nerdx(*arguments, env={"NERDX_DATA": str(tmp_path / "data")}, stdout=full)
    assert done.returncode == TRY_LATER
    assert "not all of the output could be written" in done.stderr


@pytest.mark.parametrize("arguments", [["help"], ["--help"], ["-h"], ["serve", "--help"], []])
def test_help_is_there_however_it_is_asked_for(run_nerdx, arguments):
    done = run_nerdx(*arguments)
    assert done.returncode == 0
    assert "nerdx serve" in done.stdout
    assert "--listen HOST:PORT" in done.stdout


def test_the_doctor_shows_each_value_and_where_it_came_from(run_nerdx, tmp_path):
    config = tmp_path / "nerdx.conf"
    config.write_text("# ours\nworkers = 7\n")
    done = run_nerdx(
        "doctor",
        "--config",
        config,
        "--data",
        tmp_path / "data",
        "--listen",
        "127.0.0.1:0",
        env={"NERDX_LOG_LEVEL": "warn"},
    )
    assert done.returncode == 0, done.stdout
    assert re.search(rf"^  workers +7 +{re.escape(str(config))}:2$", done.stdout, re.MULTILINE)
    assert re.search(r"^  log_level +warn +NERDX_LOG_LEVEL$", done.stdout, re.MULTILINE)
    assert re.search(r"^  listen +127.0.0.1:0 +--listen$", done.stdout, re.MULTILINE)
    assert re.search(r"^  idle_timeout +60s +default$", done.stdout, re.MULTILINE)
    assert "All is well." in done.stdout


def test_the_doctor_names_everything_that_is_wrong_at_once(run_nerdx, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "world.db").write_bytes(b"not a database, but long enough to look at" * 100)
    done = run_nerdx(
        "doctor", "--data", data, "--workers", "many", "--listen", "127.0.0.1:0", env={"NERDX_HEARTBEAT": "15"}
    )
    assert done.returncode == FOUND_WRONG
    wrong = [line for line in done.stdout.splitlines() if line.startswith("WRONG")]
    assert any("--workers" in line and "not a whole number" in line for line in wrong)
    assert any("NERDX_HEARTBEAT" in line and "not a duration" in line for line in wrong)
    assert any("world model" in line for line in wrong)
    assert len(wrong) == 3


def test_migrate_shows_what_it_would_do_and_then_does_it_once(run_nerdx, tmp_path):
    data = tmp_path / "data"
    shown = run_nerdx("migrate", "--dry-run", "--data", data)
    assert shown.returncode == 0, shown.stderr
    assert "-- sessions and turns, 0001 sessions_and_turns\nCREATE TABLE session (" in shown.stdout
    assert not data.exists()
    done = run_nerdx("migrate", "--data", data)
    names = [line for line in shown.stdout.splitlines() if line.startswith("-- ")]
    assert done.stdout.splitlines() == names
    again = run_nerdx("migrate", "--data", data)
    assert again.stdout.splitlines() == [
        "-- world model: nothing to do",
        "-- facts that wait: nothing to do",
        "-- sessions and turns: nothing to do",
        "-- accounts: nothing to do",
        "-- webhooks: nothing to do",
        "-- events of our pages: nothing to do",
        "-- notices: nothing to do",
    ]


def test_the_doctor_sees_a_port_that_something_else_has_taken(run_nerdx, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        threading.Thread(target=lambda: taken.accept()[0].close()).start()
        done = run_nerdx("doctor", "--data", tmp_path, "--listen", f"127.0.0.1:{port}")
    assert done.returncode == FOUND_WRONG
    assert "choose another with --listen" in done.stdout


def test_the_doctor_finds_a_sound_database_sound_after_serving(run_nerdx, nerdx):
    assert nerdx.stop() == 0
    done = run_nerdx("doctor", "--data", nerdx.data, "--listen", "127.0.0.1:0")
    assert done.returncode == 0, done.stdout
    with sqlite3.connect(nerdx.data / "world.db") as database:
        assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)


def until(nerdx, series, wanted):
    """A request is counted when its answer is out, which may be after the client has it."""
    for _ in range(sys.maxsize):
        value = metric(nerdx, series)
        assert value is None or value <= wanted
        if value == wanted:
            return


def test_each_request_is_counted_by_operation_and_ending(nerdx):
    for _ in range(3):
        nerdx.get("/api/v1/world-model/entity/icheon-rice")
    nerdx.get("/api/v1/world-model/entity/nobody")
    nerdx.get("/no/such/path")
    until(nerdx, 'nerdx_requests_total{operation="world_get_entity",status="2xx"}', 3)
    until(nerdx, 'nerdx_requests_total{operation="world_get_entity",status="4xx"}', 1)
    until(nerdx, 'nerdx_requests_total{operation="other",status="4xx"}', 1)
    until(nerdx, 'http_request_duration_seconds_count{operation="world_get_entity"}', 4)


def test_the_access_log_holds_the_route_and_nothing_personal(nerdx):
    nerdx.get("/api/v1/world-model/entity/icheon-rice?note=secret", headers={"User-Agent": "secret-agent"})
    nerdx.stop()
    lines = [line for line in nerdx.log_lines() if line.get("message") == "request"]
    assert [line["route"] for line in lines] == ["/api/v1/world-model/entity/{id}"]
    assert {"time", "level", "method", "status", "bytes", "duration_us", "trace_id"} <= lines[0].keys()
    for private in ("secret", "icheon-rice", "127.0.0.1"):
        assert private not in "".join(map(str, lines))


def test_a_method_as_long_as_a_head_may_be_is_refused_and_logged_in_part(nerdx):
    for letter in ("A", "\x01"):  # one is written as it is, the other as an escape of six characters
        with nerdx.connect() as wire:
            assert wire.exchange(f"{letter * 15000} / HTTP/1.1\r\nHost: x\r\n\r\n").status == 431
    assert nerdx.get("/healthz").status_code == 200
    nerdx.stop()
    methods = {line["method"] for line in nerdx.log_lines() if line.get("status") == 431}  # two loops, either first
    assert methods == {"A" * 32, "\x01" * 32}


def draw(run_nerdx, tmp_path, *arguments):
    return run_nerdx("graph", *arguments, "--data", tmp_path / "data")


def test_the_world_around_an_entity_is_drawn(run_nerdx, tmp_path):
    sheet = ElementTree.fromstring(draw(run_nerdx, tmp_path, "makgeolli", "--format", "svg").stdout)
    names = {text.text for text in sheet.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Makgeolli", "Pajeon", "Takju"} <= names
    assert "Icheon Rice" not in names, "two relationships away"
    further = ElementTree.fromstring(draw(run_nerdx, tmp_path, "makgeolli", "--format", "svg", "--depth", "2").stdout)
    assert len(list(further.iter())) > len(list(sheet.iter()))


def test_what_leads_to_an_entity_is_drawn_as_well_as_what_it_leads_to(run_nerdx, tmp_path):
    drawn = draw(run_nerdx, tmp_path, "icheon-rice").stdout
    assert '"nerd12-signature" -> "icheon-rice" [label="HAS_INGREDIENT"]' in drawn
    assert '"icheon-rice" -> "icheon" [label="FROM_REGION"]' in drawn


def test_names_are_drawn_in_the_language_that_is_asked_for(run_nerdx, tmp_path):
    assert ">막걸리</text>" in draw(run_nerdx, tmp_path, "makgeolli", "--format", "svg", "--lang", "ko").stdout


def test_graphviz_is_spoken_unless_svg_is_asked_for(run_nerdx, tmp_path):
    drawn = draw(run_nerdx, tmp_path, "andong").stdout
    assert drawn.startswith("digraph nerdx {")
    assert '"andong-soju" -> "andong" [label="FROM_REGION"];' in drawn


def test_without_an_id_all_that_people_search_for_is_drawn_and_nobody_who_visits(run_nerdx, tmp_path):
    drawn = draw(run_nerdx, tmp_path).stdout
    assert '"makgeolli" [' in drawn
    assert '"nerd12-signature" -> "icheon-rice" [label="HAS_INGREDIENT"];' in drawn
    assert "user-uuid" not in drawn


def test_the_same_world_is_drawn_the_same_way(run_nerdx, tmp_path):
    first = draw(run_nerdx, tmp_path, "--format", "svg").stdout
    assert first == draw(run_nerdx, tmp_path, "--format", "svg").stdout


def test_what_cannot_be_drawn_is_named(run_nerdx, tmp_path):
    done = draw(run_nerdx, tmp_path, "nobody")
    assert done.returncode == NOT_THERE
    assert "nobody" in done.stderr
    assert done.stdout == ""


def test_whichever_thread_gets_the_stop_signal_it_ends_in_order(start_nerdx):
    """A library may have started threads before main, with no signal blocked: the system may choose one of them."""
    libc = ctypes.CDLL(None)
    running = start_nerdx()
    threads = [int(name) for name in os.listdir(f"/proc/{running.pid}/task")]
    for thread in sorted(threads, reverse=True):
        status = pathlib.Path(f"/proc/{running.pid}/task/{thread}/status").read_text()
        blocked = int(re.search(r"SigBlk:\s+(\w+)", status).group(1), 16)
        if not blocked & 1 << (signal.SIGTERM - 1):
            assert libc.tgkill(running.pid, thread, signal.SIGTERM) == 0
            break
    assert running.stop() == 0
