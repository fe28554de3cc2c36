"""The graph under an answer, and the pictures of `nerdx graph`: what is joined can be seen, read and walked."""

import re

import pytest
from browser import SIZES
from selenium.webdriver.common.keys import Keys

HANGUL = re.compile(r"[가-힣]")
ASK = {"ko": "이강주가 뭐예요?", "en": "What is makgeolli?"}
NAME = {"ko": "이강주", "en": "Makgeolli"}


def neighbours(graph):
    return graph.find_elements("css selector", "li button")


def open_graph(open_talk, language="en", size="desktop", **preferences):
    talk = open_talk(size, language, **preferences)
    talk.say(ASK[language])
    graph = talk.open_card(NAME[language])
    talk.browser.until(talk.at_ease, "it doesn't come to rest")
    return talk, graph


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_answer_shows_what_its_subject_is_joined_to(open_talk, language, size):
    talk, graph = open_graph(open_talk, language, size)
    assert NAME[language] in graph.accessible_name
    assert len(neighbours(graph)) >= 5
    for button in neighbours(graph):
        assert bool(HANGUL.search(button.accessible_name)) == (language == "ko"), button.accessible_name
    talk.browser.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", graph)
    talk.browser.picture(f"graph-{language}-{size}")
    assert talk.browser.measure("overflow") <= 0
    assert talk.browser.measure("smallTargets") == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_lies_on_anything_and_each_has_its_line(open_talk, size):
    talk, graph = open_graph(open_talk, size=size)
    assert talk.browser.measure("overlaps", "[role=log] [role=group] button, [role=log] [role=group] [tabindex]") == []
    assert len(graph.find_elements("css selector", "svg path")) == len(neighbours(graph))


def test_a_visitor_walks_from_one_to_the_next_and_back_by_keyboard(open_talk):
    talk, graph = open_graph(open_talk)
    first = graph.accessible_name
    talk.browser.tab_to(lambda focused: focused.accessible_name.startswith("Bindaetteok"))
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: talk.graph().accessible_name != first, "the middle stays where it was")
    assert "Bindaetteok" in talk.graph().accessible_name
    focused = talk.browser.driver.switch_to.active_element
    assert focused.text == "Bindaetteok", "the focus is lost on the way"
    talk.browser.until(talk.at_ease, "it doesn't come to rest")
    talk.browser.picture("graph-en-desktop-walked")
    talk.browser.tab_to(lambda focused: focused.text == "Back")
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: talk.graph().accessible_name == first, "there is no way back")


def test_where_a_walk_leads_is_announced(open_talk):
    talk, _ = open_graph(open_talk)
    talk.browser.tab_to(lambda focused: focused.accessible_name.startswith("Bindaetteok"))
    talk.browser.press(Keys.ENTER)
    said = "return [...document.querySelectorAll('[role=log] [role=status]')].map((one) => one.textContent).join()"
    talk.browser.until(lambda: "Bindaetteok" in talk.browser.driver.execute_script(said), "nobody is told")


def test_maeju_is_asked_about_what_is_in_the_middle(open_talk):
    talk, _ = open_graph(open_talk)
    before = talk.log().text
    talk.browser.tab_to(lambda focused: focused.accessible_name == "Hear more: Makgeolli")
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: talk.log().text.count("Tell me about Makgeolli") == 1, "she isn't asked")
    talk.browser.until(talk.at_rest, "the answer doesn't end")
    assert len(talk.log().text) > len(before)


def test_a_double_click_goes_one_step_only(open_talk):
    talk, graph = open_graph(open_talk)
    seen = [graph.accessible_name]
    for _ in range(2):
        neighbours(graph)[0].click()
        talk.browser.until(lambda: graph.accessible_name not in seen, "it doesn't move")
        seen.append(graph.accessible_name)
    back = next(button for button in talk.browser.all("[role=log] button") if button.text == "Back")
    talk.browser.double_click(back)
    talk.browser.until(lambda: graph.accessible_name == seen[1], "it goes more than a step")
    talk.browser.until(talk.at_ease, "it doesn't come to rest")
    assert graph.accessible_name == seen[1]
    next(button for button in talk.browser.all("[role=log] button") if button.text == "Back").click()
    talk.browser.until(lambda: graph.accessible_name == seen[0], "it doesn't go all the way back")


def test_lines_are_decoration_and_the_lists_say_it_all(open_talk):
    _, graph = open_graph(open_talk)
    assert graph.find_element("css selector", "svg").get_attribute("aria-hidden") == "true"
    items = [item.text.split("\n") for item in graph.find_elements("css selector", "ul > li")]
    assert {"made with", "goes with", "stories"} <= {lines[0] for lines in items if len(lines) > 1}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_name_can_be_read(open_talk, scheme):
    talk, graph = open_graph(open_talk, size="phone", color_scheme=scheme)
    talk.browser.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", graph)
    talk.browser.picture(f"graph-en-phone-{scheme}")
    assert talk.browser.measure("faintText") == []


def test_whoever_wants_no_motion_gets_none(open_talk):
    talk = open_talk(reduced_motion="reduce")
    talk.say(ASK["en"])
    talk.open_card(NAME["en"])
    assert talk.at_ease()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("arguments", [["makgeolli"], ["jeonju", "--depth", "3"], []], ids=["near", "far", "all"])
def test_a_drawn_picture_can_be_read(open_page, run_nerdx, tmp_path, arguments, language):
    drawn = run_nerdx("graph", *arguments, "--format", "svg", "--lang", language, "--data", tmp_path / "data")
    assert drawn.returncode == 0, drawn.stderr
    sheet = tmp_path / "sheet.svg"
    sheet.write_text(drawn.stdout, encoding="utf-8")
    browser = open_page(sheet.as_uri(), language)
    browser.picture(f"drawn-{language}-{arguments[0] if arguments else 'all'}")
    assert browser.measure("textOutOfBox") == []
    assert browser.measure("overlaps", "g:not(.legend) > rect") == []
