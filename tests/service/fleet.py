"""Nodes behind a real HAProxy on shared stores, and what asks them without a pause.

    with Load(front, ask) as load: … whatever is done to the fleet …
    load.codes, load.failures
"""

import contextlib
import functools
import os
import pathlib
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import requests

from conversation import until
from haproxy_server import HaproxyServer
from redis_server import RedisServer
from server_process import make_certificate

LIMIT_S = 60  # a bound for a machine that hangs, not a promise about speed
SETTLED_AFTER = 30  # answers: enough for every thread to have gone on


def address(node):
    return f"127.0.0.1:{node.port}"


@contextlib.contextmanager
def fleet_of(blue, green=()):
    """HAProxy in front of these nodes, once it has found the blue ones ready."""
    with HaproxyServer([address(node) for node in blue], [address(node) for node in green]) as front:
        until(lambda: all(front.is_up(f"blue/n{number}") for number in range(1, len(blue) + 1)), LIMIT_S)
        yield Fleet(front, blue)


class Fleet:
    """What a test sees of it: like one `Nerdx`, and its parts."""

    def __init__(self, front, nodes):
        self.front, self.nodes, self.url = front, nodes, front.url

    def request(self, method, path, **options):
        options.setdefault("timeout", 60)
        return requests.request(method, self.url + path, verify=str(self.front.authority), **options)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.request("POST", path, json=body, **options)

    def take_back(self, number):
        """Restarts a node and lets HAProxy find it ready where it is now."""
        self.nodes[number - 1].restart()
        self.front.move(f"blue/n{number}", self.nodes[number - 1].port)
        self.front.set(f"blue/n{number}", "state ready")
        until(lambda: self.front.is_up(f"blue/n{number}"), LIMIT_S)


@functools.cache
def certificate():
    """One for every Split of this process, whose every client trusts it: tests of one program know nothing of TLS."""
    folder = tempfile.TemporaryDirectory(prefix="nerdx-split-")
    made = make_certificate(pathlib.Path(folder.name))
    os.environ["REQUESTS_CA_BUNDLE"] = os.environ["SSL_CERT_FILE"] = str(made[0])
    certificate.folder = folder  # lives as long as the process
    return made


SECRET = "what the processes of a fleet know each other by"


class Way(Fleet):
    """What the front may choose: of processes alike always the same one."""

    def __init__(self, node, world):
        self.node, self.world = node, world

    def request(self, method, path, **options):
        place = self.world if path.startswith("/api/v1/world-model/") else self.node
        return place.request(method, path, **options)


class Split(Fleet):
    """Looks like one `Nerdx`, which `make` makes: a process with the world and two with agents, behind HAProxy, on a
    PostgreSQL and a Redis. Letters and secrets lie where one program has them, for commands on its data."""

    def __init__(self, make, stores, data, log, flags=(), env=None):
        self.make, self.stores, self.data, self.log = make, stores, pathlib.Path(data), pathlib.Path(log)
        self.flags, self.env = flags, env
        self.nodes, self.front, self.expects_death = [], None, False
        self.redis = RedisServer()

    def start(self):
        self.redis.start()
        self.data.mkdir(parents=True, exist_ok=True)
        env = self._shared()
        world = self._start("world", env)
        env["NERDX_WORLD_URL"] = world.url
        with ThreadPoolExecutor(2) as pool:
            agents = list(pool.map(lambda name: self._start(name, env), ("agents-1", "agents-2")))
        self.nodes = [*agents, world]
        self.front = HaproxyServer(list(map(address, agents)), (), [address(world)], certificate()).start()
        self.front.set("world/n1", "state ready")
        until(lambda: all(map(self.front.is_up, ("blue/n1", "blue/n2", "world/n1"))), LIMIT_S)
        self.url, self.port, self.pid = self.front.url, self.front.port, world.pid
        return self

    def _shared(self):
        """What all of its processes are told."""
        usual = {
            "NERDX_WORLD_GRAPH": f"sqlite:{self.data}/world.db",
            "NERDX_MAIL": f"file:{self.data}/mail",
            "NERDX_KV": self.redis.url,
            "NERDX_TRUSTED_PROXIES": "127.0.0.1",
        }
        secret = {
            "NERDX_NODE_SECRET": SECRET,
            "NERDX_AUTH_KEY_FILE": self._secret_file("auth.key"),
            "NERDX_JWT_SECRET_FILE": self._secret_file("jwt.secret"),
        }
        return {**usual, **self.stores.options(self.data), **(self.env or {}), **secret}

    def _secret_file(self, name):
        path = self.data / name
        path.touch(0o600)
        path.write_text(SECRET)
        return str(path)

    def _start(self, name, env):
        env = {**env, "NERDX_ROLES": name.partition("-")[0]}
        return self.make(self.data / name, self.log.with_suffix(f".{name}.log"), self.flags, env).start()

    @property
    def ways(self):
        *agents, world = self.nodes
        return [Way(node, world) for node in agents]

    @property
    def process(self):
        return self.nodes[-1].process if self.nodes else None

    def stop(self):
        self.front.__exit__()
        with ThreadPoolExecutor(3) as pool:
            code = max(pool.map(lambda node: node.stop(), self.nodes))
        self.redis.stop()
        return code

    def restart(self):
        """Ends it (if it still runs) and starts it again on the same data."""
        if self.process.poll() is None:
            self.stop()
        return self.start()

    def log_text(self):
        return "".join(node.log_text() for node in self.nodes)

    def log_lines(self):
        return [line for node in self.nodes for line in node.log_lines()]


class Load:
    """Threads that ask one thing after another on connections of their own, and keep what came."""

    def __init__(self, fleet, ask, threads=6):
        self.fleet, self.ask = fleet, ask
        self.codes, self.failures = [], []
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self._go_on, args=(number,)) for number in range(threads)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.settle()
        return self

    def __exit__(self, *what_happened):
        if not any(what_happened):
            self.settle()
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def settle(self):
        """Until everybody has been answered a few times more."""
        before = len(self.codes)
        until(lambda: len(self.codes) >= before + SETTLED_AFTER or self.failures, LIMIT_S)

    def _go_on(self, number):
        with requests.Session() as session:
            session.verify, session.trust_env = str(self.fleet.front.authority), False
            count = 0
            while not self.ended.is_set():
                count += 1
                try:
                    reply = self.ask(session, self.fleet.url, f"{number}-{count}")
                    self.codes.append(reply.status_code)
                    if reply.status_code != 200:
                        self.failures.append((reply.status_code, reply.text))
                except requests.RequestException as failure:
                    self.failures.append((0, repr(failure)))
