"""What an answer is besides its words: whom to call, what Joon gets to know, who made it, what is remembered."""

import pytest
from browser import SIZES
from selenium.webdriver.common.keys import Keys

CARE = {"ko": "죽고 싶어요", "en": "I want to kill myself"}
TELL = {"ko": "저는 단 술은 별로예요", "en": "My mother is from Icheon"}
BUY = {"ko": "NERD12 시그니처 한 병 사고 싶어요", "en": "I want to buy a bottle of NERD12 Signature"}
UNKNOWN = {"ko": "양자역학의 슈뢰딩거 방정식이 뭐예요?", "en": "What is the Schrödinger equation?"}
FORGET_ALL = {"ko": "모두 잊기", "en": "Forget everything"}
OPEN = {"ko": "기억", "en": "Memory"}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_whoever_is_in_need_can_call_at_a_touch(open_talk, language, size):
    talk = open_talk(size, language)
    talk.say(CARE[language])
    talk.browser.picture(f"talk-{language}-{size}-care")
    calls = [link.get_attribute("href") for link in talk.browser.all("[role=log] a[href]")]
    assert {"tel:109", "tel:119", "https://findahelpline.com/"} <= set(calls)
    assert talk.browser.measure("smallTargets") == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_hand_off_shows_what_joon_gets_to_know(open_talk, language):
    talk = open_talk("phone", language)
    talk.say(BUY[language])
    card = talk.browser.until(lambda: talk.browser.all("[role=log] section"), "no card is shown")[0]
    talk.browser.until(lambda: "NERD12" in card.text, "the product isn't named")
    talk.browser.picture(f"talk-{language}-phone-handoff")


def test_a_note_to_joon_shows_whatever_typed_fields_there_are(open_talk):
    talk = open_talk("phone")
    talk.say(BUY["en"])
    talk.browser.driver.execute_script("""
        const summary = {language: "en", wants: "two bottles", budget: {max_minor: 80000, currency: "KRW"},
          quantities: [{count: 2, unit: "bottle", said: "two bottles"}],
          needed_by: "2026-12-04", tastes: [{name: "dry", score: 1}, {name: "sweet", score: -1}],
          constraints: [{kind: "avoids", who: "mother", value: "nuts"},
            {kind: "gift_wrap", who: "self", value: "paper"}]};
        const card = handoffCard({products: ["nerd12-signature"], summary});
        document.querySelector("[role=log] section").replaceWith(card);
    """)
    card = talk.browser.all("[role=log] section")[0]
    talk.browser.until(lambda: "NERD12" in card.text, "the product isn't named")
    talk.browser.picture("talk-en-phone-handoff-whole")
    terms = [found.text for found in card.find_elements("css selector", "dt")]
    told = [found.text for found in card.find_elements("css selector", "dd")]
    shown = dict(zip(terms, told, strict=True))
    assert shown == {
        "In your words": "two bottles",
        "Talked about": "NERD12 Signature",
        "Budget": "up to ₩80,000",
        "How many": "two bottles",
        "Wanted by": "December 4, 2026",
        "You like": "dry",
        "Not for you": "sweet",
        "Left out": "nuts (your mother)",
        "gift wrap": "paper",
    }


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_isnt_known_is_told_apart(open_talk, language):
    talk = open_talk(language=language)
    talk.say(UNKNOWN[language])
    talk.browser.picture(f"talk-{language}-desktop-abstain")
    assert {"ko": "지어내지 않습니다", "en": "isn't made up"}[language] in talk.log().text


def test_every_answer_says_who_made_it(open_talk):
    talk = open_talk()
    assert "built-in narrator" in talk.say("What is nuruk?")
    assert "AI" in talk.log().text


def open_panel(talk, language):
    talk.browser.tab_to(lambda focused: focused.text == OPEN[language], backwards=True)
    talk.browser.press(Keys.ENTER)
    return talk.browser.until(lambda: talk.browser.all("dialog[open]"), "no panel opens")[0]


def items(panel):
    return panel.find_elements("css selector", "li button")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_remembered_is_shown_and_forgotten_by_keyboard(open_talk, language, size):
    talk = open_talk(size, language)
    talk.say(TELL[language])
    panel = open_panel(talk, language)
    talk.browser.until(lambda: items(panel), "nothing is remembered")
    talk.browser.picture(f"panel-{language}-{size}")
    assert talk.browser.measure("smallTargets") == []
    talk.browser.tab_to(lambda focused: focused == items(panel)[0])
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: not items(panel), "it isn't forgotten")
    assert talk.browser.driver.execute_script("return document.activeElement.closest('dialog') !== null")
    talk.browser.press(Keys.ESCAPE)
    talk.browser.until(lambda: not talk.browser.all("dialog[open]"), "Escape doesn't close the panel")


def test_everything_is_forgotten_at_the_second_press(open_talk):
    talk = open_talk()
    talk.say(TELL["en"])
    panel = open_panel(talk, "en")
    talk.browser.until(lambda: items(panel), "nothing is remembered")
    talk.browser.tab_to(lambda focused: focused.text == FORGET_ALL["en"])
    talk.browser.press(Keys.ENTER)
    assert items(panel)
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: not items(panel), "it isn't forgotten")
