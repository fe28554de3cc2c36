"""A store of any earlier version, with rows in every table, comes to the newest one with nothing lost: the same rows,
and the service reads them as it did."""

import contextlib
import shutil
from types import SimpleNamespace

import pyotp
import pytest

import old_stores
from conversation import ask
from old_stores import Room
from people import AUTH, bearer, begin_guest, sign_in, sign_up
from stores import open_store

ONCE, FOREVER = 1_700_000_000_000_000, 9_000_000_000_000_000
SESSIONS, MEMORIES = "/api/v1/agents/maeju/sessions", "/api/v1/agents/maeju/memories"


def was_recorded(rows, turn):
    return int(all(row["turn_id"] != turn["turn_id"] for row in rows["unrecorded_turn"]))


TRACES = {("job", "traceparent"): "", ("event", "traceparent"): ""}
ROOMS = {
    "agents": Room(
        "agents",
        "sessions and turns",
        added={("turn", "choices"): "", ("turn", "move"): "", ("turn", "agent"): "maeju", **TRACES},
        later=("unrecorded_turn",),
        gone={
            ("turn", "recorded"): was_recorded,
            ("summary", None): [{"user_id": "u1", "session_id": "s1", "lines": "They like it sweet."}],
        },
    ),
    "auth": Room(
        "auth",
        "accounts",
        added={
            ("merge", "reason"): "",
            **{("merge", of): 0 for of in ("tries", "refusals", "next_us", "parked_us")},
            **TRACES,
        },
    ),
    "notify": Room(
        "notify",
        "notices",
        added={("delivery", "category"): "", ("consent", "place"): lambda row: row["at_us"], **TRACES},
    ),
    "webhooks": Room(
        "webhooks",
        "webhooks",
        added={("webhook", "hangs"): 0, ("webhook", "resting_until_us"): 0, **TRACES},
    ),
    "world": Room("world", "world model", added={("state", "number"): 0}),
}
SUBSCRIPTION = {  # RFC 8291, Appendix A
    "endpoint": "https://push.example.com/one",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
}
VERSIONS = {"agents": 12, "auth": 14, "notify": 12, "webhooks": 5, "world": 3}
EARLIER = [(name, version) for name, newest in VERSIONS.items() for version in range(1, newest)]


def talk(nerdx):
    ask(nerdx, "My mother is from Icheon, and I don't like sweet drinks.", user="u1", session="s1")
    ask(nerdx, "막걸리 두 가지만 추천해 주세요", user="u1", session="s1")
    ask(nerdx, "What is nuruk?", user="u1", session="s2")
    ask(nerdx, "안녕하세요", user="u2", session="s3")


def tell(nerdx):
    told = {"user_id": "u1", "template": "welcome", "key": "welcome", "values": {"link": "/"}}
    assert nerdx.post("/api/v1/notify/notices", told).status_code == 200
    wish = {"language": "en", "time_zone": "Asia/Seoul", "quiet_from": "22:00", "quiet_until": "07:00"}
    choices = [{"category": "story", "channel": "email", "is_wanted": False}]
    place = "/api/v1/notify/preferences?user_id=u1"
    assert nerdx.request("PUT", place, json={**wish, "choices": choices}).status_code == 200
    agreed = {"subject": "marketing", "is_given": True, "source": "account-page"}
    assert nerdx.post("/api/v1/notify/consents?user_id=u1", agreed).status_code == 200
    assert nerdx.get("/api/v1/notify/push/key").status_code == 200
    assert nerdx.post("/api/v1/notify/push?user_id=u1", SUBSCRIPTION).status_code == 200
    device = {"token": "a:b", "platform": "android"}
    assert nerdx.post("/api/v1/notify/devices?user_id=u1", device).status_code == 200


def with_app(nerdx):
    member = sign_up(nerdx)
    begun = nerdx.post(f"{AUTH}/totp", headers=bearer(member)).json()
    done = nerdx.post(f"{AUTH}/totp/confirm", {"code": pyotp.TOTP(begun["secret"]).now()}, headers=bearer(member))
    assert done.status_code == 200, done.text
    return member


def with_key(nerdx, run_nerdx):
    address = sign_up(nerdx)["email"]
    assert run_nerdx("account", "--role", "partner", address, "--data", nerdx.data).returncode == 0
    body = {"name": "till", "permissions": ["world:read"]}
    made = nerdx.post(f"{AUTH}/keys", body, headers=bearer(sign_in(nerdx, address).json()))
    assert made.status_code == 200, made.text
    return made.json()["key"]


def enter(nerdx, run_nerdx):
    """Everybody who has something in a table."""
    member = sign_up(nerdx)
    assert nerdx.post(f"{AUTH}/account/age", {"birth_year": 1990}, headers=bearer(member)).status_code == 200
    assert nerdx.post(f"{AUTH}/sign-up", {"email": "waits@example.com", "password": "wide river"}).status_code == 202
    return {"member": member, "guest": begin_guest(nerdx), "app": with_app(nerdx), "key": with_key(nerdx, run_nerdx)}


PASSKEY = {"passkey_id": "pk1", "credential_id": "Y3JlZA", "name": "phone", "algorithm": -7, "public_key": "00"}
USE = {"counter": 3, "added_us": ONCE, "used_us": 0}
MAILBOX = {"user_id": "somebody", "address": "", "is_stopped": 1, "soft": 2, "status": "5.1.1", "at_us": FOREVER}
DELIVERY = {"notice_id": "n", "channel": "email", "state": "sent", "at_us": FOREVER}
EVENT = {"number": FOREVER, "type": "t", "subject": "s", "body": "{}", "created_us": FOREVER, "is_waiting": 0}
LINK = {"issuer": "https://accounts.example.com", "subject": "1234", "linked_us": ONCE}


ID = "01a00000-0000-7000-8000-000000000001"
HOOK = {"webhook_id": ID, "url": "https://shop.example/", "types": "nerdx.auth.*", "description": "", "is_enabled": 0}
SECRETS = {"secret": "", "previous_secret": "", "previous_until_us": 0}
HEARD = {"event_id": "e", "consumer": "c", "at_us": FOREVER}
WAITS = {
    **{"job_id": "j", "kind": "webhooks.deliver", "lane": "", "state": "later", "priority": 0, "due_us": FOREVER},
    **{"input": "{}", "child_count": 0, "open_children": 0, "is_failing": 0, "attempt": 1, "fence": 1},
    **{"lease_until_us": 0, "worker": "", "is_cancel_asked": 0, "progress": 0, "message": "", "outcome": ""},
    **{"created_us": ONCE, "started_us": ONCE, "ended_us": 0, "expires_us": 0},
}
TOLD = {"event_id": "e", "number": FOREVER, "type": "t", "subject": "s", "body": "{}", "created_us": FOREVER}


def add_webhooks(data):
    with contextlib.closing(open_store(data, "webhooks")) as store:
        old_stores.insert(store, "webhook", [{**HOOK, **SECRETS, "created_us": ONCE}])
        old_stores.insert(store, "message", [{"event_id": "e", "type": "t", "body": "{}", "created_us": FOREVER}])
        tried = {"state": "waiting", "tries": 1, "status": 500, "reason": "it answered 500", "changed_us": ONCE}
        old_stores.insert(store, "delivery", [{"webhook_id": ID, "event_id": "e", **tried}])
        old_stores.insert(store, "job", [WAITS])
        old_stores.insert(store, "job_order", [{"order_key": "letters", "living": 1}])
        old_stores.insert(store, "event", [{**TOLD, "is_waiting": 0}])
        old_stores.insert(store, "event_subject", [{"subject": "s", "number": FOREVER}])
        old_stores.insert(store, "event_consumed", [HEARD])
        store.commit()


def add_by_hand(data, people):
    """What takes a browser or another's server to make, and words that were forgotten."""
    member, guest = people["member"]["user_id"], people["guest"]["user_id"]
    with contextlib.closing(open_store(data, "auth")) as store:
        old_stores.insert(store, "link", [{**LINK, "user_id": member}])
        old_stores.insert(store, "passkey", [{**PASSKEY, **USE, "user_id": member}])
        merge = {"guest_id": f"{guest}-before", "user_id": guest, "begun_us": FOREVER, "moved_us": FOREVER}
        old_stores.insert(store, "merge", [merge])
        old_stores.insert(store, "job_order", [{"order_key": "letters", "living": 1}])
        old_stores.insert(store, "event_consumed", [HEARD])
        store.commit()
    with contextlib.closing(open_store(data, "notify")) as store:
        old_stores.insert(store, "job_order", [{"order_key": "letters", "living": 1}])
        old_stores.insert(store, "event", [{**EVENT, "event_id": "e"}])
        old_stores.insert(store, "delivery", [{**DELIVERY, "user_id": "u1"}])
        old_stores.insert(store, "mailbox", [MAILBOX])
        old_stores.insert(store, "event_subject", [{"subject": "s", "number": FOREVER}])
        old_stores.insert(store, "event_consumed", [{"event_id": "e", "consumer": "c", "at_us": FOREVER}])
        store.commit()
    with contextlib.closing(open_store(data, "agents")) as store:
        store.execute("UPDATE turn SET message = '', is_said = 0 WHERE session_id = 's2'")
        old_stores.insert(store, "job", [{**WAITS, "kind": "event.gone"}])
        old_stores.insert(store, "job_order", [{"order_key": "letters", "living": 1}])
        old_stores.insert(store, "job_cron", [{"kind": "gone", "next_us": FOREVER}])
        old_stores.insert(store, "event_consumed", [HEARD])
        store.commit()


def leave_undone(data):
    """What the program was about to do when it ended."""
    told = {"number": ONCE, "id": "e", "what": 1, "key": "soju", "event_id": "", "version": 1, "nodes": 1}
    with old_stores.open_room(ROOMS["world"], data) as store:
        old_stores.insert(store, "outbox", [{**told, "traceparent": ""}])
        store.commit()
    with contextlib.closing(open_store(data, "agents")) as store:
        old_stores.insert(store, "erased_turn", [{"turn_id": "erased"}])
        waits = {"turn_id": "waits", "approval_id": "a", "user_id": "u1", "session_id": "s1", "record": "", "state": 2}
        old_stores.insert(store, "waiting_turn", [{**waits, "until_us": FOREVER}])
        of_turn = "at_us, turn_id, agent, user_id, session_id, language, outcome"
        store.execute(f"INSERT INTO unrecorded_turn ({of_turn}) SELECT {of_turn} FROM turn WHERE session_id = 's3'")
        store.commit()


def get(nerdx, path, person=None):
    reply = nerdx.get(path, headers=bearer(person) if person else {})
    assert reply.status_code == 200, reply.text
    return reply.json()


def exported(nerdx, people):
    return get(nerdx, f"{AUTH}/account/export", people["member"])


# What is read of a room, since which version it has been there.
READ = {
    "agents": {
        "sessions": (1, lambda nerdx, people: get(nerdx, f"{SESSIONS}?user_id=u1")),
        "a session": (1, lambda nerdx, people: get(nerdx, f"{SESSIONS}/s1?user_id=u1")),
        "forgotten words": (1, lambda nerdx, people: get(nerdx, f"{SESSIONS}/s2?user_id=u1")),
        "memories": (2, lambda nerdx, people: get(nerdx, f"{MEMORIES}?user_id=u1")),
    },
    "auth": {
        "account": (2, lambda nerdx, people: exported(nerdx, people)["account"]),
        "sign-ins": (2, lambda nerdx, people: exported(nerdx, people)["sign_ins"]),
        "acts": (3, lambda nerdx, people: exported(nerdx, people)["acts"]),
        "links": (5, lambda nerdx, people: exported(nerdx, people)["links"]),
        "passkeys": (8, lambda nerdx, people: get(nerdx, f"{AUTH}/passkeys", people["member"])),
        "age": (9, lambda nerdx, people: exported(nerdx, people)["age"]),
    },
    "notify": {
        "inbox": (1, lambda nerdx, people: get(nerdx, "/api/v1/notify/inbox?user_id=u1")),
        "preferences": (2, lambda nerdx, people: get(nerdx, "/api/v1/notify/preferences?user_id=u1")),
        "devices": (9, lambda nerdx, people: get(nerdx, "/api/v1/notify/devices?user_id=u1")),
        "push": (8, lambda nerdx, people: get(nerdx, "/api/v1/notify/push?user_id=u1")),
    },
    "webhooks": {
        "all": (1, lambda nerdx, people: get(nerdx, "/api/v1/webhooks")),
        "deliveries": (1, lambda nerdx, people: get(nerdx, f"/api/v1/webhooks/{HOOK['webhook_id']}/deliveries")),
    },
    "world": {
        "an entity": (1, lambda nerdx, people: get(nerdx, "/api/v1/world-model/entity/u1?limit=100&provenance=true")),
        "reasons": (1, lambda nerdx, people: get(nerdx, "/api/v1/world-model/recommend/u1")),
    },
}


def read_all(nerdx, room, people, version):
    return {what: ask_for(nerdx, people) for what, (since, ask_for) in READ[room].items() if since <= version}


@pytest.fixture(scope="module")
def lived(start_shared_nerdx, run_nerdx):
    """A program that has seen something of everything and has ended: its data, its rows, and what it answered."""
    nerdx = start_shared_nerdx()
    talk(nerdx)
    tell(nerdx)
    people = enter(nerdx, run_nerdx)
    nerdx.stop()
    add_by_hand(nerdx.data, people)
    add_webhooks(nerdx.data)
    nerdx.start()
    answers = {room: read_all(nerdx, room, people, VERSIONS[room]) for room in ROOMS}
    nerdx.stop()
    leave_undone(nerdx.data)
    rows = {name: old_stores.read(room, nerdx.data) for name, room in ROOMS.items()}
    return SimpleNamespace(data=nerdx.data, people=people, rows=rows, answers=answers)


def go_back(run_nerdx, lived, name, version, data):
    """The same data, but for one store, which is of that version."""
    room = ROOMS[name]
    migrations, applied = old_stores.texts(run_nerdx, room, data), old_stores.history(room, lived.data)
    assert len(migrations) == len(applied) == VERSIONS[name], "a new migration: say in VERSIONS, and tell what it adds"
    shutil.copytree(lived.data, data, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{name}.db*"))
    return old_stores.make_store(room, data, migrations[:version], applied[:version], lived.rows[name])


def test_every_table_has_rows(lived):
    assert [(room, table) for room in ROOMS for table, rows in lived.rows[room].items() if not rows] == []


@pytest.mark.parametrize("name, version", EARLIER)
def test_no_row_of_an_earlier_version_is_lost(lived, run_nerdx, tmp_path, name, version):
    here = go_back(run_nerdx, lived, name, version, tmp_path / "data")
    done = run_nerdx("migrate", "--data", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert f"-- {ROOMS[name].title}, {version:04} " not in done.stdout, "that one was applied"
    assert done.stdout.count(f"-- {ROOMS[name].title}, ") == VERSIONS[name] - version
    assert old_stores.read(ROOMS[name], tmp_path / "data") == old_stores.expected(ROOMS[name], lived.rows[name], here)


def check_agents(nerdx, lived, version):
    before = len(get(nerdx, f"{SESSIONS}/s1?user_id=u1")["items"])
    assert ask(nerdx, "And a drier one?", user="u1", session="s1")["content"]
    assert len(get(nerdx, f"{SESSIONS}/s1?user_id=u1")["items"]) == before + 1


def check_auth(nerdx, lived, version):
    people = lived.people
    fresh = nerdx.post(f"{AUTH}/refresh", {"refresh_token": people["guest"]["refresh_token"]})
    assert fresh.status_code == 200 and fresh.json()["user_id"] == people["guest"]["user_id"]
    if version >= 2:
        assert sign_in(nerdx, people["member"]["email"]).json()["user_id"] == people["member"]["user_id"]
    if version >= 4:
        asked = {"headers": {"Authorization": f"Bearer {people['key']}"}}
        assert nerdx.post("/api/v1/world-model/query", {"query": "soju"}, **asked).status_code == 200
    if version >= 6:
        assert set(sign_in(nerdx, people["app"]["email"]).json()) == {"second_step"}


def check_world(nerdx, lived, version):
    event = {"event_id": "after", "user_id": "u1", "type": "INTERESTED_IN", "entity_id": "makgeolli"}
    assert nerdx.post("/api/v1/world-model/learn", {"events": [event]}).status_code == 200


def check_notify(nerdx, lived, version):
    again = {"user_id": "u1", "template": "welcome", "key": "welcome", "values": {"link": "/"}}
    assert not nerdx.post("/api/v1/notify/notices", again).json()["is_new"]


def check_webhooks(nerdx, lived, version):
    guest = lived.people["guest"]["user_id"]
    replayed = nerdx.post(f"/api/v1/webhooks/{ID}/replay", {"event_id": guest})
    assert replayed.status_code == 409, "it is switched off"


GOES_ON = {
    "agents": check_agents,
    "auth": check_auth,
    "notify": check_notify,
    "webhooks": check_webhooks,
    "world": check_world,
}


@pytest.mark.parametrize("name, version", EARLIER)
def test_what_an_earlier_version_kept_is_read_and_gone_on_with(lived, run_nerdx, start_nerdx, tmp_path, name, version):
    go_back(run_nerdx, lived, name, version, tmp_path / "data")
    nerdx = start_nerdx(data=tmp_path / "data")
    then = {what: lived.answers[name][what] for what, (since, _) in READ[name].items() if since <= version}
    assert read_all(nerdx, name, lived.people, version) == then
    GOES_ON[name](nerdx, lived, version)


@pytest.mark.parametrize("version", range(3, VERSIONS["auth"]))
def test_the_audit_log_of_an_earlier_version_is_unbroken(lived, run_nerdx, tmp_path, version):
    go_back(run_nerdx, lived, "auth", version, tmp_path / "data")
    assert run_nerdx("migrate", "--data", tmp_path / "data").returncode == 0
    said = run_nerdx("doctor", "--data", tmp_path / "data").stdout
    assert f"audit log of {len(lived.rows['auth']['audit'])} rows unbroken" in said
