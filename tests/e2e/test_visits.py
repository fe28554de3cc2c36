"""What the page tells of visits: nothing of anybody who hasn't agreed, and of those who have only while they have."""

import functools

import pytest
from browser import SIZES
from selenium.webdriver.common.keys import Keys

from visits import COUNTS, today

PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
OPEN = {"ko": "기억", "en": "Memory"}
AGREE = {"ko": "네, 세어도 좋아요", "en": "Yes, count my visits"}
WITHDRAW = {"ko": "그만두고 지우기", "en": "Stop, and delete them"}
ASK = {"ko": "알아봐도 될까요?", "en": "May NERD recognise this browser"}
COUNTED = {"ko": "NERD가 이 브라우저를 알아봅니다.", "en": "NERD recognises this browser"}
REFUSED = {"ko": "거두신 대로", "en": "As you wished"}
LEFT_BEHIND = "what was counted until now isn't deleted yet"
LOSE_ONE_REQUEST = """
const real = fetch;
fetch = async (...all) => {
  if (all[1]?.method !== "DELETE") return real(...all);
  fetch = real;
  throw new TypeError("lost");
};
"""
OBJECT = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"
LOSE_ONE_ANSWER = """
const real = fetch;
fetch = async (...all) => { await real(...all); fetch = real; throw new TypeError("lost"); };
"""
TELL_ONE = """
happened("page.viewed", { path: "/" });
const one = untold.at(-1);
return tell().then(() => untold.includes(one));
"""  # the visit itself may have been told before: half a minute is not long for a machine
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


def answer(talk, language="en"):
    press(talk, AGREE[language])
    talk.browser.until(lambda: WITHDRAW[language] in talk.page_text(), "the answer isn't taken")


def agree(talk, language="en"):
    open_panel(talk, language)
    answer(talk, language)
    talk.browser.press(Keys.ESCAPE)


def says(talk, wanted, language="en"):
    """Of what the panel may say of visits it says this alone."""
    text = talk.page_text()
    return [words for words in (ASK, COUNTED, REFUSED) if words[language] in text] == [wanted]


def told(talk):
    """Leaves the page, which tells what it has to tell."""
    talk.browser.driver.get(LEFT)


def counted(nerdx):
    """Events and visitors of each kind that a page tells."""
    [found] = nerdx.get(COUNTS, params=today()).json()["items"]
    return {row["kind"]: (row["events"], row["visitors"]) for row in found["kinds"] if row["kind"] != "turn.ended"}


def counts(talk, nerdx, wanted):
    talk.browser.until(lambda: counted(nerdx) == wanted, f"it isn't {wanted} that is counted")


def take_back(talk):
    open_panel(talk)
    press(talk, WITHDRAW["en"])
    talk.browser.until(lambda: AGREE["en"] in talk.page_text(), "it isn't taken back")


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
    take_back(talk)
    counts(talk, nerdx, {"page.viewed": (1, 0)})
    assert talk.browser.driver.execute_script("return localStorage.getItem('visitor')") is None


def test_who_takes_consent_back_is_deleted_with_all_whom_they_were_before(open_talk, start_nerdx):
    nerdx = start_nerdx()
    talk = open_talk(nerdx=nerdx)
    agree(talk)
    for _ in range(2):
        talk.browser.driver.execute_script("happened('talk.started', {}); keep('visitor-since', '1')")  # long ago
    talk.browser.driver.execute_script("return tell()")
    counts(talk, nerdx, {"page.viewed": (1, 0), "talk.started": (2, 2)})
    take_back(talk)
    counts(talk, nerdx, {"page.viewed": (1, 0)})
    assert talk.browser.driver.execute_script("return localStorage.getItem('visitors-before')") is None


@pytest.mark.parametrize(("language", "size"), [("ko", "phone"), ("en", "desktop")])
def test_the_panel_asks_who_has_not_answered_and_tells_who_has_what_they_said(open_talk, language, size):
    talk = open_talk(size, language)
    open_panel(talk, language)
    assert says(talk, ASK, language)
    talk.browser.picture(f"visits-asked-{language}-{size}")
    answer(talk, language)
    assert says(talk, COUNTED, language)
    press(talk, WITHDRAW[language])
    talk.browser.until(lambda: says(talk, REFUSED, language), "it isn't taken back")
    talk.browser.picture(f"visits-refused-{language}-{size}")
    talk.browser.driver.refresh()
    talk.browser.until(talk.box, "there is no text box")
    open_panel(talk, language)
    assert says(talk, REFUSED, language)


def test_what_could_not_be_deleted_is_said_to_be_there_yet(open_talk):
    talk = open_talk()
    open_panel(talk)
    answer(talk)
    talk.browser.driver.execute_script(LOSE_ONE_REQUEST)
    press(talk, WITHDRAW["en"])
    talk.browser.until(lambda: LEFT_BEHIND in talk.page_text(), "nothing is said of what is left")
    press(talk, WITHDRAW["en"])
    talk.browser.until(lambda: says(talk, REFUSED), "it isn't deleted when asked again")


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
    assert talk.browser.driver.execute_script(LOSE_ONE_ANSWER + TELL_ONE), "what is told isn't known to have arrived"
    counts(talk, nerdx, {"page.viewed": (2, 0)})
    told(talk)
    talk.browser.driver.get(nerdx.url + "/")
    talk.browser.driver.execute_script("return tell()")
    counts(talk, nerdx, {"page.viewed": (3, 0)})
