"""Who talks on the page: a guest whom the server has begun, who stays the same as long as anything shows it."""

import pytest

ASK = "What is makgeolli?"
ACCESS, REFRESH, CSRF = "__Host-nerdx", "__Host-nerdx-refresh", "__Host-nerdx-csrf"
OVER = "localStorage.setItem('person-until', '2020-01-01T00:00:00Z'); inPage.clear()"


@pytest.fixture
def talk(open_talk):
    """Of a refusal that the page recovers from Chromium makes a note: it is put away."""
    opened = open_talk()
    yield opened
    opened.browser.forget()


def guest(talk):
    return talk.browser.driver.execute_script("return guest()")


def conversations(nerdx, talk):
    return nerdx.get(f"/api/v1/agents/maeju/sessions?user_id={guest(talk)}").json()["items"]


def test_no_script_sees_what_shows_who_it_is(talk, shared_nerdx):
    talk.say(ASK)
    assert len(conversations(shared_nerdx, talk)) == 1
    seen = talk.browser.driver.execute_script("return document.cookie")
    assert seen.startswith(f"{CSRF}=") and ";" not in seen
    kept = talk.browser.driver.execute_script("return JSON.stringify({...localStorage, ...sessionStorage})")
    cookies = {cookie["name"]: cookie for cookie in talk.browser.driver.get_cookies()}
    assert set(cookies) == {ACCESS, REFRESH, CSRF}
    for name in (ACCESS, REFRESH):
        assert cookies[name]["httpOnly"] and cookies[name]["secure"] and cookies[name]["sameSite"] == "Strict"
        assert cookies[name]["value"] not in kept


def test_a_token_that_is_refused_is_renewed_and_the_message_arrives(talk, shared_nerdx):
    talk.say(ASK)
    first = guest(talk)
    talk.browser.driver.delete_cookie(ACCESS)
    talk.say(ASK)
    assert guest(talk) == first
    assert conversations(shared_nerdx, talk)[0]["turns"] == 2


def test_a_token_is_renewed_before_it_runs_out(talk):
    talk.say(ASK)
    first = guest(talk)
    before = talk.browser.driver.get_cookie(ACCESS)["value"]
    talk.browser.driver.execute_script(OVER)
    talk.say(ASK)
    assert guest(talk) == first
    assert talk.browser.driver.get_cookie(ACCESS)["value"] != before


def test_whom_nothing_shows_any_more_begins_anew_and_is_answered(talk, shared_nerdx):
    talk.say(ASK)
    first = guest(talk)
    talk.browser.driver.delete_all_cookies()
    talk.say(ASK)
    assert guest(talk) != first
    assert conversations(shared_nerdx, talk)[0]["turns"] == 1
