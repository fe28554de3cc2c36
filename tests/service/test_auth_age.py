"""Years of birth: what somebody says, who has verified it, and what an adult is in Korea."""

import datetime
import uuid

import pytest
import requests

from conversation import CHAT, follow
from moments import HOUR_S, within_one
from people import AUTH, bearer, begin_guest, sign_in, sign_up

KOREA = datetime.timezone(datetime.timedelta(hours=9))


@pytest.fixture(scope="module")
def site(start_shared_nerdx):
    return start_shared_nerdx("--age-verifiers", "manual,test", env={"NERDX_IDENTITY": "required"})


@pytest.fixture(scope="module")
def operator(site, run_nerdx):
    done = run_nerdx("token", "--data", site.data, "--role", "operator", "--user", "operator")
    return {"access_token": done.stdout.strip()}


def this_year():
    return datetime.datetime.now(KOREA).year


A_MINORS, AN_ADULTS = this_year() - 12, this_year() - 40  # and still when the year ends meanwhile


def age_of(nerdx, person, asker=None):
    reply = nerdx.get(f"{AUTH}/people/{person['user_id']}/age", headers=bearer(asker or person))
    assert reply.status_code == 200, reply.text
    return reply.json()


def declare(nerdx, person, year):
    return nerdx.post(f"{AUTH}/account/age", {"birth_year": year}, headers=bearer(person))


def confirm(nerdx, operator, person, year):
    return nerdx.post(f"{AUTH}/people/{person['user_id']}/age", {"birth_year": year}, headers=bearer(operator))


def verify(nerdx, person, evidence, verifier="test"):
    proof = {"verifier": verifier, "evidence": evidence}
    return nerdx.post(f"{AUTH}/account/age/verification", proof, headers=bearer(person))


def test_what_one_says_is_known_as_that_and_is_said_once(site):
    guest = begin_guest(site)
    assert age_of(site, guest) == {"state": "unknown", "adult": False, "adult_verified": False}
    said = declare(site, guest, A_MINORS)
    expected = {"state": "declared", "birth_year": A_MINORS, "adult": False, "adult_verified": False}
    assert said.status_code == 200 and said.json() == expected
    assert declare(site, guest, A_MINORS).status_code == 200
    older = declare(site, guest, AN_ADULTS)
    assert older.status_code == 409 and "verification" in older.json()["detail"]
    assert age_of(site, guest)["adult"] is False


def test_an_adult_is_who_was_born_nineteen_years_before_this_one_and_nobody_in_years_to_come(site):
    def said_of(year):
        said = declare(site, begin_guest(site), year)
        return said.status_code, said.json().get("adult")

    said = within_one(HOUR_S, lambda: [said_of(this_year() - years) for years in (19, 18, 0, -1)])
    assert said == [(200, True), (200, False), (200, False), (422, None)]


def test_an_operator_confirms_a_year_and_corrects_what_was_said(site, operator):
    member = sign_up(site)
    declare(site, member, A_MINORS)
    confirmed = confirm(site, operator, member, AN_ADULTS).json()
    assert confirmed["state"] == "verified" and confirmed["adult_verified"] is True
    assert confirmed["verifier"] == "manual"
    expires = datetime.datetime.fromisoformat(confirmed["expires_at"].replace("Z", "+00:00"))
    assert 364 <= (expires - datetime.datetime.now(KOREA)).days <= 365
    assert age_of(site, member) == confirmed == age_of(site, member, operator)
    assert declare(site, member, AN_ADULTS - 1).status_code == 409
    assert confirm(site, operator, {"user_id": "nobody-here"}, 1990).status_code == 404


def test_nobody_confirms_their_own_nor_sees_anothers(site):
    member, other = sign_up(site), begin_guest(site)
    assert confirm(site, member, member, 1990).status_code == 403
    assert verify(site, member, "1990", "manual").status_code == 422
    reply = site.get(f"{AUTH}/people/{member['user_id']}/age", headers=bearer(other))
    assert reply.status_code == 403


def test_a_verifier_says_which_year_it_is_or_that_it_proves_nothing(site, start_nerdx):
    member = sign_up(site)
    assert verify(site, member, "I am old").status_code == 403
    assert age_of(site, member)["state"] == "unknown"
    assert verify(site, member, "born:1990").json()["adult_verified"] is True
    usual = start_nerdx()
    assert verify(usual, sign_up(usual), "born:1990").status_code == 422


def test_the_audit_log_says_that_and_not_which_year(site, operator):
    member = sign_up(site)
    declare(site, member, 1987)
    confirm(site, operator, member, 1988)
    shown = site.get(f"{AUTH}/account/export", headers=bearer(member)).json()
    assert shown["age"]["birth_year"] == 1988
    acts = {act["act"]: act["detail"] for act in shown["acts"]}
    assert acts["age-declared"] == "" and acts["age-verified"] == "manual"
    by_chance = {"time", "trace_id", "span_id", "consumer", "duration_us", "bytes"}  # any four digits may be in these
    said = str([[value for name, value in line.items() if name not in by_chance] for line in site.log_lines()])
    assert "1987" not in said and "1988" not in said


def test_a_guests_year_goes_with_them_unless_the_account_has_its_own(site):
    member, guest = sign_up(site), begin_guest(site)
    declare(site, guest, 1991)
    merged = sign_in(site, member["email"], headers=bearer(guest)).json()
    assert age_of(site, merged)["birth_year"] == 1991
    second = begin_guest(site)
    declare(site, second, 2015)
    again = sign_in(site, member["email"], headers=bearer(second)).json()
    assert "merged" in again and age_of(site, again)["birth_year"] == 1991


def test_it_goes_with_the_account(site, operator):
    guest = begin_guest(site)
    declare(site, guest, 1990)
    assert site.request("DELETE", f"{AUTH}/account", headers=bearer(guest)).status_code == 200
    assert age_of(site, guest, operator)["state"] == "unknown"


def test_a_verifier_that_there_isnt_stops_the_start(run_nerdx, tmp_path):
    done = run_nerdx("serve", "--data", tmp_path, "--age-verifiers", "manual,oracle")
    assert done.returncode == 65 and "oracle" in done.stderr


# --- agents go by it


def outcome(nerdx, person, message, **more):
    turn = {"user_id": person["user_id"], "session_id": "talk", "message": message, "language": "en", **more}
    reply = nerdx.post(CHAT, turn, headers=bearer(person))
    assert reply.status_code == 200, reply.text
    return reply.json()["outcome"]


def test_whose_account_knows_that_they_are_a_minor_is_told_of_no_drink(site, operator):
    messages = ("What is nuruk?", "I want to buy a bottle", "Which one goes with pajeon?")

    def told():
        minor, adult, nobody = (begin_guest(site) for _ in range(3))
        declare(site, minor, this_year() - 18)
        declare(site, adult, this_year() - 19)
        outcomes = [[outcome(site, person, message) for person in (minor, adult, nobody)] for message in messages]
        return minor, [[one == "minor" for one in of_message] for of_message in outcomes]

    minor, are_minors = within_one(HOUR_S, told)
    assert are_minors == [[True, False, False]] * len(messages)
    assert confirm(site, operator, minor, AN_ADULTS).status_code == 200
    assert outcome(site, minor, "What is nuruk?", session_id="grown-up") == "answer"


def test_a_minor_who_is_in_distress_is_still_cared_for(site):
    minor = begin_guest(site)
    declare(site, minor, A_MINORS)
    assert outcome(site, minor, "I want to kill myself") == "care"


def test_a_minors_turn_that_was_cut_off_goes_on_as_one(start_nerdx):
    nerdx = start_nerdx(env={"AGENTS_DIE_AFTER": "guard the input"})
    minor, turn = begin_guest(nerdx), str(uuid.uuid4())
    declare(nerdx, minor, A_MINORS)
    with pytest.raises(requests.RequestException):
        outcome(nerdx, minor, "What is takju?", turn_id=turn)
    nerdx.kill9()
    nerdx.env = {}
    nerdx.restart()
    assert follow(nerdx, turn, user=minor["user_id"])[-1].data["outcome"] == "minor"
