"""What people are told by letter: as they prefer, once, never what they refused; every template, both languages."""

import contextlib
import re

import pytest
import requests

from conversation import until
from notices import ADVERTISER, AWAKE, NOTIFY, TEMPLATES, Site, is_midnight, site_of, told_within_a_window
from people import AUTH, bearer, begin_guest, letters, sign_in, sign_up
from stores import dump_of, open_store

site = site_of(Site, **ADVERTISER)


def parts(letter):
    plain, page = letter.iter_parts()
    return plain.get_content(), page.get_content()


def test_who_has_an_address_gets_a_letter_plain_and_as_a_page(site, member):
    notice_id = site.told(member, "order-shipped", product="<b>NERD12</b>", order="7", link="/orders/7")
    letter = site.letter(member, notice_id)
    plain, page = parts(letter)
    assert letter.get_content_type() == "multipart/alternative" and not letter.defects
    assert letter["Subject"] == "<b>NERD12</b>가 출발했습니다"
    assert "https://nerdx.test/orders/7" in plain and 'href="https://nerdx.test/orders/7"' in page
    assert "&lt;b&gt;NERD12&lt;/b&gt;" in page and "<b>NERD12" not in page


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_gap_of_every_template_is_filled(site, member, name, language):
    template = TEMPLATES[name]
    values = {slot: f"Zz{i}zZ" for i, slot in enumerate(template["slots"])}
    values.update({"link": "/here"} if "link" in values else {})
    for subject in ("marketing", "marketing_night"):
        site.agree(member, subject)
    site.prefer(member, language=language)
    notice_id = site.told(member, name, **values)
    site.hurry()
    query = {"user_id": member["user_id"], "language": language}
    (notice,) = [
        item
        for item in site.nerdx.get(f"{NOTIFY}/inbox", params=query, headers=bearer(member)).json()["items"]
        if item["notice_id"] == notice_id
    ]
    shown = [" ".join((notice["title"], notice["text"], notice.get("link", "")))]
    if not template.get("inbox_only"):
        shown += parts(site.letter(member, notice_id))
    for text in shown:
        assert all(value in text for value in values.values()) and not re.search(r"[{}]", re.sub(r"<.*?>", "", text))


def test_a_guest_has_no_address_and_the_inbox_has_it(site):
    assert site.became(site.told(begin_guest(site.nerdx))) == "no address"


def test_what_one_refuses_is_not_sent_and_what_one_must_know_is(site, member):
    refused = [{"category": "story", "channel": "email", "is_wanted": False}]
    shown = site.prefer(member, choices=refused)["choices"]
    assert {choice["category"]: choice["is_wanted"] for choice in shown if choice["channel"] == "email"} == {
        **{"security": True, "order": True, "story": False, "operations": True, "marketing": True}
    }
    assert site.became(site.told(member)) == "not wanted"
    assert site.became(site.told(member, "new-sign-in", device="phone", link="/")) == "sent"
    must = [{"category": "security", "channel": "email", "is_wanted": False}]
    assert site.ask("PUT", "preferences", member, {**AWAKE, "choices": must}).status_code == 422


def test_letters_a_day_end_where_one_says_but_for_what_one_must_know(site, member):
    site.prefer(member, most_a_day=1)
    assert [site.became(site.told(member)) for _ in range(2)] == ["sent", "over the day's"]
    assert site.became(site.told(member, "new-sign-in", device="phone", link="/")) == "sent"


def test_letters_that_are_due_at_once_end_where_one_says_too(site, member):
    site.prefer(member, most_a_day=1, quiet_from="00:01", quiet_until="00:00")
    told = [site.told(member) for _ in range(10)]
    job = "SELECT job_id FROM job WHERE kind = 'notify.mail' AND state = 'later' AND input LIKE ?"
    for notice_id in told:
        until(lambda notice_id=notice_id: site.rows(job, f"%{notice_id}%"))
    site.prefer(member, most_a_day=1)
    site.hurry("notify.mail")
    assert sorted(site.became(one) for one in told) == ["over the day's"] * 9 + ["sent"]


def test_what_one_must_know_leaves_room_for_the_rest_of_the_day(site, member):
    site.prefer(member, most_a_day=1)
    assert site.became(site.told(member, "new-sign-in", device="phone", link="/")) == "sent"
    assert site.became(site.told(member)) == "sent"


def test_what_one_deletes_counts_as_it_did_before(site, member):
    site.prefer(member, most_a_day=1)
    must = site.told(member, "new-sign-in", device="phone", link="/")
    assert site.became(must) == "sent" and site.ask("DELETE", f"inbox/{must}", member).status_code == 200
    story = site.told(member)
    assert site.became(story) == "sent" and site.ask("DELETE", f"inbox/{story}", member).status_code == 200
    assert site.became(site.told(member)) == "over the day's"


def test_what_is_told_within_a_window_goes_as_one_letter(site):
    member, told, sent = told_within_a_window(site, lambda: sign_up(site.nerdx), 3)
    assert sent == [], "it isn't over"
    site.hurry()
    letter = site.letter(member, told[0])
    assert [site.became(one) for one in told[1:]] == ["in another letter"] * 2
    assert "kind-0" in letter["Subject"] and "외 2건" in letter["Subject"]
    for part in parts(letter):
        assert all(f"kind-{i}" in part for i in range(3)), part
    alone = site.told(member, "job-dead", kind="kind-3", service="auth")
    site.hurry()
    assert "외" not in site.letter(member, alone)["Subject"]


def test_a_letter_of_several_asks_whether_it_may_as_any_other(site):
    def join():
        member = sign_up(site.nerdx)
        site.prefer(member, most_a_day=0)
        return member

    _, told, _ = told_within_a_window(site, join, 2)
    site.hurry()
    assert sorted(site.became(one) for one in told) == ["in another letter", "over the day's"]


def test_a_letter_waits_for_the_end_of_quiet_hours(site, member):
    site.prefer(member, quiet_from="00:01", quiet_until="00:00")
    notice_id = site.told(member)
    job = "SELECT due_us, created_us FROM job WHERE kind = 'notify.mail' AND state = 'later' AND input LIKE ?"
    ((due_us, created_us),) = until(lambda: site.rows(job, f"%{notice_id}%"))
    assert due_us > created_us and is_midnight(due_us)
    assert site.became(site.told(member, "new-sign-in", device="phone", link="/")) == "sent"


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "../../etc/passwd", "Etc"])
def test_a_time_zone_that_there_is_not_is_refused(site, member, zone):
    refused = site.ask("PUT", "preferences", member, {**AWAKE, "time_zone": zone})
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/time_zone")


def test_advertising_is_told_only_to_who_agreed_and_marked(site, member):
    story = {"product": "NERD12", "link": "/"}
    assert site.tell(member, "new-story", **story).status_code == 409
    site.agree(member, "marketing_night")
    assert site.tell(member, "new-story", **story).status_code == 409
    acts = site.agree(member, "marketing")
    assert [(act["subject"], act["is_given"], act["source"]) for act in acts] == [
        ("marketing", True, "account-page"),
        ("marketing_night", True, "account-page"),
    ]
    notice_id = site.told(member, "new-story", **story)
    for language, title in (("ko", "(광고) NERD12의 새 이야기"), ("en", "(광고) A new story of NERD12")):
        query = {"user_id": member["user_id"], "language": language}
        shown = site.nerdx.get(f"{NOTIFY}/inbox", params=query, headers=bearer(member)).json()["items"]
        assert [item["title"] for item in shown if item["notice_id"] == notice_id] == [title]
    assert len(site.agree(member, "marketing", is_given=False)) == 3, "what was said before stays as the proof"
    assert site.tell(member, "new-story", **story).status_code == 409


def way_out(letter):
    """The path of RFC 8058's one click."""
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return re.fullmatch(r"<https://nerdx\.test(/api/v1/notify/unsubscribe/[0-9a-f]+)>", letter["List-Unsubscribe"])[1]


def advertise(site, member):
    for subject in ("marketing", "marketing_night"):
        site.agree(member, subject)
    site.prefer(member)
    return site.told(member, "new-story", product="NERD12", link="/")


def test_advertising_is_mailed_marked_with_who_sends_it_and_a_way_out(site, member):
    letter = site.letter(member, advertise(site, member))
    assert letter["Subject"] == "(광고) NERD12의 새 이야기"
    for part in parts(letter):
        who = list(ADVERTISER.values())[1:]
        for said in (*who, "https://nerdx.test" + way_out(letter), "그만 받기", "Unsubscribe"):
            assert said in part, said


@pytest.mark.parametrize(
    "form",
    [{"data": {"List-Unsubscribe": "One-Click"}}, {"files": {"List-Unsubscribe": (None, "One-Click")}}],
    ids=["pairs", "parts"],
)
def test_one_click_without_any_cookie_takes_the_consent_back(site, member, form):
    """Both media types that RFC 8058, section 3.1, lets the reader's server use."""
    way = way_out(site.letter(member, advertise(site, member)))
    for _ in range(2):
        reply = requests.post(site.nerdx.url + way, **form, timeout=60)
        assert (reply.status_code, reply.json()) == (200, {"category": "marketing"})
    acts = site.ask("GET", "preferences", member).json()["consents"]
    assert [(act["subject"], act["is_given"], act["source"]) for act in acts[:2]] == [
        ("marketing_night", False, "letter"),
        ("marketing", False, "letter"),
    ]
    assert len(acts) == 4, "the second click has nothing to take back"
    assert site.tell(member, "new-story", product="NERD12", link="/").status_code == 409


def test_a_letter_of_stories_has_its_way_out_and_what_one_must_know_has_none(site, member):
    way = way_out(site.letter(member, site.told(member)))
    must = site.letter(member, site.told(member, "new-sign-in", device="phone", link="/"))
    assert must["List-Unsubscribe"] is None and must["List-Unsubscribe-Post"] is None
    reply = requests.post(site.nerdx.url + way, data={"List-Unsubscribe": "One-Click"}, timeout=60)
    assert reply.json() == {"category": "story"}
    assert site.became(site.told(member)) == "not wanted"


def test_looking_at_the_link_leads_to_a_page_that_asks_and_refuses_nothing(site, member):
    way = way_out(site.letter(member, site.told(member)))
    reply = requests.get(site.nerdx.url + way, allow_redirects=False, timeout=60)
    token = way.rsplit("/", 1)[1]
    assert (reply.status_code, reply.headers["Location"]) == (303, f"https://nerdx.test/unsubscribe.html#{token}")
    assert requests.get(site.nerdx.url + "/unsubscribe.html", timeout=60).status_code == 200
    assert site.became(site.told(member)) == "sent"


def test_a_link_that_was_changed_and_a_form_that_says_something_else_refuse_nothing(site, member):
    way = way_out(site.letter(member, site.told(member)))
    right = {"List-Unsubscribe": "One-Click"}
    forged = way[:-1] + ("0" if way[-1] != "0" else "1")
    assert requests.post(site.nerdx.url + forged, data=right, timeout=60).status_code == 404
    assert requests.post(site.nerdx.url + way, json=right, timeout=60).status_code == 415
    for wrong in ({}, {"List-Unsubscribe": "Two-Clicks"}, {**right, "more": "1"}):
        assert requests.post(site.nerdx.url + way, data=wrong, timeout=60).status_code in (400, 422), wrong
    assert site.became(site.told(member)) == "sent"


def test_advertising_that_waits_is_not_sent_once_the_consent_is_taken_back(site, member):
    advertise(site, member)
    site.prefer(member, quiet_from="00:01", quiet_until="00:00")
    notice_id = site.told(member, "new-story", product="NERD12", link="/")
    job = "SELECT job_id FROM job WHERE kind = 'notify.mail' AND state = 'later' AND input LIKE ?"
    ((job_id,),) = until(lambda: site.rows(job, f"%{notice_id}%"))
    site.agree(member, "marketing", is_given=False)
    site.prefer(member)
    with contextlib.closing(open_store(site.nerdx.data, "notify")) as store, store:
        store.execute("UPDATE job SET due_us = 1 WHERE job_id = ?", (job_id,))
    assert site.became(notice_id) == "not agreed"


def test_without_who_advertises_advertising_lies_in_the_inbox_alone(start_nerdx, run_nerdx):
    nerdx = start_nerdx(env={"NERDX_IDENTITY": "required"})
    site, member = Site(nerdx, run_nerdx), sign_up(nerdx)
    notice_id = advertise(site, member)
    assert site.became(site.told(member)) == "sent"
    assert site.rows("SELECT 1 FROM delivery WHERE notice_id = ?", notice_id) == []
    assert site.rows("SELECT 1 FROM job WHERE input LIKE ?", f"%{notice_id}%") == []


NOBODY = dict.fromkeys((name for name in ADVERTISER if name.startswith("NERDX_ADVERTISER")), "")


@pytest.mark.parametrize(
    "without, template, state",
    [(NOBODY, "new-story", "no advertiser"), ({"NERDX_MAIL": "none"}, "cameo-ready", "no relay")],
    ids=["who-advertises", "relay"],
)
def test_what_waits_while_its_sender_is_taken_away_stays_in_the_inbox_alone(
    start_nerdx, run_nerdx, without, template, state
):
    nerdx = start_nerdx(env={"NERDX_IDENTITY": "required", **ADVERTISER})
    site, member = Site(nerdx, run_nerdx), sign_up(nerdx)
    advertise(site, member)
    site.prefer(member, quiet_from="00:01", quiet_until="00:00")
    values = dict.fromkeys(TEMPLATES[template]["slots"], "/")
    notice_id = site.told(member, template, **values)
    job = "SELECT job_id FROM job WHERE kind = 'notify.mail' AND state = 'later' AND input LIKE ?"
    until(lambda: site.rows(job, f"%{notice_id}%"))
    nerdx.stop()
    nerdx.env = {**nerdx.env, **without}
    nerdx.start()
    site.prefer(member)
    site.hurry("notify.mail")
    assert site.became(notice_id) == state
    assert [one for one in letters(nerdx, member["email"]) if notice_id in one["Message-ID"]] == []
    shown = site.ask("GET", "inbox", member).json()["items"]
    assert notice_id in [item["notice_id"] for item in shown]


def test_a_letter_that_may_have_gone_is_not_sent_again(site, member):
    site.prefer(member, quiet_from="00:01", quiet_until="00:00")
    notice_id = site.told(member)
    job = "SELECT job_id FROM job WHERE kind = 'notify.mail' AND state = 'later' AND input LIKE ?"
    ((job_id,),) = until(lambda: site.rows(job, f"%{notice_id}%"))
    site.prefer(member)
    with contextlib.closing(open_store(site.nerdx.data, "notify")) as store, store:
        values = (notice_id, "email", member["user_id"], "sending", 1)
        store.execute("INSERT INTO delivery (notice_id, channel, user_id, state, at_us) VALUES (?, ?, ?, ?, ?)", values)
        store.execute("UPDATE job SET due_us = 1 WHERE job_id = ?", (job_id,))
    until(lambda: not site.rows("SELECT 1 FROM job WHERE job_id = ?", job_id))
    assert [one for one in letters(site.nerdx, member["email"]) if notice_id in one["Message-ID"]] == []


def test_a_guest_who_becomes_a_member_keeps_what_they_said(site, member):
    guest = begin_guest(site.nerdx)
    site.prefer(guest, language="en", choices=[{"category": "story", "channel": "email", "is_wanted": False}])
    site.agree(guest, "marketing")
    fresh = sign_in(site.nerdx, member["email"], headers=bearer(guest)).json()
    shown = until(lambda: (found := site.ask("GET", "preferences", fresh).json())["consents"] and found)
    assert (shown["language"], [act["subject"] for act in shown["consents"]]) == ("en", ["marketing"])
    assert {choice["category"] for choice in shown["choices"] if not choice["is_wanted"]} == {"story"}


def test_of_what_both_said_the_members_own_stays(site, member):
    guest = begin_guest(site.nerdx)
    site.prefer(guest, language="en", choices=[{"category": "story", "channel": "email", "is_wanted": False}])
    site.prefer(member, language="ko", choices=[{"category": "story", "channel": "email", "is_wanted": True}])
    site.agree(guest, "marketing")
    site.agree(member, "marketing", is_given=False)
    move = f"{NOTIFY}/people/{guest['user_id']}/move"
    assert site.nerdx.post(move, {"to": member["user_id"]}, headers=bearer(site.operator)).status_code == 200
    shown = site.ask("GET", "preferences", member).json()
    assert shown["language"] == "ko" and all(choice["is_wanted"] for choice in shown["choices"])
    assert [act["is_given"] for act in shown["consents"]] == [False, True], "the latest counts"


def test_whose_account_is_deleted_leaves_no_preference_behind(site, member):
    site.prefer(member)
    site.agree(member, "marketing")
    site.became(site.told(member))
    fresh = sign_in(site.nerdx, member["email"]).json()
    assert site.nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(fresh)).status_code == 200
    dump = "".join(line for line in dump_of(site.nerdx.data, "notify").splitlines(True) if '"job"' not in line)
    assert member["user_id"] not in dump
