"""Passkeys on the page, with Chromium's virtual authenticator: made by a guest, shown in another browser."""

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

TELL = {"ko": "저는 단맛이 좋아요", "en": "I like sweet drinks"}
MAKE = {"ko": "패스키 만들기", "en": "Make a passkey"}
SHOW = {"ko": "패스키로 들어오기", "en": "Sign in with a passkey"}
LEAVE = {"ko": "나가기", "en": "Sign out"}


class OnLocalhost:
    """The same program, by the name that its passkeys are for."""

    def __init__(self, nerdx):
        self.url = nerdx.url.replace("127.0.0.1", "localhost")


def phone(transport="internal"):
    options = VirtualAuthenticatorOptions()
    options.protocol, options.transport = "ctap2", transport
    options.has_resident_key = options.has_user_verification = options.is_user_verified = True
    return options


@pytest.fixture
def open_local(open_talk, shared_nerdx):
    def open_one(language):
        talk = open_talk("desktop", language, nerdx=OnLocalhost(shared_nerdx))
        talk.browser.driver.add_virtual_authenticator(phone())
        return talk

    return open_one


def press(talk, name):
    talk.browser.tab_to(lambda focused: focused.text == name)
    talk.browser.press(Keys.ENTER)


def open_panel(talk):
    name = talk.browser.driver.execute_script("return phrase('panel')")
    talk.browser.tab_to(lambda focused: focused.text == name, backwards=True)
    talk.browser.press(Keys.ENTER)
    panel = talk.browser.until(lambda: talk.browser.all("dialog[open]"), "no panel opens")[0]
    talk.browser.until(lambda: panel.find_elements("css selector", "#memories li"), "nothing is listed")
    talk.browser.until(talk.at_ease, "it doesn't come to rest")
    return panel


def said(talk, key):
    wanted = talk.browser.driver.execute_script(f"return phrase('{key}')")
    status = talk.browser.driver.find_element("id", "remembered-status")
    talk.browser.until(lambda: status.text == wanted, f"it doesn't say {wanted!r}")


def who(talk):
    return talk.browser.driver.execute_script("return [recall('person'), recall('person-role')]")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_guest_makes_a_passkey_and_is_known_by_it_in_another_browser(open_local, language):
    first = open_local(language)
    first.say(TELL[language])
    guest, role = who(first)
    assert role == "guest"
    panel = open_panel(first)
    told = [item.text for item in panel.find_elements("css selector", "#memories li p:first-child")]
    press(first, MAKE[language])
    said(first, "passkeyMade")
    first.browser.picture(f"passkey-{language}")
    assert who(first) == [guest, "member"]
    kept = first.browser.driver.get_credentials()
    assert len(kept) == 1 and kept[0].is_resident_credential

    other = open_local(language)
    other.browser.driver.add_credential(kept[0])
    panel = open_panel(other)
    assert who(other)[0] != guest
    press(other, SHOW[language])
    said(other, "signedIn")
    assert who(other) == [guest, "member"]
    assert [item.text for item in panel.find_elements("css selector", "#memories li p:first-child")] == told


def test_who_signs_out_is_somebody_new(open_local):
    talk = open_local("en")
    open_panel(talk)
    press(talk, MAKE["en"])
    said(talk, "passkeyMade")
    member = who(talk)
    press(talk, LEAVE["en"])
    talk.browser.until(lambda: talk.browser.all("#gate[open]"), "the page isn't loaded anew")
    kept = talk.browser.driver.execute_script("return {...localStorage, ...sessionStorage}")
    assert any("Cleared data types" in note for note in talk.browser.complaints()), "Chromium says that it did"
    talk.browser.forget()
    assert set(kept) == {"language"}, "who comes next is asked for their age, and finds nothing"
    talk.come_of_age()
    open_panel(talk)
    assert who(talk)[0] != member[0] and who(talk)[1] == "guest"
    press(talk, SHOW["en"])
    said(talk, "signedIn")
    assert who(talk) == member, "and the same again by the passkey"


def test_what_was_pressed_is_answered_for_good_whatever_is_still_looked_at(open_local):
    """The panel asks the browser whether it tells of notices, which may take longer than to make a passkey."""
    talk = open_local("en")
    looks = "navigator.serviceWorker.getRegistration = () => new Promise((seen) => (window.seen = seen))"
    talk.browser.driver.execute_script(looks)
    open_panel(talk)
    press(talk, MAKE["en"])
    said(talk, "passkeyMade")
    talk.browser.driver.execute_script("window.seen(); return new Promise((then) => setTimeout(then))")
    said(talk, "passkeyMade")
    talk.browser.press(Keys.ESCAPE)
    open_panel(talk)
    assert not talk.browser.driver.find_element("id", "remembered-status").text, "that was said before"


def test_who_has_no_passkey_here_is_told_that_nothing_happened(open_local):
    talk = open_local("en")
    open_panel(talk)
    before = who(talk)
    talk.browser.driver.set_user_verified(False)
    press(talk, MAKE["en"])
    said(talk, "noPasskey")
    assert who(talk) == before
