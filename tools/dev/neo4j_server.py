"""A real Neo4j 5 for tests and measurements: fetched once, started on free ports, stopped, killed, frozen.

    with Neo4jServer(folder) as server:
        server.url, server.password

As a program: neo4j_server.py start FOLDER [HTTP_PORT [BOLT_PORT]] | stop FOLDER. The password of the user neo4j is in
FOLDER/password. $NEO4J_HEAP (1g) and $NEO4J_JVM change its memory and flags.
"""

import base64
import contextlib
import itertools
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from house import BUILD, ROOT, Timer, alone, say
from server_process import ServerProcess, free_port

SOURCE = ROOT / "tools/dev/neo4j"
VERSION = "5.26.18"
JARS = 214  # for the progress line
START_LIMIT_S = 300  # bounds for a machine that hangs, not promises about speed
ANSWER_LIMIT_S = 300
QUICK_S = 0.5
QUICK_START = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"  # half the time to get ready of the JVM's own choice
OPENED = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.util.concurrent")

CONF = """\
server.default_listen_address=127.0.0.1
server.http.enabled=true
server.http.listen_address=127.0.0.1:{http}
server.http.advertised_address=127.0.0.1:{http}
server.http_enabled_modules=TRANSACTIONAL_ENDPOINTS,QUERY_API_ENDPOINTS
server.https.enabled=false
server.bolt.enabled={with_bolt}
server.bolt.listen_address=127.0.0.1:{bolt}
server.bolt.advertised_address=127.0.0.1:{bolt}
server.memory.pagecache.size=256m
dbms.security.auth_enabled=true
dbms.usage_report.enabled=false
db.memory.transaction.max=512m
db.tx_log.preallocate=false
db.tx_log.rotation.size=16m
"""


def cache():
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / f"neo4j-{VERSION}"


def fetch_jars():
    """The folder of Neo4j's jars, fetched when they aren't there."""
    folder = cache()
    with alone(folder):
        if not (folder / "ready").exists():
            fetch_into(folder)
    return folder / "lib"


def fetch_into(folder):
    say(f"Fetching Neo4j {VERSION} into {folder} ({JARS} jars, 116 MB, once)")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCE / "pom.xml", folder)
    command = ["mvn", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib", "-DincludeScope=runtime"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as maven:
        show_progress(maven.stdout)
    if maven.returncode != 0:
        sys.exit("dev: Maven could not fetch Neo4j; its message is above")
    (folder / "ready").touch()


def show_progress(lines):
    jars, shown = 0, time.monotonic()
    for line in lines:
        jars += line.startswith("Downloaded") and ".jar" in line
        if line.startswith("[ERROR]"):
            say(line.rstrip())
        if time.monotonic() - shown > 2:
            say(f"   {jars} of about {JARS} jars")
            shown = time.monotonic()


def compile_launcher(jars):
    classes = BUILD / "neo4j"
    made, source = classes / "Neo4jServer.class", SOURCE / "Neo4jServer.java"
    with alone(classes):
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            classes.mkdir(parents=True, exist_ok=True)
            subprocess.run(["javac", "-cp", f"{jars}/*", "-d", str(classes), str(source)], check=True)
    return classes


class Neo4jServer(ServerProcess):
    """One server in a folder of its own. The data stay in the folder when it stops."""

    def __init__(self, folder, http_port=None, bolt_port=None):
        self.folder = pathlib.Path(folder).resolve()
        self.http_port, self.bolt_port = http_port or free_port(), bolt_port
        self.address = f"127.0.0.1:{self.http_port}"
        self.url = f"neo4j://{self.address}"
        for name in ("conf", "data", "logs", "run"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        secret = self.folder / "password"
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_urlsafe(24))
        self.password = secret.read_text()

    @property
    def environment(self):
        """What nerdx needs to be let in."""
        return {"NERDX_WORLD_GRAPH_USER": "neo4j", "NERDX_WORLD_GRAPH_PASSWORD": self.password}

    def start(self):
        """Returns when it answers, with the password set."""
        timer = Timer()
        conf = self.folder / "conf/neo4j.conf"
        conf.write_text(
            CONF.format(
                http=self.http_port, bolt=self.bolt_port or 0, with_bolt=str(self.bolt_port is not None).lower()
            )
        )
        jars = fetch_jars()
        command = [
            "java",
            f"-Xmx{os.environ.get('NEO4J_HEAP', '1g')}",
            *os.environ.get("NEO4J_JVM", QUICK_START).split(),
            "-Dfile.encoding=UTF-8",
            *(f"--add-opens={package}=ALL-UNNAMED" for package in (*OPENED, "java.base/java.lang")),
            *("-cp", f"{compile_launcher(jars)}:{jars}/*", "Neo4jServer", str(self.folder), str(conf)),
        ]
        with (self.folder / "logs/console.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        (self.folder / "run/pid").write_text(str(self.process.pid))
        self._wait_until_it_answers()
        self._set_password()
        self._wait_until_it_is_quick()
        say(f"   Neo4j {VERSION} answers on {self.address} after {timer}")
        return self

    def _wait_until_it_answers(self):
        end = time.monotonic() + START_LIMIT_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"http://{self.address}/", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)  # between two looks at the condition
        self.kill()
        said = (self.folder / "logs/console.log").read_text(errors="replace")[-4000:]
        sys.exit(f"dev: Neo4j did not start:\n{said}")

    def _wait_until_it_is_quick(self):
        """A new one takes seconds to plan its first questions, and nobody's may take more than two."""
        end = time.monotonic() + START_LIMIT_S
        for number in itertools.count():
            begun = time.monotonic()
            self.run(f"MATCH (a {{id: $id}})-[:WARM_{number}*1..2]-(b) RETURN b, count(a) ORDER BY b.name", id="nobody")
            if begun > end or time.monotonic() - begun < QUICK_S:
                return

    def _change_password(self, old, new):
        statement = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"
        self._post("/db/system/tx/commit", statement, {"old": old, "new": new}, old)

    @contextlib.contextmanager
    def another_password(self):
        """Nobody who knows the old one is let in meanwhile."""
        other = secrets.token_urlsafe(24)
        self._change_password(self.password, other)
        try:
            yield
        finally:
            self._change_password(other, self.password)

    def _set_password(self):
        try:
            self._change_password("neo4j", self.password)
        except urllib.error.HTTPError as refused:  # it has it already
            if refused.code != 401:
                raise

    def _post(self, path, statement, parameters, password):
        body = json.dumps({"statements": [{"statement": statement, "parameters": parameters}]}).encode()
        token = base64.b64encode(f"neo4j:{password}".encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {token}"}
        request = urllib.request.Request(f"http://{self.address}{path}", body, headers)
        with urllib.request.urlopen(request, timeout=ANSWER_LIMIT_S) as reply:
            return json.load(reply)

    def run(self, statement, **parameters):
        """The rows of a Cypher statement, past everything NERDX promises: for looking, breaking and emptying."""
        return [row["row"] for row in self._result(statement, parameters)["data"]]

    def operators(self, statement):
        """What Neo4j would do for a statement, were it first sent now: the names of the operators of its plan."""
        parameters = dict.fromkeys(re.findall(r"\$([a-z]\w*)", statement))
        plans, names = [self._result(f"EXPLAIN {statement}", parameters)["plan"]["root"]], []
        while plans:
            plan = plans.pop()
            names.append(plan["operatorType"].partition("@")[0])
            plans += plan["children"]
        return names

    def _result(self, statement, parameters):
        answer = self._post("/db/neo4j/tx/commit", statement, parameters, self.password)
        assert not answer["errors"], answer["errors"]
        return answer["results"][0]

    def empty(self):
        self.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")


def stop_by_folder(folder):
    pid = int((pathlib.Path(folder) / "run/pid").read_text())
    if pathlib.Path(f"/proc/{pid}/cmdline").is_file():
        assert b"Neo4jServer" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes(), f"{pid} is no Neo4j of ours"
        os.kill(pid, signal.SIGTERM)


def main(command="", folder="", *ports):
    if command == "start" and folder:
        server = Neo4jServer(folder, *map(int, ports)).start()
        say(f"{server.url}, user neo4j, password in {server.folder}/password")
    elif command == "stop" and folder:
        stop_by_folder(folder)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
