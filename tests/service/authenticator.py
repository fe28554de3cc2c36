"""An authenticator and the browser around it (WebAuthn Level 2), in the tests' own hands: it can be told to lie.

    key = Authenticator()
    body = key.create(options, name="phone")
    body = key.get(asked)
"""

import base64
import hashlib
import json
import secrets
import struct

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN = "http://localhost:8080"
PRESENT, VERIFIED, CREDENTIAL, EXTENSIONS = 0x01, 0x04, 0x40, 0x80
ES256, EDDSA, RS256 = -7, -8, -257


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Es256:
    algorithm = ES256

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())

    def cose(self):
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: ES256, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def sign(self, data):
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


class EdDsa:
    algorithm = EDDSA

    def __init__(self):
        self.key = ed25519.Ed25519PrivateKey.generate()

    def cose(self):
        return {1: 1, 3: EDDSA, -1: 6, -2: self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)}

    def sign(self, data):
        return self.key.sign(data)


class Rs256:
    algorithm = RS256

    def __init__(self):
        self.key = rsa.generate_private_key(65537, 2048)

    def cose(self):
        numbers = self.key.public_key().public_numbers()
        return {1: 3, 3: RS256, -1: numbers.n.to_bytes(256, "big"), -2: numbers.e.to_bytes(3, "big")}

    def sign(self, data):
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


class Es384:
    """Of a kind that isn't asked for."""

    algorithm = -35

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP384R1())

    def cose(self):
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -35, -1: 2, -2: numbers.x.to_bytes(48, "big"), -3: numbers.y.to_bytes(48, "big")}


class Authenticator:
    """One passkey. What a real one never would say is said with the named arguments of create and get."""

    def __init__(self, kind=Es256, counts=True):
        self.key = kind()
        self.credential_id = secrets.token_bytes(32)
        self.counter = 1 if counts else 0
        self.handle = None

    def client(self, kind, challenge, origin=ORIGIN, **more):
        said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
        return json.dumps({**said, **more}).encode()

    def data(self, rp_id, flags, behind=b""):
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.counter) + behind

    def credential(self, cose=None):
        key = cbor2.dumps(self.key.cose(), canonical=True) if cose is None else cose
        return bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + key

    def create(self, options, name="a phone", **lies):
        self.handle = unb64(options["user_handle"])
        flags = lies.get("flags", PRESENT | VERIFIED | CREDENTIAL)
        behind = self.credential(lies.get("cose")) + lies.get("behind", b"")
        data = lies.get("data", self.data(lies.get("rp_id", options["rp_id"]), flags, behind))
        statement = {"fmt": lies.get("fmt", "none"), "attStmt": lies.get("statement", {}), "authData": data}
        attestation = lies.get("attestation", cbor2.dumps(statement, canonical=True))
        client = self.client(
            lies.get("kind", "webauthn.create"),
            lies.get("challenge", options["challenge"]),
            lies.get("origin", ORIGIN),
            **lies.get("client", {}),
        )
        return {"name": name, "client_data": b64(client), "attestation_object": b64(attestation)}

    def get(self, asked, **lies):
        self.counter = lies.get("counter", self.counter + 1 if self.counter else 0)
        client = self.client(
            lies.get("kind", "webauthn.get"),
            lies.get("challenge", asked["challenge"]),
            lies.get("origin", ORIGIN),
            **lies.get("client", {}),
        )
        data = lies.get("data", self.data(lies.get("rp_id", asked["rp_id"]), lies.get("flags", PRESENT | VERIFIED)))
        signature = lies.get("signature", self.key.sign(data + hashlib.sha256(client).digest()))
        return {
            "credential_id": b64(lies.get("credential_id", self.credential_id)),
            "client_data": b64(client),
            "authenticator_data": b64(data),
            "signature": b64(signature),
            "user_handle": b64(lies.get("handle", self.handle)),
        }
