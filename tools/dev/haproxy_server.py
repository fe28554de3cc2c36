"""A real HAProxy with deploy/haproxy/haproxy.cfg in front of nodes: started on free ports, asked, switched, stopped.

    with HaproxyServer(["127.0.0.1:8081", "127.0.0.1:8082"]) as front:
        front.url, front.authority, front.ask("show stat"), front.switch("green")
"""

import contextlib
import csv
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from server_process import ServerProcess, free_port, make_certificate

SETUP = pathlib.Path(__file__).resolve().parents[2] / "deploy/haproxy"
START_LIMIT_S = 60  # a bound for a machine that hangs, not a promise about speed
SETS, SLOTS = ("blue", "green", "world"), 3


class HaproxyServer(ServerProcess):
    """As deployed, but for its ports, its certificate and where its nodes are. world: those with this service alone;
    certificate: the paths of one and its key, or it makes its own."""

    def __init__(self, blue, green=(), world=(), certificate=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nerdx-haproxy-"))
        self.port, self.plain_port = free_port(), free_port()
        self.authority, key = certificate or make_certificate(self.folder)
        self.socket, self.active = self.folder / "admin.sock", self.folder / "active.map"
        (self.folder / "nerdx.pem").write_bytes(self.authority.read_bytes() + key.read_bytes())
        shutil.copy(SETUP / "active.map", self.active)
        services = self.folder / "services.map"
        services.write_text("/api/v1/world-model/ world\n" if world else "")
        self.environment = {
            "NERDX_HAPROXY_SOCKET": self.socket,
            "NERDX_CERTIFICATE": self.folder / "nerdx.pem",
            "NERDX_ACTIVE": self.active,
            "NERDX_SERVICES": services,
            "NERDX_HTTPS": f"127.0.0.1:{self.port}",
            "NERDX_HTTP": f"127.0.0.1:{self.plain_port}",
        }
        for name, nodes in zip(SETS, (blue, green, world), strict=True):
            nobody = [f"127.0.0.1:{free_port()}" for _ in range(SLOTS - len(nodes))]
            for number, address in enumerate([*nodes, *nobody], 1):
                self.environment[f"NERDX_{name.upper()}_{number}"] = address

    @property
    def url(self):
        return f"https://localhost:{self.port}"

    @property
    def plain_url(self):
        return f"http://localhost:{self.plain_port}"

    def __exit__(self, *what_happened):
        super().__exit__()
        shutil.rmtree(self.folder)

    def start(self):
        """Returns when it answers."""
        environment = {**os.environ, **{name: str(value) for name, value in self.environment.items()}}
        command = ["haproxy", "-db", "-f", str(SETUP / "haproxy.cfg")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
            )
        end = time.monotonic() + START_LIMIT_S
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if self.ask("show info"):
                    return self
            time.sleep(0.02)  # between two looks at the condition
        self.kill()
        sys.exit(f"dev: HAProxy did not start:\n{self.log.read_text()[-4000:]}")

    @property
    def log(self):
        return self.folder / "log"

    def ask(self, command):
        """What it answers on its runtime API."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.socket))
            connection.sendall(f"{command}\n".encode())
            return connection.makefile().read().strip()

    def set(self, node, what):
        """set("blue/n1", "state drain")"""
        said = self.ask(f"set server {node} {what}")
        assert not said or "changed" in said, said

    def move(self, node, port):
        """The node is elsewhere now."""
        self.set(node, f"addr 127.0.0.1 port {port}")

    def stat(self, node):
        """What it knows of a node or a set ("blue/BACKEND"): status, scur (requests now), stot …, by name."""
        lines = self.ask("show stat").removeprefix("# ").splitlines()
        for row in csv.DictReader(lines):
            if f"{row['pxname']}/{row['svname']}" == node:
                return row
        raise KeyError(node)

    def is_up(self, node):
        return self.stat(node)["status"] == "UP"

    def switch(self, to):
        """New requests go to the other set of nodes."""
        said = self.ask(f"set map {self.active} active {to}")
        assert not said, said
