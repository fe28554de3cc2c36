"""What people are told by letter: as they prefer, once, never what they refused; every template, both languages."""

import contextlib
import re
import uuid

import pytest
import yaml

from conftest import ROOT
from conversation import until
from people import AUTH, bearer, begin_guest, letters, sign_in, sign_up
from stores import dump_of, open_store

NOTIFY = "/api/v1/notify"
TEMPLATES = yaml.safe_load((ROOT / "content/notify/templates.yaml").read_text())
AWAKE = {"language": "ko", "time_zone": "Asia/Seoul", "quiet_from": "00:00", "quiet_until": "00:00"}


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
        state = "SELECT state FROM delivery WHERE notice_id = ? AND state <> 'sending'"
        return until(lambda: self.rows(state, notice_id))[0][0]

    def letter(self, person, notice_id):
        assert self.became(notice_id) == "sent"
        (found,) = [one for one in letters(self.nerdx, person["email"]) if notice_id in one["Message-ID"]]
        return found


@pytest.fixture(scope="module")
def site(start_shared_nerdx, run_nerdx):
    return Site(start_shared_nerdx(env={"NERDX_IDENTITY": "required"}), run_nerdx)


@pytest.fixture
def member(site):
    return sign_up(site.nerdx)


def parts(letter):
    plain, page = letter.iter_parts()
    return plain.get_content(), page.get_content()


def test_who_has_an_address_gets_a_letter_plain_and_as_a_page(site, member):
    notice_id = site.told(member, "order-shipped", product="<b>NERD12</b>", order="7", link="/orders/7")
    letter = site.letter(member, notice_id)
    plain, page = parts(letter)
    assert letter.get_content_type() == "multipart/alternative" and not letter.defects
    assert letter["Subject"] == "<b>NERD12</b>가 출발했습니다"
    assert "http://localhost:8080/orders/7" in plain and 'href="http://localhost:8080/orders/7"' in page
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
    query = {"user_id": member["user_id"], "language": language}
    (notice,) = [
        item
        for item in site.nerdx.get(f"{NOTIFY}/inbox", params=query, headers=bearer(member)).json()["items"]
        if item["notice_id"] == notice_id
    ]
    shown = [" ".join((notice["title"], notice["text"], notice.get("link", "")))]
    if template["category"] != "marketing" and not template.get("inbox_only"):
        shown += parts(site.letter(member, notice_id))
    for text in shown:
        assert all(value in text for value in values.values()) and not re.search(r"[{}]", re.sub(r"<.*?>", "", text))


def test_a_guest_has_no_address_and_the_inbox_has_it(site):
    assert site.became(site.told(begin_guest(site.nerdx))) == "no address"


def test_what_one_refuses_is_not_sent_and_what_one_must_know_is(site, member):
    refused = [{"category": "story", "channel": "email", "is_wanted": False}]
    shown = site.prefer(member, choices=refused)["choices"]
    assert {choice["category"]: choice["is_wanted"] for choice in shown} == {
        **{"security": True, "order": True, "story": False, "operations": True}
    }
    assert site.became(site.told(member)) == "not wanted"
    assert site.became(site.told(member, "new-sign-in", device="phone", link="/")) == "sent"
    must = [{"category": "security", "channel": "email", "is_wanted": False}]
    assert site.ask("PUT", "preferences", member, {**AWAKE, "choices": must}).status_code == 422


def test_letters_a_day_end_where_one_says_but_for_what_one_must_know(site, member):
    site.prefer(member, most_a_day=1)
    assert [site.became(site.told(member)) for _ in range(2)] == ["sent", "over the day's"]
    assert site.became(site.told(member, "new-sign-in", device="phone", link="/")) == "sent"


def test_a_letter_waits_for_the_end_of_quiet_hours(site, member):
    site.prefer(member, quiet_from="00:01", quiet_until="00:00")
    notice_id = site.told(member)
    job = "SELECT due_us, created_us FROM job WHERE kind = 'notify.mail' AND state = 'later' AND input LIKE ?"
    ((due_us, created_us),) = until(lambda: site.rows(job, f"%{notice_id}%"))
    assert due_us > created_us and (due_us // 1_000_000 + 9 * 3600) % 86400 == 0, "midnight in Seoul"
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


def test_whose_account_is_deleted_leaves_no_preference_behind(site, member):
    site.prefer(member)
    site.agree(member, "marketing")
    site.became(site.told(member))
    fresh = sign_in(site.nerdx, member["email"]).json()
    assert site.nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(fresh)).status_code == 200
    dump = "".join(line for line in dump_of(site.nerdx.data, "notify").splitlines(True) if '"job"' not in line)
    assert member["user_id"] not in dump
