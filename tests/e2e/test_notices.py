"""Letters of notices as their readers see them, every template in both languages, and the page a way out leads to."""

import contextlib
import email
import email.policy
import re
import uuid

import axe
import pytest
import yaml
from browser import ROOT, SCHEMES, SIZES
from callers import REQUIRED, as_operator
from selenium.webdriver.common.keys import Keys
from test_letters import someone

from stores import open_store

NOTIFY = "/api/v1/notify"
TEMPLATES = yaml.safe_load((ROOT / "content/notify/templates.yaml").read_text())
MAILED = [name for name, template in TEMPLATES.items() if not template.get("inbox_only")]
VALUES = {"product": "이강주 375 ml", "device": "Firefox, Linux", "title": "비 오는 날의 파전과 막걸리 한 잔"}
ADVERTISER = {
    **{"NERDX_SITE": "https://nerdx.test", "NERDX_ADVERTISER_NAME": "NERDX Test"},
    **{"NERDX_ADVERTISER_ADDRESS": "서울특별시 어딘가 1", "NERDX_ADVERTISER_PHONE": "02-000-0000"},
    "NERDX_ADVERTISER_EMAIL": "ads@nerdx.test",
}
AWAKE = {"time_zone": "Asia/Seoul", "quiet_from": "00:00", "quiet_until": "00:00", "most_a_day": 100}


class Reader:
    """Somebody who agreed to all there is, and gets letters."""

    def __init__(self, nerdx, language):
        self.nerdx = nerdx
        self.user_id, self.email = self.begin(language)
        self.ask("PUT", "preferences", {**AWAKE, "language": language})
        for subject in ("marketing", "marketing_night"):
            self.ask("POST", "consents", {"subject": subject, "is_given": True, "source": "account-page"})

    def begin(self, language):
        address = someone()
        asked = {"email": address, "password": "wide river under stars", "language": language}
        assert self.nerdx.request("POST", "/api/v1/auth/sign-up", json=asked).status_code == 202
        token = re.search(r"\bne_[0-9a-f]{64}\b", self.letter(address).get_content())[0]
        entered = {"token": token, "password": "wide river under stars"}
        reply = self.nerdx.request("POST", "/api/v1/auth/verify-email", json=entered)
        assert reply.status_code == 200, reply.text
        return reply.json()["user_id"], address

    def letter(self, address, wanted=""):
        for path in sorted((self.nerdx.data / "mail").glob("*.eml"), reverse=True):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if letter["To"] == address and wanted in letter["Message-ID"]:
                return letter
        return None

    def ask(self, method, place, body):
        query = {"user_id": self.user_id}
        reply = self.nerdx.request(method, f"{NOTIFY}/{place}", params=query, json=body)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def told(self, browser, template):
        """The letter of a notice, once it is there."""
        slots = {slot: VALUES.get(slot, f"{slot}-1234") for slot in TEMPLATES[template]["slots"]}
        slots.update({"link": "/"} if "link" in slots else {})
        telling = {"user_id": self.user_id, "template": template, "key": uuid.uuid4().hex, "values": slots}
        reply = self.nerdx.request("POST", f"{NOTIFY}/notices", json=telling)
        assert reply.status_code == 200, reply.text
        notice_id = reply.json()["notice_id"]
        with contextlib.closing(open_store(self.nerdx.data, "notify")) as store, store:
            store.execute("UPDATE job SET due_us = 1 WHERE kind = 'notify.digest'")  # its window is over
        return browser.until(lambda: self.letter(self.email, notice_id), f"no letter of {template} comes")


@pytest.fixture(scope="module")
def nerdx(start_shared_nerdx, nerdx_bin):
    return as_operator(start_shared_nerdx(env={**REQUIRED, **ADVERTISER}), nerdx_bin)


def is_too_wide(browser):
    return browser.driver.execute_script("return document.documentElement.scrollWidth > innerWidth")


def look(browser, scheme, name):
    browser.prefer(color_scheme=scheme)
    browser.picture(f"notice-{name}-{scheme}")
    return axe_of_a_letter(browser) + ["too wide"] * is_too_wide(browser)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_letter_can_be_read_by_everybody(nerdx, open_page, tmp_path, language, size):
    browser, reader, found = open_page("about:blank", language), Reader(nerdx, language), {}
    browser.look_through(*SIZES[size])
    for name in MAILED:
        letter = reader.told(browser, name)
        plain, page = (part.get_content() for part in letter.iter_parts())
        (tmp_path / f"{name}.html").write_text(page, encoding="utf-8")
        browser.driver.get((tmp_path / f"{name}.html").as_uri())
        shown = browser.driver.find_element("css selector", "h1").text
        for scheme in SCHEMES:
            found[name, scheme] = look(browser, scheme, f"{name}-{language}-{size}")
        assert shown == letter["Subject"] and plain.split("\n")[0] in browser.driver.page_source
    assert found == {(name, scheme): [] for name in MAILED for scheme in SCHEMES}


def axe_of_a_letter(browser):
    """Landmarks are a page's, and a reader's program has its own around a letter."""
    return [line for line in axe.violations(browser) if not line.startswith(("landmark", "region"))]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_of_a_way_out_asks_and_refuses_by_its_button(nerdx, open_page, size, scheme):
    browser, reader = open_page("about:blank", "ko"), Reader(nerdx, "ko")
    browser.look_through(*SIZES[size])
    browser.prefer(color_scheme=scheme)
    letter = reader.told(browser, "new-story")
    token = re.search(r"unsubscribe/([0-9a-f]+)", letter["List-Unsubscribe"])[1]
    browser.driver.get(f"{nerdx.url}/unsubscribe.html#{token}")
    browser.picture(f"unsubscribe-{size}-{scheme}")
    assert axe.violations(browser) == [] and not is_too_wide(browser)
    assert all(act["is_given"] for act in reader.ask("GET", "preferences", None)["consents"]), "looking refuses nothing"
    browser.tab_to(lambda focused: focused.tag_name == "button")
    browser.press(Keys.ENTER)
    status = "[role=status]"
    browser.until(lambda: browser.driver.find_element("css selector", status).text, "nobody is told what came of it")
    browser.picture(f"unsubscribed-{size}-{scheme}")
    assert axe.violations(browser) == []
    acts = reader.ask("GET", "preferences", None)["consents"]
    assert [(act["subject"], act["is_given"]) for act in acts[:2]] == [("marketing_night", False), ("marketing", False)]
