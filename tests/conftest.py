"""Fixtures of all tests from outside: a real NERDX on a free port, with a data directory of its own.

    def test_an_unknown_entity_is_named(nerdx):
        reply = nerdx.get("/api/v1/world-model/entity/nobody")

`nerdx` is fresh for each test, `shared_nerdx` for each file; `start_nerdx` starts as many as a test wants, with
options. The program is $NERDX_BIN, or build/release/nerdx: `NERDX_BIN=build/asan/nerdx` runs the same tests against
the sanitizer build, and a sanitizer's finding fails the test that caused it. A test that fails shows the log.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import threading

import pytest
import requests

from llm_server import LlmServer
from server_process import free_port
from stores import STORES
from terminal import Terminal
from wire import Wire

ROOT = pathlib.Path(__file__).resolve().parents[1]
READY = re.compile(r"NERDX is ready: (http://\S+)")
START_LIMIT_S = 300  # bounds for a machine that hangs, not promises about speed; a new Neo4j is slow at first
STOP_LIMIT_S = 60
FINDINGS = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "WARNING: ThreadSanitizer", "runtime error:")


def program():
    path = pathlib.Path(os.environ.get("NERDX_BIN", ROOT / "build/release/nerdx"))
    if not path.is_file():
        pytest.fail(f"{path} is not there: run ./dev build, or name the program in NERDX_BIN")
    return str(path.resolve())


def make(*arguments):
    """A program. With NERDX_TEST_FLEET=split it is three processes behind HAProxy, and tests can't tell."""
    wanted = os.environ.get("NERDX_TEST_FLEET", "")
    assert wanted in ("", "split"), f"NERDX_TEST_FLEET={wanted}: split, or nothing"
    if not wanted:
        return Nerdx(*arguments)
    from fleet import Split  # only here: it wants HAProxy

    return Split(Nerdx, STORES, *arguments)


REPORT = []


@pytest.fixture(scope="session")
def report():
    """Lines to be printed at the end of the run, by whichever process their tests ran in."""
    return REPORT


def pytest_sessionfinish(session):
    STORES.stop()
    if hasattr(session.config, "workeroutput"):  # one of several workers side by side
        session.config.workeroutput["report"] = REPORT


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    REPORT.extend(getattr(node, "workeroutput", {}).get("report", []))


def pytest_terminal_summary(terminalreporter):
    for line in REPORT:
        terminalreporter.write_line(line)


def data_of(arguments):
    """Where a command's --data points to."""
    words = list(map(str, arguments))
    return words[words.index("--data") + 1] if "--data" in words[:-1] else None


def environment(extra):
    """This process's environment without its NERDX_ options: no setting of the machine leaks into a test. And without
    limits: a test asks more often than a visitor may. An extra of None is as if nothing had been said."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("NERDX_")}
    env["NERDX_RATE_LIMITS"] = "off"
    env["NERDX_IDENTITY"] = "open"  # tests speak for whom they like; test_identity_*.py and tests/e2e don't
    env.update(extra or {})
    return {name: value for name, value in env.items() if value is not None}


class Nerdx:
    """One running program: url, port, pid, data (its directory), log (its stderr, a file)."""

    def __init__(self, data, log, flags=(), env=None):
        self.data, self.log = pathlib.Path(data), pathlib.Path(log)
        self.flags, self.env = tuple(flags), env
        self.process = self.url = self.port = self.pid = None
        self.printed = []
        self.expects_death = False

    def start(self):
        listen = () if "--listen" in self.flags else ("--listen", f"127.0.0.1:{free_port()}")
        command = [program(), "serve", "--data", str(self.data), *listen, *self.flags]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment({**STORES.options(self.data), **(self.env or {})}),
            )
        self.pid, self.expects_death, self.printed = self.process.pid, False, []
        self._wait_until_ready()
        return self

    def _wait_until_ready(self):
        ready = threading.Event()

        def read_stdout(stream):
            for line in stream:
                self.printed.append(line.rstrip("\n"))
                found = READY.search(line)
                if found and not ready.is_set():
                    self.url = found.group(1).rstrip("/").replace("localhost", "127.0.0.1")
                    self.port = int(self.url.rsplit(":", 1)[1])
                    ready.set()
            self.url = self.url if ready.is_set() else None
            ready.set()

        self.url = None
        self.reader = threading.Thread(target=read_stdout, args=(self.process.stdout,), daemon=True)
        self.reader.start()
        if not ready.wait(START_LIMIT_S) or self.url is None:
            self.expects_death = True
            self.process.kill()
            code = self.process.wait()
            pytest.fail(f"nerdx serve did not become ready (exit {code}); it printed {self.printed}\n{self.log_text()}")

    def terminate(self):
        """SIGTERM, without waiting."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def stop(self):
        """SIGTERM, and the exit code."""
        self.terminate()
        return self._gone()

    def kill9(self):
        """SIGKILL: what a power cut leaves of a process."""
        self.expects_death = True
        self.process.kill()
        return self._gone()

    def _gone(self):
        try:
            code = self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            pytest.fail(f"nerdx did not end within {STOP_LIMIT_S} s of SIGTERM\n{self.log_text()}")
        self.reader.join(STOP_LIMIT_S)
        self.process.stdout.close()
        return code

    def restart(self):
        """Ends it (if it still runs) and starts it again on the same data; the port is a new one."""
        if self.process.poll() is None:
            self.stop()
        return self.start()

    def running(self):
        return self.process.poll() is None

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def log_lines(self):
        """The log's JSON lines, decoded; other lines are left out."""
        decoded = []
        for line in self.log_text().splitlines():
            with contextlib.suppress(ValueError):
                decoded.append(json.loads(line))
        return decoded

    def memory_kb(self, field="VmRSS"):
        """A field of /proc/PID/status in kB: VmRSS now, VmHWM at the most."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE).group(1))

    def request(self, method, path, **options):
        options.setdefault("timeout", 60)
        return requests.request(method, self.url + path, **options)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return (
            self.request("POST", path, json=body, **options)
            if body is not None
            else self.request("POST", path, **options)
        )

    def connect(self):
        """A raw connection, for what no HTTP library would send."""
        return Wire(self.port)


@pytest.fixture
def llm():
    """A language model's server, that plays what the test tells it to."""
    with LlmServer() as server:
        yield server


@pytest.fixture(scope="session")
def nerdx_bin():
    return program()


@pytest.fixture(scope="session")
def nerdx_environment():
    return environment(None)


@pytest.fixture(scope="session")
def run_nerdx():
    """Runs a subcommand to its end: run_nerdx("query", "…", data=DIR) -> CompletedProcess with text output."""

    def run(*arguments, env=None, input=None, stdout=subprocess.PIPE, timeout=120):
        return subprocess.run(
            [program(), *map(str, arguments)],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            env=environment({**STORES.options(data_of(arguments)), **(env or {})}),
            input=input if input is not None else "",
            timeout=timeout,
        )

    return run


@pytest.fixture
def begin_nerdx():
    """Begins a subcommand and goes on: begin_nerdx("ingest", "--data", DIR, …) -> Popen. They end with the test."""
    begun = []

    def begin(*arguments, env=None):
        env = environment({**STORES.options(data_of(arguments)), **(env or {})})
        command = [program(), *map(str, arguments)]
        begun.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env))
        return begun[-1]

    yield begin
    for one in begun:
        one.kill()
        one.wait()


@pytest.fixture
def open_terminal():
    """`nerdx chat` at an emulated terminal: open_terminal(DATA, "--lang", "ko", columns=40) -> Terminal."""

    def open_one(data, *flags, env=None, **size):
        command = [program(), "chat", "--data", str(data), "--log-level", "error", *map(str, flags)]
        return Terminal(command, environment({**STORES.options(data), **(env or {})}), **size)

    return open_one


@contextlib.contextmanager
def programs_in(directory):
    """Starts programs on request and ends them all; fails when one died unasked or a sanitizer found something."""
    started = []

    def start(*flags, data=None, env=None):
        number = len(started)
        one = make(data or directory / f"data-{number}", directory / f"nerdx-{number}.log", flags, env)
        started.append(one)
        return one.start()

    start.started = started
    yield start
    complaints = []
    for one in started:
        if one.process is None or one.expects_death:
            continue
        code = one.process.poll()
        code = one.stop() if code is None else code
        if code != 0:
            complaints.append(f"nerdx {' '.join(one.flags)} ended with exit code {code}")
    for one in started:
        complaints += [f"{one.log}: {line}" for line in one.log_text().splitlines() if any(f in line for f in FINDINGS)]
    if complaints:
        logs = "\n".join(one.log_text()[-8000:] for one in started)
        pytest.fail("\n".join(complaints) + "\n" + logs)


@pytest.fixture
def start_nerdx(tmp_path, request):
    """start_nerdx("--flag", "value", data=DIR, env={…}) -> Nerdx. All of them end with the test."""
    with programs_in(tmp_path) as start:
        request.node.nerdx_started = start.started
        yield start


@pytest.fixture
def nerdx(start_nerdx):
    """A fresh program on fresh data."""
    return start_nerdx()


@pytest.fixture(scope="module")
def start_shared_nerdx(tmp_path_factory):
    """start_nerdx, for programs that live as long as the tests of a file."""
    with programs_in(tmp_path_factory.mktemp("shared")) as start:
        yield start


@pytest.fixture(scope="module")
def shared_nerdx(start_shared_nerdx):
    """One program for all tests of a file: for tests that only ask, or don't mind what others wrote."""
    return start_shared_nerdx()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        running = list(getattr(item, "nerdx_started", []))
        shared = getattr(item, "funcargs", {}).get("shared_nerdx")
        for one in running + ([shared] if shared else []):
            report.sections.append((f"log of nerdx ({one.log})", one.log_text()[-8000:]))
