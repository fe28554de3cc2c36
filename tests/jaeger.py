"""A real Jaeger in the collector's place: the same spans, read back from its query API.

    NERDX_TEST_JAEGER=/path/to/jaeger python3 -m pytest tests/service/test_traces.py

It runs as deploy/monitoring starts it, with the configuration that is built in; each on a loopback address of its own.
Where Jaeger's program is to be had, and that no run of ours has it by itself: deploy/monitoring/README.md.
"""

import contextlib
import datetime
import itertools
import json
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from collector import Collector, spans_of

HOSTS = (f"127.0.0.{number}" for number in itertools.count(2))
START_LIMIT_S = 60  # a bound for a machine that hangs
LOOK_S = 0.1  # between two looks


def strict(result):
    """OTLP's JSON may leave out what is empty, and Jaeger does."""
    for part in result["resourceSpans"]:
        for scope in part["scopeSpans"]:
            for span in scope["spans"]:
                span.setdefault("attributes", [])
                span.setdefault("flags", 0)
    return result


class Jaeger(Collector):
    def __init__(self):
        self.host = next(HOSTS)
        self.url = f"http://{self.host}:4318"

    def ask(self, path, **query):
        """None: it knows of nothing."""
        url = f"http://{self.host}:16686/api/v3/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=60) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as refusal:
            assert refusal.code == 404, refusal.read()
            return None

    @property
    def spans(self):
        now = datetime.datetime.now(datetime.UTC)
        around = [(now + datetime.timedelta(hours=hours)).strftime("%FT%TZ") for hours in (-1, 1)]
        wanted = {"service_name": "nerdx", "start_time_min": around[0], "start_time_max": around[1]}
        wanted |= {"num_traces": 10000, "raw_traces": "true"}
        found = self.ask("traces", **{f"query.{name}": value for name, value in wanted.items()})
        return list(spans_of(strict(found["result"]))) if found else []

    def wait_for(self, condition, limit_s=60):
        end = time.monotonic() + limit_s
        while not (found := condition(self.spans)):
            assert time.monotonic() < end, [(one.name, one.trace_id) for one in self.spans]
            time.sleep(LOOK_S)
        return found

    def __enter__(self):
        ways = {"http": 16686, "grpc": 16685}
        command = [os.environ["NERDX_TEST_JAEGER"]]
        command += [f"--set=extensions.jaeger_query.{way}.endpoint={self.host}:{port}" for way, port in ways.items()]
        command += [f"--set=extensions.healthcheckv2.grpc.endpoint={self.host}:13132"]
        self.folder = tempfile.TemporaryDirectory(prefix="nerdx-jaeger-")
        log = pathlib.Path(self.folder.name) / "log"
        with log.open("wb") as file:
            env = os.environ | {"JAEGER_LISTEN_HOST": self.host}
            self.process = subprocess.Popen(command, env=env, stdout=file, stderr=file)
        end = time.monotonic() + START_LIMIT_S
        while True:
            with contextlib.suppress(OSError):
                self.ask("services")
                return self
            assert self.process.poll() is None and time.monotonic() < end, log.read_text()[-4000:]
            time.sleep(LOOK_S)

    def __exit__(self, *what_happened):
        self.process.kill()  # it keeps nothing, and would wait for who is connected
        self.process.wait()
        self.folder.cleanup()
