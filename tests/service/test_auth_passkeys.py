"""Passkeys: made, shown, counted, listed and removed; and every lie that an attacker could tell is refused."""

import concurrent.futures
import contextlib
import os

import cbor2
import pytest

from authenticator import CREDENTIAL, EXTENSIONS, PRESENT, VERIFIED, Authenticator, EdDsa, Es256, Es384, Rs256, b64
from people import AUTH, PASSWORD, bearer, begin_guest, is_over, letters, sign_in, sign_up, someone, token_in
from stores import open_store


def post(nerdx, path, body=None, person=None):
    return nerdx.post(f"{AUTH}/{path}", body, headers=bearer(person) if person else {})


def options(nerdx, person):
    begun = post(nerdx, "passkeys/begin", person=person)
    assert begun.status_code == 200, begun.text
    return begun.json()


def add(nerdx, person, key=None, **lies):
    key = key or Authenticator()
    return key, post(nerdx, "passkeys", key.create(options(nerdx, person), **lies), person)


def with_passkey(nerdx, kind=Es256, **more):
    """Somebody who was a guest, and has a passkey: who they are now, and the passkey."""
    guest = begin_guest(nerdx)
    key, added = add(nerdx, guest, Authenticator(kind, **more))
    assert added.status_code == 200, added.text
    return added.json()["signed_in"], key


def asked(nerdx):
    return post(nerdx, "passkeys/ask").json()


def show(nerdx, key, **lies):
    return post(nerdx, "passkeys/sign-in", key.get(asked(nerdx), **lies))


def account(nerdx, person):
    return nerdx.get(f"{AUTH}/account", headers=bearer(person))


def passkeys(nerdx, person):
    return nerdx.get(f"{AUTH}/passkeys", headers=bearer(person)).json()["items"]


def remove(nerdx, person, passkey_id):
    return nerdx.request("DELETE", f"{AUTH}/passkeys/{passkey_id}", headers=bearer(person))


def long_ago(nerdx, person):
    """The same sign-in, in which nothing was shown for an hour."""
    with contextlib.closing(open_store(nerdx.data, "auth")) as store:
        store.execute("UPDATE sign_in SET proved_us = proved_us - 3600000000")
        store.commit()
    return post(nerdx, "refresh", {"refresh_token": person["refresh_token"]}).json()


# --- what it is for


@pytest.mark.parametrize("kind", [Es256, EdDsa, Rs256])
def test_who_has_a_passkey_signs_in_by_it_alone(shared_nerdx, kind):
    member, key = with_passkey(shared_nerdx, kind)
    signed_in = show(shared_nerdx, key)
    assert signed_in.status_code == 200, signed_in.text
    assert signed_in.json()["user_id"] == member["user_id"] and signed_in.json()["role"] == "member"
    assert account(shared_nerdx, signed_in.json()).json()["has_password"] is False


def test_a_guest_who_makes_a_passkey_is_a_member_keeps_their_id_and_their_old_tokens_end(shared_nerdx):
    guest = begin_guest(shared_nerdx)
    _, added = add(shared_nerdx, guest)
    member = added.json()["signed_in"]
    assert (member["user_id"], member["role"]) == (guest["user_id"], "member")
    assert is_over(shared_nerdx, guest)
    assert account(shared_nerdx, member).json()["role"] == "member"


def test_a_letter_that_was_asked_for_by_the_guest_does_not_open_the_account(shared_nerdx):
    guest, thiefs = begin_guest(shared_nerdx), someone()
    shared_nerdx.post(f"{AUTH}/sign-up", {"email": thiefs, "password": PASSWORD}, headers=bearer(guest))
    add(shared_nerdx, guest)
    token = token_in(letters(shared_nerdx, thiefs)[-1])
    assert post(shared_nerdx, "verify-email", {"token": token, "password": PASSWORD}).status_code == 409


def test_a_member_has_several_with_names_and_removes_one(shared_nerdx):
    member = sign_up(shared_nerdx)
    phone, added = add(shared_nerdx, member, name="휴대폰")
    assert added.status_code == 200 and "signed_in" not in added.json()
    laptop, _ = add(shared_nerdx, member, name="laptop")
    assert show(shared_nerdx, phone).status_code == show(shared_nerdx, laptop).status_code == 200
    listed = passkeys(shared_nerdx, member)
    assert [item["name"] for item in listed] == ["laptop", "휴대폰"] and all("used" in item for item in listed)
    assert remove(shared_nerdx, sign_up(shared_nerdx), listed[0]["passkey_id"]).status_code == 404, "nobody else's"
    assert remove(shared_nerdx, member, listed[0]["passkey_id"]).json() == {"ended": 2}
    assert [item["name"] for item in passkeys(shared_nerdx, member)] == ["휴대폰"]
    assert show(shared_nerdx, laptop).status_code == 401
    assert show(shared_nerdx, phone).status_code == 200


def test_who_has_a_passkey_alone_adds_an_address_and_then_a_password(shared_nerdx):
    person, _ = with_passkey(shared_nerdx)
    address = someone()
    sent = post(shared_nerdx, "email", {"email": address, "language": "en"}, person)
    assert sent.status_code == 202, sent.text
    token = token_in(letters(shared_nerdx, address)[-1])
    done = post(shared_nerdx, "email/confirm", {"token": token, "language": "en"}, person)
    assert done.status_code == 200, done.text
    assert (done.json()["email"], done.json()["has_password"]) == (address, False)
    assert len(letters(shared_nerdx, address)) == 1, "there is no old address that could be told"
    assert post(shared_nerdx, "password", {"password": "x", "new_password": PASSWORD}, person).status_code == 403
    assert post(shared_nerdx, "step-up", {"password": PASSWORD}, person).status_code == 403
    assert post(shared_nerdx, "reset-password", {"email": address, "language": "en"}).status_code == 202
    token = token_in(letters(shared_nerdx, address)[-1])
    assert post(shared_nerdx, "reset-password/confirm", {"token": token, "password": PASSWORD}).status_code == 200
    assert sign_in(shared_nerdx, address).json()["user_id"] == person["user_id"]


def test_a_guest_adds_no_address_but_signs_up(shared_nerdx):
    guest = begin_guest(shared_nerdx)
    assert post(shared_nerdx, "email", {"email": someone()}, guest).status_code == 403


def test_the_last_way_in_stays(shared_nerdx):
    member, key = with_passkey(shared_nerdx)
    refused = remove(shared_nerdx, member, passkeys(shared_nerdx, member)[0]["passkey_id"])
    assert refused.status_code == 409
    assert show(shared_nerdx, key).status_code == 200, "it is still there"
    add(shared_nerdx, member)
    assert remove(shared_nerdx, member, passkeys(shared_nerdx, member)[1]["passkey_id"]).status_code == 200


def test_known_passkeys_are_named_so_that_no_device_makes_a_second(shared_nerdx):
    member, key = with_passkey(shared_nerdx)
    begun = options(shared_nerdx, member)
    assert begun["exclude"] == [b64(key.credential_id)]
    assert begun["algorithms"] == [-8, -7, -257] and begun["rp_id"] == "localhost"


def test_there_are_no_more_than_twenty(shared_nerdx):
    member, _ = with_passkey(shared_nerdx)
    statuses = [add(shared_nerdx, member)[1].status_code for _ in range(20)]
    assert statuses == [200] * 19 + [409]


def test_what_cannot_be_undone_wants_the_passkey_again(start_nerdx):
    nerdx = start_nerdx()
    member, key = with_passkey(nerdx)
    old = long_ago(nerdx, member)
    assert post(nerdx, "passkeys/begin", person=old).status_code == 403
    made = Authenticator().create({"user_handle": "AA", "challenge": "AA", "rp_id": "localhost"})
    assert post(nerdx, "passkeys", made, old).status_code == 403
    assert remove(nerdx, old, passkeys(nerdx, old)[0]["passkey_id"]).status_code == 403
    assert nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(old)).status_code == 403
    _, others = with_passkey(nerdx)
    assert post(nerdx, "passkeys/step-up", others.get(asked(nerdx)), old).status_code == 401, "not anybody's"
    proved = post(nerdx, "passkeys/step-up", key.get(asked(nerdx)), old)
    assert proved.status_code == 200
    assert nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(proved.json())).status_code == 200
    assert show(nerdx, key).status_code == 401, "it went with the account"


def test_who_nobody_knows_makes_no_passkey(shared_nerdx):
    assert post(shared_nerdx, "passkeys/begin").status_code == 401
    assert shared_nerdx.get(f"{AUTH}/passkeys").status_code == 401


def test_a_passkey_needs_no_code_besides(shared_nerdx):
    import pyotp

    member = sign_up(shared_nerdx)
    key, _ = add(shared_nerdx, member)
    uri = post(shared_nerdx, "totp", person=member).json()["uri"]
    post(shared_nerdx, "totp/confirm", {"code": pyotp.parse_uri(uri).now()}, member)
    assert set(sign_in(shared_nerdx, member["email"]).json()) == {"second_step"}
    assert "access_token" in show(shared_nerdx, key).json()


def test_a_browser_gets_cookies(shared_nerdx):
    guest, key = begin_guest(shared_nerdx), Authenticator()
    body = {**key.create(options(shared_nerdx, guest)), "cookies": True}
    added = post(shared_nerdx, "passkeys", body, guest)
    assert "access_token" not in added.json()["signed_in"] and len(added.raw.headers.getlist("Set-Cookie")) == 3
    shown = post(shared_nerdx, "passkeys/sign-in", {**key.get(asked(shared_nerdx)), "cookies": True})
    assert "access_token" not in shown.json() and len(shown.raw.headers.getlist("Set-Cookie")) == 3


# --- what is refused when a passkey is made


def refused(reply, status=401):
    assert reply.status_code == status, reply.text
    return reply


def test_statements_of_other_formats_are_not_looked_at(shared_nerdx):
    _, added = add(shared_nerdx, begin_guest(shared_nerdx), fmt="packed", statement={"alg": -7, "sig": b"\0" * 70})
    assert added.status_code == 200


@pytest.mark.parametrize(
    "lies",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost.evil.example"},
        {"origin": "http://localhost:80@evil.example"},
        {"rp_id": "evil.example"},
        {"kind": "webauthn.get"},
        {"kind": "payment.get"},
        {"challenge": "AAAA"},
        {"client": {"crossOrigin": True}},
        {"client": {"topOrigin": "https://evil.example"}},
        {"flags": VERIFIED | CREDENTIAL},
        {"flags": PRESENT | CREDENTIAL},
        {"flags": PRESENT | VERIFIED},
        {"flags": PRESENT | VERIFIED | CREDENTIAL | EXTENSIONS},
        {"behind": b"\xa0"},
        {"cose": b""},
        {"cose": b"\xbf\xff"},
        {"cose": b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff"},
        {"cose": b"\xa1" * 40},
        {"data": b""},
        {"data": bytes(36)},
        {"attestation": b"garbage"},
        {"attestation": b"\xa0"},
        {"attestation": b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff"},
        {"attestation": b"\x5b\x00\x00\x00\x7f\xff\xff\xff\xff"},
        {"attestation": b"\x81" * 3000},
        {"attestation": cbor2.dumps({"fmt": "none", "attStmt": {}})},
        {"attestation": cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": "text"})},
        {"attestation": cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": b"\0" * 37}) + b"\0"},
    ],
    ids=lambda lies: "-".join(f"{k}={v}" for k, v in lies.items())[:60],
)
def test_a_registration_that_lies_makes_no_passkey(shared_nerdx, lies):
    guest = begin_guest(shared_nerdx)
    _, added = add(shared_nerdx, guest, **lies)
    refused(added)
    assert account(shared_nerdx, guest).json()["role"] == "guest"
    assert passkeys(shared_nerdx, guest) == []


@pytest.mark.parametrize(
    "cose",
    [
        cbor2.dumps({1: 2, 3: -7, -1: 1, -2: b"\0" * 32, -3: b"\0" * 32}),
        cbor2.dumps({1: 2, 3: -7, -1: 1, -2: b"\1" * 31, -3: b"\1" * 32}),
        cbor2.dumps({1: 2, 3: 7}),
        cbor2.dumps({}),
        cbor2.dumps("a text"),
    ],
)
def test_a_key_that_is_none_makes_no_passkey(shared_nerdx, cose):
    _, added = add(shared_nerdx, begin_guest(shared_nerdx), cose=cose)
    refused(added, 422)


def test_a_key_of_another_kind_is_said_to_be_one(shared_nerdx):
    _, added = add(shared_nerdx, begin_guest(shared_nerdx), Authenticator(Es384))
    assert "ES256, EdDSA or RS256" in refused(added, 422).json()["detail"]


def test_a_registration_counts_once_and_for_who_began_it(shared_nerdx):
    guest, thief = begin_guest(shared_nerdx), begin_guest(shared_nerdx)
    key, other = Authenticator(), Authenticator()
    begun = options(shared_nerdx, guest)
    refused(post(shared_nerdx, "passkeys", other.create(begun), thief))
    refused(post(shared_nerdx, "passkeys", key.create(begun), guest))  # it was used up by the thief's try
    begun = options(shared_nerdx, guest)
    member = post(shared_nerdx, "passkeys", key.create(begun), guest).json()["signed_in"]
    refused(post(shared_nerdx, "passkeys", other.create(begun), member))


def test_a_challenge_for_showing_makes_no_passkey_and_the_other_way_round(shared_nerdx):
    guest = begin_guest(shared_nerdx)
    _, added = add(shared_nerdx, guest, challenge=asked(shared_nerdx)["challenge"])
    refused(added)
    member, key = with_passkey(shared_nerdx)
    refused(show(shared_nerdx, key, challenge=options(shared_nerdx, member)["challenge"]))


def test_anothers_passkey_is_not_made_ones_own(shared_nerdx):
    member, key = with_passkey(shared_nerdx)
    copy = Authenticator()
    copy.credential_id = key.credential_id
    _, added = add(shared_nerdx, begin_guest(shared_nerdx), copy)
    refused(added, 409)
    assert show(shared_nerdx, key).json()["user_id"] == member["user_id"]


# --- what is refused when one is shown


@pytest.mark.parametrize(
    "lies",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://localhost:8080"},
        {"origin": ""},
        {"rp_id": "evil.example"},
        {"kind": "webauthn.create"},
        {"challenge": "AAAA"},
        {"client": {"crossOrigin": True}},
        {"flags": VERIFIED},
        {"flags": PRESENT},
        {"flags": 0},
        {"flags": PRESENT | VERIFIED | EXTENSIONS},
        {"flags": PRESENT | VERIFIED | CREDENTIAL},
        {"data": b"\0"},
        {"signature": b"\0"},
        {"signature": b"\x30\x06\x02\x01\x01\x02\x01\x01"},
        {"handle": b"somebody-else"},
        {"credential_id": b"no such credential"},
        {"counter": 0},
        {"counter": 1},
    ],
    ids=lambda lies: "-".join(f"{k}={v}" for k, v in lies.items())[:60],
)
def test_an_assertion_that_lies_signs_nobody_in(shared_nerdx, lies):
    _, key = with_passkey(shared_nerdx)
    answer = refused(show(shared_nerdx, key, **lies)).json()
    assert answer["detail"] == "The passkey isn't known here, or this isn't its answer to the challenge."
    assert not any(name.endswith("_token") for name in answer)
    key.counter = 1
    assert show(shared_nerdx, key).status_code == 200, "and nothing was broken by it"


def test_an_answer_counts_once_and_so_does_its_challenge(shared_nerdx):
    _, key = with_passkey(shared_nerdx)
    challenge = asked(shared_nerdx)
    body = key.get(challenge)
    assert post(shared_nerdx, "passkeys/sign-in", body).status_code == 200
    refused(post(shared_nerdx, "passkeys/sign-in", body))
    refused(post(shared_nerdx, "passkeys/sign-in", key.get(challenge)))


def test_of_many_who_come_with_the_same_answer_at_once_one_is_let_in(shared_nerdx):
    _, key = with_passkey(shared_nerdx, counts=False)
    body = key.get(asked(shared_nerdx))
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        tries = [pool.submit(post, shared_nerdx, "passkeys/sign-in", body) for _ in range(6)]
    assert sorted(one.result().status_code for one in tries) == [200] + [401] * 5


def test_a_challenge_that_failed_is_used_up(shared_nerdx):
    _, key = with_passkey(shared_nerdx)
    challenge = asked(shared_nerdx)
    refused(post(shared_nerdx, "passkeys/sign-in", key.get(challenge, signature=b"\0")))
    refused(post(shared_nerdx, "passkeys/sign-in", key.get(challenge)))


def test_a_passkey_signs_in_to_its_own_account_only(shared_nerdx):
    (mine, key), (_, theirs) = with_passkey(shared_nerdx), with_passkey(shared_nerdx)
    refused(show(shared_nerdx, key, credential_id=theirs.credential_id, handle=theirs.handle))
    refused(show(shared_nerdx, key, handle=theirs.handle))
    assert show(shared_nerdx, key).json()["user_id"] == mine["user_id"]


def test_a_passkey_that_does_not_count_is_believed(shared_nerdx):
    _, key = with_passkey(shared_nerdx, counts=False)
    assert [show(shared_nerdx, key).status_code for _ in range(2)] == [200, 200]
    assert show(shared_nerdx, key, counter=5).status_code == 200
    refused(show(shared_nerdx, key, counter=0))


def test_a_counter_that_went_back_is_refused_and_written_down(start_nerdx):
    nerdx = start_nerdx()
    member, key = with_passkey(nerdx)
    assert show(nerdx, key, counter=9).status_code == 200
    refused(show(nerdx, key, counter=9))
    refused(show(nerdx, key, counter=8))
    refused(show(nerdx, key, signature=b"\0"))
    assert show(nerdx, key, counter=10).status_code == 200
    with contextlib.closing(open_store(nerdx.data, "auth")) as store:
        rows = store.execute(f"SELECT act, detail FROM audit WHERE subject = '{member['user_id']}' ORDER BY number")
        acts = [tuple(row) for row in rows.fetchall()]
    assert acts[:2] == [("signed-up", "passkey"), ("passkey-added", passkeys(nerdx, member)[0]["passkey_id"])]
    back = ("sign-in-refused", "passkey, its counter went back")
    wanted = [("proved", "passkey"), back, back, ("sign-in-refused", "passkey"), ("proved", "passkey")]
    assert [act for act in acts if act[0] in ("proved", "sign-in-refused")] == wanted


def test_what_isnt_base64url_is_said_where(shared_nerdx):
    _, key = with_passkey(shared_nerdx)
    for name in ("client_data", "authenticator_data", "signature", "user_handle"):
        body = {**key.get(asked(shared_nerdx)), name: "AAAAB"}
        answer = refused(post(shared_nerdx, "passkeys/sign-in", body), 422)
        assert answer.json()["pointer"] == f"/{name}"


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b'"type"', b'{"type":1}', b'{"a":1,"a":2}', b"\xff\xfe", b"[" * 500]
)
def test_client_data_that_is_no_client_data_is_refused(shared_nerdx, text):
    _, key = with_passkey(shared_nerdx)
    refused(post(shared_nerdx, "passkeys/sign-in", {**key.get(asked(shared_nerdx)), "client_data": b64(text) or "AA"}))


def test_random_bytes_are_refused_and_the_program_goes_on(shared_nerdx):
    guest = begin_guest(shared_nerdx)
    for length in range(1, 200, 7):
        _, added = add(shared_nerdx, guest, attestation=os.urandom(length))
        refused(added)
        behind = Authenticator().data("localhost", PRESENT | VERIFIED | CREDENTIAL, os.urandom(length))
        refused(add(shared_nerdx, guest, data=behind)[1])


# --- what is told to nobody


def test_whether_anybody_has_a_passkey_is_told_to_nobody(shared_nerdx):
    _, known = with_passkey(shared_nerdx)
    stranger = Authenticator()
    stranger.handle = known.handle

    def answer(key, **lies):
        reply = show(shared_nerdx, key, **lies)
        return reply.status_code, {k: v for k, v in reply.json().items() if k != "instance"}

    assert answer(known, signature=known.key.sign(b"something else")) == answer(stranger)
    assert set(asked(shared_nerdx)) == {"challenge", "rp_id", "timeout_ms"}


# --- where they are for


def test_a_domain_wants_pages_of_its_own(run_nerdx, start_nerdx, tmp_path):
    def complaint(domain, *origins):
        flags = ["--passkey-domain", domain, *(("--passkey-origins", origins[0]) if origins else ())]
        done = run_nerdx("serve", "--data", tmp_path / "none", "--listen", "127.0.0.1:0", *flags)
        assert done.returncode == 65, done.stderr
        return done.stderr

    assert "passkey_origins: name the pages" in complaint("nerdx.com")
    for wrong in ("http://nerdx.com", "https://evilnerdx.com", "https://nerdx.com.evil.example", "https://nerdx.com/"):
        assert "is no page of nerdx.com" in complaint("nerdx.com", wrong), wrong

    nerdx = start_nerdx(
        "--passkey-domain", "nerdx.com", "--passkey-origins", "https://nerdx.com, https://apec.nerdx.com"
    )
    guest = begin_guest(nerdx)
    refused(add(nerdx, guest, origin="http://localhost:8080")[1])
    refused(add(nerdx, guest, origin="https://other.nerdx.com")[1])
    key, added = add(nerdx, guest, origin="https://apec.nerdx.com")
    assert added.status_code == 200
    assert show(nerdx, key, origin="https://nerdx.com").status_code == 200


def test_passkeys_move_to_another_machine(start_nerdx, run_nerdx, tmp_path):
    nerdx = start_nerdx()
    member, key = with_passkey(nerdx)
    nerdx.stop()
    stream = run_nerdx("export", "--data", nerdx.data, "--service", "auth").stdout
    assert run_nerdx("import", "--data", tmp_path / "there", "--service", "auth", input=stream).returncode == 0
    there = start_nerdx(data=tmp_path / "there")
    assert show(there, key).json()["user_id"] == member["user_id"]


def test_an_account_takes_its_passkeys_along(start_nerdx):
    nerdx = start_nerdx()
    member, _ = with_passkey(nerdx)
    assert nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(member)).status_code == 200
    with contextlib.closing(open_store(nerdx.data, "auth")) as store:
        assert store.execute("SELECT COUNT(*) FROM passkey").fetchone()[0] == 0


def test_what_is_kept_of_ones_ways_in_is_shown_to_oneself(shared_nerdx):
    member, _ = with_passkey(shared_nerdx)
    shown = shared_nerdx.get(f"{AUTH}/account/export", headers=bearer(member)).json()
    assert shown["passkeys"]["items"] == passkeys(shared_nerdx, member) != []
    assert shown["totp"] == {"active": False, "recovery_codes_left": 0}
