"""What the page tells of visits: nothing of anybody who hasn't agreed, and of those who have only while they have."""

import datetime
import functools

import pytest
from browser import SIZES
from selenium.webdriver.common.keys import Keys

COUNTS = "/api/v1/analytics/counts"
PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
OPEN = {"ko": "기억", "en": "Memory"}
AGREE = {"ko": "네, 세어도 좋아요", "en": "Yes, count my visits"}
WITHDRAW = {"ko": "그만두고 지우기", "en": "Stop, and delete them"}
OBJECT = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"
LOSE_ONE_ANSWER = """
const real = fetch;
fetch = async (...all) => { await real(...all); fetch = real; throw new TypeError("lost"); };
"""
LEFT = "about:blank"


@pytest.fixture
def open_talk(open_talk):
    """A browser that doesn't say that it is driven by a program."""
    return functools.partial(open_talk, agent=PERSON)


def press(talk, name, backwards=False):
    talk.browser.tab_to(lambda focused: focused.text == name, backwards)
    talk.browser.press(Keys.ENTER)


def open_panel(talk, language="en"):
    press(talk, OPEN[language], backwards=True)
    talk.browser.until(lambda: talk.browser.all("dialog[open]"), "no panel opens")
    talk.browser.until(talk.at_ease, "it doesn't come to rest")


def agree(talk, language="en"):
    open_panel(talk, language)
    press(talk, AGREE[language])
    talk.browser.until(lambda: WITHDRAW[language] in talk.page_text(), "the answer isn't taken")
    talk.browser.press(Keys.ESCAPE)


def told(talk):
    """Leaves the page, which tells what it has to tell."""
    talk.browser.driver.get(LEFT)


def counted(nerdx):
    """Events and visitors of each kind that a page tells."""
    day = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=9)).date().isoformat()
    [found] = nerdx.get(COUNTS, params={"from": day, "to": day}).json()["items"]
    return {row["kind"]: (row["events"], row["visitors"]) for row in found["kinds"] if row["kind"] != "turn.ended"}


def counts(talk, nerdx, wanted):
    talk.browser.until(lambda: counted(nerdx) == wanted, f"it isn't {wanted} that is counted")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_who_agrees_is_one_visitor_from_then_on(open_talk, start_nerdx, language, size):
    nerdx = start_nerdx()
    talk = open_talk(size, language, nerdx=nerdx)
    agree(talk, language)
    open_panel(talk, language)
    talk.browser.picture(f"visits-{language}-{size}")
    assert talk.browser.measure("smallTargets") == []
    assert talk.browser.measure("overflow") <= 0
    talk.browser.press(Keys.ESCAPE)
    talk.say({"ko": "이천 쌀로 만든 술이 뭐예요?", "en": "Which bottle is made with Icheon rice?"}[language])
    talk.open_card("NERD12")
    told(talk)
    counts(talk, nerdx, {"page.viewed": (1, 0), "talk.started": (1, 1), "product.viewed": (1, 1)})


def test_of_who_was_not_asked_only_the_page_is_counted(open_talk, start_nerdx):
    nerdx = start_nerdx()
    talk = open_talk(nerdx=nerdx)
    talk.say("What is nuruk?")
    assert talk.browser.driver.execute_script("return localStorage.getItem('visitor')") is None
    told(talk)
    counts(talk, nerdx, {"page.viewed": (1, 0)})


def test_who_takes_consent_back_is_deleted_and_recognised_no_more(open_talk, start_nerdx):
    nerdx = start_nerdx()
    talk = open_talk(nerdx=nerdx)
    agree(talk)
    talk.say("What is nuruk?")
    talk.browser.driver.execute_script("return tell()")
    counts(talk, nerdx, {"page.viewed": (1, 0), "talk.started": (1, 1)})
    open_panel(talk)
    press(talk, WITHDRAW["en"])
    talk.browser.until(lambda: AGREE["en"] in talk.page_text(), "it isn't taken back")
    counts(talk, nerdx, {"page.viewed": (1, 0)})
    assert talk.browser.driver.execute_script("return localStorage.getItem('visitor')") is None


def test_who_objects_by_their_browser_is_not_asked(open_talk, start_nerdx):
    nerdx = start_nerdx()
    talk = open_talk(nerdx=nerdx)
    talk.browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": OBJECT})
    talk.browser.driver.refresh()
    talk.browser.until(talk.box, "there is no text box")
    open_panel(talk)
    assert "asks pages not to recognise it" in talk.page_text()
    assert AGREE["en"] not in talk.page_text()


def test_what_did_not_arrive_is_told_later_and_counts_once(open_talk, start_nerdx):
    nerdx = start_nerdx()
    talk = open_talk(nerdx=nerdx)
    talk.browser.driver.execute_script(LOSE_ONE_ANSWER + "return tell()")
    counts(talk, nerdx, {"page.viewed": (1, 0)})
    assert talk.browser.driver.execute_script("return untold.length") == 1
    told(talk)
    talk.browser.driver.get(nerdx.url + "/")
    talk.browser.driver.execute_script("return tell()")
    counts(talk, nerdx, {"page.viewed": (2, 0)})
