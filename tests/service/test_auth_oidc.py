"""Signing in with an account at a provider: the whole way with a real one, and everything that may go wrong on it."""

import hashlib
import itertools
import re
import urllib.parse

import pytest
import requests

from conversation import until
from oidc_server import SECRET, OidcServer
from people import AUTH, PASSWORD, bearer, begin_guest, is_over, letters, sign_in, token_in
from test_auth_totp import with_app

CLIENTS = {"local": "nerdx", "elliptic": "elliptic", "edwards": "edwards"}
SIGNED_IN = {"__Host-nerdx", "__Host-nerdx-refresh", "__Host-nerdx-csrf"}
HOPS_MAX = 10
OUTSIDE = "http://localhost:8080"  # where NERDX is told that it is; the browser knows better
PEOPLE = itertools.count(1)


def somebody():
    return f"person-{next(PEOPLE)}"


class Site:
    """NERDX and the provider that it was told of."""

    def __init__(self, nerdx, server):
        self.nerdx, self.server = nerdx, server


class Browser(requests.Session):
    """Follows redirects by hand, and takes Secure cookies over http, as browsers do on localhost."""

    def __init__(self, site, person=None):
        super().__init__()
        self.site, self.person = site, person or somebody()

    def request(self, method, url, headers=None, **options):
        jar = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)
        headers = {**({"Cookie": jar} if jar else {}), **(headers or {})}
        return super().request(method, url, headers=headers, timeout=60, **options)

    def visit(self, url, **options):
        return self.get(url, allow_redirects=False, **options)

    def start(self, provider="local", **query):
        return self.visit(f"{self.site.nerdx.url}{AUTH}/oidc/{provider}/start", params=query)

    def to_provider(self, reply):
        """From the answer of start to what the provider sends back: the callback's address."""
        seat = requests.Session()
        url = reply.headers["Location"]
        for _ in range(HOPS_MAX):
            jar = "; ".join([f"person={self.person}", *(f"{c.name}={c.value}" for c in seat.cookies)])
            answer = seat.get(url, headers={"Cookie": jar}, allow_redirects=False, timeout=60)
            assert "Location" in answer.headers, answer.text
            url = urllib.parse.urljoin(url, answer.headers["Location"])
            if url.startswith(OUTSIDE):
                return url.replace(OUTSIDE, self.site.nerdx.url)
        raise AssertionError("the provider goes round in circles")

    def sign_in(self, provider="local", **query):
        begun = self.start(provider, **query)
        assert begun.status_code == 303, begun.text
        return self.visit(self.to_provider(begun))

    def account(self):
        reply = self.visit(f"{self.site.nerdx.url}{AUTH}/account")
        assert reply.status_code == 200, reply.text
        return reply.json()


def config(server):
    return "".join(
        f"{name}: {{issuer: '{server.issuer}', title: Local, scope: openid email, subject: sub, email: email, "
        f"email_verified: email_verified, client_id: {client}, client_secret_env: OIDC_TEST_SECRET}}\n"
        for name, client in CLIENTS.items()
    )


@pytest.fixture(scope="module")
def site(start_shared_nerdx, tmp_path_factory):
    folder = tmp_path_factory.mktemp("oidc")
    callbacks = [f"{OUTSIDE}{AUTH}/oidc/{name}/callback" for name in CLIENTS]
    with OidcServer(callbacks) as server:
        file = folder / "providers.yaml"
        file.write_text(config(server), encoding="utf-8")
        env = {"OIDC_TEST_SECRET": SECRET, "NERDX_IDENTITY": "required"}
        nerdx = start_shared_nerdx("--providers", str(file), "--site", OUTSIDE, "--access-log", env=env)
        yield Site(nerdx, server)


def problem(reply, status, words):
    assert reply.status_code == status, reply.text
    assert words in reply.json()["detail"], reply.text
    assert not SIGNED_IN & set(reply.cookies.keys())


# --- the way there and back


def test_providers_that_have_a_client_are_listed(site):
    listed = site.nerdx.get(f"{AUTH}/providers").json()["items"]
    assert [item["name"] for item in listed] == list(CLIENTS)


def test_without_a_file_nobody_is_listed(shared_nerdx):
    assert shared_nerdx.get(f"{AUTH}/providers").json() == {"items": []}
    assert shared_nerdx.get(f"{AUTH}/oidc/google/start").status_code == 404


@pytest.mark.parametrize("provider", CLIENTS)
def test_a_person_signs_in_with_each_algorithm(site, provider):
    browser = Browser(site)
    reply = browser.sign_in(provider, return_to="/talk?x=1")
    assert reply.status_code == 303, reply.text
    assert reply.headers["Location"] == "/talk?x=1" and reply.headers["Cache-Control"] == "no-store"
    assert set(browser.cookies.keys()) == SIGNED_IN, "and the mark of the browser is taken back"
    account = browser.account()
    assert (
        account["role"] == "member"
        and account["email"] == f"{browser.person}@id.example"
        and not account["has_password"]
    )


def test_who_has_an_app_that_gives_codes_is_asked_for_one_here_too(site):
    person = Browser(site)
    assert person.sign_in().status_code == 303
    member = member_of(site, person)
    _, app, _ = with_app(site.nerdx, member)
    guest = Browser(site, person.person)
    begun = guest.post(f"{site.nerdx.url}{AUTH}/guest", json={"cookies": True}).json()
    reply = guest.sign_in(return_to="/talk")
    assert reply.status_code == 303 and reply.headers["Cache-Control"] == "no-store"
    place, challenge = reply.headers["Location"].split("=")
    assert place == "/#code", "the page asks, whatever page it was to be"
    assert guest.account()["user_id"] == begun["user_id"], "and until then nobody is signed in, and no guest is gone"
    body = {"challenge": challenge, "code": app.fresh(site.nerdx, member), "cookies": True}
    answer = guest.post(
        f"{site.nerdx.url}{AUTH}/sign-in/code", json=body, headers={"X-CSRF-Token": guest.cookies["__Host-nerdx-csrf"]}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["user_id"] == member["user_id"]
    assert answer.json()["merged"]["guest_id"] == begun["user_id"]


def member_of(site, browser):
    """The same account with an address and a password of its own, signed in by them."""
    address = browser.account()["email"]
    site.nerdx.post(f"{AUTH}/reset-password", {"email": address, "language": "en"})
    token = token_in(letters(site.nerdx, address)[-1])
    done = site.nerdx.post(f"{AUTH}/reset-password/confirm", {"token": token, "password": PASSWORD})
    assert done.status_code == 200, done.text
    return {**sign_in(site.nerdx, address).json(), "email": address}


def test_who_comes_again_is_the_same_and_others_are_others(site):
    first, other = Browser(site), Browser(site)
    again = Browser(site, first.person)
    for browser in (first, again, other):
        assert browser.sign_in().status_code == 303
    assert first.account()["user_id"] == again.account()["user_id"] != other.account()["user_id"]


def test_the_request_carries_what_it_must(site):
    begun = Browser(site).start()
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(begun.headers["Location"]).query))
    assert query["code_challenge_method"] == "S256" and query["response_type"] == "code"
    for name in ("state", "nonce", "code_challenge"):
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", query[name]), name
    assert SECRET not in begun.headers["Location"]
    cookie = begun.headers["Set-Cookie"]
    assert cookie.startswith("__Host-nerdx-oidc=") and "Max-Age=600" in cookie
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"))


def test_a_guest_keeps_their_id(site):
    guest = begin_guest(site.nerdx)
    browser = Browser(site)
    asked = browser.post(f"{site.nerdx.url}{AUTH}/oidc/local/start", headers=bearer(guest))
    assert asked.status_code == 200, asked.text
    asked.headers["Location"] = asked.json()["location"]
    assert browser.visit(browser.to_provider(asked)).status_code == 303
    assert browser.account()["user_id"] == guest["user_id"]
    assert is_over(site.nerdx, guest)


def test_a_guest_whose_account_is_known_is_merged_into_it(site):
    known = Browser(site)
    known.sign_in()
    browser = Browser(site, known.person)
    guest = browser.post(f"{site.nerdx.url}{AUTH}/guest", json={"cookies": True}).json()
    assert browser.sign_in().status_code == 303
    assert browser.account()["user_id"] == known.account()["user_id"] != guest["user_id"]


def test_a_member_links_another_account_and_signs_in_with_either(site):
    member = Browser(site)
    member.sign_in()
    member.person = somebody()
    assert member.sign_in().status_code == 303
    other = Browser(site, member.person)
    other.sign_in()
    assert other.account()["user_id"] == member.account()["user_id"]


def test_an_account_that_is_linked_elsewhere_is_not_taken(site):
    one, two = Browser(site), Browser(site)
    one.sign_in()
    two.sign_in()
    one.person = two.person
    begun = one.start()
    problem(one.visit(one.to_provider(begun)), 409, "signs in to another account here")


def test_nobody_is_joined_by_an_address_alone(site):
    """The same verified address at another issuer (here: another subject) isn't the same person."""
    victim, thief = Browser(site), Browser(site)
    victim.sign_in()
    begun = thief.start()
    site.server.lie("right", claims={"email": f"{victim.person}@id.example"})
    problem(thief.visit(thief.to_provider(begun)), 409, "There is an account with this address already")


def test_an_address_that_was_not_verified_is_not_kept(site):
    browser = Browser(site, f"unverified-{somebody()}")
    assert browser.sign_in().status_code == 303
    assert "email" not in browser.account()


def test_a_deleted_account_is_forgotten(site):
    browser = Browser(site)
    browser.sign_in()
    before = browser.account()["user_id"]
    csrf = browser.cookies.get("__Host-nerdx-csrf")
    gone = browser.delete(f"{site.nerdx.url}{AUTH}/account", headers={"X-CSRF-Token": csrf})
    assert gone.status_code == 200, gone.text
    again = Browser(site, browser.person)
    again.sign_in()
    assert again.account()["user_id"] != before


# --- where it may lead


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "evil",
        "javascript:alert(1)",
        "/a\r\nX: y",
    ],
)
def test_nothing_leads_elsewhere(site, path):
    problem(Browser(site).start(return_to=path), 422, "return_to")


def test_a_provider_that_is_not_offered_is_not_there(site):
    browser = Browser(site)
    problem(browser.start("google"), 404, "nobody signs in with google here")
    problem(browser.visit(f"{site.nerdx.url}{AUTH}/oidc/google/callback?state=x&code=y"), 404, "google")


# --- answers that are not what was asked


def changed(url, **query):
    parts = urllib.parse.urlsplit(url)
    said = {**dict(urllib.parse.parse_qsl(parts.query)), **query}
    said = {name: value for name, value in said.items() if value is not None}
    return urllib.parse.urlunsplit(parts._replace(query=urllib.parse.urlencode(said)))


def test_a_state_that_nobody_made_is_refused(site):
    browser = Browser(site)
    back = browser.to_provider(browser.start())
    problem(browser.visit(changed(back, state="A" * 43)), 422, "state: unknown")
    assert browser.visit(back).status_code == 303, "and the right one counts on"


def test_a_state_counts_once(site):
    browser = Browser(site)
    begun = browser.start()
    mark = begun.headers["Set-Cookie"].split(";")[0]
    back = browser.to_provider(begun)
    assert browser.visit(back).status_code == 303
    problem(requests.get(back, headers={"Cookie": mark}, allow_redirects=False, timeout=60), 422, "used before")


def test_another_browser_cannot_finish_what_this_one_began(site):
    """Login CSRF: the thief's own answer, sent to a victim."""
    thief, victim = Browser(site), Browser(site)
    back = thief.to_provider(thief.start())
    victim.start()
    problem(victim.visit(back), 403, "This browser hasn't begun")
    problem(Browser(site).visit(changed(back)), 422, "state: unknown")


def test_a_provider_that_was_not_asked_cannot_answer(site):
    browser = Browser(site)
    back = browser.to_provider(browser.start("local"))
    problem(browser.visit(back.replace("/local/", "/edwards/")), 403, "another provider than was asked")


@pytest.mark.parametrize("iss", [None, "https://evil.example", ""])
def test_an_answer_of_another_issuer_or_of_none_is_refused(site, iss):
    browser = Browser(site)
    back = browser.to_provider(browser.start())
    problem(browser.visit(changed(back, iss=iss)), 403, "another provider than was asked")


def test_who_says_no_is_told_so(site):
    browser = Browser(site, "nobody")
    problem(browser.visit(browser.to_provider(browser.start())), 403, "You haven't let Local tell us")


def test_what_an_answer_calls_its_error_is_in_no_log(site):
    """It may be anybody's words, of their choice."""
    browser = Browser(site)
    back = browser.to_provider(browser.start())
    reply = browser.visit(changed(back, code=None, error="words-of-a-stranger"))
    problem(reply, 403, "Local didn't let you sign in here")
    trace = reply.headers["traceparent"].split("-")[1]
    [line] = until(lambda: [line for line in site.nerdx.log_lines() if line.get("trace_id") == trace])
    assert line["detail"] == "error: another than access_denied"


def test_a_code_of_another_client_is_refused(site):
    browser = Browser(site)
    theirs = browser.start("edwards")
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.to_provider(theirs)).query))["code"]
    back = browser.to_provider(browser.start("local"))
    problem(browser.visit(changed(back, code=code)), 401, "doesn't know this code")


def test_a_code_that_was_injected_does_not_fit_the_verifier(site):
    """RFC 9700, section 4.5: a stolen code of the same client, in the thief's own flow."""
    victim, thief = Browser(site), Browser(site)
    stolen = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(victim.to_provider(victim.start())).query))["code"]
    back = thief.to_provider(thief.start())
    problem(thief.visit(changed(back, code=stolen)), 401, "doesn't know this code")


LIES = {
    "no signature": {"sign": "none", "head": {"alg": "none"}},
    "no signature, algorithm kept": {"sign": "none"},
    "another's key": {"sign": "other"},
    "another's key by a name of its own": {"sign": "other", "head": {"kid": "theirs"}},
    "the client's secret as a key": {"sign": "secret", "head": {"alg": "HS256"}},
    "the public key as a secret": {"sign": "public", "head": {"alg": "HS256"}},
    "changed behind the signature": {"sign": "kept", "claims": {"sub": "admin"}},
    "an algorithm that isn't the key's": {"sign": "right", "head": {"alg": "ES256"}},
    "critical extensions": {"sign": "right", "head": {"crit": ["exp"]}},
    "another audience": {"sign": "right", "claims": {"aud": "other"}},
    "more audiences": {"sign": "right", "claims": {"aud": ["nerdx", "other"]}},
    "another party": {"sign": "right", "claims": {"azp": "other"}},
    "another issuer": {"sign": "right", "claims": {"iss": "https://evil.example"}},
    "another nonce": {"sign": "right", "claims": {"nonce": "n" * 43}},
    "no nonce": {"sign": "right", "claims": {"nonce": None}},
    "over": {"sign": "right", "claims": {"exp": 1}},
    "not yet": {"sign": "right", "claims": {"iat": 4000000000, "exp": 4000000300}},
    "an access token that isn't its own": {"sign": "right", "claims": {"at_hash": "A" * 22}},
    "nobody": {"sign": "right", "claims": {"sub": None}},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_signs_nobody_in(site, lie):
    browser = Browser(site)
    back = browser.to_provider(browser.start())
    site.server.lie(**LIES[lie])
    reply = browser.visit(back)
    assert reply.status_code == 401, reply.text
    assert not SIGNED_IN & set(browser.cookies.keys())
    assert browser.sign_in().status_code == 303, "and the truth does"


def test_a_twisted_token_that_says_the_truth_is_believed(site):
    """So the lies above were refused for what they said."""
    browser = Browser(site)
    back = browser.to_provider(browser.start())
    site.server.lie("right")
    assert browser.visit(back).status_code == 303


# --- providers that change and fail


def test_keys_that_nobody_has_are_not_asked_for_again_and_again(site):
    browser = Browser(site)
    assert browser.sign_in().status_code == 303
    asked = site.server.asked()["/jwks"]
    back = browser.to_provider(browser.start())
    for _ in range(5):
        site.server.lie("other", head={"kid": "no-such"})
        assert browser.visit(back).status_code == 401
        back = browser.to_provider(browser.start())
    assert site.server.asked()["/jwks"] <= asked + 1


def test_a_sign_in_after_the_keys_have_changed(site):
    assert Browser(site).sign_in().status_code == 303
    site.server.rotate()
    browser = Browser(site)
    while (reply := browser.sign_in()).status_code == 401:  # until the keys may be asked for again
        assert "can't be believed" in reply.json()["detail"]
    assert reply.status_code == 303


def test_a_provider_that_is_down_is_a_clear_503_and_comes_back_by_itself(site):
    browser = Browser(site)
    assert browser.sign_in().status_code == 303
    back = browser.to_provider(browser.start())
    server = site.server
    server.stop()
    reply = browser.visit(back)
    problem(reply, 503, "Local can't be asked who you are for now")
    assert int(reply.headers["Retry-After"]) > 0
    server.start()
    browser = Browser(site)
    while (reply := browser.sign_in()).status_code == 401:  # it has new keys, which may be asked for again in a moment
        pass
    assert reply.status_code == 303


def test_a_document_of_another_issuer_is_not_used(start_nerdx, tmp_path, site):
    file = tmp_path / "mixed.yaml"
    elsewhere = site.server.issuer.replace("127.0.0.1", "localhost")
    file.write_text(config(site.server).replace(site.server.issuer, elsewhere), encoding="utf-8")
    nerdx = start_nerdx("--providers", str(file), "--access-log", env={"OIDC_TEST_SECRET": SECRET})
    problem(nerdx.get(f"{AUTH}/oidc/local/start", allow_redirects=False), 503, "Local can't be asked")
    nerdx.stop()  # then all of the log is there
    assert "issuer: isn't" in nerdx.log_text()


def test_no_secret_of_a_flow_is_logged(site):
    browser = Browser(site)
    back = browser.to_provider(browser.start())
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
    assert browser.visit(back).status_code == 303
    log = site.nerdx.log_text()
    assert query["code"] not in log and query["state"] not in log and SECRET not in log
    assert hashlib.sha256(query["state"].encode()).hexdigest() not in log
