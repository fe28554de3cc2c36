"""axe-core finds nothing to complain about, whatever the page shows."""

import axe
import pytest
from browser import SCHEMES, SIZES
from selenium.webdriver.common.keys import Keys
from test_outcomes import BUY, CARE, TELL, open_panel
from test_past import DELETE, open_past

ASK = {"ko": "이강주가 뭐예요?", "en": "What is makgeolli?"}
NAME = {"ko": "이강주", "en": "Makgeolli"}


def at_age_gate(talk, language):
    talk.browser.driver.execute_script("localStorage.clear()")
    talk.browser.driver.refresh()
    talk.browser.until(lambda: talk.browser.all("dialog[open]"), "nobody is asked for their age")


def before_talking(talk, language):
    pass


def with_an_answer(talk, language):
    talk.say(ASK[language])


def with_a_card_open(talk, language):
    talk.open_card(NAME[language])


def with_every_outcome(talk, language):
    for message in (CARE, BUY, TELL):
        talk.say(message[language])


def with_the_panel_open(talk, language):
    panel = open_panel(talk, language)
    talk.browser.until(lambda: panel.find_elements("css selector", "li"), "nothing is shown")


def with_past_talks(talk, language):
    talk.browser.press(Keys.ESCAPE)
    open_past(talk, language)


def with_a_question_before_deleting(talk, language):
    talk.browser.tab_to(lambda focused: focused.text == DELETE[language])
    talk.browser.press(Keys.ENTER)


def with_a_talk_that_was_resumed(talk, language):
    talk.browser.driver.refresh()
    talk.browser.until(lambda: talk.browser.all("[role=log] article"), "the talk is gone")


def with_a_failure(talk, language):
    refusal = "new Refused({detail: 'too many conversations at once', status: 503, retry_after_s: 60})"
    talk.browser.driver.execute_script(f"offerAgain(newTurn('{ASK[language]}'), {refusal})")
    talk.browser.until(lambda: talk.browser.all("[role=alert]"), "nobody is told")


def with_too_many_characters(talk, language):
    talk.browser.driver.execute_script("box.value = '가'.repeat(2001); box.dispatchEvent(new Event('input'))")


def with_a_letter_open(talk, language):
    talk.browser.driver.execute_script("showStep('reset')")


def with_a_sign_in_that_was_refused(talk, language):
    talk.browser.driver.execute_script("showStep('enter'); recopy(at('letter-status'), 'letters.wrong')")


STATES = [
    at_age_gate,
    before_talking,
    with_an_answer,
    with_a_card_open,
    with_every_outcome,
    with_the_panel_open,
    with_past_talks,
    with_a_question_before_deleting,
    with_a_talk_that_was_resumed,
    with_a_failure,
    with_too_many_characters,
    with_a_letter_open,
    with_a_sign_in_that_was_refused,
]


def look(talk, scheme, name):
    talk.browser.prefer(color_scheme=scheme)
    talk.browser.until(talk.at_ease, "it doesn't come to rest")
    talk.browser.picture(f"axe-{name}-{scheme}")
    return axe.violations(talk.browser)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_no_violation(open_talk, language, size):
    talk = open_talk(size, language)
    found = {}
    for reach in STATES:
        reach(talk, language)
        for scheme in SCHEMES:
            found[reach.__name__, scheme] = look(talk, scheme, f"{reach.__name__}-{language}-{size}")
        if reach is at_age_gate:
            talk.come_of_age()
    assert found == {(reach.__name__, scheme): [] for reach in STATES for scheme in SCHEMES}
