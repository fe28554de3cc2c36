"""axe-core finds nothing to complain about, whatever the page shows."""

import axe
import pytest
from browser import SIZES
from test_outcomes import BUY, CARE, TELL, open_panel

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


STATES = [at_age_gate, before_talking, with_an_answer, with_a_card_open, with_every_outcome, with_the_panel_open]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_no_violation(open_talk, language, size, scheme):
    talk = open_talk(size, language, color_scheme=scheme)
    found = {}
    for reach in STATES:
        reach(talk, language)
        talk.browser.until(talk.at_ease, "it doesn't come to rest")
        talk.browser.picture(f"axe-{reach.__name__}-{language}-{size}-{scheme}")
        found[reach.__name__] = axe.violations(talk.browser)
        if reach is at_age_gate:
            talk.come_of_age()
    assert found == {reach.__name__: [] for reach in STATES}
