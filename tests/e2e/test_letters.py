"""Links of letters, opened: with the real letters, in both languages, by keyboard."""

import email
import email.policy
import re
import time
import uuid

import pyotp
import pytest
from selenium.webdriver.common.keys import Keys

AUTH = "/api/v1/auth"
PASSWORD, OTHER = "wide river under stars", "a narrow bridge at dawn"


def someone():
    return f"{uuid.uuid4().hex[:12]}@example.com"


def links_in(nerdx, address):
    """Of the latest letter to them."""
    for path in sorted((nerdx.data / "mail").glob("*.eml"), reverse=True):
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if letter["To"] == address:
            return re.findall(r"^\s*http://localhost:8080(/#\S+)$", letter.get_content(), re.MULTILINE)
    raise AssertionError(f"nobody has written to {address}")


def link_in(nerdx, address):
    (link,) = links_in(nerdx, address)
    return link


def ask(nerdx, place, body, **options):
    reply = nerdx.request("POST", f"{AUTH}{place}", json=body, **options)
    assert reply.status_code in (200, 202), reply.text
    return reply.json()


def asked_to_sign_up(nerdx, language):
    address = someone()
    ask(nerdx, "/sign-up", {"email": address, "password": PASSWORD, "language": language})
    return address


def member(nerdx, language):
    address = asked_to_sign_up(nerdx, language)
    token = link_in(nerdx, address).split("=")[1]
    return {**ask(nerdx, "/verify-email", {"token": token, "password": PASSWORD}), "email": address}


def open_link(talk, link):
    """A page that is open isn't loaded anew for it: it takes the secret out of its address when it has read it."""
    talk.browser.driver.get(talk.url + link)
    talk.browser.until(lambda: talk.browser.driver.current_url == talk.url + "/", "the link isn't read")
    talk.browser.until(lambda: talk.browser.all("#letter[open]"), "the letter isn't opened")


def phrase(talk, key):
    return talk.browser.driver.execute_script("return phrase(arguments[0])", key)


def text_of(talk, element_id):
    return talk.browser.driver.find_element("id", element_id).text


def give(talk, *texts):
    """Types into the fields that are shown, in their order, and sends the form."""
    fields = talk.browser.all("#letter input")
    assert len(fields) == len(texts)
    for field, text in zip(fields, texts, strict=True):
        talk.browser.tab_to(lambda focused, field=field: focused == field)
        talk.browser.press(text)
    talk.browser.press(Keys.ENTER)


def says(talk, key):
    wanted = phrase(talk, key)
    talk.browser.until(lambda: text_of(talk, "letter-status") == wanted, f"it doesn't say {wanted!r}")


def who(talk):
    return talk.browser.driver.execute_script("return [recall('person'), recall('person-role')]")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_link_of_a_sign_up_makes_a_member_with_the_password(open_talk, shared_nerdx, language):
    talk = open_talk("desktop", language)
    link = link_in(shared_nerdx, asked_to_sign_up(shared_nerdx, language))
    open_link(talk, link)
    assert talk.browser.driver.current_url == talk.url + "/", "the secret is out of the address"
    assert text_of(talk, "letter-title") == phrase(talk, "letters.verify.title")
    talk.browser.picture(f"letter-verify-{language}")
    give(talk, PASSWORD)
    says(talk, "letters.verify.done")
    assert who(talk)[1] == "member"


def test_a_wrong_password_is_told_and_the_right_one_still_counts(open_talk, shared_nerdx):
    talk = open_talk("phone", "en")
    open_link(talk, link_in(shared_nerdx, asked_to_sign_up(shared_nerdx, "en")))
    give(talk, OTHER)
    says(talk, "letters.wrong")
    talk.browser.forget()  # Chromium's note of the refusal
    talk.browser.driver.find_element("css selector", "#letter input[type=password]").clear()
    give(talk, PASSWORD)
    says(talk, "letters.verify.done")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_link_of_a_reset_asks_for_the_new_password_which_then_signs_in(open_talk, shared_nerdx, language):
    person = member(shared_nerdx, language)
    ask(shared_nerdx, "/reset-password", {"email": person["email"], "language": language})
    talk = open_talk("desktop", language)
    open_link(talk, link_in(shared_nerdx, person["email"]))
    give(talk, OTHER)
    says(talk, "letters.reset.done")
    assert who(talk)[1] != "member", "a letter alone signs nobody in"
    talk.browser.driver.execute_script("showStep('enter')")
    give(talk, person["email"], OTHER)
    says(talk, "letters.enter.done")
    assert who(talk) == [person["user_id"], "member"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_link_of_a_new_address_asks_a_stranger_to_sign_in_and_moves_it(open_talk, shared_nerdx, language):
    person, address = member(shared_nerdx, language), someone()
    bearer = {"Authorization": f"Bearer {person['access_token']}"}
    ask(shared_nerdx, "/email", {"email": address, "language": language}, headers=bearer)
    talk = open_talk("desktop", language)
    open_link(talk, link_in(shared_nerdx, address))
    give_nothing(talk)
    talk.browser.until(lambda: text_of(talk, "letter-title") == phrase(talk, "letters.enter.title"), "nobody asks")
    give(talk, person["email"], PASSWORD)
    says(talk, "letters.email.done")
    account = shared_nerdx.request("GET", f"{AUTH}/account", headers=bearer).json()
    assert account["email"] == address


def give_nothing(talk):
    talk.browser.tab_to(lambda focused: focused.get_attribute("id") == "letter-go")
    talk.browser.press(Keys.ENTER)


def test_a_link_counts_once(open_talk, shared_nerdx):
    link = link_in(shared_nerdx, asked_to_sign_up(shared_nerdx, "en"))
    talk = open_talk("desktop", "en")
    for key in ("letters.verify.done", "letters.wrong"):
        open_link(talk, link)
        give(talk, PASSWORD)
        says(talk, key)
        talk.browser.driver.get("about:blank")
    talk.browser.forget()


def test_a_password_can_be_pasted_and_is_for_managers_and_not_to_be_read(open_talk):
    talk = open_talk("desktop", "en")
    fields = talk.browser.driver.find_elements("css selector", "#letter input[type=password]")
    assert [field.get_attribute("autocomplete") for field in fields] == ["current-password", "new-password"]
    pasted = """const event = new ClipboardEvent("paste", { cancelable: true, bubbles: true });
                return arguments[0].dispatchEvent(event);"""
    assert all(talk.browser.driver.execute_script(pasted, field) for field in fields), "nobody stops it"


def with_app(nerdx, language):
    person = member(nerdx, language)
    bearer = {"Authorization": f"Bearer {person['access_token']}"}
    app = pyotp.parse_uri(ask(nerdx, "/totp", None, headers=bearer)["uri"])
    ask(nerdx, "/totp/confirm", {"code": app.now()}, headers=bearer)
    return person, app


@pytest.mark.parametrize("language", ["ko", "en"])
def test_who_signs_in_with_a_password_is_asked_for_the_code(open_talk, shared_nerdx, language):
    person, app = with_app(shared_nerdx, language)
    talk = open_talk("phone", language)
    talk.browser.driver.execute_script("showStep('enter')")
    give(talk, person["email"], PASSWORD)
    talk.browser.until(lambda: text_of(talk, "letter-title") == phrase(talk, "letters.code.title"), "nobody asks")
    talk.browser.picture(f"letter-code-{language}")
    give(talk, app.at(time.time() + 30))
    says(talk, "letters.code.done")
    assert who(talk) == [person["user_id"], "member"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_who_has_lost_the_app_gets_a_letter_that_waits_and_can_be_called_off(open_talk, shared_nerdx, language):
    person, _ = with_app(shared_nerdx, language)
    talk = open_talk("desktop", language)
    talk.browser.driver.execute_script("showStep('enter')")
    give(talk, person["email"], PASSWORD)
    talk.browser.until(lambda: text_of(talk, "letter-title") == phrase(talk, "letters.code.title"), "nobody asks")
    talk.browser.tab_to(lambda focused: focused.get_attribute("id") == "letter-more")
    talk.browser.press(Keys.ENTER)
    begins = phrase(talk, "letters.code.asked").split(".")[0]
    talk.browser.until(lambda: text_of(talk, "letter-status").startswith(begins), "it doesn't say what happens")
    cancel, remove = links_in(shared_nerdx, person["email"])
    talk.browser.press(Keys.ESCAPE)
    talk.browser.until(lambda: not talk.browser.all("#letter[open]"), "it isn't closed")
    for link, key, texts in ((remove, "letters.lost-app.early", [PASSWORD]), (cancel, "letters.keep-app.done", [])):
        open_link(talk, link)
        if texts:
            give(talk, *texts)
        else:
            give_nothing(talk)
        says(talk, key)
        talk.browser.driver.get("about:blank")
    talk.browser.forget()  # Chromium's note of the refusal
