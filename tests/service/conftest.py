"""Fixtures of the wire tests (test_http_*.py): http_probe, a small program made of src/http alone.

`probe` is one program for all tests of a file; `start_probe("workers=1", …)` starts one with settings. It lies beside
the program that the other tests use ($NERDX_BIN, see ../conftest.py), or is named by $NERDX_HTTP_PROBE.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import uuid

import pytest
import requests

from duck import Duck
from house import BUILD, python_with
from metrics import metric
from people import begin_guest, sign_up
from visits import Site
from wire import Wire
from worlds import worlds_in

ROOT = pathlib.Path(__file__).resolve().parents[2]
STOP_LIMIT_S = 60  # a bound for a machine that hangs, not a promise about speed
FINDINGS = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "WARNING: ThreadSanitizer", "runtime error:")


def program():
    nerdx = pathlib.Path(os.environ.get("NERDX_BIN", ROOT / "build/release/nerdx"))
    path = pathlib.Path(os.environ.get("NERDX_HTTP_PROBE", nerdx.parent / "tests/service/http_probe"))
    if not path.is_file():
        pytest.fail(f"{path} is not there: run ./dev build, or name the program in NERDX_HTTP_PROBE")
    return str(path.resolve())


class Probe:
    def __init__(self, log, settings):
        self.log = log
        with log.open("wb") as errors:
            self.process = subprocess.Popen([program(), *settings], stdout=subprocess.PIPE, stderr=errors, text=True)
        first = self.process.stdout.readline()
        assert first.startswith("port "), self.log.read_text()
        self.port = int(first.split()[1])
        self.pid = self.process.pid
        self.url = f"http://127.0.0.1:{self.port}"
        self.last_words = None

    def connect(self):
        return Wire(self.port)

    def get(self, path, **options):
        return requests.get(self.url + path, timeout=60, **options)

    def post(self, path, **options):
        return requests.post(self.url + path, timeout=60, **options)

    def wait_until(self, path, condition):
        """Asks again and again until the answer's text meets the condition."""
        while not condition(self.get(path).text):
            pass

    def metric(self, name):
        return metric(self, name)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stop(self):
        """SIGTERM; what it printed last: "drained" or "cut off"."""
        if self.last_words is None:
            self.terminate()
            printed, _ = self.process.communicate(timeout=STOP_LIMIT_S)
            self.last_words = printed.strip()
            assert self.process.returncode == 0, self.log.read_text()
        return self.last_words

    def log_lines(self):
        """The access log; complete only after stop(). A line that is being written isn't one yet."""
        whole = self.log.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]

    def memory_kb(self, field="VmRSS"):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE).group(1))


@contextlib.contextmanager
def probes_in(directory):
    started = []

    def start(*settings):
        started.append(Probe(directory / f"probe-{len(started)}.log", settings))
        return started[-1]

    try:
        yield start
        for one in started:
            one.stop()
            findings = [
                line for line in one.log.read_text(errors="replace").splitlines() if any(f in line for f in FINDINGS)
            ]
            assert not findings, one.log.read_text(errors="replace")[-8000:]
    finally:
        for one in started:
            if one.process.poll() is None:
                one.process.kill()
                one.process.wait()


@pytest.fixture
def start_probe(tmp_path):
    with probes_in(tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def probe(tmp_path_factory):
    with probes_in(tmp_path_factory.mktemp("probe")) as start:
        yield start()


@pytest.fixture
def session():
    """A conversation of its own."""
    return uuid.uuid4().hex


# --- what visitors do on our pages ---


@pytest.fixture(scope="module")
def shared_site(start_shared_nerdx):
    return Site(start_shared_nerdx())


@pytest.fixture
def site(shared_site):
    yield shared_site
    shared_site.clear()


# --- who asks the program of a file's `site` ---


@pytest.fixture
def guest(site):
    return begin_guest(site.nerdx)


@pytest.fixture
def member(site):
    return sign_up(site.nerdx)


@pytest.fixture
def world_of(tmp_path):
    with worlds_in(tmp_path) as start:
        yield start


@pytest.fixture(scope="session")
def duck():
    return Duck(python_with(ROOT / "bench/analytics/requirements.txt", BUILD / "duckdb"))
