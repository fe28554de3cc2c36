"""A server in the place of another program: it says the same to everybody, and takes down the heads of what it is sent.

with saying(404) as (port, heads):
    …
with saying(422, body, path="/learn", others=url) as (port, heads):     to what is asked there; the rest is handed on
    …
"""

import contextlib
import http.server
import threading

import requests


@contextlib.contextmanager
def saying(status, body="", path=None, others=None):
    heads = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            asked = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            heads.append({name.lower(): value for name, value in self.headers.items()})
            if path in (None, self.path):
                self.answer(status, body.encode())
            else:
                reply = requests.request(self.command, others + self.path, data=asked, headers=self.headers, timeout=60)
                self.answer(reply.status_code, reply.content)

        def answer(self, code, text):
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, heads
        server.shutdown()
