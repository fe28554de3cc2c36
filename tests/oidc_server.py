"""A real OpenID provider (oidc-provider, by node) on a free port, and a browser that signs in with it.

with OidcServer(callbacks) as server:
    server.rotate()
"""

import json
import os
import pathlib
import subprocess
import threading

import requests

from fetched import npm_packages
from house import BUILD
from server_process import free_port

PINNED = pathlib.Path(__file__).with_name("oidc_server")
START_LIMIT_S = 60  # bounds for a machine that hangs
STOP_LIMIT_S = 60
SECRET = "a secret that only the tests know, and nobody else"


class OidcServer:
    def __init__(self, callbacks, port=None):
        self.port = port or free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.callbacks = callbacks
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        command = ["node", "provider.mjs", str(self.port), *self.callbacks]
        self.process = subprocess.Popen(
            command,
            cwd=npm_packages(PINNED, BUILD / "oidc-server"),
            env={**os.environ, "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        too_long = threading.Timer(START_LIMIT_S, self.process.kill)
        too_long.start()
        lines = iter(self.process.stdout.readline, "")
        assert any(line.strip() == "ready" for line in lines), "the provider did not start"
        too_long.cancel()
        return self

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=STOP_LIMIT_S)

    def _told(self, door, what=None):
        return requests.post(f"{self.issuer}/test/{door}", data=json.dumps(what), timeout=STOP_LIMIT_S).json()

    def rotate(self):
        """New keys of new names; tokens of the old ones are no more."""
        self._told("rotate")

    def lie(self, sign, head=None, claims=None):
        """What the next ID token says instead, and how it is signed (SIGNERS in provider.mjs)."""
        self._told("lie", {"sign": sign, "head": head or {}, "claims": claims or {}})

    def asked(self):
        return self._told("asked")
