"""A real PostgreSQL for tests and measurements: a cluster of its own, started on a free port, stopped, killed, frozen.

    with PostgresServer() as server:
        server.url, server.create("name")

As a program: postgres_server.py run COMMAND… runs the command with URL in its arguments replaced by the server's.
"""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from server_process import STOP_LIMIT_S, ServerProcess, free_port, run_with

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
START_LIMIT_S = 60  # bounds for a machine that hangs, not promises about speed
ROLE = "nerdx"

CONF = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
max_connections = 200
log_min_messages = warning
"""


def as_nobody(*command):
    """PostgreSQL refuses to run as root: as its own user then."""
    if os.geteuid() != 0:
        return list(map(str, command))
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *map(str, command)]


def state_of(pid):
    """As proc(5) has it: "Z" and "X" are gone but for who asks how it ended, and so is one that isn't there."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


def lives(pid):
    return state_of(pid) not in "ZX"


class PostgresServer(ServerProcess):
    """One cluster in a folder of its own, which goes with it."""

    STOP_SIGNAL = signal.SIGINT  # "fast": connections are cut

    def __init__(self, *settings):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nerdx-postgres-"))
        self.port = free_port()
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._call("initdb", "--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", ROLE, self.data)
        self.set(CONF.format(port=self.port, folder=self.folder), *settings)

    @property
    def data(self):
        return self.folder / "data"

    @property
    def url(self):
        return self.url_of("postgres")

    def url_of(self, database):
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/{database}"

    def __exit__(self, *what_happened):
        super().__exit__()
        shutil.rmtree(self.folder)

    def _call(self, program, *arguments):
        return subprocess.run(
            as_nobody(BIN / program, *arguments), cwd="/", check=True, capture_output=True, text=True
        ).stdout

    def start(self):
        """Returns when it answers."""
        log = (self.folder / "log").open("ab")
        with log:
            self.process = subprocess.Popen(
                as_nobody(BIN / "postgres", "-D", self.data),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_LIMIT_S
        while time.monotonic() < end and self.process.poll() is None:
            if self._is_ready():
                return self
            time.sleep(0.05)  # between two looks at the condition
        said = (self.folder / "log").read_text(errors="replace")[-4000:]
        self.kill()
        sys.exit(f"dev: PostgreSQL did not start:\n{said}")

    def _is_ready(self):
        command = [BIN / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", ROLE]
        return subprocess.run(command, check=False).returncode == 0

    def run(self, statement, database="postgres"):
        """What psql prints of a statement, past everything NERDX promises: for looking and breaking."""
        options = ("-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", self.port, "-U", ROLE, "-d", database)
        return self._call("psql", *options, "-c", statement).rstrip("\n")

    def dump(self, schema, database="postgres"):
        """All that a schema holds, as SQL text."""
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", ROLE, "-n", schema)
        return self._call("pg_dump", *where, database)

    def put(self, source, name):
        """A file of its data folder that only it may read, as its key must be."""
        shutil.copy(source, self.data / name)
        os.chmod(self.data / name, 0o600)
        if os.geteuid() == 0:
            owner = self.data.stat()
            os.chown(self.data / name, owner.st_uid, owner.st_gid)

    def set(self, *settings):
        """For its next start."""
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("".join(f"{line}\n" for line in settings))

    def create(self, database):
        """An empty database; its URL."""
        self.run(f'CREATE DATABASE "{database}"')
        return self.url_of(database)

    def drop(self, database):
        self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def kill(self):
        """Returns when none of its processes holds its memory any more: it doesn't start again before."""
        pids = self._pids_held() if self.process else ()
        super().kill()
        end = time.monotonic() + STOP_LIMIT_S
        while any(map(lives, pids)) and time.monotonic() < end:
            time.sleep(0.01)  # between two looks at the condition

    def _signal(self, how):
        """To the postmaster and every process of it: each backend leads a group of its own."""
        for pid in self._pids() if how == signal.SIGCONT else self._pids_held():
            with contextlib.suppress(ProcessLookupError):  # it ended by itself
                os.kill(pid, how)

    def _pids_held(self):
        """All there are until it goes on: the postmaster stands still, and lets nobody in meanwhile."""
        self.process.send_signal(signal.SIGSTOP)
        while state_of(self.process.pid) not in "TZX":
            time.sleep(0.001)  # between two looks at the condition
        return self._pids()

    def _pids(self):
        listed = subprocess.run(["pgrep", "-s", str(self.process.pid)], capture_output=True, text=True, check=False)
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return {self.process.pid, *map(int, listed.stdout.split()), *map(int, children.stdout.split())}


if __name__ == "__main__":
    run_with(lambda: PostgresServer("fsync = off"), __doc__, *sys.argv[1:])
