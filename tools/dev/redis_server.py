"""A real Redis 7 for tests and measurements: a server of its own, started on a free port, stopped, killed, frozen.

    with RedisServer() as server:
        server.url

As a program: redis_server.py run COMMAND… runs the command with URL in its arguments replaced by the server's.
"""

import contextlib
import socket
import subprocess
import sys
import time

from server_process import ServerProcess, free_port, run_with

START_LIMIT_S = 60  # a bound for a machine that hangs, not a promise about speed


class RedisServer(ServerProcess):
    """One server that keeps nothing on disk; its port stays when it is started again."""

    def __init__(self, *options):
        self.options = options
        self.port = free_port()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        """Returns when it answers."""
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", *self.options]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        end = time.monotonic() + START_LIMIT_S
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if self.ask("PING") == "+PONG":
                    return self
            time.sleep(0.02)  # between two looks at the condition
        self.kill()
        sys.exit("dev: Redis did not start")

    def ask(self, *words):
        """The first line of what it answers, past everything NERDX promises: for looking and breaking."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            command = f"*{len(words)}\r\n" + "".join(f"${len(str(w).encode())}\r\n{w}\r\n" for w in words)
            connection.sendall(command.encode())
            return connection.makefile("r", newline="\r\n").readline().rstrip("\r\n")


if __name__ == "__main__":
    run_with(RedisServer, __doc__, *sys.argv[1:])
