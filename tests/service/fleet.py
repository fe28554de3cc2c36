"""Nodes behind a real HAProxy on shared stores, and what asks them without a pause.

    with Load(front, ask) as load: … whatever is done to the fleet …
    load.codes, load.failures
"""

import contextlib
import pathlib
import threading

import requests

from conversation import until
from haproxy_server import HaproxyServer
from redis_server import RedisServer

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


SECRET = "what the processes of a fleet know each other by"


class Split(Fleet):
    """Looks like one `Nerdx`, which `make` makes: a process with the world and two with agents, behind HAProxy, on a
    PostgreSQL and a Redis."""

    def __init__(self, make, stores, data, log, flags=(), env=None):
        self.make, self.stores, self.data, self.log = make, stores, pathlib.Path(data), pathlib.Path(log)
        self.flags, self.env = flags, env
        self.nodes, self.front, self.expects_death = [], None, False
        self.redis = RedisServer()

    def start(self):
        self.redis.start()
        env = {"NERDX_KV": self.redis.url, **self.stores.options(self.data), **(self.env or {})}
        env |= {"NERDX_NODE_SECRET": SECRET, "NERDX_TRUSTED_PROXIES": "127.0.0.1", "NERDX_JWT_SECRET": SECRET}
        env.setdefault("NERDX_WORLD_GRAPH", f"sqlite:{self.data}/world.db")
        self.data.mkdir(parents=True, exist_ok=True)
        env["NERDX_AUTH_KEY_FILE"] = str(self._shared_key())
        world = self._start("world", env)
        agents = [self._start(f"agents-{n}", {**env, "NERDX_WORLD_URL": world.url}) for n in (1, 2)]
        self.nodes = [*agents, world]
        self.front = HaproxyServer([address(node) for node in agents], world=[address(world)]).start()
        self.front.set("world/n1", "state ready")
        until(lambda: all(map(self.front.is_up, ("blue/n1", "blue/n2", "world/n1"))), LIMIT_S)
        self.url, self.port, self.pid = self.front.url, self.front.port, world.pid
        return self

    def _shared_key(self):
        key = self.data / "shared.key"
        key.write_text(SECRET)
        key.chmod(0o600)
        return key

    def _start(self, name, env):
        env = {**env, "NERDX_ROLES": name.partition("-")[0]}
        return self.make(self.data / name, self.log.with_suffix(f".{name}.log"), self.flags, env).start()

    @property
    def process(self):
        return self.nodes[-1].process if self.nodes else None

    def stop(self):
        self.front.__exit__()
        code = max([node.stop() for node in self.nodes])
        self.redis.stop()
        return code

    def restart(self):
        self.stop()
        return self.start()

    def log_text(self):
        return "".join(node.log_text() for node in self.nodes)


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
