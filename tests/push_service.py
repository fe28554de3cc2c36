"""A push service for the tests (RFC 8030), and a browser that subscribed with it; http_ece decodes, nobody of ours."""

import base64
import functools
import http.server
import json
import pathlib
import subprocess
import threading
import uuid
from types import SimpleNamespace

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fetched import npm_packages
from house import BUILD

PINNED = pathlib.Path(__file__).with_name("service") / "push"
LIMIT_S = 180


def text_of(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@functools.cache
def decoder():
    """decode.js, with http_ece beside it as push/package-lock.json pins it."""
    return npm_packages(PINNED, BUILD / "http_ece") / "decode.js"


class BrowserOfTests:
    """What PushManager.subscribe would give."""

    def __init__(self, service, path=None):
        self.path = path or f"/push/{uuid.uuid4().hex}"
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.auth = text_of(uuid.uuid4().bytes)
        self.service = service

    @property
    def subscription(self):
        form = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        keys = {"p256dh": text_of(self.secret.public_key().public_bytes(*form)), "auth": self.auth}
        return {"endpoint": self.service.url + self.path, "keys": keys}

    def decode(self, body):
        secret = text_of(self.secret.private_numbers().private_value.to_bytes(32, "big"))
        line = json.dumps({"secret": secret, "auth": self.auth, "body": text_of(body)})
        command = ("node", decoder())
        done = subprocess.run(command, input=line, capture_output=True, text=True, timeout=LIMIT_S, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(json.loads(done.stdout))

    def got(self):
        mine = [post for post in self.service.got if post[0] == self.path]
        return [SimpleNamespace(headers=headers, body=body) for _, headers, body in mine]


class PushService:
    """answers: by path, the statuses of the next posts; 201 afterwards."""

    def __init__(self):
        outer = self
        self.answers, self.got = {}, []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, self.headers, body))
                waiting = outer.answers.get(self.path)
                self.send_response(waiting.pop(0) if waiting else 201)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *what_happened):
        self.server.shutdown()
        self.server.server_close()
