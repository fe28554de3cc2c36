"""The page when things are hard: too much text, a busy server, no network, a long wait, a zoomed screen."""

import threading

import pytest
from selenium.webdriver.common.keys import Keys
from test_talk import ASK

from llm_server import says_when

FIRST, SECOND = "Nuruk is the starter with which Korean alcohol is brewed.", "What would you like to hear?"
ONE_REFUSAL = """
const [status, headers, problem] = arguments;
const real = window.fetch;
window.asked = [];
window.fetch = (address, options) => {
  if (!address.endsWith("/chat")) return real(address, options);
  window.asked.push(JSON.parse(options.body).turn_id);
  if (window.asked.length > 1) return real(address, options);
  const head = { "Content-Type": "application/problem+json", ...headers };
  return Promise.resolve(new Response(JSON.stringify(problem), { status, headers: head }));
};
"""
ALERTS = """
window.told = [];
const alert = document.querySelector("[role=alert]");
new MutationObserver(() => alert.checkVisibility() && window.told.push(alert.textContent.trim()))
  .observe(alert, { childList: true, subtree: true, characterData: true });
"""
WATCH = """
window.added = [];
new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
  const element = node.nodeType === 1 ? node : node.parentElement;
  if (element && !element.closest("[aria-live=off]")) window.added.push(node.textContent.trim());
}))).observe(document.querySelector("[role=log]"), { childList: true, subtree: true, characterData: true });
"""


def send(talk, message):
    talk.browser.tab_to(lambda focused: focused == talk.box())
    talk.browser.press(message, Keys.ENTER)


def refuse_once(talk, status, detail, headers=None):
    problem = {"status": status, "detail": detail}
    talk.browser.driver.execute_script(ONE_REFUSAL, status, headers or {}, problem)


def paste(talk, text):
    talk.browser.driver.execute_script(
        "box.focus(); box.value = arguments[0]; box.dispatchEvent(new Event('input'));", text
    )


def alert(talk):
    return talk.browser.until(lambda: talk.browser.all("[role=alert]"), "nobody is told")[0].text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_megabyte_is_not_sent_and_the_page_says_why(open_talk, language):
    talk = open_talk("phone", language)
    paste(talk, "가" * 1_000_000)
    talk.browser.press(Keys.ENTER)
    talk.browser.picture(f"talk-{language}-phone-too-long")
    assert "2,000" in talk.page_text() and "1,000,000" in talk.page_text()
    assert talk.box().get_attribute("aria-invalid") == "true"
    assert not talk.browser.all("[role=log] article")
    assert len(talk.box().get_attribute("value")) == 1_000_000, "what was written is lost"
    paste(talk, ASK[language])
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: talk.browser.all("[role=log] article") and talk.at_rest(), "it isn't sent")


def test_what_the_server_refuses_is_shown_in_its_words(open_talk):
    talk = open_talk()
    refuse_once(talk, 422, "message: this can't be said here")
    send(talk, ASK["en"])
    assert "message: this can't be said here" in alert(talk)
    assert talk.box().get_attribute("value") == ASK["en"]
    talk.browser.picture("talk-en-desktop-refused")


@pytest.mark.parametrize(("status", "said"), [(503, "many visitors"), (429, "a little fast")])
def test_a_busy_server_is_waited_for_and_gets_the_same_turn(open_talk, status, said):
    talk = open_talk()
    talk.browser.driver.execute_script(ALERTS)
    refuse_once(talk, status, "come back in a moment", {"Retry-After": "1"})
    send(talk, ASK["en"])
    talk.browser.until(lambda: talk.browser.all("[role=log] details") and talk.at_rest(), "it isn't sent again")
    told = talk.browser.driver.execute_script("return window.told")  # for a second: by now it is gone
    assert told and all(said in words for words in told), "nobody is told"
    assert not talk.browser.all("[role=alert]")
    asked = talk.browser.driver.execute_script("return window.asked")
    assert len(asked) == 2 and len(set(asked)) == 1
    assert talk.box().get_attribute("value") == ""


def test_what_could_not_be_sent_without_a_network_is_sent_when_it_is_back(open_talk):
    talk = open_talk()
    network = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    talk.browser.driver.execute_cdp_cmd("Network.enable", {})
    talk.browser.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, **network})
    send(talk, ASK["en"])
    assert "You are offline" in alert(talk)
    talk.browser.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, **network})
    talk.browser.until(lambda: talk.browser.all("[role=log] details") and talk.at_rest(), "it isn't sent")
    talk.browser.forget()  # Chromium itself notes the refused connections


@pytest.mark.parametrize("message", ["w" * 400, "ㅋ" * 400, "👩‍👩‍👧‍👦" * 60, "\u202ecba \u200b막걸리\u0301 ﷽"])
def test_no_message_breaks_the_page(open_talk, message):
    talk = open_talk("phone")
    paste(talk, message)
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: talk.browser.all("[role=log] article") and talk.at_rest(), "nothing is answered")
    assert talk.browser.measure("overflow") <= 0


@pytest.mark.parametrize(
    "size", [(640, 400), (360, 740), (320, 256)], ids=["zoomed twice", "phone", "zoomed four times"]
)
def test_nothing_is_lost_on_a_small_screen(open_talk, size):
    talk = open_talk()
    talk.browser.look_through(*size)
    talk.say(ASK["en"])
    talk.browser.picture(f"talk-en-{size[0]}x{size[1]}")
    assert talk.browser.measure("overflow") <= 0
    share = "return document.querySelector('form').getBoundingClientRect().height / window.innerHeight"
    assert talk.browser.driver.execute_script(share) <= 0.5, "the text box covers the talk"


# --- an answer that takes its time


@pytest.fixture
def slow_talk(open_talk, start_nerdx, llm):
    opened = threading.Event()
    llm.play(says_when(opened, FIRST + " " + SECOND[:5], SECOND[5:]))
    env = {"NERDX_LLM_URL": llm.url, "NERDX_LLM_MODEL": "m", "NERDX_LLM_IDLE_TIMEOUT": "60s"}
    yield open_talk(nerdx=start_nerdx(env=env)), opened
    opened.set()


def test_each_sentence_is_read_out_once_when_it_comes(slow_talk):
    talk, opened = slow_talk
    talk.browser.driver.execute_script(WATCH)
    send(talk, ASK["en"])
    talk.browser.until(lambda: FIRST in talk.log().text, "the first sentence doesn't come")
    assert SECOND not in talk.log().text
    opened.set()
    talk.browser.until(talk.at_rest, "the answer doesn't end")
    added = talk.browser.driver.execute_script("return window.added")
    assert [text for text in added if text.endswith(FIRST)] == [text for text in added if FIRST in text]
    assert sum(FIRST in text for text in added) == 1 and sum(SECOND in text for text in added) == 1
    assert not any(ASK["en"] in text for text in added), "the visitor hears their own words"


def test_escape_ends_an_answer_at_the_server_too(slow_talk):
    talk, opened = slow_talk
    send(talk, ASK["en"])
    talk.browser.until(lambda: FIRST in talk.log().text, "the first sentence doesn't come")
    talk.browser.press(Keys.ESCAPE)
    talk.browser.until(talk.at_rest, "it doesn't stop")
    assert not opened.is_set(), "the model is still silent"
    assert "Stopped here" in talk.log().text and "Show the rest" not in talk.log().text
    opened.set()
    talk.browser.driver.refresh()
    talk.browser.until(lambda: FIRST in talk.log().text, "the talk isn't shown again")
    assert SECOND not in talk.log().text


def test_escape_stops_an_answer_whose_rest_can_be_seen_when_the_server_cannot_be_told(slow_talk):
    talk, opened = slow_talk
    talk.browser.driver.execute_script("window.asked = () => Promise.reject(new Error('away'))")
    send(talk, ASK["en"])
    talk.browser.until(lambda: FIRST in talk.log().text, "the first sentence doesn't come")
    talk.browser.press(Keys.ESCAPE)
    talk.browser.until(talk.at_rest, "it doesn't stop")
    assert "Stopped here" in talk.log().text
    talk.browser.picture("talk-en-desktop-stopped")
    opened.set()
    talk.browser.tab_to(lambda focused: focused.text == "Show the rest", backwards=True)
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: SECOND in talk.log().text and talk.at_rest(), "the rest isn't shown")
    assert talk.log().text.count(FIRST) == 1 and "Stopped here" not in talk.log().text
