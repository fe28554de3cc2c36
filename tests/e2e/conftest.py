import pytest
from browser import SIZES, Browser
from callers import REQUIRED, as_operator
from talk import Talk

SYSTEM_LANGUAGE = {"ko": "ko-KR", "en": "en-US"}


@pytest.fixture
def start_nerdx(start_nerdx, nerdx_bin):
    def start(*flags, env=None, **options):
        return as_operator(start_nerdx(*flags, env={**REQUIRED, **(env or {})}, **options), nerdx_bin)

    return start


@pytest.fixture(scope="module")
def shared_nerdx(start_shared_nerdx, nerdx_bin):
    return as_operator(start_shared_nerdx(env=REQUIRED), nerdx_bin)


@pytest.fixture
def open_talk(shared_nerdx, start_nerdx):
    """open_talk(size="phone", language="ko") -> Talk. Afterwards the console is empty and no request has left.

    What a test starts ends after its pages: one that half a minute later tells what happened on it still finds it.
    """
    opened = []

    def open_one(size="desktop", language="en", nerdx=shared_nerdx, agent=None, whole=False, **preferences):
        browser = Browser(SYSTEM_LANGUAGE[language], agent, whole)
        opened.append((browser, nerdx.url))
        browser.look_through(*SIZES[size])
        browser.prefer(**preferences)
        return Talk(browser, nerdx.url)

    try:
        yield open_one
        for browser, url in opened:
            assert browser.complaints() == []
            assert browser.requests_leaving(url) == []
    finally:
        for browser, _ in opened:
            browser.close()


@pytest.fixture
def open_page():
    """open_page(address, language) -> Browser. Afterwards the console is empty."""
    opened = []

    def open_one(address, language="en"):
        browser = Browser(SYSTEM_LANGUAGE[language])
        opened.append(browser)
        browser.look_through(*SIZES["desktop"])
        browser.driver.get(address)
        return browser

    try:
        yield open_one
        assert [browser.complaints() for browser in opened] == [[] for _ in opened]
    finally:
        for browser in opened:
            browser.close()
