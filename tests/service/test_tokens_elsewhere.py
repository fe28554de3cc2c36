"""Tokens cross over: another library on another cryptography (PyJWT on OpenSSL) reads ours, and we read its own."""

import json
import os
import pathlib
import subprocess
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROBE = pathlib.Path(os.environ.get("NERDX_BIN", ROOT / "build/release/nerdx")).parent / "tests/service/tokens_probe"
REQUIRED = {"require": ["exp", "iat", "sub", "jti"]}
SECRET = "0123456789abcdef0123456789abcdef"


def probe(secret, folder, *words, fails=False):
    done = subprocess.run([PROBE, secret, folder, *words], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode != 0) == fails, done.stderr
    return done.stderr if fails else done.stdout.strip()


def claims(**changed):
    now = int(time.time())
    whole = {"iss": "nerdx", "aud": "nerdx", "sub": "kim", "permissions": ["chat"], "iat": now, "exp": now + 60}
    return whole | changed


def read_by_the_published_set(folder, token):
    keys = json.loads(probe("-", folder, "jwks"))["keys"]
    kid = jwt.get_unverified_header(token)["kid"]
    key = next(jwt.PyJWK(each).key for each in keys if each["kid"] == kid)
    return jwt.decode(token, key, algorithms=["EdDSA"], audience="nerdx", issuer="nerdx", options=REQUIRED)


def test_a_token_signed_by_the_secret_is_read_elsewhere():
    token = probe(SECRET, "-", "issue", "김철수")
    read = jwt.decode(token, SECRET, algorithms=["HS256"], audience="nerdx", issuer="nerdx", options=REQUIRED)
    assert read["sub"] == "김철수"
    assert read["permissions"] == ["chat", "world:read"]
    assert read["exp"] - read["iat"] == 24 * 60 * 60  # seconds
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, SECRET[::-1], algorithms=["HS256"], audience="nerdx")


def test_a_token_signed_by_a_pair_is_read_elsewhere_by_the_published_set(tmp_path):
    folder = tmp_path / "keys"
    read = read_by_the_published_set(folder, probe("-", folder, "issue", "kim"))
    assert (read["sub"], read["sid"]) == ("kim", "s-1")
    assert oct(os.stat(folder).st_mode & 0o777) == "0o700"


def test_a_token_made_elsewhere_is_read_here():
    assert probe(SECRET, "-", "verify", jwt.encode(claims(), SECRET)) == "kim chat"
    assert "signature" in probe(SECRET, "-", "verify", jwt.encode(claims(), SECRET[::-1]), fails=True)
    in_milliseconds = claims(exp=(int(time.time()) + 60) * 1000)
    assert "`exp`" in probe(SECRET, "-", "verify", jwt.encode(in_milliseconds, SECRET), fails=True)
    assert "is over" in probe(SECRET, "-", "verify", jwt.encode(claims(iat=1, exp=2), SECRET), fails=True)


def test_a_pair_that_was_made_elsewhere_signs_for_both(tmp_path):
    pair = Ed25519PrivateKey.generate()
    jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(pair))
    file = tmp_path / "ed25519-0.jwk"
    file.write_text(json.dumps(jwk))
    file.chmod(0o600)
    kid = json.loads(probe("-", tmp_path, "jwks"))["keys"][0]["kid"]
    theirs = jwt.encode(claims(), pair, algorithm="EdDSA", headers={"kid": kid})
    assert probe("-", tmp_path, "verify", theirs) == "kim chat"
    assert read_by_the_published_set(tmp_path, probe("-", tmp_path, "issue", "lee"))["sub"] == "lee"
    assert "no key" in probe("-", tmp_path, "verify", jwt.encode(claims(), pair, algorithm="EdDSA"), fails=True)


def test_what_the_library_calls_none_or_signs_with_a_public_half_is_refused(tmp_path):
    public_half = json.loads(probe(SECRET, tmp_path, "jwks"))["keys"][0]
    for forged in (
        jwt.encode(claims(), None, algorithm="none"),
        jwt.encode(claims(), public_half["x"], algorithm="HS256", headers={"kid": public_half["kid"]}),
        jwt.encode(claims(), public_half["x"], algorithm="HS256"),
    ):
        assert "isn't valid here" in probe(SECRET, tmp_path, "verify", forged, fails=True)
