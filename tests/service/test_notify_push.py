"""Browsers are told: for their eyes alone, by who they subscribed with, as one prefers; what is over is forgotten."""

import base64
import contextlib
import re
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from conftest import ROOT
from conversation import until
from notices import AWAKE, NOTIFY, Site, is_midnight
from people import AUTH, bearer, begin_guest, sign_in, sign_up
from push_service import BrowserOfTests, PushService
from stores import dump_of, open_store

STORY = {"title": "비 오는 날의 파전", "link": "/stories/1"}


@pytest.fixture(scope="module")
def service():
    with PushService() as made:
        yield made


class PushSite(Site):
    def subscribe(self, person, browser, who=None):
        asked = {"params": {"user_id": person["user_id"]}, "headers": bearer(who or person)}
        return self.nerdx.request("POST", f"{NOTIFY}/push", json=browser.subscription, **asked)

    def browser(self, person, service):
        made = BrowserOfTests(service)
        reply = self.subscribe(person, made)
        assert reply.status_code == 200, reply.text
        return made

    def browsers(self, person):
        return self.ask("GET", "push", person).json()["items"]

    def pushed(self, notice_id):
        """What became of it as a push, once that is known."""
        state = "SELECT state FROM delivery WHERE notice_id = ? AND channel = 'push'"
        return until(lambda: self.rows(state, notice_id))[0][0]

    def jobs(self, notice_id):
        wanted = "SELECT kind, state FROM job WHERE kind LIKE ? AND input LIKE ?"
        return self.rows(wanted, "notify.push%", f"%{notice_id}%")

    def is_over(self, notice_id):
        self.pushed(notice_id)
        return until(lambda: not [state for _, state in self.jobs(notice_id) if state not in ("done", "dead")])


@pytest.fixture(scope="module")
def site(start_shared_nerdx, run_nerdx):
    return PushSite(start_shared_nerdx("--push-inside", env={"NERDX_IDENTITY": "required"}), run_nerdx)


def bytes_of(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_browser_is_told_what_somebody_was_told_and_nobody_else_can_read_it(site, service, guest):
    browser = site.browser(guest, service)
    notice_id = site.told(guest, "cameo-ready", **STORY)
    (post,) = until(browser.got)
    message = browser.decode(post.body)
    assert {**message, "text": ""} == {
        **{"id": notice_id, "language": "ko", "title": "카메오 영상이 완성되었습니다", "text": ""},
        "link": "http://localhost:8080/stories/1",
    }
    assert "비 오는 날의 파전이 준비되었습니다" in message["text"]
    assert "파전".encode() not in post.body and notice_id.encode() not in post.body
    wanted = {"TTL": "86400", "Urgency": "low", "Topic": notice_id.replace("-", "")}
    assert {name: post.headers[name] for name in wanted} == wanted
    assert post.headers["Content-Encoding"] == "aes128gcm"
    assert site.pushed(notice_id) == "sent"


def test_the_service_is_shown_who_pushes_and_for_how_long(site, service, guest):
    browser = site.browser(guest, service)
    site.told(guest, "new-sign-in", device="phone", link="/")
    (post,) = until(browser.got)
    scheme, token, key = post.headers["Authorization"].replace("t=", "").replace("k=", "").replace(",", "").split()
    public = site.nerdx.get(f"{NOTIFY}/push/key").json()["public_key"]
    assert (scheme, key, post.headers["Urgency"]) == ("vapid", public, "high")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(key))
    claims = jwt.decode(token, point, algorithms=["ES256"], audience=service.url)
    assert claims["sub"] == "http://localhost:8080" and 0 < claims["exp"] - time.time() <= 24 * 3600


def test_every_browser_of_somebody_is_told_and_no_message_is_like_another(site, service, guest):
    browsers = [site.browser(guest, service) for _ in range(2)]
    site.told(guest, "cameo-ready", **STORY)
    (first,), (second,) = (until(browser.got) for browser in browsers)
    assert browsers[0].decode(first.body) == browsers[1].decode(second.body)
    assert first.body[:16] != second.body[:16] and len(first.body) == len(second.body)


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_over_is_forgotten(site, service, guest, status):
    kept, over = (site.browser(guest, service) for _ in range(2))
    service.answers[over.path] = [status]
    site.is_over(site.told(guest, "cameo-ready", **STORY))
    assert len(over.got()) == 1 and len(kept.got()) == 1
    assert until(lambda: len(site.browsers(guest)) == 1)
    site.is_over(site.told(guest, "cameo-ready", **STORY))
    assert len(over.got()) == 1 and len(kept.got()) == 2


def test_what_a_service_puts_off_waits_and_what_it_refuses_does_not(site, service, guest):
    later, never = (site.browser(guest, service) for _ in range(2))
    service.answers[later.path], service.answers[never.path] = [503], [413]
    notice_id = site.told(guest, "cameo-ready", **STORY)
    states = until(lambda: sorted(state for kind, state in site.jobs(notice_id)) == ["dead", "later"])
    assert states and len(site.browsers(guest)) == 2, "neither is over"


def put_off(site, service, person):
    """A push that its service answered with 503: the notice, and the browser."""
    browser = site.browser(person, service)
    service.answers[browser.path] = [503]
    notice_id = site.told(person, "cameo-ready", **STORY)
    until(lambda: ("notify.push_one", "later") in site.jobs(notice_id))
    return notice_id, browser


def test_what_a_service_put_off_rings_in_no_quiet_hour(site, service, guest):
    notice_id, browser = put_off(site, service, guest)
    site.prefer(guest, quiet_from="00:01", quiet_until="00:00")
    job = "SELECT due_us FROM job WHERE kind = 'notify.push_one' AND state = 'later' AND input LIKE ?"
    site.hurry("notify.push_one")
    midnight = until(lambda: [due for (due,) in site.rows(job, f"%{notice_id}%") if due > 1])
    assert list(map(is_midnight, midnight)) == [True]
    assert len(browser.got()) == 1
    site.prefer(guest)
    site.hurry("notify.push_one")
    site.is_over(notice_id)
    assert len(browser.got()) == 2


def test_what_a_service_put_off_is_pushed_no_more_once_it_is_refused(site, service, guest):
    notice_id, browser = put_off(site, service, guest)
    site.prefer(guest, choices=[{"category": "story", "channel": "push", "is_wanted": False}])
    site.hurry("notify.push_one")
    site.is_over(notice_id)
    assert len(browser.got()) == 1


def test_one_is_told_by_browser_as_one_prefers(site, service, guest):
    browser = site.browser(guest, service)
    refused = [{"category": "story", "channel": "push", "is_wanted": False}]
    choices = site.prefer(guest, choices=refused)["choices"]
    assert refused[0] in choices and {**refused[0], "channel": "email", "is_wanted": True} in choices
    assert site.pushed(site.told(guest, "cameo-ready", **STORY)) == "not wanted"
    must = [{"category": "security", "channel": "push", "is_wanted": False}]
    assert site.ask("PUT", "preferences", guest, {**AWAKE, "choices": must}).status_code == 200, "a switch is theirs"
    advertising = [{"category": "marketing", "channel": "push", "is_wanted": True}]
    assert site.ask("PUT", "preferences", guest, {**AWAKE, "choices": advertising}).status_code == 422
    site.prefer(guest, quiet_from="00:01", quiet_until="00:00", choices=[{**refused[0], "is_wanted": True}])
    notice_id = site.told(guest, "cameo-ready", **STORY)
    assert until(lambda: ("notify.push", "later") in site.jobs(notice_id)), "in quiet hours it waits"
    assert browser.got() == []


def test_the_same_browser_is_the_latest_persons_alone(site, service, guest):
    other, browser = begin_guest(site.nerdx), site.browser(guest, service)
    assert site.subscribe(other, browser).status_code == 200
    assert (site.browsers(guest), len(site.browsers(other))) == ([], 1)
    site.told(guest, "cameo-ready", **STORY)
    site.is_over(site.told(other, "cameo-ready", **STORY))
    assert len(browser.got()) == 1


def test_of_more_than_ten_browsers_the_oldest_goes(site, service, guest):
    first, *_ = [site.browser(guest, service) for _ in range(11)]
    assert len(site.browsers(guest)) == 10
    site.is_over(site.told(guest, "cameo-ready", **STORY))
    assert first.got() == []


def test_a_browser_is_taken_away_by_its_person_alone(site, service, guest):
    site.browser(guest, service)
    (item,) = site.browsers(guest)
    assert item["service"] == service.url
    place, stranger = f"push/{item['subscription_id']}", begin_guest(site.nerdx)
    assert site.ask("DELETE", place, stranger).status_code == 404
    assert site.subscribe(guest, BrowserOfTests(service), who=stranger).status_code == 403
    assert site.ask("DELETE", place, guest).json() == {"items": []}
    assert site.ask("DELETE", place, guest).status_code == 404


@pytest.mark.parametrize(
    "change, pointer",
    [
        ({"endpoint": "ftp://example.com/x"}, "/endpoint"),
        ({"keys": {"p256dh": "B" * 87}}, "/keys/p256dh"),
        ({"keys": {"auth": "_" * 22}}, "/keys/auth"),
    ],
)
def test_what_is_no_subscription_is_refused(site, service, guest, change, pointer):
    given = BrowserOfTests(service).subscription
    given = {**given, **change, "keys": {**given["keys"], **change.get("keys", {})}}
    refused = site.ask("POST", "push", guest, given)
    assert (refused.status_code, refused.json()["pointer"]) == (422, pointer)


def test_nothing_inside_is_pushed_to_unless_that_is_allowed(start_nerdx, run_nerdx, service):
    site = PushSite(start_nerdx("--job-threads", "0", env={"NERDX_IDENTITY": "required"}), run_nerdx)
    refused = site.subscribe(begin_guest(site.nerdx), BrowserOfTests(service))
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/endpoint")


def test_a_guest_brings_along_their_browsers_and_a_deleted_account_leaves_none(site, service):
    guest, member = begin_guest(site.nerdx), sign_up(site.nerdx)
    browser = site.browser(guest, service)
    moved = f"{NOTIFY}/people/{guest['user_id']}/move"
    assert site.nerdx.post(moved, {"to": member["user_id"]}, headers=bearer(site.operator)).status_code == 200
    site.is_over(site.told(member, "cameo-ready", **STORY))
    assert until(browser.got), "the welcome may be there, too"
    fresh = sign_in(site.nerdx, member["email"]).json()
    assert site.nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(fresh)).status_code == 200
    assert browser.path not in dump_of(site.nerdx.data, "notify")


def test_the_key_lies_sealed_and_stays_the_same_and_no_log_tells_an_endpoint(site, service, guest):
    browser, key = site.browser(guest, service), site.nerdx.get(f"{NOTIFY}/push/key").json()
    service.answers[browser.path] = [410]
    site.is_over(site.told(guest, "cameo-ready", **STORY))
    site.nerdx.stop()
    site.nerdx.start()
    assert site.nerdx.get(f"{NOTIFY}/push/key").json() == key
    with contextlib.closing(open_store(site.nerdx.data, "notify")) as store:
        ((sealed,),) = store.execute("SELECT sealed FROM push_key").fetchall()
    assert len(sealed) > 2 * 64, "more than the key: nonce and proof"
    assert browser.path not in site.nerdx.log_text()


def test_where_the_key_of_secrets_is_lost_pushes_begin_anew_as_the_documents_say(start_nerdx, run_nerdx, service):
    site = PushSite(start_nerdx("--push-inside", env={"NERDX_IDENTITY": "required"}), run_nerdx)
    before = site.nerdx.get(f"{NOTIFY}/push/key").json()["public_key"]
    site.nerdx.stop()
    (site.nerdx.data / "auth.key").unlink()
    site.nerdx.start()
    assert site.nerdx.get(f"{NOTIFY}/push/key").status_code == 503
    assert "nothing is pushed" in site.nerdx.log_text(), "who runs it knows"
    said = (ROOT / "docs/notifications.md").read_text()
    with contextlib.closing(open_store(site.nerdx.data, "notify")) as store, store:
        for statement in re.findall(r"DELETE FROM push_\w+", said):
            store.execute(statement)
    assert site.nerdx.get(f"{NOTIFY}/push/key").json()["public_key"] != before
    guest = begin_guest(site.nerdx)
    browser = site.browser(guest, service)
    assert site.pushed(site.told(guest, "cameo-ready", **STORY)) == "sent" and until(browser.got)
