"""The switch for being told by this browser, and what the worker shows of a push."""

import json

import axe
import pytest
from browser import SIZES
from selenium.webdriver.common.keys import Keys

NOTIFY = "/api/v1/notify"
COUNTED = """
window.timesAsked = 0;
const ask = Notification.requestPermission.bind(Notification);
Notification.requestPermission = () => (window.timesAsked++, ask());
"""
SUBSCRIBED = """
PushManager.prototype.subscribe = async function (options) {
  window.subscribedWith = new Uint8Array(options.applicationServerKey).length;
  const auth = "BTBZMqHH6r4Tts7J_aSIgg";
  const keys = {auth};
  keys.p256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
  return {toJSON: () => ({endpoint: "https://push.example.com/" + crypto.randomUUID(), expirationTime: null, keys})};
};
"""  # no push service is reached from here: what the browser would give, with the keys of RFC 8291's example
SHOWN = """
const found = await (await navigator.serviceWorker.ready).getNotifications();
return found.map(({title, body, tag, lang, data}) => ({title, body, tag, lang, data}));
"""


def allow(browser, url, names=("notifications",)):
    browser.driver.execute_cdp_cmd("Browser.grantPermissions", {"origin": url, "permissions": list(names)})


def open_panel(talk):
    talk.browser.tab_to(lambda focused: focused.get_attribute("id") == "open-remembered", backwards=True)
    talk.browser.press(Keys.ENTER)
    return talk.browser.until(lambda: talk.browser.all("#told"), "there is no switch")[0]


def switch(talk):
    return talk.browser.driver.find_element("id", "told").get_attribute("aria-checked")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_switch_subscribes_this_browser(open_talk, shared_nerdx, language, size, scheme):
    talk = open_talk(size, language, color_scheme=scheme)
    talk.browser.driver.execute_script(COUNTED + SUBSCRIBED)
    allow(talk.browser, talk.url)
    open_panel(talk)
    assert talk.browser.driver.execute_script("return window.timesAsked") == 0, "nobody is asked before they press"
    talk.browser.tab_to(lambda focused: focused.get_attribute("id") == "told")
    talk.browser.press(Keys.SPACE)
    talk.browser.until(lambda: switch(talk) == "true", "it isn't switched on")
    talk.browser.until(talk.at_ease, "something moves on")
    talk.browser.picture(f"told-{language}-{size}-{scheme}")
    assert axe.violations(talk.browser) == []
    assert not talk.browser.driver.execute_script("return document.documentElement.scrollWidth > innerWidth")
    assert talk.browser.driver.execute_script("return [window.timesAsked, window.subscribedWith]") == [1, 65]
    who = talk.browser.driver.execute_script("return guest()")
    (browser,) = shared_nerdx.get(f"{NOTIFY}/push?user_id={who}").json()["items"]
    assert browser["service"] == "https://push.example.com"


def test_the_worker_shows_a_push_once_and_in_its_language(open_talk):
    talk = open_talk(whole=True)
    driver = talk.browser.driver
    allow(talk.browser, talk.url)
    begin = "await navigator.serviceWorker.register('/push.js'); return (await navigator.serviceWorker.ready).scope"
    driver.execute_script(f"return (async () => {{{begin}}})()")
    driver.execute_cdp_cmd("ServiceWorker.enable", {})
    message = {"id": "one", "language": "ko", "title": "카메오 영상이 완성되었습니다", "text": "지금 보실 수 있습니다."}
    message["link"] = f"{talk.url}/x"
    pushed = {"origin": talk.url, "registrationId": registration_of(talk), "data": json.dumps(message)}

    def push_and_look():
        """Again and again: one that is ready may not be stored yet, and what is pushed to it then is lost."""
        driver.execute_cdp_cmd("ServiceWorker.deliverPushMessage", pushed)
        return driver.execute_script(f"return (async () => {{{SHOWN}}})()")

    talk.browser.until(push_and_look, "nothing is shown")
    wanted = {"title": message["title"], "body": message["text"], "tag": "one", "lang": "ko"}
    once = [{**wanted, "data": {"link": message["link"]}}]
    # While one replaces the other there may be none.
    talk.browser.until(lambda: push_and_look() == once, "it isn't shown once")


def registration_of(talk):
    """Chromium numbers them; the first of a profile."""
    return "0"
