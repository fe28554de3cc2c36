"""Firebase Cloud Messaging for the tests: access tokens and HTTP v1's messages:send, with the answers that it gives."""

import http.server
import json
import threading
import urllib.parse
from types import SimpleNamespace

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PROJECT, MAIL, KEY_ID = "nerdx-tests", "teller@nerdx-tests.iam.gserviceaccount.com", "key-1"
SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


def problem(status, name, code=None):
    """As https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode has it."""
    details = [{"@type": FCM_ERROR, "errorCode": code}] if code else []
    return status, {"error": {"code": status, "message": "no", "status": name, "details": details}}


UNREGISTERED = problem(404, "NOT_FOUND", "UNREGISTERED")
INVALID = problem(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT")
NO_PROJECT = problem(404, "NOT_FOUND")
QUOTA = problem(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED")
UNAVAILABLE = problem(503, "UNAVAILABLE", "UNAVAILABLE")
UNAUTHENTICATED = problem(401, "UNAUTHENTICATED")


class Fcm:
    """answers: by registration token, the next ones; a success afterwards."""

    def __init__(self):
        self.answers, self.got, self.grants, self.good = {}, [], 0, set()
        self.secret = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = outer.token if self.path == "/token" else outer.send
                status, said = answer(self, body)
                text = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=UTF-8")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def token(self, _, body):
        form = urllib.parse.parse_qs(body.decode())
        known = {"key": self.secret.public_key(), "algorithms": ["RS256"], "audience": f"{self.url}/token"}
        claims = jwt.decode(form["assertion"][0], **known)
        good = form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        good = good and (claims["iss"], claims["scope"], claims["exp"] - claims["iat"]) == (MAIL, SCOPE, 3600)
        if not good:
            return 400, {"error": "invalid_grant"}
        self.grants += 1
        given = f"ya29.{self.grants}"
        self.good.add(f"Bearer {given}")
        return 200, {"access_token": given, "expires_in": 3599, "token_type": "Bearer"}

    def send(self, request, body):
        message = json.loads(body)["message"]
        if request.headers["Authorization"] not in self.good or request.path != f"/v1/projects/{PROJECT}/messages:send":
            return UNAUTHENTICATED
        self.got.append(SimpleNamespace(message=message))
        waiting = self.answers.get(message["token"])
        return waiting.pop(0) if waiting else (200, {"name": f"projects/{PROJECT}/messages/{len(self.got)}"})

    def to(self, token):
        return [one.message for one in self.got if one.message["token"] == token]

    def account(self, folder):
        """The file of the service account's key."""
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        key = {"private_key": self.secret.private_bytes(*form).decode(), "private_key_id": KEY_ID, "client_email": MAIL}
        made = folder / "firebase.json"
        rest = {"type": "service_account", "project_id": PROJECT, "token_uri": f"{self.url}/token"}
        made.write_text(json.dumps({**rest, **key}))
        made.chmod(0o600)
        return made

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *what_happened):
        self.server.shutdown()
        self.server.server_close()
