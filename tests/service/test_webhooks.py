"""Webhooks over HTTP: what happens is posted to a real receiver, signed, tried again, replayed; to nobody inside."""

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import socket
import threading
import time

import pytest

from conversation import until
from people import bearer, begin_guest, sign_up
from postgres_server import PostgresServer
from redis_server import RedisServer
from stores import open_store

WEBHOOKS = "/api/v1/webhooks"
SIGNED_UP = "nerdx.auth.user.signed_up.v1"


class Receiver:
    """A server that keeps what is posted to it; it answers with `status`."""

    def __init__(self):
        outer = self
        self.status, self.headers, self.got = 204, {}, []
        self.free = threading.Event()
        self.free.set()
        self.held = {}  # paths where nobody is answered until an event is set

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, dict(self.headers), body))
                outer.held.get(self.path, outer.free).wait()
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def at(self, path):
        return [(headers, body) for where, headers, body in self.got if where == path]


@pytest.fixture(scope="module")
def receiver():
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


class Site:
    """A program whose webhooks may lead here, and its operator."""

    def __init__(self, nerdx, run_nerdx):
        self.nerdx = nerdx
        done = run_nerdx("token", "--data", nerdx.data, "--role", "operator")
        assert done.returncode == 0, done.stderr
        self.operator = {"access_token": done.stdout.strip()}

    def post(self, path, body=None, person=None):
        return self.nerdx.post(WEBHOOKS + path, body, headers=bearer(person or self.operator))

    def get(self, path="", **query):
        return self.nerdx.get(WEBHOOKS + path, params=query, headers=bearer(self.operator))

    def add(self, url, *types):
        reply = self.post("", {"url": url, "types": list(types) or [SIGNED_UP]})
        assert reply.status_code == 200, reply.text
        return {**reply.json()["webhook"], "secret": reply.json()["secret"]}

    def remove(self, webhook):
        return self.nerdx.request("DELETE", f"{WEBHOOKS}/{webhook['webhook_id']}", headers=bearer(self.operator))

    def deliveries(self, webhook, **query):
        return self.get(f"/{webhook['webhook_id']}/deliveries", **query).json()["items"]

    def when(self, webhook, state, count=1):
        """Its deliveries, once so many are in that state."""

        def enough():
            found = self.deliveries(webhook, state=state)
            return found if len(found) >= count else None

        return until(enough)

    def jobs(self, kind, state):
        query = {"kind": kind, "state": state}
        return self.nerdx.get("/api/v1/jobs", params=query, headers=bearer(self.operator)).json()["items"]

    def change_jobs(self, how):
        for name in ("auth", "webhooks"):
            with contextlib.closing(open_store(self.nerdx.data, name)) as store, store:
                store.execute(f"UPDATE job SET {how}", [])

    def hurry(self):
        """What is to be tried again is due."""
        self.change_jobs("due_us = 0 WHERE state = 'later'")

    def lose(self):
        """Who was killed has lost what they had; somebody who lives would do it twice."""
        self.change_jobs("lease_until_us = 0 WHERE state = 'running'")


INSIDE = {"NERDX_WEBHOOKS_INSIDE": "true"}


@pytest.fixture(scope="module")
def site(start_shared_nerdx, run_nerdx):
    return Site(start_shared_nerdx(env={**INSIDE, "NERDX_IDENTITY": "required"}), run_nerdx)


@pytest.fixture
def webhook(site, receiver, request):
    receiver.status, receiver.headers = 204, {}
    made = site.add(f"{receiver.url}/{request.node.name}")
    made["path"] = f"/{request.node.name}"
    yield made
    site.remove(made)


def signature(secret, headers, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def test_what_people_are_told_is_posted_without_its_words(site, receiver):
    webhook, guest = site.add(f"{receiver.url}/told", "nerdx.notify.*"), begin_guest(site.nerdx)
    said = {"user_id": guest["user_id"], "template": "cameo-ready"}
    telling = {**said, "key": "a", "values": {"title": "쇠고기", "link": "/x"}}

    def tell():
        return site.nerdx.post("/api/v1/notify/notices", telling, headers=bearer(site.operator)).json()

    said |= {"category": "story", "notice_id": tell()["notice_id"]}
    site.when(webhook, "delivered")
    ((_, body),) = receiver.at("/told")
    event = json.loads(body)
    assert (event["type"], event["subject"]) == ("nerdx.notify.notice.told.v1", guest["user_id"])
    assert event["data"] == said
    assert not tell()["is_new"] and site.remove(webhook).ok
    assert len(receiver.at("/told")) == 1, "who isn't told again, isn't here"


def test_what_happens_is_posted_and_signed(site, receiver, webhook):
    member = sign_up(site.nerdx)
    (delivery,) = site.when(webhook, "delivered")
    ((headers, body),) = receiver.at(webhook["path"])
    event = json.loads(body)
    assert headers["webhook-signature"] == signature(webhook["secret"], headers, body)
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert headers["webhook-id"] == event["id"] == delivery["event_id"]
    assert (event["specversion"], event["type"], event["source"]) == ("1.0", SIGNED_UP, "urn:nerdx:auth")
    assert event["subject"] == member["user_id"]
    assert event["data"] == {"user_id": member["user_id"], "way": "password"}
    assert (delivery["status"], delivery["tries"]) == (204, 1)


def test_only_what_was_asked_for_is_posted(site, receiver, webhook):
    other = site.add(f"{receiver.url}/other", "nerdx.auth.guest.*")
    sign_up(site.nerdx)
    site.when(webhook, "delivered")
    assert receiver.at("/other") == [] and site.deliveries(other) == []
    site.remove(other)


def test_for_a_day_after_a_rotation_both_secrets_sign(site, receiver, webhook):
    rotated = site.post(f"/{webhook['webhook_id']}/rotate").json()
    assert rotated["secret"] != webhook["secret"] and "previous_secret_until" in rotated["webhook"]
    sign_up(site.nerdx)
    site.when(webhook, "delivered")
    ((headers, body),) = receiver.at(webhook["path"])
    both = [signature(secret, headers, body) for secret in (rotated["secret"], webhook["secret"])]
    assert headers["webhook-signature"].split(" ") == both


def start_with(nerdx, env):
    nerdx.stop()
    nerdx.env = env
    nerdx.start()


def test_a_secret_that_cant_be_read_any_more_is_done_with_once_it_is_rotated(start_nerdx, run_nerdx, receiver):
    lost, key, next_key = ({**INSIDE, "NERDX_AUTH_KEY": letter * 32} for letter in "abc")
    site = Site(start_nerdx(env=lost), run_nerdx)
    receiver.status, receiver.headers = 204, {}
    webhook = site.add(f"{receiver.url}/lost-key")
    start_with(site.nerdx, key)
    secret = site.post(f"/{webhook['webhook_id']}/rotate").json()["secret"]
    sign_up(site.nerdx)
    site.when(webhook, "delivered")
    start_with(site.nerdx, {**next_key, "NERDX_AUTH_PREVIOUS_KEY": key["NERDX_AUTH_KEY"]})
    start_with(site.nerdx, next_key)
    sign_up(site.nerdx)
    site.when(webhook, "delivered", 2)
    for headers, body in receiver.at("/lost-key"):
        assert headers["webhook-signature"] == signature(secret, headers, body), "by the new one alone"


def test_a_secret_is_shown_once_and_kept_sealed(site, webhook):
    assert '"secret"' not in site.get().text
    with contextlib.closing(open_store(site.nerdx.data, "webhooks")) as store:
        ((kept,),) = store.execute("SELECT secret FROM webhook WHERE webhook_id = ?", [webhook["webhook_id"]])
    raw = base64.b64decode(webhook["secret"].removeprefix("whsec_"))
    assert raw.hex() not in kept and webhook["secret"] not in kept


def test_what_isnt_taken_is_posted_again_with_the_same_id(site, receiver, webhook):
    receiver.status = 500
    sign_up(site.nerdx)
    until(lambda: site.deliveries(webhook, state="waiting") and site.deliveries(webhook)[0]["tries"] == 1)
    assert site.deliveries(webhook)[0]["reason"] == "it answered 500"
    receiver.status = 200
    until(lambda: site.hurry() or site.deliveries(webhook, state="delivered"))
    ids = [headers["webhook-id"] for headers, _ in receiver.at(webhook["path"])]
    assert len(ids) == 2 and len(set(ids)) == 1


def test_one_that_hangs_costs_nobody_elses_deliveries_their_turn(site, receiver, webhook):
    receiver.held["/hangs"] = threading.Event()
    hanging, told = site.add(f"{receiver.url}/hangs"), 6
    for _ in range(told):
        sign_up(site.nerdx)
    site.when(webhook, "delivered", told)
    assert {one["tries"] for one in site.deliveries(hanging)} == {0}, "before the 15 s of its first post are over"
    assert len(receiver.at("/hangs")) <= 2, "as many as there are threads, and no more once they hung"
    refused = "it wasn't posted, as its webhook just hung"
    until(lambda: refused in [one.get("reason") for one in site.deliveries(hanging)])
    receiver.held["/hangs"].set()
    assert site.post(f"/{hanging['webhook_id']}/replay", {"since": hanging["created"]}).json() == {"events": told}

    def all_delivered():
        with contextlib.closing(open_store(site.nerdx.data, "webhooks")) as store, store:
            store.execute("UPDATE webhook SET resting_until_us = 1 WHERE resting_until_us > 1", [])
        site.hurry()
        return len(site.deliveries(hanging, state="delivered")) == told

    until(all_delivered)
    site.remove(hanging)


def test_a_redirect_isnt_followed(site, receiver, webhook):
    receiver.status, receiver.headers = 302, {"Location": f"{receiver.url}/elsewhere"}
    sign_up(site.nerdx)
    until(lambda: site.deliveries(webhook) and site.deliveries(webhook)[0]["tries"] == 1)
    assert "redirects aren't followed" in site.deliveries(webhook)[0]["reason"]
    assert receiver.at("/elsewhere") == []


def test_one_whose_worker_dies_at_the_last_try_has_failed(start_nerdx, run_nerdx, receiver):
    site = Site(start_nerdx(env=INSIDE), run_nerdx)
    receiver.status, receiver.headers = 500, {}
    webhook = site.add(f"{receiver.url}/last")
    sign_up(site.nerdx)
    until(lambda: site.deliveries(webhook) and site.deliveries(webhook)[0]["tries"] == 1)
    site.nerdx.kill9()
    with contextlib.closing(open_store(site.nerdx.data, "webhooks")) as store, store:
        held = "UPDATE job SET state = 'running', attempt = 10, lease_until_us = 0 WHERE kind = 'webhooks.deliver'"
        store.execute(held, [])
    site.nerdx.start()
    (failed,) = site.when(webhook, "failed")
    assert "wasn't heard of" in failed["reason"]


def test_one_that_is_cancelled_has_failed(site, receiver, webhook):
    receiver.status = 500
    sign_up(site.nerdx)
    until(lambda: site.deliveries(webhook) and site.deliveries(webhook)[0]["tries"] == 1)
    job = until(lambda: site.jobs("webhooks.deliver", "later"))[0]  # the try is noted before its job is put off
    assert site.nerdx.post(f"/api/v1/jobs/{job['job_id']}/cancel", headers=bearer(site.operator)).status_code == 200
    (failed,) = site.when(webhook, "failed")
    assert failed["reason"] == "cancelled" and failed["tries"] == 1


def test_who_watches_is_told_when_a_job_has_ended(site, receiver):
    receiver.status, receiver.headers = 204, {}
    webhook = site.add(f"{receiver.url}/ends", "nerdx.jobs.*")
    with contextlib.closing(open_store(site.nerdx.data, "auth")) as store, store:
        store.execute("UPDATE job_cron SET next_us = 1 WHERE kind = 'auth.sweep'", [])

    def of_sweep():
        """Jobs of other kinds may end meanwhile."""
        events = [json.loads(body) for _, body in receiver.at("/ends")]
        return [event for event in events if event["data"]["kind"] == "auth.sweep"]

    event = until(of_sweep)[0]
    told = {"job_id": event["subject"], "service": "auth", "kind": "auth.sweep", "state": "done", "attempts": 1}
    assert event["type"] == "nerdx.jobs.job.ended.v1" and event["data"] == told
    site.remove(webhook)


def test_one_that_is_gone_is_switched_off_until_somebody_enables_it(site, receiver, webhook):
    receiver.status = 410
    sign_up(site.nerdx)
    (failed,) = site.when(webhook, "failed")
    assert failed["status"] == 410
    (shown,) = [one for one in site.get().json()["items"] if one["webhook_id"] == webhook["webhook_id"]]
    assert not shown["is_enabled"]
    again = {"event_id": failed["event_id"]}
    assert site.post(f"/{webhook['webhook_id']}/replay", again).status_code == 409
    receiver.status = 200
    assert site.post(f"/{webhook['webhook_id']}/enable").json()["is_enabled"]
    assert site.post(f"/{webhook['webhook_id']}/replay", again).json() == {"events": 1}
    site.when(webhook, "delivered")


def set_due(site, event_id, due_us):
    """What is tried again later; whether it is that by now."""
    due = "UPDATE job SET due_us = ? WHERE state = 'later' AND input LIKE ?"
    with contextlib.closing(open_store(site.nerdx.data, "webhooks")) as store, store:
        return store.execute(due, (due_us, f"%{event_id}%")).rowcount == 1


def put_off(site, webhook, count):
    """So many that the receiver didn't take, not to be tried before tomorrow."""
    tomorrow_us = int(time.time() + 86400) * 10**6
    for _ in range(count):
        sign_up(site.nerdx)
    for one in site.when(webhook, "waiting", count):
        until(lambda event_id=one["event_id"]: set_due(site, event_id, tomorrow_us))
    return site.deliveries(webhook)


def test_what_waits_for_one_that_was_switched_off_has_failed_once_it_is_due(site, receiver, webhook):
    receiver.status = 500
    first, second = put_off(site, webhook, 2)
    receiver.status = 410
    set_due(site, first["event_id"], 0)
    site.when(webhook, "failed")
    set_due(site, second["event_id"], 0)
    failed = {one["event_id"]: one for one in site.when(webhook, "failed", 2)}
    assert failed[second["event_id"]]["reason"] == "its webhook is switched off"
    assert failed[second["event_id"]]["tries"] == second["tries"], "nothing is posted there"


def test_what_still_waits_is_posted_at_once_when_it_is_replayed(site, receiver, webhook):
    receiver.status = 500
    (delivery,) = put_off(site, webhook, 1)
    receiver.status = 204
    again = {"event_id": delivery["event_id"]}
    assert site.post(f"/{webhook['webhook_id']}/replay", again).json() == {"events": 1}
    (delivered,) = site.when(webhook, "delivered")
    assert delivered["tries"] == delivery["tries"] + 1


def test_what_is_replayed_while_a_try_of_it_fails_is_posted_again_at_once(site, receiver, webhook):
    receiver.status = 500
    (delivery,) = put_off(site, webhook, 1)
    held = receiver.held[webhook["path"]] = threading.Event()
    replay(site, webhook, delivery)
    until(lambda: len(receiver.at(webhook["path"])) == 2)  # its second try; the next would be minutes later
    replay(site, webhook, delivery)
    held.set()
    until(lambda: len(receiver.at(webhook["path"])) == 3)
    receiver.status = 204
    until(lambda: site.hurry() or site.deliveries(webhook, state="delivered"))


def test_what_was_posted_can_be_had_again_by_event_or_since_a_moment(site, receiver, webhook):
    for _ in range(2):
        sign_up(site.nerdx)
    first = site.when(webhook, "delivered", 2)[-1]
    replay = f"/{webhook['webhook_id']}/replay"
    assert site.post(replay, {"event_id": first["event_id"]}).json() == {"events": 1}
    until(lambda: len(receiver.at(webhook["path"])) == 3)
    site.when(webhook, "delivered", 2)
    assert site.post(replay, {"since": webhook["created"]}).json() == {"events": 2}
    until(lambda: len(receiver.at(webhook["path"])) == 5)
    assert len({headers["webhook-id"] for headers, _ in receiver.at(webhook["path"])}) == 2
    assert site.post(replay, {"event_id": webhook["webhook_id"]}).status_code == 404


def test_deliveries_come_a_page_at_a_time(site, webhook):
    for _ in range(3):
        sign_up(site.nerdx)
    ids = [item["event_id"] for item in site.when(webhook, "delivered", 3)]
    page = site.get(f"/{webhook['webhook_id']}/deliveries", limit=2).json()
    assert [item["event_id"] for item in page["items"]] == ids[:2] and page["next_before"] == ids[1]
    assert [item["event_id"] for item in site.deliveries(webhook, before=ids[1])] == ids[2:]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "https://me:secret@shop.example/", "types": [SIGNED_UP]}, "/url"),
        ({"url": "ftp://shop.example/", "types": [SIGNED_UP]}, "/url"),
        ({"url": "https://shop.example/", "types": ["nerdx.auth.user.signed_upp.v1"]}, "/types"),
    ],
)
def test_what_could_never_be_posted_is_refused(site, body, pointer):
    reply = site.post("", body)
    assert reply.status_code == 422 and reply.json()["pointer"] == pointer


def test_only_operators_have_webhooks(site):
    for person in (begin_guest(site.nerdx), sign_up(site.nerdx)):
        assert site.post("", {"url": "https://shop.example/", "types": [SIGNED_UP]}, person).status_code == 403


def test_one_that_isnt_there_is_404(site):
    nobody = "01a00000-0000-7000-8000-000000000000"
    assert site.remove({"webhook_id": nobody}).status_code == 404
    assert site.get(f"/{nobody}/deliveries").status_code == 404
    for act in ("rotate", "enable"):
        assert site.post(f"/{nobody}/{act}").status_code == 404


def test_nothing_inside_is_reached_by_address_or_by_name(start_nerdx, run_nerdx):
    site = Site(start_nerdx(), run_nerdx)
    for url in ("http://shop.example/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest"):
        assert site.post("", {"url": url, "types": [SIGNED_UP]}).status_code == 422
    webhook = site.add(f"https://{socket.gethostname()}/")  # this machine's name, which no rule of words knows
    sign_up(site.nerdx)
    (delivery,) = site.when(webhook, "failed")
    assert "isn't the internet's" in delivery["reason"] and delivery["tries"] == 1
    counted = 'nerdx_client_requests_total{outcome="forbidden",client="webhooks"} 1\n'
    assert counted in site.nerdx.get("/metrics").text


def test_whenever_the_program_is_killed_each_event_is_posted_and_noted_once(start_nerdx, run_nerdx, receiver):
    site = Site(start_nerdx(env=INSIDE), run_nerdx)
    receiver.status, receiver.headers = 204, {}
    site.add(f"{receiver.url}/killed")
    members = []
    for _ in range(5):
        members.append(sign_up(site.nerdx)["user_id"])
        site.nerdx.kill9()
        site.hurry()
        site.lose()
        site.nerdx.start()

    def subjects():
        site.hurry()
        return {json.loads(body)["subject"] for _, body in receiver.at("/killed")}

    until(lambda: subjects() == set(members))
    with contextlib.closing(open_store(site.nerdx.data, "webhooks")) as store:
        ((messages,),) = store.execute("SELECT count(*) FROM message", [])
        ((heard,),) = store.execute("SELECT count(*) FROM event_consumed", [])
    assert messages == len(members) and heard >= len(members)


def test_what_hangs_when_the_program_is_to_stop_is_broken_off_and_was_no_try(start_nerdx, run_nerdx, receiver):
    site = Site(start_nerdx(env=INSIDE), run_nerdx)
    receiver.status, receiver.headers = 204, {}
    held = receiver.held["/stops"] = threading.Event()
    webhook = site.add(f"{receiver.url}/stops")
    sign_up(site.nerdx)
    until(lambda: receiver.at("/stops"))
    assert site.nerdx.stop() == 0
    [failed] = [line for line in site.nerdx.log_lines() if line["message"] == "a job failed"]
    assert "it was broken off" in json.dumps(failed), "its 15 s weren't waited for"
    held.set()
    site.nerdx.start()
    (delivered,) = site.when(webhook, "delivered")
    assert delivered["tries"] == 1


def deliver_one(start_nerdx, run_nerdx, receiver, env, path):
    """Signed up, told and posted by a process that does all; gives its site and what was posted."""
    receiver.status, receiver.headers = 204, {}
    site = Site(start_nerdx(env=env), run_nerdx)
    webhook = site.add(receiver.url + path)
    sign_up(site.nerdx)
    (delivery,) = site.when(webhook, "delivered")
    site.nerdx.stop()
    return site, webhook, delivery


def replay(site, webhook, delivery):
    again = {"event_id": delivery["event_id"]}
    assert site.post(f"/{webhook['webhook_id']}/replay", again).json() == {"events": 1}


def part(site, start_nerdx, env):
    """From now on one process serves, and another, which wouldn't look for an hour, does the jobs."""
    site.nerdx = start_nerdx("--job-threads", "0", data=site.nerdx.data, env=env)
    start_nerdx("--job-poll", "1h", data=site.nerdx.data, env=env)


def test_a_redis_wakes_a_worker_that_would_have_slept_for_an_hour(start_nerdx, run_nerdx, receiver):
    with RedisServer() as redis:
        env = {**INSIDE, "NERDX_KV": redis.url}
        site, webhook, delivery = deliver_one(start_nerdx, run_nerdx, receiver, env, "/woken-by-redis")
        part(site, start_nerdx, env)
        replay(site, webhook, delivery)
        until(lambda: len(receiver.at("/woken-by-redis")) == 2)


def test_their_postgres_wakes_it_where_there_is_no_redis_and_again_after_it_was_away(start_nerdx, run_nerdx, receiver):
    with PostgresServer() as postgres:
        env = {**INSIDE, "NERDX_WEBHOOKS_SQL": f"{postgres.url}#webhooks", "NERDX_AUTH_SQL": f"{postgres.url}#auth"}
        site, webhook, delivery = deliver_one(start_nerdx, run_nerdx, receiver, env, "/woken")
        part(site, start_nerdx, env)
        replay(site, webhook, delivery)
        until(lambda: len(receiver.at("/woken")) == 2)
        postgres.stop()
        postgres.start()
        until(lambda: site.nerdx.get("/readyz").status_code == 200)
        replay(site, webhook, delivery)
        until(lambda: len(receiver.at("/woken")) == 3)


def test_a_turn_of_a_conversation_is_told_without_a_word_of_it(site, receiver):
    receiver.status, receiver.headers = 204, {}
    webhook, guest = site.add(f"{receiver.url}/turns", "nerdx.agents.*"), begin_guest(site.nerdx)
    message = {"user_id": guest["user_id"], "session_id": "told", "message": "My mother is from Icheon. What is nuruk?"}
    reply = site.nerdx.post("/api/v1/agents/maeju/chat", message, headers=bearer(guest)).json()
    site.when(webhook, "delivered")
    event = json.loads(receiver.at("/turns")[0][1])
    ids = {"turn_id": reply["turn_id"], "session_id": "told", "user_id": guest["user_id"]}
    assert event["data"] == {**ids, "agent": "maeju", "language": "en", "outcome": "answered"}
    assert event["subject"] == "told"
    site.remove(webhook)
