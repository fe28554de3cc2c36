"""Phones are told by Firebase Cloud Messaging: as one prefers; an app that is gone is forgotten."""

import random
import string
import uuid

import pytest

import fcm
from conversation import until
from notices import NOTIFY, is_midnight
from people import AUTH, bearer, begin_guest, sign_in, sign_up
from stores import dump_of
from test_notify_push import STORY, PushSite


@pytest.fixture(scope="module")
def firebase():
    with fcm.Fcm() as made:
        yield made


class DeviceSite(PushSite):
    def register(self, person, token=None, who=None, platform="android"):
        token = token or f"{uuid.uuid4().hex}:APA91b_-{uuid.uuid4().hex}"
        asked = {"params": {"user_id": person["user_id"]}, "headers": bearer(who or person)}
        reply = self.nerdx.request("POST", f"{NOTIFY}/devices", json={"token": token, "platform": platform}, **asked)
        assert who is not None or reply.status_code == 200, reply.text
        return token if who is None else reply

    def devices(self, person):
        return self.ask("GET", "devices", person).json()["items"]


@pytest.fixture(scope="module")
def site(start_shared_nerdx, run_nerdx, firebase, tmp_path_factory):
    account = firebase.account(tmp_path_factory.mktemp("firebase"))
    env = {"NERDX_IDENTITY": "required", "NERDX_MOBILE_PUSH": f"fcm:{account}", "NERDX_FCM_URL": firebase.url}
    return DeviceSite(start_shared_nerdx(env=env), run_nerdx)


def test_a_device_is_told_what_somebody_was_told(site, firebase, guest):
    token = site.register(guest)
    notice_id = site.told(guest, "cameo-ready", **STORY)
    (message,) = until(lambda: firebase.to(token))
    assert message["notification"]["title"] == "카메오 영상이 완성되었습니다"
    assert "비 오는 날의 파전이 준비되었습니다" in message["notification"]["body"]
    assert message["data"] == {"id": notice_id, "language": "ko", "link": "http://localhost:8080/stories/1"}
    assert message["android"] == {"priority": "NORMAL", "ttl": "86400s", "notification": {"tag": notice_id}}
    headers = message["apns"]["headers"]
    assert (headers["apns-priority"], headers["apns-collapse-id"]) == ("5", notice_id)
    assert site.pushed(notice_id) == "sent"
    grants = firebase.grants
    site.told(guest, "new-sign-in", device="phone", link="/")
    assert until(lambda: firebase.to(token)[1:])[0]["android"]["priority"] == "HIGH"
    assert firebase.grants == grants, "an access token is used until it is over"


def test_an_app_that_is_gone_is_forgotten_and_others_are_told(site, firebase, guest):
    gone, kept = site.register(guest), site.register(guest, platform="ios")
    firebase.answers[gone] = [fcm.UNREGISTERED]
    site.is_over(site.told(guest, "cameo-ready", **STORY))
    assert until(lambda: [one["platform"] for one in site.devices(guest)] == ["ios"])
    site.is_over(site.told(guest, "cameo-ready", **STORY))
    assert (len(firebase.to(gone)), len(firebase.to(kept))) == (1, 2)


LATER, NEVER = (fcm.QUOTA, fcm.UNAVAILABLE, fcm.UNAUTHENTICATED), (fcm.INVALID, fcm.NO_PROJECT)


@pytest.mark.parametrize(
    "answer, state",
    [*((answer, "later") for answer in LATER), *((answer, "dead") for answer in NEVER)],
    ids=["quota", "unavailable", "unauthenticated", "invalid", "no-project"],
)
def test_what_is_put_off_waits_and_what_is_refused_does_not(site, firebase, guest, answer, state):
    token = site.register(guest)
    firebase.answers[token] = [answer]
    notice_id = site.told(guest, "cameo-ready", **STORY)
    assert until(lambda: ("notify.push_device", state) in site.jobs(notice_id))
    assert len(site.devices(guest)) == 1 and token not in site.nerdx.log_text()


def test_one_is_told_by_device_as_one_prefers(site, firebase, guest):
    token = site.register(guest)
    site.prefer(guest, choices=[{"category": "story", "channel": "push", "is_wanted": False}])
    assert site.pushed(site.told(guest, "cameo-ready", **STORY)) == "not wanted"
    assert firebase.to(token) == []


def test_the_same_app_is_the_latest_persons_alone_and_of_more_than_ten_the_oldest_goes(site, guest):
    other, token = begin_guest(site.nerdx), site.register(guest)
    site.register(other, token)
    assert (site.devices(guest), len(site.devices(other))) == ([], 1)
    for _ in range(11):
        site.register(guest)
    assert len(site.devices(guest)) == 10


def test_what_firebase_put_off_rings_in_no_quiet_hour_and_not_once_it_is_refused(site, firebase, guest):
    token = site.register(guest)
    firebase.answers[token] = [fcm.UNAVAILABLE]
    notice_id = site.told(guest, "cameo-ready", **STORY)
    until(lambda: ("notify.push_device", "later") in site.jobs(notice_id))
    site.prefer(guest, quiet_from="00:01", quiet_until="00:00")
    job = "SELECT due_us FROM job WHERE kind = 'notify.push_device' AND state = 'later' AND input LIKE ?"
    site.hurry("notify.push_device")
    midnight = until(lambda: [due for (due,) in site.rows(job, f"%{notice_id}%") if due > 1])
    assert list(map(is_midnight, midnight)) == [True]
    site.prefer(guest, choices=[{"category": "story", "channel": "push", "is_wanted": False}])
    site.hurry("notify.push_device")
    site.is_over(notice_id)
    assert len(firebase.to(token)) == 1


def test_a_token_is_as_long_as_every_store_takes_and_no_longer(site, guest):
    longest = "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=2048))
    assert site.register(guest, longest) == longest and len(site.devices(guest)) == 1
    refused = site.ask("POST", "devices", guest, {"token": longest + "a", "platform": "ios"})
    assert (refused.status_code, refused.json()["pointer"]) == (400, "/token")


def test_a_device_is_taken_away_by_its_person_alone(site, guest):
    site.register(guest)
    (item,) = site.devices(guest)
    place, stranger = f"devices/{item['device_id']}", begin_guest(site.nerdx)
    assert site.ask("DELETE", place, stranger).status_code == 404
    assert site.register(guest, who=stranger).status_code == 403
    assert site.ask("DELETE", place, guest).json() == {"items": []}
    assert site.ask("DELETE", place, guest).status_code == 404


def test_a_guest_brings_along_their_devices_and_a_deleted_account_leaves_none(site):
    guest, member = begin_guest(site.nerdx), sign_up(site.nerdx)
    token = site.register(guest)
    moved = f"{NOTIFY}/people/{guest['user_id']}/move"
    assert site.nerdx.post(moved, {"to": member["user_id"]}, headers=bearer(site.operator)).status_code == 200
    assert len(site.devices(member)) == 1
    fresh = sign_in(site.nerdx, member["email"]).json()
    assert site.nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(fresh)).status_code == 200
    assert token not in dump_of(site.nerdx.data, "notify")


@pytest.mark.parametrize(
    "url, said",
    [
        ("apns:x", "mobile_push: must be none or fcm:FILE"),
        ("fcm:/nowhere.json", "/nowhere.json"),
        ("fcm:{empty}", "has no project_id"),
    ],
)
def test_a_provider_that_can_not_be_is_refused_at_the_start(run_nerdx, tmp_path, url, said):
    empty = tmp_path / "empty.json"
    empty.write_text("{}")
    empty.chmod(0o600)
    done = run_nerdx("serve", "--data", tmp_path, "--listen", "127.0.0.1:0", "--mobile-push", url.format(empty=empty))
    assert done.returncode != 0 and said in done.stderr
