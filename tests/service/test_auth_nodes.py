"""A sign-in of two steps goes on at another node: begun on a shared Redis, its secrets sealed under one key."""

import concurrent.futures
import time
import uuid

import pyotp
import pytest

from authenticator import Authenticator
from people import AUTH, bearer, begin_guest, sign_in, sign_up
from postgres_server import PostgresServer
from redis_server import RedisServer


@pytest.fixture(scope="module")
def nodes(start_shared_nerdx):
    with PostgresServer("fsync = off") as postgres, RedisServer() as redis:
        shared = {
            "NERDX_AUTH_SQL": f"{postgres.url}#auth_{uuid.uuid4().hex[:12]}",
            "NERDX_KV": redis.url,
            "NERDX_AUTH_KEY": "k" * 32,
            "NERDX_JWT_SECRET": "s" * 32,
        }
        yield [start_shared_nerdx(env=shared) for _ in range(2)]


def test_a_code_is_shown_to_another_node_than_the_password_and_counts_once_on_both(nodes):
    one, other = nodes
    member = sign_up(one)
    uri = one.post(f"{AUTH}/totp", headers=bearer(member)).json()["uri"]
    app = pyotp.parse_uri(uri)
    assert other.post(f"{AUTH}/totp/confirm", {"code": app.now()}, headers=bearer(member)).status_code == 200
    steps = [sign_in(node, member["email"]).json()["second_step"] for node in (one, other)]
    code = app.at(time.time() + app.interval)

    def show(node, step):
        return node.post(f"{AUTH}/sign-in/code", {"challenge": step["challenge"], "code": code}).status_code

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(show, node, step) for node, step in zip((other, one), steps, strict=True)]
    assert sorted(done.result() for done in tries) == [200, 401]


def test_a_passkey_is_made_and_shown_at_another_node_than_asked_and_once(nodes):
    one, other = nodes
    guest, key = begin_guest(one), Authenticator(counts=False)
    begun = one.post(f"{AUTH}/passkeys/begin", headers=bearer(guest)).json()
    added = other.post(f"{AUTH}/passkeys", key.create(begun), headers=bearer(guest))
    assert added.status_code == 200, added.text
    body = key.get(one.post(f"{AUTH}/passkeys/ask").json())
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(node.post, f"{AUTH}/passkeys/sign-in", body) for node in (one, other) * 2]
    answers = [done.result() for done in tries]
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    assert {answer.json()["user_id"] for answer in answers if answer.status_code == 200} == {guest["user_id"]}
