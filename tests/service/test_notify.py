"""What people are told over HTTP: once each, in the language they read, and nobody else's business."""

import contextlib
import uuid

import pytest

from conversation import events_of, until
from people import AUTH, bearer, begin_guest, sign_in, sign_up
from stores import dump_of
from web_socket import WebSocket, refusal_of

NOTIFY = "/api/v1/notify"
INBOX = f"{NOTIFY}/inbox"


class Site:
    def __init__(self, nerdx, run_nerdx):
        self.nerdx = nerdx
        done = run_nerdx("token", "--data", nerdx.data, "--role", "operator")
        assert done.returncode == 0, done.stderr
        self.operator = {"access_token": done.stdout.strip()}

    def tell(self, person, template="welcome", key=None, who=None, **values):
        values = values or {"link": "/"}
        body = {"user_id": person["user_id"], "template": template, "key": key or uuid.uuid4().hex, "values": values}
        return self.nerdx.post(f"{NOTIFY}/notices", body, headers=bearer(who or self.operator))

    def told(self, person, *about, **values):
        reply = self.tell(person, *about, **values)
        assert reply.status_code == 200, reply.text
        return reply.json()["notice_id"]

    def ask(self, method, path, person, who=None, **query):
        asked = {"user_id": person["user_id"], **query}
        return self.nerdx.request(method, INBOX + path, params=asked, headers=bearer(who or person))

    def inbox(self, person, **query):
        reply = self.ask("GET", "", person, **query)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def ids(self, person):
        return [item["notice_id"] for item in self.inbox(person)["items"]]

    @contextlib.contextmanager
    def follow(self, person, after=None):
        headers = {**bearer(person), **({"Last-Event-ID": str(after)} if after is not None else {})}
        asked = {"user_id": person["user_id"]}
        with self.nerdx.get(f"{INBOX}/events", params=asked, headers=headers, stream=True) as reply:
            yield events_of(reply)


@pytest.fixture(scope="module")
def site(start_shared_nerdx, run_nerdx):
    flags = ("--job-threads", "0", "--heartbeat", "5m")  # silence that lasts fails
    return Site(start_shared_nerdx(*flags, env={"NERDX_IDENTITY": "required"}), run_nerdx)


def test_somebody_is_told_in_the_language_they_read(site, guest):
    notice_id = site.told(guest, "order-shipped", product="NERD12", order="1234", link="/orders/1234")
    korean, english = (site.inbox(guest, language=language)["items"] for language in ("ko", "en"))
    assert korean[0]["title"] == "NERD12가 출발했습니다"
    assert "1234의 NERD12를" in korean[0]["text"]
    assert english[0]["title"] == "NERD12 is on its way"
    assert {**english[0], "told": "", "text": ""} == {
        **{"notice_id": notice_id, "template": "order-shipped", "category": "order", "title": "NERD12 is on its way"},
        **{"text": "", "link": "http://localhost:8080/orders/1234", "told": "", "is_read": False},
    }


def test_the_same_key_tells_nothing_again_also_of_what_was_deleted(site, guest):
    first = site.tell(guest, key="once").json()
    again = site.tell(guest, "new-sign-in", key="once", device="phone", link="/").json()
    assert (first["is_new"], again) == (True, {**first, "is_new": False})
    assert site.ask("DELETE", f"/{first['notice_id']}", guest).json() == {"notices": 0, "unread": 0}
    assert site.tell(guest, key="once").json() == {**first, "is_new": False}
    assert site.ids(guest) == []
    assert site.tell(begin_guest(site.nerdx), key="once").json()["is_new"], "another is told"


def test_the_newest_comes_first_and_pages_follow_each_other_without_gap(site, guest):
    told = [site.told(guest) for _ in range(7)]
    pages, before = [], {}
    while before is not None:
        page = site.inbox(guest, limit=3, **before)
        pages.append([item["notice_id"] for item in page["items"]])
        before = {"before": page["next_before"]} if "next_before" in page else None
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [notice_id for page in pages for notice_id in page] == told[::-1]


def test_what_was_read_is_counted_no_more_one_or_all(site, guest):
    first, _, last = (site.told(guest) for _ in range(3))
    assert site.ask("GET", "/unread", guest).json() == {"notices": 3, "unread": 3, "newest": last}
    assert site.ask("POST", "/read", guest, notice_id=first).json()["unread"] == 2
    assert site.ask("POST", "/read", guest, notice_id=first).json()["unread"] == 2
    assert [item["is_read"] for item in site.inbox(guest)["items"]] == [False, False, True]
    assert site.ask("POST", "/read", guest).json() == {"notices": 3, "unread": 0, "newest": last}


def test_nobody_sees_or_changes_the_inbox_of_another(site, guest):
    notice_id, stranger = site.told(guest), begin_guest(site.nerdx)
    changes = (("POST", "/read"), ("DELETE", f"/{notice_id}"))
    for method, path in (("GET", ""), ("GET", "/unread"), ("GET", "/events"), *changes):
        assert site.ask(method, path, guest, who=stranger).status_code == 403, path
    for method, path in changes:
        query = {"notice_id": notice_id} if method == "POST" else {}
        assert site.ask(method, path, stranger, **query).status_code == 404, path
    assert site.ids(guest) == [notice_id]
    assert site.tell(guest, who=guest).status_code == 403, "only who may tell people does"


def test_an_operator_sees_an_inbox(site, guest):
    site.told(guest)
    assert site.ask("GET", "/unread", guest, who=site.operator).json()["unread"] == 1


@pytest.mark.parametrize(
    "template, values, pointer",
    [
        ("no-such", {"link": "/"}, "/template"),
        ("new-sign-in", {"link": "/"}, "/values"),
        ("welcome", {"link": "/", "more": "x"}, "/values"),
        ("welcome", {"link": "javascript:alert(1)"}, "/values/link"),
        ("welcome", {"link": "//elsewhere.example"}, "/values/link"),
        ("welcome", {"link": '/"onload='}, "/values/link"),
        ("new-sign-in", {"device": "a\r\nBcc: b@example.com", "link": "/"}, "/values/device"),
    ],
)
def test_what_does_not_fit_its_template_is_refused(site, guest, template, values, pointer):
    refused = site.tell(guest, template, **values)
    assert (refused.status_code, refused.json()["pointer"]) == (422, pointer)
    assert site.ids(guest) == []


def test_an_inbox_is_followed_from_how_it_is_now(site, guest):
    first = site.told(guest)
    with site.follow(guest) as events:
        assert next(events).data == {"notices": 1, "unread": 1, "newest": first}
        second = site.told(guest)
        assert next(events).data == {"notices": 2, "unread": 2, "newest": second}
        site.ask("POST", "/read", guest)
        assert next(events).data["unread"] == 0
        with site.follow(guest, after=77) as again:
            assert next(again).data["newest"] == second


def test_it_is_followed_the_same_over_a_websocket_by_who_may(site, guest):
    url = f"{site.nerdx.url}{INBOX}/events?user_id={guest['user_id']}"
    site.told(guest)
    with site.follow(guest) as events, WebSocket(url, extra_headers=bearer(guest)) as link:
        assert link.next_event() == next(events)
        site.told(guest)
        assert link.next_event() == next(events)
    assert refusal_of(url, extra_headers=bearer(begin_guest(site.nerdx))) == 403


def test_a_guest_who_signs_up_brings_along_what_they_were_told(site, guest):
    site.told(guest, key="both")
    kept = site.told(guest, key="guest's")
    member = sign_up(site.nerdx)
    own = site.told(member, key="both")
    asked = {"to": member["user_id"]}
    moved = site.nerdx.post(f"{NOTIFY}/people/{guest['user_id']}/move", asked, headers=bearer(site.operator))
    assert moved.json() == {"notices": 1}
    assert sorted(site.ids(member)) == sorted([kept, own])
    assert not site.tell(member, key="guest's").json()["is_new"]


def test_whose_account_is_deleted_leaves_nothing_here(site):
    member = sign_up(site.nerdx)
    site.told(member, "new-sign-in", device="a very special phone", link="/")
    fresh = sign_in(site.nerdx, member["email"]).json()
    gone = site.nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(fresh))
    assert gone.status_code == 200, gone.text
    dump = dump_of(site.nerdx.data, "notify")
    assert member["user_id"] not in dump and "special phone" not in dump


def test_who_signs_up_is_welcomed_once(start_nerdx, run_nerdx):
    site = Site(start_nerdx(env={"NERDX_IDENTITY": "required"}), run_nerdx)
    member = sign_up(site.nerdx)
    (notice,) = until(lambda: site.inbox(member, language="en")["items"])
    assert (notice["title"], notice["category"]) == ("Welcome to NERDX", "security")
    assert not site.tell(member, key="welcome").json()["is_new"]


def test_no_log_line_tells_what_somebody_was_told(site, guest):
    site.told(guest, "new-sign-in", device="an unusual telephone", link="/")
    site.inbox(guest)
    assert "unusual telephone" not in site.nerdx.log_text()


def test_a_follower_is_no_reason_to_wait_when_the_program_stops(start_nerdx, run_nerdx):
    flags = ("--job-threads", "0", "--drain-timeout", "1h")  # whatever is waited for fails
    site = Site(start_nerdx(*flags, env={"NERDX_IDENTITY": "required"}), run_nerdx)
    with site.follow(begin_guest(site.nerdx)) as events:
        assert next(events).data == {"notices": 0, "unread": 0}
        site.nerdx.terminate()
        assert next(events, None) is None
    assert site.nerdx.stop() == 0
