"""A connection that breaks in the middle of an answer: it appears once, whole, without anybody doing anything."""

import json
import re

import pytest
from proxy import Proxy
from selenium.webdriver.common.keys import Keys
from test_talk import ASK

TURN = re.compile(r"(/api/v1/agents/maeju/turns/[^/]+/events\?user_id=[^&]+)$")


@pytest.fixture
def proxy_to():
    """proxy_to(nerdx) -> Proxy. They end after the pages that came through them."""
    proxies = []

    def lead(nerdx):
        proxies.append(Proxy(nerdx.port))
        return proxies[-1]

    yield lead
    for proxy in proxies:
        proxy.close()


@pytest.fixture
def broken_talk(proxy_to, start_nerdx, open_talk):
    """broken_talk() -> (nerdx, proxy, talk); afterwards what Chromium itself notes about connections is put away."""
    talks = []

    def open_one(language="en"):
        nerdx = start_nerdx()
        proxy = proxy_to(nerdx)
        talks.append(open_talk(language=language, nerdx=proxy))
        return nerdx, proxy, talks[-1]

    yield open_one
    for talk in talks:
        talk.browser.forget()


def send(talk, message):
    talk.browser.tab_to(lambda focused: focused == talk.box())
    talk.browser.press(message, Keys.ENTER)


def shown_answers(talk):
    articles = talk.browser.all("[role=log] article")
    return [article.find_element("css selector", "[data-words]").text for article in articles][1::2]


def recorded_answers(nerdx, talk):
    """The answers of the turns that the page came back for, as the server has them."""
    talk.browser.read_logs()
    places = dict.fromkeys(found.group(1) for url in talk.browser.requested if (found := TURN.search(url)))
    told = [nerdx.get(place, headers={"Accept": "text/event-stream"}).text for place in places]
    return [content_of(events) for events in told]


def content_of(events):
    last = events.strip().split("\n\n")[-1]
    assert "event: done" in last, events
    return json.loads(last.split("data: ", 1)[1])["content"]


def sessions(nerdx, talk):
    guest = talk.browser.driver.execute_script("return guest()")
    return nerdx.get(f"/api/v1/agents/maeju/sessions?user_id={guest}").json()["items"]


def same_words(shown, recorded):
    return [text.split() for text in shown] == [text.split() for text in recorded]


def lose_in_the_middle(proxy, talk, stay_away=False):
    """Waits until the page knows its turn: from then on nothing may be missing."""
    talk.browser.until(proxy.stopped.is_set, "nothing was stopped")
    talk.browser.until(lambda: talk.browser.all("[role=log] article[lang]"), "the first event doesn't come")
    proxy.lose(stay_away)


@pytest.mark.parametrize("place", [b"event: delta", b'data: {"text":"', b"event: done"])
def test_an_answer_that_is_cut_off_comes_once_and_whole(broken_talk, place):
    nerdx, proxy, talk = broken_talk()
    proxy.cut_at(place)
    send(talk, ASK["en"])
    lose_in_the_middle(proxy, talk)
    talk.browser.until(lambda: talk.at_rest() and shown_answers(talk), "the answer doesn't end")
    assert len(recorded_answers(nerdx, talk)) == 1
    assert same_words(shown_answers(talk), recorded_answers(nerdx, talk))


def test_an_answer_outlives_the_server(broken_talk):
    nerdx, proxy, talk = broken_talk("ko")
    proxy.cut_at(b"event: delta")
    send(talk, ASK["ko"])
    lose_in_the_middle(proxy, talk, stay_away=True)
    talk.browser.until(lambda: "이어 받고" in talk.page_text(), "nobody is told that the rest is being fetched")
    proxy.patient.set()  # the page asks for half a minute, and the server may be away for longer
    talk.browser.picture("talk-ko-desktop-lost")
    nerdx.stop()
    nerdx.start()
    proxy.port = nerdx.port
    proxy.open.set()
    talk.browser.until(talk.at_rest, "the answer doesn't end")
    assert "이어 받고" not in talk.page_text()
    assert len(recorded_answers(nerdx, talk)) == 1
    assert same_words(shown_answers(talk), recorded_answers(nerdx, talk))


@pytest.mark.parametrize("place", [b"HTTP/1.1 200", b"event: meta"])
def test_a_message_whose_fate_is_not_known_is_sent_again_and_counts_once(broken_talk, place):
    nerdx, proxy, talk = broken_talk()
    proxy.cut_at(place)
    send(talk, ASK["en"])
    talk.browser.until(proxy.stopped.is_set, "nothing was stopped")
    proxy.lose()
    talk.browser.until(lambda: talk.at_rest() and any(shown_answers(talk)), "the answer doesn't come")
    assert [item["turns"] for item in sessions(nerdx, talk)] == [1]


def test_a_message_that_can_not_be_sent_waits_in_the_box(broken_talk):
    _, proxy, talk = broken_talk()
    proxy.lose(stay_away=True)
    send(talk, ASK["en"])
    talk.browser.until(lambda: talk.browser.all("[role=alert]"), "nobody is told")
    assert talk.box().get_attribute("value") == ASK["en"]
    assert talk.browser.driver.switch_to.active_element == talk.box()
    assert shown_answers(talk) == []


def test_what_failed_is_sent_again_with_one_key_and_counts_once(broken_talk):
    nerdx, proxy, talk = broken_talk()
    proxy.cut_at(b"HTTP/1.1")
    proxy.lose(stay_away=True)
    send(talk, ASK["en"])
    talk.browser.until(lambda: talk.browser.all("[role=alert]"), "nobody is told")
    talk.browser.picture("talk-en-desktop-failed")
    proxy.mark = None
    proxy.open.set()
    talk.browser.press(Keys.ENTER)
    talk.browser.until(lambda: len(shown_answers(talk)) == 1 and talk.at_rest(), "it isn't sent again")
    assert talk.box().get_attribute("value") == ""
    assert not talk.browser.all("[role=alert]"), "the failure is still shown"
    assert [item["turns"] for item in sessions(nerdx, talk)] == [1]
