"""Codes of an app beside the password: asked for, accepted once, and the ways out when the app is gone."""

import concurrent.futures
import contextlib
import shutil
import time

import pyotp
import pytest

from moments import QUARTER_S, within_one
from people import AUTH, PASSWORD, bearer, begin_guest, is_over, letters, sign_in, sign_up, someone, token_in
from stores import dump_of, open_store

STEP_S = 30


class App:
    """Somebody's phone: pyotp, which knows nothing of us but the address that it scanned."""

    def __init__(self, uri):
        self.totp = pyotp.parse_uri(uri)

    def code(self, steps=1):
        """Of the next step unless told otherwise: it is accepted now, and still when the clock has gone on."""
        return self.totp.at(time.time() + steps * STEP_S)

    def fresh(self, nerdx, person):
        """A code that is good now, whatever was shown before."""
        with contextlib.closing(open_store(nerdx.data, "auth")) as store:
            store.execute(f"UPDATE totp SET used_step = 0 WHERE user_id = '{person['user_id']}'")
            store.commit()
        return self.code()


def post(nerdx, path, body=None, person=None):
    return nerdx.post(f"{AUTH}/{path}", body, headers=bearer(person) if person else {})


def with_app(nerdx, member=None):
    """A member whose app is asked for: member, app, recovery codes. Its first code was that of now."""
    member = member or sign_up(nerdx)
    begun = post(nerdx, "totp", person=member)
    assert begun.status_code == 200, begun.text
    app = App(begun.json()["uri"])
    assert app.totp.secret == begun.json()["secret"] and app.totp.name == member["email"]
    done = post(nerdx, "totp/confirm", {"code": app.code(0)}, member)
    assert done.status_code == 200, done.text
    return member, app, done.json()["codes"]


def challenge(nerdx, member):
    answer = sign_in(nerdx, member["email"])
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"second_step"}, "no token, and nothing of who it is"
    assert not answer.raw.headers.getlist("Set-Cookie")
    return answer.json()["second_step"]["challenge"]


def by_code(nerdx, member, code, **more):
    return post(nerdx, "sign-in/code", {"challenge": challenge(nerdx, member), "code": code, **more})


def totp(nerdx, person):
    return nerdx.get(f"{AUTH}/totp", headers=bearer(person)).json()


def long_ago(nerdx, member):
    """The same sign-in, in which nothing was shown for an hour."""
    with contextlib.closing(open_store(nerdx.data, "auth")) as store:
        store.execute("UPDATE sign_in SET proved_us = proved_us - 3600000000")
        store.commit()
    return post(nerdx, "refresh", {"refresh_token": member["refresh_token"]}).json()


def test_the_password_alone_does_not_sign_in_any_more_and_a_code_does(shared_nerdx):
    member, app, _ = with_app(shared_nerdx)
    signed_in = by_code(shared_nerdx, member, app.code())
    assert signed_in.status_code == 200 and signed_in.json()["user_id"] == member["user_id"]
    assert totp(shared_nerdx, signed_in.json())["active"] is True


def test_a_code_is_asked_for_only_once_one_was_shown(shared_nerdx):
    member = sign_up(shared_nerdx)
    first = App(post(shared_nerdx, "totp", person=member).json()["uri"])
    app = App(post(shared_nerdx, "totp", person=member).json()["uri"])
    assert "access_token" in sign_in(shared_nerdx, member["email"]).json()
    assert post(shared_nerdx, "totp/confirm", {"code": first.code()}, member).status_code == 401, "begun anew"
    assert totp(shared_nerdx, member) == {"active": False, "recovery_codes_left": 0}
    assert post(shared_nerdx, "totp/confirm", {"code": app.code()}, member).status_code == 200
    assert post(shared_nerdx, "totp/confirm", {"code": app.code()}, member).status_code == 409
    assert post(shared_nerdx, "totp", person=member).status_code == 409, "nobody puts theirs in its place"


def test_who_begins_with_an_app_ends_the_other_sign_ins(shared_nerdx):
    member = sign_up(shared_nerdx)
    other = sign_in(shared_nerdx, member["email"]).json()
    with_app(shared_nerdx, member)
    assert is_over(shared_nerdx, other)
    assert shared_nerdx.get(f"{AUTH}/account", headers=bearer(member)).status_code == 200


def test_a_code_is_never_accepted_twice_nor_an_older_one_after_it(shared_nerdx):
    member, app, _ = with_app(shared_nerdx)
    code, older = app.code(), app.code(0)
    assert by_code(shared_nerdx, member, code).status_code == 200
    for refused in (code, older):
        answer = by_code(shared_nerdx, member, refused)
        assert answer.status_code == 401 and answer.json()["pointer"] == "/code"


def test_of_many_who_come_with_the_same_code_at_once_one_is_let_in(shared_nerdx):
    member, app, _ = with_app(shared_nerdx)
    code, challenges = app.code(), [challenge(shared_nerdx, member) for _ in range(6)]
    bodies = [{"challenge": one, "code": code} for one in challenges]
    with concurrent.futures.ThreadPoolExecutor(len(bodies)) as pool:
        statuses = sorted(pool.map(lambda body: post(shared_nerdx, "sign-in/code", body).status_code, bodies))
    assert statuses == [200] + [401] * 5


@pytest.mark.parametrize("steps, status", [(-3, 401), (1, 200), (4, 401)])
def test_only_a_code_of_now_is_accepted(shared_nerdx, steps, status):
    member, app, _ = with_app(shared_nerdx)
    assert by_code(shared_nerdx, member, app.code(steps)).status_code == status


def test_a_challenge_counts_once_and_is_nobody_elses(shared_nerdx):
    member, app, codes = with_app(shared_nerdx)
    other, _, _ = with_app(shared_nerdx)
    asked = challenge(shared_nerdx, member)
    theirs = challenge(shared_nerdx, other)
    assert post(shared_nerdx, "sign-in/code", {"challenge": theirs, "code": app.code()}).status_code == 401
    assert post(shared_nerdx, "sign-in/code", {"challenge": asked, "code": app.code()}).status_code == 200
    again = post(shared_nerdx, "sign-in/code", {"challenge": asked, "code": codes[0]})
    assert again.status_code == 401 and again.json()["pointer"] == "/challenge"
    made_up = post(shared_nerdx, "sign-in/code", {"challenge": "nc_" + "0" * 64, "code": codes[0]})
    assert made_up.status_code == 401


def test_a_challenge_ends_with_the_password_that_it_was_for(shared_nerdx):
    member, app, _ = with_app(shared_nerdx)
    asked = challenge(shared_nerdx, member)
    body = {"password": PASSWORD, "new_password": "another wide river"}
    assert post(shared_nerdx, "password", body, member).status_code == 200
    assert post(shared_nerdx, "sign-in/code", {"challenge": asked, "code": app.code()}).status_code == 401


def test_a_new_password_by_letter_is_no_way_around_the_app(shared_nerdx):
    member, app, _ = with_app(shared_nerdx)
    post(shared_nerdx, "reset-password", {"email": member["email"], "language": "en"})
    body = {"token": token_in(letters(shared_nerdx, member["email"])[-1]), "password": "another wide river"}
    assert set(post(shared_nerdx, "reset-password/confirm", body).json()) == {"ended"}, "it signs nobody in"
    answer = sign_in(shared_nerdx, member["email"], "another wide river").json()
    assert set(answer) == {"second_step"}
    body = {"challenge": answer["second_step"]["challenge"], "code": app.code()}
    assert "access_token" in post(shared_nerdx, "sign-in/code", body).json()


def test_who_does_not_know_the_password_learns_nothing_of_the_app(shared_nerdx):
    member, _, _ = with_app(shared_nerdx)
    plain = sign_up(shared_nerdx)

    def answer(who):
        reply = sign_in(shared_nerdx, who["email"], "not the password")
        return reply.status_code, {k: v for k, v in reply.json().items() if k != "instance"}

    assert answer(member) == answer(plain) == answer({"email": "nobody@example.com"})


def test_a_browser_gets_its_cookies_with_the_second_step(shared_nerdx):
    member, app, _ = with_app(shared_nerdx)
    reply = by_code(shared_nerdx, member, app.code(), cookies=True)
    assert "access_token" not in reply.json() and reply.json()["csrf_token"]
    assert len(reply.raw.headers.getlist("Set-Cookie")) == 3


def test_a_recovery_code_takes_a_codes_place_once(shared_nerdx):
    member, _, codes = with_app(shared_nerdx)
    assert len(set(codes)) == 10 and all(len(code) == 29 for code in codes)
    typed = codes[3].upper().replace("-", " ")
    assert by_code(shared_nerdx, member, typed).status_code == 200
    assert by_code(shared_nerdx, member, codes[3]).status_code == 401
    assert totp(shared_nerdx, member)["recovery_codes_left"] == 9
    other, _, _ = with_app(shared_nerdx)
    assert by_code(shared_nerdx, other, codes[4]).status_code == 401, "nor anybody else's"


def test_other_recovery_codes_take_the_place_of_those_of_before(shared_nerdx):
    member, _, codes = with_app(shared_nerdx)
    renewed = post(shared_nerdx, "totp/recovery-codes", person=member)
    assert renewed.status_code == 200 and renewed.headers["Cache-Control"] == "no-store"
    assert by_code(shared_nerdx, member, codes[0]).status_code == 401
    assert by_code(shared_nerdx, member, renewed.json()["codes"][0]).status_code == 200


def test_guessing_codes_ends_for_everybody_and_a_recovery_code_still_lets_in(start_nerdx):
    nerdx = start_nerdx("--trusted-proxies", "127.0.0.0/8")

    def guess_from_all_over():
        member, app, codes = with_app(nerdx)
        asked = challenge(nerdx, member)

        def guess(code, number):
            headers = {"X-Forwarded-For": f"203.0.113.{number}"}
            return nerdx.post(f"{AUTH}/sign-in/code", {"challenge": asked, "code": code}, headers=headers)

        wrong = [guess(f"{i:06}", i).status_code for i in range(12)]
        return wrong, guess(app.code(), 100), guess(codes[0], 101)

    statuses, late, recovered = within_one(QUARTER_S, guess_from_all_over)
    assert statuses[-1] == 429 and set(statuses) == {401, 429}, "from wherever they come"
    assert late.status_code == 429, "the right one doesn't tell a guesser that it was right"
    assert 0 < int(late.headers["Retry-After"]) <= 900
    assert recovered.status_code == 200


def test_who_has_an_app_shows_a_code_for_what_cannot_be_undone(start_nerdx):
    nerdx = start_nerdx()
    member, app, _ = with_app(nerdx)
    old = long_ago(nerdx, member)
    removed = nerdx.request("DELETE", f"{AUTH}/totp", headers=bearer(old))
    assert removed.status_code == 403 and "step-up" in removed.json()["detail"]
    assert post(nerdx, "totp/recovery-codes", person=old).status_code == 403
    refused = post(nerdx, "step-up", {"password": PASSWORD}, old)
    assert refused.status_code == 403 and refused.json()["pointer"] == "/code"
    assert post(nerdx, "step-up", {"code": "000000"}, old).status_code == 401
    proved = post(nerdx, "step-up", {"code": app.code()}, old)
    assert proved.status_code == 200
    assert nerdx.request("DELETE", f"{AUTH}/totp", headers=bearer(proved.json())).json() == {"ended": 0}
    assert "access_token" in sign_in(nerdx, member["email"]).json(), "the password alone, again"


def test_beginning_with_an_app_wants_the_password_again(start_nerdx):
    nerdx = start_nerdx()
    member = sign_up(nerdx)
    old = long_ago(nerdx, member)
    assert post(nerdx, "totp", person=old).status_code == 403
    assert post(nerdx, "totp/confirm", {"code": "000000"}, old).status_code == 403
    proved = post(nerdx, "step-up", {"password": PASSWORD}, old).json()
    assert post(nerdx, "totp", person=proved).status_code == 200


def test_a_guest_has_no_app(shared_nerdx):
    guest = begin_guest(shared_nerdx)
    assert post(shared_nerdx, "totp", person=guest).status_code == 403
    assert totp(shared_nerdx, guest) == {"active": False, "recovery_codes_left": 0}


def test_who_has_no_app_shows_no_code_and_is_not_counted(shared_nerdx):
    member = sign_up(shared_nerdx)
    for _ in range(12):
        assert post(shared_nerdx, "step-up", {"code": "123456"}, member).status_code == 403
        assert post(shared_nerdx, "totp/confirm", {"code": "123456"}, member).status_code == 409


def test_who_reads_the_store_has_neither_the_secret_nor_a_code(start_nerdx):
    nerdx = start_nerdx("--log-level", "debug")
    member, app, codes = with_app(nerdx)
    secret = app.totp.byte_secret().hex()
    by_code(nerdx, member, app.code())
    dump = dump_of(nerdx.data, "auth")
    nerdx.stop()
    for kept in (dump, nerdx.log_text()):
        for shown in (app.totp.secret, secret, *codes, *(code.replace("-", "") for code in codes)):
            assert shown not in kept


def test_an_app_goes_with_its_account_and_the_audit_says_what_was_done(start_nerdx):
    nerdx = start_nerdx()
    member, app, codes = with_app(nerdx)
    by_code(nerdx, member, app.code())
    by_code(nerdx, member, codes[0])
    by_code(nerdx, member, "123456")
    assert nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(member)).status_code == 200
    with contextlib.closing(open_store(nerdx.data, "auth")) as store:
        acts = [tuple(row) for row in store.execute("SELECT act, detail FROM audit ORDER BY number").fetchall()]
        rows = [store.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in ("totp", "recovery_code")]
    assert rows == [0, 0]
    wanted = [("codes-begun", ""), ("proved", "code"), ("proved", "recovery code"), ("sign-in-refused", "code")]
    assert [act for act in acts if act in wanted] == wanted


def test_an_app_moves_to_another_machine_with_its_key_and_without_it_recovery_codes_are_left(
    start_nerdx, run_nerdx, tmp_path
):
    nerdx = start_nerdx()
    member, app, codes = with_app(nerdx)
    nerdx.stop()
    stream = run_nerdx("export", "--data", nerdx.data, "--service", "auth").stdout
    for name, with_key in (("with", True), ("without", False)):
        (tmp_path / name).mkdir()
        if with_key:
            shutil.copy(nerdx.data / "auth.key", tmp_path / name / "auth.key")
        assert run_nerdx("import", "--data", tmp_path / name, "--service", "auth", input=stream).returncode == 0
        there = start_nerdx(data=tmp_path / name)
        assert by_code(there, member, app.fresh(there, member)).status_code == (200 if with_key else 503)
        assert by_code(there, member, codes[0]).status_code == 200


OLD, NEW = {"NERDX_AUTH_KEY": "o" * 32}, {"NERDX_AUTH_KEY": "n" * 32}
OLD_TOO, NEW_TOO = ({"NERDX_AUTH_PREVIOUS_KEY": key["NERDX_AUTH_KEY"]} for key in (OLD, NEW))


def start_with(nerdx, env):
    nerdx.stop()
    nerdx.env = env
    nerdx.start()


def test_another_key_reads_what_the_old_one_sealed_until_all_is_sealed_anew(start_nerdx, run_nerdx):
    nerdx = start_nerdx(env=OLD)
    before = with_app(nerdx)
    start_with(nerdx, NEW | OLD_TOO)
    after = with_app(nerdx)  # as when sealing anew was cut off: some under the one key, some under the other

    def all_get_in():
        return [by_code(nerdx, member, app.fresh(nerdx, member)).status_code for member, app, _ in (before, after)]

    assert all_get_in() == [200, 200]
    for line in ("2 secrets, 1 sealed anew, 0 under another", "2 secrets, 0 sealed anew, 0 under another"):
        done = run_nerdx("keys", "reseal", "--data", nerdx.data, env=NEW | OLD_TOO)
        assert done.returncode == 0 and done.stdout.startswith(line), done.stderr
        assert all_get_in() == [200, 200], "while the program runs"
    start_with(nerdx, NEW)
    assert all_get_in() == [200, 200], "and without the old key"
    assert run_nerdx("doctor", "--data", nerdx.data, env=NEW).returncode == 0


def test_nodes_learn_the_next_key_before_any_seals_with_it(start_nerdx, tmp_path):
    one = start_nerdx(data=tmp_path / "fleet", env=OLD | NEW_TOO)
    other = start_nerdx(data=tmp_path / "fleet", env=NEW | OLD_TOO)
    for sealed_by, asked in ((one, other), (other, one)):
        member, app, _ = with_app(sealed_by)
        assert by_code(asked, member, app.fresh(asked, member)).status_code == 200


def test_without_the_key_that_sealed_it_nothing_is_sealed_anew_and_that_is_said(start_nerdx, run_nerdx):
    nerdx = start_nerdx(env=OLD)
    member, app, _ = with_app(nerdx)
    done = run_nerdx("keys", "reseal", "--data", nerdx.data, env=NEW)
    assert done.returncode != 0 and done.stdout.startswith("1 secrets, 0 sealed anew, 1 under another")
    assert "auth_previous_key" in done.stderr
    assert by_code(nerdx, member, app.fresh(nerdx, member)).status_code == 200
    assert "auth_previous_key: 5 bytes" in run_nerdx(
        "keys", "reseal", "--data", nerdx.data, env=NEW | {"NERDX_AUTH_PREVIOUS_KEY": "short"}
    ).stderr


# --- who has lost the app and the recovery codes

HOURS_US = 3600 * 10**6


def lose(nerdx, member, language="en"):
    """The token of the letter."""
    asked = post(nerdx, "totp/lost", {"challenge": challenge(nerdx, member), "language": language})
    assert asked.status_code == 202, asked.text
    return token_in(letters(nerdx, member["email"])[-1]), asked.json()


def find(nerdx, token, password=PASSWORD):
    return post(nerdx, "totp/lost/confirm", {"token": token, "password": password, "language": "en"})


def hours_go_by(nerdx, member, hours):
    with contextlib.closing(open_store(nerdx.data, "auth")) as store:
        statement = "UPDATE errand SET expires_us = expires_us - ? WHERE user_id = ? AND purpose = 'lost-app'"
        store.execute(statement, (hours * HOURS_US, member["user_id"]))
        store.commit()


def test_who_has_lost_all_is_let_in_by_password_and_letter_after_three_days(nerdx):
    member, _, _ = with_app(nerdx)
    token, asked = lose(nerdx, member)
    assert totp(nerdx, member)["removable_at"] == asked["opens_at"], "other devices are told"
    early = find(nerdx, token)
    assert early.status_code == 409 and asked["opens_at"][:16] in early.json()["detail"]
    hours_go_by(nerdx, member, 71)
    assert find(nerdx, token).status_code == 409
    hours_go_by(nerdx, member, 1)
    assert find(nerdx, token, "another password").status_code == 401
    found = find(nerdx, token)
    assert found.status_code == 200, found.text
    assert totp(nerdx, found.json()) == {"active": False, "recovery_codes_left": 0}
    assert is_over(nerdx, member), "other sign-ins end"
    assert "is removed" in letters(nerdx, member["email"])[-1]["Subject"]
    assert "access_token" in sign_in(nerdx, member["email"]).json()
    assert find(nerdx, token).status_code == 401, "it counts once"


def test_without_the_password_nobody_can_say_that_an_app_is_lost(nerdx):
    member, _, _ = with_app(nerdx)
    assert post(nerdx, "totp/lost", {"challenge": "nc_" + "0" * 64}).status_code == 401
    assert "removable_at" not in totp(nerdx, member)


def test_the_letter_calls_it_off(nerdx):
    member, app, _ = with_app(nerdx)
    token, _ = lose(nerdx, member)
    assert f"#keep-app={token}" in letters(nerdx, member["email"])[-1].get_content()
    assert post(nerdx, "totp/lost/cancel", {"token": token}).json() == {"kept": True}
    assert "removable_at" not in totp(nerdx, member)
    hours_go_by(nerdx, member, 72)
    assert find(nerdx, token).status_code == 401
    assert post(nerdx, "totp/lost/cancel", {"token": token}).status_code == 401
    assert by_code(nerdx, member, app.fresh(nerdx, member)).status_code == 200


def test_a_code_that_is_right_calls_it_off_and_a_wrong_one_doesnt(nerdx):
    member, app, codes = with_app(nerdx)
    for code in (app.fresh(nerdx, member), codes[0]):
        token, _ = lose(nerdx, member)
        assert by_code(nerdx, member, "000000").status_code == 401
        assert "removable_at" in totp(nerdx, member)
        assert by_code(nerdx, member, code).status_code == 200
        hours_go_by(nerdx, member, 72)
        assert find(nerdx, token).status_code == 401


def test_a_letter_that_is_too_old_removes_nothing_and_asking_again_begins_anew(nerdx):
    member, _, _ = with_app(nerdx)
    old, _ = lose(nerdx, member)
    hours_go_by(nerdx, member, 72)
    new, _ = lose(nerdx, member)
    assert find(nerdx, old).status_code == 401 and find(nerdx, new).status_code == 409
    hours_go_by(nerdx, member, 72 + 7 * 24)
    assert find(nerdx, new).status_code == 401


def test_whoever_has_got_the_address_meanwhile_removes_nobody_elses_app(nerdx):
    member, _, _ = with_app(nerdx)
    token, _ = lose(nerdx, member)
    hours_go_by(nerdx, member, 72)
    with contextlib.closing(open_store(nerdx.data, "auth")) as store:
        moved = ("UPDATE email SET email = ?, shown = ? WHERE user_id = ?", (someone(), "moved", member["user_id"]))
        store.execute(*moved)
        store.commit()
    sign_up(nerdx, member["email"], "another password of theirs")
    assert find(nerdx, token, "another password of theirs").status_code == 401
    assert totp(nerdx, member)["active"]
