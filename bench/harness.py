"""What every measurement uses: contenders in interleaved rounds, servers that are started and ended, loads by wrk."""

import contextlib
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tools/dev"))
from house import python_with  # noqa: E402

NERDX = ROOT / "build/release/nerdx"
SHOWN = ("serve", "--data", "data", "--listen", "127.0.0.1:0")  # who calls shows it
SERVE = (*SHOWN, "--identity", "open")  # as the peers, which ask nobody
CLIENTS, LOAD_THREADS = 64, 2
LEARN = "/api/v1/world-model/learn"


@dataclass
class Plan:
    seconds: int
    rounds: int


@dataclass
class Contender:
    """One side of a comparison: figures holds one dict a round."""

    name: str
    measure: callable = None
    figures: list = field(default_factory=list)

    def median(self, key):
        return statistics.median(figure[key] for figure in self.figures)

    def spread(self, key):
        values = [figure[key] for figure in self.figures]
        return min(values), max(values)


@dataclass
class Comparison:
    title: str
    about: str
    unit: str
    key: str
    ours: Contender
    peers: list
    # ("ratio", least) or ("ratio-most", most) to the first peer, ("least", figure), ("most", figure) or ("none", 0)
    goal: tuple

    def ratio(self, peer):
        """The median of the rounds' ratios: what disturbed a round disturbed both of its sides."""
        return statistics.median(
            mine[self.key] / other[self.key] for mine, other in zip(self.ours.figures, peer.figures, strict=True)
        )

    def reached(self):
        value = self.ours.median(self.key)
        kind, bound = self.goal
        if kind == "none":
            return True
        if kind == "ratio":
            return self.ratio(self.peers[0]) >= bound
        if kind == "ratio-most":
            return self.ratio(self.peers[0]) <= bound
        return value >= bound if kind == "least" else value <= bound


@contextlib.contextmanager
def running(command, ready=None, **options):
    """Starts a server; gives the first match of ready on its stdout (None when it prints nothing); ends it after."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True, **options)
    try:
        found = None
        while ready and not found:
            line = process.stdout.readline()
            if not line:
                sys.exit(f"bench: {command[0]} ended before it was ready (exit code {process.wait()})")
            found = re.search(ready, line)
        yield process, found and found.group(1)
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


os.environ["NERDX_RATE_LIMITS"] = "off"  # a load asks more often than a visitor may


def venv(name):
    """The Python of a peer's own virtual environment, made when bench/<name>/requirements.txt has changed."""
    return python_with(HERE / name / "requirements.txt", ROOT / f"build/bench-{name}")


def resident_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as reply:
            return reply.read()
        time.sleep(0.001)
    sys.exit(f"bench: no answer from {url}")


def wait_for_port(port):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.001)
    sys.exit(f"bench: nobody listens on port {port}")


@contextlib.contextmanager
def nerdx(directory, program=NERDX, arguments=SERVE):
    """Its log goes to a file, as nginx's does."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "log").open("ab") as log:
        with running([program, *arguments], r"ready: (http://\S+)", cwd=directory, stderr=log) as (process, url):
            try:
                yield process, url.rstrip("/").replace("localhost", "127.0.0.1")
            except SystemExit:
                print("the last that its log says of a refusal:", last_refusal(directory / "log"), file=sys.stderr)
                raise


def last_refusal(path):
    lines = [line for line in path.read_text(errors="replace").splitlines() if '"status":2' not in line]
    return lines[-1] if lines else "nothing"


@contextlib.contextmanager
def nginx(directory):
    directory.mkdir(parents=True)
    port = free_port()
    text = (HERE / "peers/nginx.conf").read_text()
    (directory / "nginx.conf").write_text(text.replace("{directory}", str(directory)).replace("{port}", str(port)))
    with running(["nginx", "-p", directory, "-c", directory / "nginx.conf", "-e", directory / "error.log"]) as (
        process,
        _,
    ):
        wait_for(f"http://127.0.0.1:{port}/")
        yield process, f"http://127.0.0.1:{port}"


def load(script, url, seconds, clients=CLIENTS, **variables):
    """Runs wrk; answers a second, latency in microseconds. Anything that isn't a 2xx answer voids the round."""
    env = {**os.environ, "BENCH_LOAD": str(HERE / "load"), **variables}
    command = ["wrk", f"-t{LOAD_THREADS}", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s"]
    text = subprocess.run(
        [*command, "-s", str(HERE / f"load/{script}.lua"), url], env=env, check=True, capture_output=True, text=True
    ).stdout
    figures = json.loads(re.search(r"^RESULT (.*)$", text, re.MULTILINE).group(1))
    if figures["refused"] or figures["broken"] or not figures["answers"]:
        sys.exit(f"bench: {url} under {script}: {figures}")
    return {**figures, "per_s": figures["answers"] / figures["seconds"]}


def interleave(contenders, rounds):
    for number in range(rounds):
        for contender in contenders:
            contender.figures.append(contender.measure())
            figure = next(value for key, value in contender.figures[-1].items() if key in ("per_s", "ms", "mb", "ns"))
            print(f"  round {number + 1} of {rounds}: {contender.name}: {figure:,.1f}", flush=True)


def post(url, body):
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)


def some_entity(url):
    """Any product of the world, taught to have more than twenty neighbours."""
    found = post(f"{url}/api/v1/world-model/query", {"query": "makgeolli", "max_results": 1})["results"]
    entity = found[0]["entity"]["id"]
    fields = {"type": "INTERESTED_IN", "entity_id": entity}
    events = [{"event_id": f"seed-{i}", "user_id": f"visitor-{i}", **fields} for i in range(30)]
    post(url + LEARN, {"events": events})
    with urllib.request.urlopen(f"{url}/api/v1/world-model/entity/{entity}?limit=20", timeout=60) as reply:
        neighbours = json.load(reply)["neighbours"]
    if len(neighbours) != 20:
        sys.exit(f"bench: {entity} has {len(neighbours)} neighbours, 20 would be right")
    return entity
