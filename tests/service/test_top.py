"""`nerdx top` shows a node in a terminal or a pipe; `nerdx doctor` says in words what is wrong, why it matters and what
to do."""

import json
import re

from conversation import CHAT, until
from fleet import SECRET
from metrics import metric
from stand_in import saying
from terminal import Terminal

PATH = "/api/v1/world-model/entity/maeju-ai"
FOUND_WRONG = 1


def listen(nerdx):
    return ("--listen", f"127.0.0.1:{nerdx.port}")


def line_of(text, begin):
    """The first such line: what has stores and jobs is in both tables."""
    return next(line for line in text.splitlines() if line.startswith(begin)).split()


def test_in_a_pipe_top_is_one_look_in_plain_text(run_nerdx, nerdx):
    for _ in range(5):
        nerdx.get(PATH)
    for service in ("world", "auth"):  # each is looked at for the first time after the start
        until(lambda service=service: metric(nerdx, f'service_up{{service="{service}"}}') == 1)
    done = run_nerdx("top", *listen(nerdx))
    assert done.returncode == 0, done.stderr
    assert "\033" not in done.stdout
    assert re.match(r"nerdx \d\S+  http://127\.0\.0\.1:\d+  up \d+ min  processor \d+ %  memory \d+ MB", done.stdout)
    assert "world up" in done.stdout and "auth up" in done.stdout
    _, rate, failed, median, _, last, _ = line_of(done.stdout, "world_get_entity")
    assert float(rate) > 0 and float(failed) == 0
    assert 0 < float(median) <= float(last)
    assert float(line_of(done.stdout, "world ")[1]) > 0, "a store that was asked"
    assert line_of(done.stdout, "http ")[1] == "64"


def test_what_a_world_does_not_know_is_no_failure_of_it(run_nerdx, start_nerdx):
    with saying(404) as (port, _):
        url = f"http://127.0.0.1:{port}"
        nerdx = start_nerdx("--roles", "agents", "--world-url", url, env={"NERDX_NODE_SECRET": SECRET})
        nerdx.post(CHAT, {"user_id": "u", "session_id": "s", "message": "What is takju?"})
        done = run_nerdx("top", *listen(nerdx))
    others = done.stdout[done.stdout.index("OTHER SERVERS") :]
    _, rate, failed, *_ = line_of(others, "world ")
    assert float(rate) > 0 and float(failed) == 0


def test_in_a_terminal_top_goes_on_until_it_is_stopped(nerdx_bin, nerdx_environment, nerdx):
    with Terminal([nerdx_bin, "top", *listen(nerdx)], nerdx_environment, columns=120, rows=50) as terminal:
        terminal.shows("services")
        terminal.shows("WORKERS")


def test_top_of_nobody_is_said_so(run_nerdx):
    done = run_nerdx("top", "http://127.0.0.1:1")
    assert done.returncode != 0
    assert "can't be reached" in done.stderr


# --- the doctor ---


def test_a_database_that_is_cut_off_is_explained(run_nerdx, tmp_path):
    done = run_nerdx(
        "doctor", "--data", tmp_path, "--listen", "127.0.0.1:0", "--auth-sql", "postgresql://x@127.0.0.1:1/x#auth"
    )
    assert done.returncode == FOUND_WRONG
    [at] = [n for n, line in enumerate(done.stdout.splitlines()) if line.startswith("WRONG  accounts: ")]
    why, what = done.stdout.splitlines()[at + 1 : at + 3]
    assert why == "       why it matters: nobody can sign in, and tokens aren't renewed"
    assert what.startswith("       what to do: ")


def explained(output, begin):
    """What is wrong, by name: whether why it matters and what to do come behind it."""
    lines = output.splitlines()
    found = {}
    for at, line in enumerate(lines):
        if line.startswith(begin):
            why, what = [*lines[at + 1 : at + 3], "", ""][:2]
            name = line[len(begin) :].split(":")[0]
            found[name] = "why it matters: " in why and "what to do: " in what
    return found


def test_each_store_that_is_cut_off_is_explained(run_nerdx, tmp_path):
    away = [
        word
        for store in ("world", "agents", "auth", "webhooks", "analytics", "notify")
        for word in (f"--{store}-sql", f"postgresql://x@127.0.0.1:1/x#{store}")
    ]
    done = run_nerdx("doctor", "--data", tmp_path, "--listen", "127.0.0.1:0", *away)
    found = explained(done.stdout, "WRONG  ")
    assert len(found) == 6 and all(found.values()), found


def test_each_check_of_a_node_that_fails_is_explained(run_nerdx, nerdx):
    """What a node looks at is asked of a real one; another says that all of it is gone."""
    checks = dict.fromkeys([*nerdx.get("/readyz").json()["checks"], "limits"], "gone")
    body = json.dumps({"status": "not ready", "checks": checks})
    with saying(503, body) as (port, _):
        done = run_nerdx("doctor", "--data", nerdx.data, "--listen", f"127.0.0.1:{port}")
    found = explained(done.stdout, "WRONG  the node's ")
    assert found == dict.fromkeys(checks, True)


def test_the_doctor_asks_the_node_that_runs(run_nerdx, nerdx):
    done = run_nerdx("doctor", "--data", nerdx.data, *listen(nerdx))
    assert f"ok     the node at http://127.0.0.1:{nerdx.port}: ready" in done.stdout
    assert f"ok     port: 127.0.0.1:{nerdx.port}: a node serves there" in done.stdout
    assert "WRONG" not in done.stdout


def test_a_node_whose_redis_is_gone_is_explained(run_nerdx, start_nerdx):
    env = {"NERDX_RATE_LIMITS": "default 1000/minute 10000/hour"}
    nerdx = start_nerdx("--kv", "redis://127.0.0.1:1", env=env)
    done = run_nerdx("doctor", "--data", nerdx.data, *listen(nerdx))
    assert done.returncode == FOUND_WRONG
    assert "WRONG  the node's limits: " in done.stdout
    assert "why it matters: requests aren't counted: everybody passes" in done.stdout
    assert "what to do: see that the Redis of --kv runs" in done.stdout
