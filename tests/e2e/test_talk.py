"""The page at `/`: a conversation with Maeju that anybody can have, in Korean and English."""

import re

import pytest
from browser import SIZES
from selenium.webdriver.common.keys import Keys

HANGUL = re.compile(r"[가-힣]")
ASK = {
    "ko": "이천 쌀로 만든 술이 뭐예요?",
    "en": "Which bottle is made with Icheon rice?",
}
BUY = "I want to buy a bottle of NERD12 Signature"
HANDOFF = "I'd love to introduce you to my colleague Joon, our concierge. He can help you bring these flavors home."
USED_BY_PEOPLE = {
    "button",
    "link",
    "textbox",
    "combobox",
    "radio",
    "checkbox",
    "switch",
    "searchbox",
    "tab",
    "menuitem",
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_visitor_talks_by_keyboard_and_sees_what_the_answer_rests_on(open_talk, language, size):
    talk = open_talk(size, language)
    assert talk.language() == language
    talk.browser.picture(f"talk-{language}-{size}-start")

    answer = talk.say(ASK[language])
    talk.browser.picture(f"talk-{language}-{size}-answer")

    assert "NERD12" in answer
    assert bool(HANGUL.search(answer.replace(ASK[language], ""))) or language == "en"
    assert talk.citations(), "no citation is shown"
    assert talk.browser.measure("overflow") <= 0, "the page is wider than the screen"


def test_only_adults_come_in_and_the_answer_is_remembered(open_talk, shared_nerdx):
    talk = open_talk()
    talk.browser.driver.execute_script("localStorage.clear()")
    talk.browser.driver.refresh()
    talk.browser.until(lambda: talk.browser.all("dialog[open]"), "nobody is asked for their age")
    talk.browser.picture("talk-en-desktop-gate")
    talk.browser.press(Keys.ESCAPE)
    assert talk.browser.all("dialog[open]"), "Escape goes around the question"
    talk.browser.tab_to(lambda focused: focused.text == "No")
    talk.browser.press(Keys.ENTER)
    assert talk.browser.all("dialog[open]"), "a minor is let in"
    talk.browser.tab_to(lambda focused: focused.text.startswith("Yes"), backwards=True)
    talk.browser.press(Keys.ENTER)
    talk.browser.driver.refresh()
    talk.browser.until(talk.box, "there is no text box")
    assert not talk.browser.all("dialog[open]")


def test_a_citation_opens_by_keyboard_and_names_its_sources(open_talk):
    talk = open_talk()
    talk.say("What is nuruk?")
    talk.browser.tab_to(lambda focused: "uruk" in focused.text + focused.accessible_name and focused != talk.box())
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: talk.browser.all("[role=log] a[href^=http]"), "no source is shown")
    talk.browser.picture("talk-en-desktop-citation")


def test_a_sample_is_told_apart(open_talk):
    talk = open_talk()
    answer = talk.say("Tell me about NERD8 Fresh")
    talk.browser.picture("talk-en-desktop-sample")
    assert "ample" in answer


def test_the_language_is_switched_by_keyboard_and_stays_so(open_talk):
    talk = open_talk(language="en")
    talk.switch_language()
    assert talk.language() == "ko"
    assert HANGUL.search(talk.box().accessible_name), "the text box keeps its English name"
    talk.browser.driver.refresh()
    talk.browser.until(talk.box, "there is no text box")
    assert talk.language() == "ko"
    talk.switch_language()
    assert not HANGUL.search(talk.box().accessible_name)


def test_who_wants_to_buy_is_handed_to_joon(open_talk):
    talk = open_talk()
    assert HANDOFF in talk.say(BUY)
    talk.browser.picture("talk-en-desktop-handoff")


@pytest.mark.parametrize("size", SIZES)
def test_assistive_technology_finds_its_way(open_talk, size):
    talk = open_talk(size)
    talk.say(ASK["en"])
    tree = talk.browser.tree()
    roles = [role for role, _ in tree]
    assert roles.count("main") == 1
    assert "log" in roles, "answers are not announced: no log region"
    assert len(talk.browser.all("h1")) == 1
    assert [role for role, name in tree if role in USED_BY_PEOPLE and not name] == []
    assert talk.browser.driver.title


def test_every_stop_of_the_tab_key_can_be_seen(open_talk):
    talk = open_talk()
    talk.say(ASK["en"])
    stops = set()
    for _ in talk.browser.all("a[href], button, input, textarea, select, summary, body"):
        talk.browser.press(Keys.TAB)
        if talk.browser.driver.switch_to.active_element.tag_name == "body":
            continue  # the round trip passes the window itself
        stops.add(talk.browser.describe())
        assert talk.browser.measure("focusShows"), f"focus can't be seen on {talk.browser.describe()}"
    assert len(stops) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_all_text_can_be_read(open_talk, size, scheme):
    talk = open_talk(size, color_scheme=scheme)
    talk.say(ASK["en"])
    talk.browser.picture(f"talk-en-{size}-{scheme}")
    assert talk.browser.measure("faintText") == []


def test_dark_mode_is_dark(open_talk):
    talk = open_talk(color_scheme="light")
    light = talk.browser.measure("pageLuminance")
    talk.browser.prefer(color_scheme="dark")
    assert talk.browser.measure("pageLuminance") < 0.2 < light


def test_controls_can_be_hit_with_a_finger(open_talk):
    talk = open_talk("phone")
    talk.say(ASK["en"])
    assert talk.browser.measure("smallTargets") == []


def test_the_page_folds_to_the_narrowest_screen(open_talk):
    talk = open_talk("phone", "ko")
    talk.say(ASK["ko"])
    talk.browser.look_through(320, 640, True)
    talk.browser.picture("talk-ko-narrow")
    assert talk.browser.measure("overflow") <= 0


def test_a_browser_that_keeps_nothing_can_talk_too(open_talk):
    talk = open_talk()
    refuse = "get() { throw new DOMException('denied', 'SecurityError'); }"
    for storage in ("localStorage", "sessionStorage"):
        script = f"Object.defineProperty(window, '{storage}', {{ {refuse} }});"
        talk.browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})
    talk.browser.driver.refresh()
    talk.come_of_age()
    assert "Icheon Rice" in talk.say(ASK["en"])


def test_an_answer_that_fails_is_said_so(open_talk, start_nerdx):
    nerdx = start_nerdx()
    talk = open_talk(nerdx=nerdx)
    nerdx.stop()
    talk.browser.tab_to(lambda focused: focused == talk.box())
    talk.browser.press(ASK["en"], Keys.ENTER)
    talk.browser.until(lambda: any(found.text for found in talk.browser.all("[role=alert]")), "nobody is told")
    talk.browser.picture("talk-en-desktop-failed")
    talk.browser.until(talk.at_rest, "it can't be tried again")
    talk.browser.forget()  # Chromium itself notes the refused connection


def test_what_looks_like_markup_is_shown_as_it_was_typed(open_talk):
    talk = open_talk()
    typed = "<b>What</b> is *nuruk*? <img src=x onerror=alert(1)>"
    talk.say(typed)
    assert typed in talk.log().text
    assert not talk.browser.driver.find_elements("css selector", "[role=log] b, [role=log] img[src=x]")
