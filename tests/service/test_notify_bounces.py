"""Letters that come back: what is known of the mailboxes that they went to."""

import contextlib
import uuid

import pytest

from notices import ADVERTISER, Site, bounce, site_of
from stores import dump_of, open_store

DAY_US = 24 * 60 * 60 * 1_000_000


site = site_of(Site, **ADVERTISER)


def mailed(site, member):
    notice_id = site.told(member)
    assert site.became(notice_id) == "sent"
    return notice_id


def test_a_mailbox_that_is_not_there_gets_no_more_letters_until_its_person_says_otherwise(site, member):
    notice_id = mailed(site, member)
    assert "mailbox" not in site.ask("GET", "preferences", member).json()
    assert [bounce(site, notice_id).json()["effect"] for _ in range(2)] == ["stopped", "none"]
    shown = site.ask("GET", "preferences", member).json()["mailbox"]
    assert (shown["is_stopped"], shown["soft_bounces"], shown["status"]) == (True, 0, "5.1.1")
    assert site.became(site.told(member, "new-sign-in", device="phone", link="/")) == "mailbox gone"
    assert "mailbox" not in site.ask("POST", "mailbox/trust", member).json()
    assert site.became(site.told(member)) == "sent"


def moved(site, member):
    """Has another address from now on."""
    address = f"{uuid.uuid4().hex}@example.com"
    with contextlib.closing(open_store(site.nerdx.data, "auth")) as store, store:
        store.execute("UPDATE email SET email = ?, shown = ? WHERE user_id = ?", (address, address, member["user_id"]))
    return {**member, "email": address}


def test_a_letter_that_comes_back_late_counts_against_the_address_that_it_went_to(site, member):
    late = mailed(site, member)
    anew = moved(site, member)
    assert bounce(site, late).json() == {"effect": "stopped"}
    assert "mailbox" not in site.ask("GET", "preferences", member).json(), "it is about an address of before"
    assert site.letter(anew, site.told(member))["To"] == anew["email"]


def test_what_comes_back_late_from_another_address_does_not_have_letters_go_to_one_that_is_not_there(site, member):
    late = mailed(site, member)
    moved(site, member)
    assert bounce(site, mailed(site, member)).json() == {"effect": "stopped"}
    assert bounce(site, late, "5.2.2").json() == {"effect": "counted"}
    shown = site.ask("GET", "preferences", member).json()["mailbox"]
    assert (shown["is_stopped"], shown["soft_bounces"], shown["status"]) == (True, 0, "5.1.1")
    assert site.became(site.told(member)) == "mailbox gone"


def test_letters_that_come_back_for_other_reasons_are_counted(site, member):
    for status in ("5.2.2", "4.4.7"):
        assert bounce(site, mailed(site, member), status).json() == {"effect": "counted"}
    shown = site.ask("GET", "preferences", member).json()["mailbox"]
    assert (shown["is_stopped"], shown["soft_bounces"], shown["status"]) == (False, 2, "4.4.7")
    assert site.became(site.told(member)) == "sent"


def test_who_complains_gets_no_more_of_that_kind(site, member):
    assert bounce(site, mailed(site, member), kind="feedback-report").json() == {"effect": "refused"}
    assert site.became(site.told(member)) == "not wanted"
    must = site.told(member, "new-sign-in", device="phone", link="/")
    assert site.became(must) == "sent"
    assert bounce(site, must, kind="feedback-report").json() == {"effect": "none"}


def test_a_report_of_no_letter_of_ours_and_one_of_anybody_change_nothing(site, member):
    assert bounce(site, uuid.uuid4()).json() == {"effect": "none"}
    assert bounce(site, mailed(site, member), who=member).status_code == 403
    assert "mailbox" not in site.ask("GET", "preferences", member).json()


def test_no_address_lies_in_the_store_or_in_the_log(site, member):
    bounce(site, mailed(site, member))
    assert member["email"] not in dump_of(site.nerdx.data, "notify") + site.nerdx.log_text()


@pytest.mark.parametrize("kind, effect", [("delivery-status", "stopped"), ("feedback-report", "refused")])
def test_a_letter_whose_notice_was_deleted_comes_back_as_any_other(site, member, kind, effect):
    notice_id = mailed(site, member)
    assert site.ask("DELETE", f"inbox/{notice_id}", member).status_code == 200
    assert bounce(site, notice_id, kind=kind).json() == {"effect": effect}


def test_a_letter_that_comes_back_counts_on_the_day_on_which_it_went(site, member):
    site.prefer(member, most_a_day=1)
    notice_id = mailed(site, member)
    with contextlib.closing(open_store(site.nerdx.data, "notify")) as store, store:
        store.execute("UPDATE delivery SET at_us = at_us - ? WHERE notice_id = ?", (DAY_US, notice_id))
    assert bounce(site, notice_id, "5.2.2").json() == {"effect": "counted"}
    assert site.became(site.told(member)) == "sent"


def test_a_letter_that_may_have_gone_counts_and_comes_back_as_one_that_went(site, member):
    site.prefer(member, most_a_day=1)
    notice_id = mailed(site, member)
    with contextlib.closing(open_store(site.nerdx.data, "notify")) as store, store:
        store.execute("UPDATE delivery SET state = 'unsure' WHERE notice_id = ?", (notice_id,))
    assert site.became(site.told(member)) == "over the day's"
    assert bounce(site, notice_id).json() == {"effect": "stopped"}
