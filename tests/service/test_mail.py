"""Letters by a real relay: over TLS or not at all, again when it says later, never when it says never."""

import contextlib
import json

import pytest

from conversation import until
from notices import Site, bounce, told_within_a_window
from people import AUTH, PASSWORD, someone, token_in
from smtp_server import Relay
from stores import open_store


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    with Relay(tmp_path_factory.mktemp("relay")) as one:
        yield one


def by(relay, **more):
    return {"NERDX_MAIL": relay.url, "NERDX_MAIL_CA": str(relay.cert), **more}


@pytest.fixture(scope="module")
def nerdx(relay, start_shared_nerdx):
    return start_shared_nerdx(env=by(relay))


def ask(nerdx, address, language="ko"):
    asked = nerdx.post(f"{AUTH}/sign-up", {"email": address, "password": PASSWORD, "language": language})
    assert asked.status_code == 202, asked.text


def letter_jobs(nerdx):
    with contextlib.closing(open_store(nerdx.data, "auth")) as store:
        found = store.execute(
            "SELECT state, attempt, input, outcome, job_id FROM job WHERE kind = 'auth.letter' ORDER BY job_id"
        )
        return [
            dict(zip(("state", "attempt", "input", "outcome", "job_id"), row, strict=True)) for row in found.fetchall()
        ]


def latest(nerdx, *states):
    jobs = letter_jobs(nerdx)
    return jobs[-1] if jobs and jobs[-1]["state"] in states else None


def test_a_letter_comes_over_tls_and_reads_well(nerdx, relay):
    address = someone()
    ask(nerdx, address)
    ((envelope, letter, tls),) = until(lambda: relay.to(address))
    assert (tls, envelope.mail_from, envelope.rcpt_tos) == (True, "no-reply@nerdx.com", [address])
    assert (letter["From"], letter["To"], letter["Subject"]) == (
        *("NERDX <no-reply@nerdx.com>", address),
        "NERDX 가입을 확인해 주세요",
    )
    assert letter["Message-ID"].endswith("@nerdx.com>") and letter["Auto-Submitted"] == "auto-generated"
    assert "확인 코드" in letter.get_content() and not letter.defects
    reply = nerdx.post(f"{AUTH}/verify-email", {"token": token_in(letter), "password": PASSWORD})
    assert reply.status_code == 200, reply.text


def test_what_a_relay_takes_later_is_sent_later_the_same(nerdx, relay):
    address = f"later-{someone()}"
    ask(nerdx, address)
    waits = until(lambda: latest(nerdx, "later"))
    assert waits["attempt"] == 1 and "@" not in waits["outcome"]
    relay.answers.pop("later")
    with contextlib.closing(open_store(nerdx.data, "auth")) as store, store:
        store.execute("UPDATE job SET due_us = 1 WHERE job_id = ?", [waits["job_id"]])
    until(lambda: relay.to(address))
    assert len(relay.to(address)) == 1


@pytest.mark.parametrize("answer", ["gone", "never"])
def test_what_a_relay_never_takes_is_sent_no_more(nerdx, relay, answer):
    address = f"{answer}-{someone()}"
    ask(nerdx, address)
    dead = until(lambda: latest(nerdx, "dead"))
    assert dead["attempt"] == 1 and relay.to(address) == []
    assert answer == "never" or "550" in dead["outcome"]
    assert address not in dead["outcome"] and address not in nerdx.log_text()


def test_who_may_look_at_jobs_reads_no_letter(nerdx, relay):
    address = f"never-{someone()}"
    ask(nerdx, address)
    dead = until(lambda: latest(nerdx, "dead"))
    assert set(json.loads(dead["input"])) == {"sealed"} and address not in dead["input"]


@pytest.mark.parametrize("trust, tls, host", [(False, True, "localhost"), (True, False, "127.0.0.2")])
def test_nothing_is_sent_to_who_may_not_be_the_relay(start_nerdx, tmp_path, trust, tls, host):
    with Relay(tmp_path, with_tls=tls, host=host) as stranger:
        nerdx = start_nerdx(env=by(stranger) if trust else {"NERDX_MAIL": stranger.url})
        ask(nerdx, someone())
        waits = until(lambda: latest(nerdx, "later"))
        assert waits["attempt"] == 1 and stranger.letters == []


def test_a_relay_that_isnt_there_loses_no_letter(start_nerdx):
    nerdx = start_nerdx(env={"NERDX_MAIL": "smtp://127.0.0.1:1"})
    ask(nerdx, someone())
    assert until(lambda: latest(nerdx, "later"))["attempt"] == 1


class RelayedSite(Site):
    def __init__(self, nerdx, run_nerdx, relay):
        super().__init__(nerdx, run_nerdx)
        self.relay = relay

    def join(self):
        """A member whose letters the relay has."""
        address = someone()
        ask(self.nerdx, address)
        ((_, letter, _),) = until(lambda: self.relay.to(address))
        asked = {"token": token_in(letter), "password": PASSWORD}
        reply = self.nerdx.post(f"{AUTH}/verify-email", asked)
        assert reply.status_code == 200, reply.text
        return {**reply.json(), "email": address}

    def mailed(self, person, text):
        """The letters to somebody that say so."""
        found = [letter for _, letter, _ in self.relay.to(person["email"])]
        return [letter for letter in found if text in letter.get_body(("plain",)).get_content()]

    def put_off(self, notice_id):
        job = "SELECT job_id FROM job WHERE kind = 'notify.mail' AND state = 'later' AND input LIKE ?"
        return self.rows(job, f"%{notice_id}%")


@pytest.fixture(scope="module")
def site(nerdx, run_nerdx, relay):
    return RelayedSite(nerdx, run_nerdx, relay)


def test_a_notice_that_a_relay_may_have_taken_is_not_sent_again(site, relay):
    member = site.join()
    relay.hung_up_on.add(member["email"])
    notice_id = site.told(member, "new-sign-in", device="my phone", link="/")
    assert site.became(notice_id) == "unsure"
    assert site.rows("SELECT state FROM job WHERE input LIKE ?", f"%{notice_id}%") == []
    assert len(site.mailed(member, "my phone")) == 1


def test_a_letter_that_comes_back_before_its_relay_has_answered_came_back(site, relay):
    member, effects = site.join(), []

    def come_back(letter):
        effects.append(bounce(site, letter["Message-ID"].strip("<>").split("@")[0]).json()["effect"])

    relay.heard[member["email"]] = come_back
    notice_id = site.told(member, "new-sign-in", device="my phone", link="/")
    until(lambda: effects and not site.rows("SELECT state FROM job WHERE input LIKE ?", f"%{notice_id}%"))
    assert site.became(notice_id) == "came back"
    assert [*effects, bounce(site, notice_id).json()["effect"]] == ["stopped", "none"]


def join_put_off(site, relay):
    """A member whose letters the relay takes later."""
    member = site.join()
    relay.put_off.add(member["email"])
    return member


def test_a_letter_of_several_that_may_have_gone_is_not_sent_anew_without_the_first_of_them(site, relay):
    member, (first, second), _ = told_within_a_window(site, lambda: join_put_off(site, relay), 2)
    site.hurry()
    until(lambda: site.put_off(first))
    with contextlib.closing(open_store(site.nerdx.data, "notify")) as store, store:  # as one that fell left it
        store.execute("UPDATE delivery SET state = 'sending' WHERE notice_id = ?", (first,))
    assert site.ask("DELETE", f"inbox/{first}", member).status_code == 200
    relay.put_off.remove(member["email"])
    site.hurry("notify.mail")
    until(lambda: not site.rows("SELECT 1 FROM job WHERE kind = 'notify.mail' AND input LIKE ?", f"%{second}%"))
    assert site.mailed(member, "kind-1") == []


def test_a_letter_of_several_that_is_put_off_takes_no_notice_from_the_next(site, relay):
    member = site.join()
    relay.put_off.add(member["email"])
    first = site.told(member, "job-dead", kind="kind-one", service="auth")
    site.hurry()
    until(lambda: site.put_off(first))
    second = site.told(member, "job-dead", kind="kind-two", service="auth")
    site.hurry()
    until(lambda: site.put_off(second))
    relay.put_off.remove(member["email"])
    site.hurry("notify.mail")
    assert (site.became(first), site.became(second)) == ("sent", "sent")
    assert [len(site.mailed(member, f"kind-{one}")) for one in ("one", "two")] == [1, 1]


def test_the_others_of_a_letter_go_though_the_one_that_carries_them_is_deleted(site, relay):
    member, (carrier, gone, left, last), _ = told_within_a_window(site, lambda: join_put_off(site, relay), 4)
    site.hurry()
    until(lambda: site.put_off(carrier))
    for one in (carrier, gone):
        assert site.ask("DELETE", f"inbox/{one}", member).status_code == 200
    relay.put_off.remove(member["email"])
    site.hurry("notify.mail")
    (letter,) = until(lambda: site.mailed(member, "kind-2"))
    assert (site.became(left), site.became(last)) == ("sent", "in another letter")
    assert letter in site.mailed(member, "kind-3") and "외 1건" in letter["Subject"]
    assert site.mailed(member, "kind-0") == site.mailed(member, "kind-1") == []


def test_a_letter_about_an_account_that_a_relay_may_have_taken_is_sent_again_and_not_for_ever(nerdx, relay):
    """Without it they can't go on, and twice it does no harm."""
    address = someone()
    relay.hung_up_on.add(address)
    ask(nerdx, address)
    for attempt in (1, 2):
        waits = until(lambda attempt=attempt: (job := latest(nerdx, "later")) and job["attempt"] == attempt and job)
        with contextlib.closing(open_store(nerdx.data, "auth")) as store, store:
            store.execute("UPDATE job SET due_us = 1 WHERE job_id = ?", [waits["job_id"]])
    assert until(lambda: latest(nerdx, "dead"))["attempt"] == 3
    assert len(relay.to(address)) == 3


@pytest.mark.parametrize("url", ["smtp://", "smtp://me:secret@relay", "imap://relay"])
def test_an_address_of_no_relay_is_refused_at_the_start(run_nerdx, tmp_path, url):
    done = run_nerdx("serve", "--data", tmp_path, "--listen", "127.0.0.1:0", env={"NERDX_MAIL": url})
    assert done.returncode != 0 and "mail: " in done.stderr
