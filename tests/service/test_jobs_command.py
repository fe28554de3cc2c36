"""`nerdx jobs` and `nerdx worker`: what nobody waits for is done, and is looked at and steered from the terminal."""

import os
import subprocess
import time

import pytest

NERDX = os.environ["NERDX_BIN"]


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
    assert process.wait(timeout=30) == 0


def jobs_when(data, state):
    """The lines of `nerdx jobs`, once one of them is in that state."""
    until = time.monotonic() + 60
    while True:
        lines = nerdx(data, "jobs", "--state", state, "--service", "auth").stdout.splitlines()
        if lines or time.monotonic() > until:
            return lines
        time.sleep(0.05)


def test_a_worker_alone_does_what_is_due(worker):
    (line,) = jobs_when(worker, "done")
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
