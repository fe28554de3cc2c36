"""Conversations that were held before: listed, gone on with, deleted, by keyboard, in both languages."""

import pytest
from browser import SIZES
from selenium.webdriver.common.keys import Keys

from moments import NOON

ASK = {"ko": "누룩이 뭐예요?", "en": "What is nuruk?"}
GO_ON = {"ko": "그건 어디에 쓰여요?", "en": "What is it used for?"}
OPEN = {"ko": "지난 이야기", "en": "Past talks"}
ANEW = {"ko": "새 이야기", "en": "New talk"}
DELETE = {"ko": "지우기", "en": "Delete"}
TODAY = {"ko": "오늘", "en": "Today"}
SESSIONS = "/api/v1/agents/maeju/sessions"


def press(talk, name):
    talk.browser.tab_to(lambda focused: name in (focused.text, focused.accessible_name))
    talk.browser.press(Keys.ENTER)


def open_past(talk, language):
    talk.browser.tab_to(lambda focused: focused.text == OPEN[language], backwards=True)
    talk.browser.press(Keys.ENTER)
    panel = talk.browser.until(lambda: talk.browser.all("dialog[open]"), "no panel opens")[0]
    talk.browser.until(lambda: panel.find_elements("css selector", "li"), "nothing is listed")
    talk.browser.until(talk.at_ease, "it doesn't come to rest")
    return panel


def begin_anew(talk, language):
    talk.browser.tab_to(lambda focused: focused.text == ANEW[language], backwards=True)
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: not talk.browser.all("[role=log] article"), "the log isn't empty")


def titles(panel):
    return [item.find_element("css selector", "button").text for item in panel.find_elements("css selector", "li")]


def sessions(nerdx, talk):
    guest = talk.browser.driver.execute_script("return guest()")
    return nerdx.get(f"{SESSIONS}?user_id={guest}").json()["items"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_talk_of_before_is_found_by_its_first_words_and_goes_on(open_talk, shared_nerdx, language, size):
    talk = open_talk(size, language)
    talk.browser.live_in(NOON)
    talk.say(ASK[language])
    begin_anew(talk, language)
    talk.say({"ko": "이강주가 뭐예요?", "en": "What is soju?"}[language])
    panel = open_past(talk, language)
    talk.browser.picture(f"past-{language}-{size}")
    found = titles(panel)
    assert len(found) == 2 and found[1].startswith(ASK[language])
    assert TODAY[language] in found[1]
    assert talk.browser.measure("smallTargets") == []
    assert talk.browser.measure("overflow") <= 0
    talk.browser.tab_to(lambda focused: focused.text.startswith(ASK[language]))
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: not talk.browser.all("dialog[open]"), "the panel stays")
    assert ASK[language] in talk.log().text and "oju" not in talk.log().text
    assert talk.browser.driver.switch_to.active_element == talk.box()
    talk.say(GO_ON[language])
    assert sorted(item["turns"] for item in sessions(shared_nerdx, talk)) == [1, 2]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_talk_is_deleted_at_the_server_after_a_question(open_talk, shared_nerdx, language):
    talk = open_talk("phone", language)
    talk.say(ASK[language])
    panel = open_past(talk, language)
    talk.browser.tab_to(lambda focused: focused.text == DELETE[language])
    talk.browser.press(Keys.ENTER)
    talk.browser.picture(f"past-{language}-phone-delete")
    assert len(sessions(shared_nerdx, talk)) == 1, "nothing is asked"
    talk.browser.press(Keys.ESCAPE)
    assert talk.browser.all("dialog[open]"), "Escape leaves the panel instead of the question"
    assert talk.browser.driver.switch_to.active_element.text == DELETE[language], "the focus is lost"
    talk.browser.press(Keys.ENTER)
    talk.browser.tab_to(lambda focused: focused.text == DELETE[language], backwards=True)
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: not sessions(shared_nerdx, talk), "it is still there")
    talk.browser.until(lambda: not talk.browser.all("[role=log] article"), "it is still shown")
    assert panel.is_displayed()
    assert talk.browser.driver.execute_script("return document.activeElement.closest('dialog') !== null")


def test_a_page_that_is_loaded_again_shows_its_talk_and_its_sources(open_talk):
    talk = open_talk()
    answer = talk.say(ASK["en"])
    talk.browser.driver.refresh()
    talk.browser.until(lambda: talk.browser.all("[role=log] article"), "the talk is gone")
    words = talk.browser.all("[role=log] [data-words]")[1].text
    assert words.split()[:12] == answer.split("Maeju · AI")[1].split()[:12]
    talk.browser.tab_to(lambda focused: focused.tag_name == "summary")
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: talk.browser.all("[role=log] [data-citation]"), "no sources are shown")


def test_what_was_forgotten_is_told_apart(open_talk):
    talk = open_talk()
    talk.say("My mother is from Icheon")
    talk.browser.driver.execute_async_script(
        "const done = arguments[0]; asked(ofGuest('/memories'), {method: 'DELETE'}).then(() => done());"
    )
    panel = open_past(talk, "en")
    assert "asked to forget" in titles(panel)[0]
    talk.browser.tab_to(lambda focused: "asked to forget" in focused.text)
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: "These words were forgotten" in talk.log().text, "nobody is told")


def test_the_language_changes_all_words_of_the_page_at_once(open_talk):
    talk = open_talk(language="en")
    talk.say("What is makgeolli?")
    talk.open_card("Makgeolli")
    talk.say("I want to buy a bottle of NERD12 Signature")
    talk.switch_language()
    talk.browser.until(lambda: "이야기 듣기" in talk.log().text, "the graph stays as it was")
    talk.browser.until(lambda: "이야기한 술" in talk.log().text, "the note to Joon stays as it was")
    own = talk.browser.driver.execute_script(
        "return [...document.querySelectorAll('[data-text], [data-label], .graph *')]"
        ".filter((one) => one.checkVisibility() && !one.closest('#language'))"
        ".map((one) => one.dataset.label ? one.ariaLabel : one.textContent)"
        ".filter((text) => /[A-Za-z]{3}/.test(text) && !/[가-힣]/.test(text))"
    )
    assert [text for text in own if text not in ("API",)] == []
    assert "매주" in talk.browser.driver.title
