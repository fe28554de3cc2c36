"""What watching costs: the same program and the same requests, with the access log and traces at 1 %, and with neither.

Metrics are counted on both sides (no program is without); the collector shares the machine.
"""

import contextlib
import http.server
import threading

from harness import SERVE, Comparison, Contender, interleave, load, nerdx

PATH = "/api/v1/world-model/entity/maeju-ai"
BARE = (*SERVE, "--rate-limits", "off", "--access-log=false")
WATCHED = (*SERVE, "--rate-limits", "off", "--trace-sample", "0.01")


class Collector(http.server.BaseHTTPRequestHandler):
    """Takes everything and keeps nothing."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def collector():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def compare_watching(directory, plan):
    with contextlib.ExitStack() as stack:
        sent_to = stack.enter_context(collector())
        _, bare = stack.enter_context(nerdx(directory / "bare", arguments=BARE))
        _, watched = stack.enter_context(nerdx(directory / "watched", arguments=(*WATCHED, "--trace-url", sent_to)))
        contenders = [
            Contender("log, traces at 1 %", lambda: load("get", watched + PATH, plan.seconds)),
            Contender("neither", lambda: load("get", bare + PATH, plan.seconds)),
        ]
        interleave(contenders, plan.rounds)
    about = "the same program answers the same small request; the collector shares the machine"
    yield Comparison("What watching costs", about, "answers/s", "per_s", contenders[0], contenders[1:], ("ratio", 0.9))
