"""What the servers that tests start have in common: they are stopped, killed, frozen and thawed, and run a command.

class RedisServer(ServerProcess): …     sets self.process when it starts
"""

import contextlib
import fcntl
import functools
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile

STOP_LIMIT_S = 60  # a bound for a machine that hangs, not a promise about speed


# Below those that Linux gives to connections (from 32768): none of them takes one before its server listens, or while
# it is down. By chance, as tests run side by side.
PORTS = range(12000, 32000)
OURS = set()


@functools.cache
def reservations():
    """A file that is locked byte by byte, one a port, by processes that test. Nothing is in it."""
    return pathlib.Path(tempfile.gettempdir(), f"nerdx-ports-{os.geteuid()}").open("ab")


def reserve(port):
    """False: it is another's, or was this process's before. It holds until the process ends."""
    try:
        fcntl.lockf(reservations(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    return port not in OURS


def free_port():
    """Nobody's, whose server may be down or yet to start."""
    while True:
        port = random.choice(PORTS)
        if not reserve(port):
            continue
        OURS.add(port)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def make_certificate(folder):
    """Files with a certificate of a server called localhost, its own authority, and the key."""
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    names = ("-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem")
    subprocess.run([*command.split(), *map(str, names)], check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


class ServerProcess:
    """A server that tests start. A kind whose process has children tells them in _signal, too."""

    process = None
    STOP_SIGNAL = signal.SIGTERM

    def __enter__(self):
        return self.start()

    def __exit__(self, *what_happened):
        self.stop()

    def stop(self):
        self._end(self.STOP_SIGNAL)

    def kill(self):
        """SIGKILL: what a power cut leaves of it."""
        self._end(signal.SIGKILL)

    def freeze(self):
        """It keeps its connections and answers nobody, until thaw()."""
        self._signal(signal.SIGSTOP)

    def thaw(self):
        self._signal(signal.SIGCONT)

    def _signal(self, how):
        self.process.send_signal(how)

    def _end(self, how):
        if self.process is None:
            return
        if how == signal.SIGKILL:
            self._signal(how)
        else:
            self.process.send_signal(how)
        self.thaw()  # a frozen one hears nothing else
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def run_with(server, usage, action="", *command):
    """`run COMMAND…` of a program: runs the command with URL in its arguments replaced by the server's."""
    if action != "run" or not command:
        sys.exit(usage)
    with server() as started:
        done = subprocess.run([started.url if word == "URL" else word for word in command], check=False)
    sys.exit(done.returncode)
