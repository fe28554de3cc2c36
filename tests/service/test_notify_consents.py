"""What is said of advertising is answered, and said again every two years (정보통신망법 제50조 제7항, 제8항)."""

import contextlib
import datetime
import time

import pytest
import requests

from conversation import until
from notices import ADVERTISER, NOTIFY, Site, site_of
from people import bearer, begin_guest, sign_up
from stores import open_store
from test_notify_letters import parts, way_out

DAY_US = 24 * 60 * 60 * 1_000_000
SEOUL = datetime.timezone(datetime.timedelta(hours=9))


class ConsentSite(Site):
    def notices(self, person, template):
        asked = {"params": {"user_id": person["user_id"], "limit": 100}, "headers": bearer(person)}
        items = self.nerdx.get(f"{NOTIFY}/inbox", **asked).json()["items"]
        return [item for item in items if item["template"] == template]

    def since(self, person, days):
        """As if all that they said had been said so long ago."""
        with contextlib.closing(open_store(self.nerdx.data, "notify")) as store, store:
            statement = "UPDATE consent SET at_us = at_us - ? WHERE user_id = ?"
            store.execute(statement, (days * DAY_US, person["user_id"]))

    def come_at(self, next_us):
        """As if that were the hour of its next reminding."""
        with contextlib.closing(open_store(self.nerdx.data, "notify")) as store, store:
            store.execute("UPDATE job_cron SET next_us = ? WHERE kind = 'notify.consents'", (next_us,))

    def remind(self):
        """As if its hour had come while nobody was there."""
        over = "SELECT job_id FROM job WHERE kind = 'notify.consents' AND state = 'done'"
        before = self.rows(over)
        self.nerdx.stop()
        self.come_at(1)
        self.nerdx.start()
        until(lambda: set(self.rows(over)) - set(before))


site = site_of(ConsentSite, **ADVERTISER)


def today():
    return datetime.datetime.now(SEOUL).date().isoformat()


def on_day_before(date, days):
    return (datetime.date.fromisoformat(date) - datetime.timedelta(days=days)).isoformat()


@pytest.mark.parametrize("subject, suffix", [("marketing", ""), ("marketing_night", "-night")])
def test_who_agrees_and_who_takes_it_back_is_told_so_with_who_advertises_and_the_date(site, member, subject, suffix):
    for is_given, template in ((True, "consent-given"), (False, "consent-withdrawn")):
        days = {today()}
        site.agree(member, subject, is_given)
        (item,) = site.notices(member, template + suffix)
        assert any(day in item["text"] for day in days | {today()})
        assert ADVERTISER["NERDX_ADVERTISER_NAME"] in item["text"]
        letter = site.letter(member, item["notice_id"])
        assert "(광고)" not in letter["Subject"] and bool(letter["List-Unsubscribe"]) == is_given


def test_the_answer_to_a_consent_ends_with_how_to_take_it_back(site, member):
    site.agree(member, "marketing")
    letter = site.letter(member, site.notices(member, "consent-given")[0]["notice_id"])
    way = way_out(letter)
    assert all(way in part and "철회하기 (무료)" in part for part in parts(letter))
    reply = requests.post(site.nerdx.url + way, data={"List-Unsubscribe": "One-Click"}, timeout=60)
    assert reply.json() == {"category": "marketing"}
    assert [act["is_given"] for act in site.ask("GET", "preferences", member).json()["consents"]] == [False, True]
    assert len(site.notices(member, "consent-withdrawn")) == 1, "a click is answered, too"


def test_what_was_agreed_to_is_said_again_once_within_two_years_and_what_was_taken_back_is_not(site, member):
    gone, fresh, guest = sign_up(site.nerdx), sign_up(site.nerdx), begin_guest(site.nerdx)
    said_on = {today()}
    for person in (member, gone, fresh, guest):
        site.agree(person, "marketing")
    said_on |= {today()}
    site.agree(gone, "marketing", is_given=False)
    for person, days in ((member, 717), (gone, 717), (guest, 717), (fresh, 700)):
        site.since(person, days)
    for _ in range(2):
        site.remind()
    (item,) = site.notices(member, "consent-kept")
    assert any(on_day_before(day, 717) in item["text"] for day in said_on)
    assert ADVERTISER["NERDX_ADVERTISER_NAME"] in item["text"]
    assert len(site.notices(guest, "consent-kept")) == 1
    assert site.notices(gone, "consent-kept") == site.notices(fresh, "consent-kept") == []
    letter = site.letter(member, item["notice_id"])
    assert way_out(letter) and all("철회하기 (무료)" in part for part in parts(letter))
    site.since(member, 730)
    site.remind()
    assert len(site.notices(member, "consent-kept")) == 2, "two years on it is said again"


def test_who_says_the_same_again_is_told_once_and_both_acts_are_kept(site, member):
    """A click too many, or an answer that was lost."""
    for is_given, template in ((False, "consent-withdrawn"), (True, "consent-given"), (False, "consent-withdrawn")):
        before = len(site.notices(member, template))
        acts = [site.agree(member, "marketing", is_given) for _ in range(2)][-1]
        assert len(site.notices(member, template)) == before + 1
    assert [act["is_given"] for act in acts] == [False, False, True, True, False, False]


def test_who_agrees_anew_long_after_is_told_so_again(site, member):
    site.agree(member, "marketing")
    site.since(member, 30)
    site.agree(member, "marketing")
    assert len(site.notices(member, "consent-given")) == 2, "the two years begin again with it"


def test_a_start_reminds_nobody(site, member):
    site.agree(member, "marketing")
    site.since(member, 717)
    reminding = "SELECT job_id FROM job WHERE kind = 'notify.consents'"
    site.nerdx.stop()
    site.come_at(int(time.time() * 1e6) + DAY_US)  # and not just now
    before = site.rows(reminding)
    site.nerdx.start()
    assert site.rows(reminding) == before, "it comes by day"


def push_ahead(site, person, what):
    """As if a node whose clock is a day ahead had heard all that they said."""
    with contextlib.closing(open_store(site.nerdx.data, "notify")) as store, store:
        store.execute(f"UPDATE consent SET {what}, at_us = at_us + ? WHERE user_id = ?", (DAY_US, person["user_id"]))


@pytest.mark.parametrize("what", ["consent_id = 'f' || substr(consent_id, 2)", f"place = place + {DAY_US}"])
def test_what_is_said_last_counts_though_another_nodes_clock_was_ahead_before(site, member, what):
    site.agree(member, "marketing")
    push_ahead(site, member, what)
    acts = site.agree(member, "marketing", is_given=False)
    assert [act["is_given"] for act in acts] == [False, True]
    assert acts[0]["at"] < acts[1]["at"], "when it was said stays as it was heard"
    assert site.tell(member, "new-story", product="NERD12", link="/").status_code == 409
