"""What people are told, and a program that tells them: each file's fixture `site` is a Site, by site_of."""

import contextlib
import uuid

import pytest
import requests
import yaml

from conftest import ROOT
from conversation import until
from moments import DAY_S, NOON, NOON_AHEAD_S, within_one
from people import bearer, letters
from stores import open_store

NOTIFY = "/api/v1/notify"
TEMPLATES = yaml.safe_load((ROOT / "content/notify/templates.yaml").read_text())
ADVERTISER = {
    **{"NERDX_SITE": "https://nerdx.test", "NERDX_ADVERTISER_NAME": "NERDX Test"},
    "NERDX_ADVERTISER_PHONE": "02-000-0000",
    **{"NERDX_ADVERTISER_ADDRESS": "서울 어딘가 1", "NERDX_ADVERTISER_EMAIL": "ads@nerdx.test"},
}
AWAKE = {"language": "ko", "time_zone": NOON, "quiet_from": "00:00", "quiet_until": "00:00"}


def is_midnight(time_us):
    """Of those who are awake."""
    return (time_us // 1_000_000 + NOON_AHEAD_S) % DAY_S == 0


class Site:
    def __init__(self, nerdx, run_nerdx):
        self.nerdx = nerdx
        self.operator = {"access_token": run_nerdx("token", "--data", nerdx.data, "--role", "operator").stdout.strip()}

    def tell(self, person, template, **values):
        body = {"user_id": person["user_id"], "template": template, "key": uuid.uuid4().hex, "values": values}
        return self.nerdx.post(f"{NOTIFY}/notices", body, headers=bearer(self.operator))

    def told(self, person, template="cameo-ready", **values):
        reply = self.tell(person, template, **(values or {"title": "밤", "link": "/"}))
        assert reply.status_code == 200, reply.text
        return reply.json()["notice_id"]

    def ask(self, method, place, person, body=None):
        asked = {"params": {"user_id": person["user_id"]}, "headers": bearer(person), "json": body}
        return self.nerdx.request(method, f"{NOTIFY}/{place}", **asked)

    def prefer(self, person, **wish):
        reply = self.ask("PUT", "preferences", person, {**AWAKE, **wish})
        assert reply.status_code == 200, reply.text
        return reply.json()

    def agree(self, person, subject, is_given=True):
        consent = {"subject": subject, "is_given": is_given, "source": "account-page"}
        reply = self.ask("POST", "consents", person, consent)
        assert reply.status_code == 200, reply.text
        return reply.json()["consents"]

    def rows(self, query, *values):
        with contextlib.closing(open_store(self.nerdx.data, "notify")) as store:
            return store.execute(query, values).fetchall()

    def became(self, notice_id):
        """What became of its letter, once that is known."""
        state = "SELECT state FROM delivery WHERE notice_id = ? AND state NOT IN ('sending', 'waiting')"
        return until(lambda: self.rows(state, notice_id))[0][0]

    def hurry(self, kind="notify.digest"):
        """What waits, for the end of its window or of the night, goes now."""
        with contextlib.closing(open_store(self.nerdx.data, "notify")) as store, store:
            store.execute("UPDATE job SET due_us = 1 WHERE kind = ?", (kind,))

    def letter(self, person, notice_id):
        assert self.became(notice_id) == "sent"
        (found,) = [one for one in letters(self.nerdx, person["email"]) if notice_id in one["Message-ID"]]
        return found


def told_within_a_window(site, join, count):
    """Somebody who joins, what they are told, and what is sent of it before the window is over."""

    def tell():
        member = join()
        told = [site.told(member, "job-dead", kind=f"kind-{i}", service="auth") for i in range(count)]
        return member, told, site.rows("SELECT 1 FROM delivery WHERE user_id = ?", member["user_id"])

    return within_one(60 * TEMPLATES["job-dead"]["digest_minutes"], tell)


def report(notice_id, status="5.1.1", kind="delivery-status"):
    """A letter that comes back, as Postfix pipes it."""
    fields = {
        "delivery-status": f"Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; x@y\nAction: failed\nStatus: {status}",
        "feedback-report": "Feedback-Type: abuse\nUser-Agent: Some/1\nVersion: 1",
    }[kind]
    return (
        f'Content-Type: multipart/report; report-type={kind};\n boundary="b"\n\n--b\n\nSorry.\n'
        f"--b\nContent-Type: message/{kind}\n\n{fields}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{notice_id}@nerdx.com>\n\n--b--\n"
    )


def bounce(site, *about, who=None, **more):
    place, sent = f"{site.nerdx.url}{NOTIFY}/bounces", {"message": (None, report(*about, **more))}
    return requests.post(place, files=sent, headers=bearer(who or site.operator), timeout=60)


def site_of(kind, **env):
    """The fixture: a program for the tests of a file, which asks who one is, as a `kind` of Site."""

    @pytest.fixture(scope="module")
    def site(start_shared_nerdx, run_nerdx):
        return kind(start_shared_nerdx(env={"NERDX_IDENTITY": "required", **env}), run_nerdx)

    return site
