"""Jobs over HTTP: operators see them, follow them, cancel them, have them tried again. Nobody does the jobs here unless
a test says so: rows are put where a service puts them, and moved as a worker moves them."""

import contextlib
import json
import pathlib
import time
import uuid

import pytest

from conversation import events_of, until
from metrics import metric
from people import AUTH, bearer, begin_guest, everywhere, sign_in, sign_up
from postgres_server import PostgresServer
from stores import PostgresRows, held_store, open_store
from web_socket import WebSocket, refusal_of

JOBS = "/api/v1/jobs"
START_US = 1_800_000_000_000_000
SECRET = "somebody@example.com"
COLUMNS = {
    **{"kind": "letter.send", "lane": "", "state": "ready", "priority": 0, "due_us": START_US, "input": "{}"},
    **{"unique_key": None, "order_key": None, "parent_id": None, "child_count": 0, "open_children": 0, "is_failing": 0},
    **{"attempt": 0, "fence": 0, "lease_until_us": 0, "worker": "", "is_cancel_asked": 0, "progress": 0, "message": ""},
    **{"outcome": "", "created_us": START_US, "started_us": 0, "ended_us": 0, "expires_us": 0},
}
RUNNING = {"state": "running", "attempt": 1, "fence": 1, "worker": "w", "started_us": START_US}


class Site:
    def __init__(self, nerdx, run_nerdx):
        self.nerdx, self.run_nerdx, self.count = nerdx, run_nerdx, 0
        self.operator = self.token("operator")

    def token(self, role):
        done = self.run_nerdx("token", "--data", self.nerdx.data, "--role", role)
        assert done.returncode == 0, done.stderr
        return {"access_token": done.stdout.strip()}

    def execute(self, statement, values):
        with contextlib.closing(self.open_store()) as store, store:
            store.execute(statement, values)

    def open_store(self):
        return open_store(self.nerdx.data, "auth")

    def add(self, **columns):
        """A job's id; each is newer than the one before."""
        self.count += 1
        row = {"job_id": f"01a00000-0000-7000-8000-{self.count:012x}", **COLUMNS, **columns}
        self.execute(f"INSERT INTO job ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})", list(row.values()))
        return row["job_id"]

    def set(self, job_id, **columns):
        news = ", ".join(f"{name} = ?" for name in columns)
        self.execute(f"UPDATE job SET {news} WHERE job_id = ?", [*columns.values(), job_id])

    def clear(self):
        self.execute("DELETE FROM job", [])

    def get(self, path="", person=None, **options):
        return self.nerdx.get(JOBS + path, headers=bearer(person or self.operator), **options)

    def post(self, path, person=None):
        return self.nerdx.post(JOBS + path, headers=bearer(person or self.operator))

    def listed(self, **query):
        reply = self.get(params=query)
        assert reply.status_code == 200, reply.text
        return [item["job_id"] for item in reply.json()["items"]]

    @contextlib.contextmanager
    def follow(self, job_id, after=None):
        headers = {**bearer(self.operator), **({"Last-Event-ID": str(after)} if after is not None else {})}
        with self.nerdx.get(f"{JOBS}/{job_id}/events", headers=headers, stream=True) as reply:
            yield events_of(reply)

    def open_socket(self, job_id, query=""):
        return WebSocket(f"{self.nerdx.url}{JOBS}/{job_id}/events{query}", extra_headers=bearer(self.operator))


@pytest.fixture(scope="module")
def shared_site(start_shared_nerdx, run_nerdx):
    flags = ("--job-threads", "0", "--heartbeat", "5m")  # silence that lasts fails
    return Site(start_shared_nerdx(*flags, env={"NERDX_IDENTITY": "required"}), run_nerdx)


@pytest.fixture
def site(shared_site):
    yield shared_site
    shared_site.clear()


def tale(event):
    return (event.name, event.data["state"], event.data["progress"], event.data["message"])


def test_the_newest_comes_first_and_pages_follow_each_other_without_gap(site):
    ids = [site.add() for _ in range(7)]
    pages, before = [], {}
    while before is not None:
        page = site.get(params={"limit": 3, **before}).json()
        pages.append([item["job_id"] for item in page["items"]])
        before = {"before": page["next_before"]} if "next_before" in page else None
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [job_id for page in pages for job_id in page] == ids[::-1]
    assert "next_before" not in site.get(params={"limit": 7}).json()


def test_a_list_is_narrowed_by_service_state_and_kind(site):
    ready, dead = site.add(), site.add(state="dead", kind="letter.burn")
    assert site.listed(state="dead") == [dead]
    assert site.listed(kind="letter.send") == [ready]
    assert site.listed(service="auth") == [dead, ready]
    assert site.listed(state="dead", kind="letter.send") == []
    refused = site.get(params={"service": "nobody"})
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/service")
    assert "it has those of auth" in refused.json()["detail"]
    assert site.get(params={"state": "gone"}).status_code == 400


def test_a_job_is_told_whole(site):
    parent = site.add(state="waiting", child_count=1, open_children=1)
    job_id = site.add(**RUNNING, priority=3, progress=40, message="거르는 중", parent_id=parent, is_cancel_asked=1)
    assert site.get(f"/{job_id}").json() == {
        **{"job_id": job_id, "service": "auth", "kind": "letter.send", "state": "running", "priority": 3, "attempt": 1},
        **{"progress": 40, "message": "거르는 중", "is_cancel_asked": True, "worker": "w", "parent_id": parent},
        **{"created": "2027-01-15T08:00:00Z", "due": "2027-01-15T08:00:00Z", "started": "2027-01-15T08:00:00Z"},
    }


def test_states_are_counted(site):
    site.add(due_us=START_US - 1_000_000)
    site.add()
    site.add(state="dead")
    assert site.get("/counts").json()["items"] == [
        {"service": "auth", "state": "dead", "jobs": 1, "oldest_due": "2027-01-15T08:00:00Z"},
        {"service": "auth", "state": "ready", "jobs": 2, "oldest_due": "2027-01-15T07:59:59Z"},
    ]


def test_what_may_be_about_a_person_is_shown_to_who_asks_and_may_and_never_logged(site):
    content = {"input": json.dumps({"to": SECRET}), "outcome": f"{SECRET} is unknown"}
    job_id = site.add(state="dead", **content, unique_key=f"letter:{SECRET}", order_key=SECRET)
    for path in ("", f"/{job_id}", "/counts"):
        assert SECRET not in site.get(path).text, path
    shown = site.get(f"/{job_id}", params={"content": 1}).json()["content"]
    assert shown == {**content, "unique_key": f"letter:{SECRET}", "order_key": SECRET}
    assert SECRET not in site.post(f"/{job_id}/retry").text
    assert SECRET not in site.post(f"/{job_id}/cancel").text
    assert SECRET not in site.nerdx.log_text()


def test_guests_and_members_see_no_job_and_steer_none(site):
    job_id = site.add(state="dead")
    for person in (begin_guest(site.nerdx), site.token("member"), site.token("partner")):
        for path in ("", "/counts", f"/{job_id}", f"/{job_id}?content=1", f"/{job_id}/events"):
            assert site.get(path, person).status_code == 403, path
        for path in (f"/{job_id}/retry", f"/{job_id}/cancel"):
            assert site.post(path, person).status_code == 403, path
    assert site.get(f"/{job_id}").json()["state"] == "dead"


def test_a_key_for_jobs_alone_sees_nothing_of_people(site):
    member = sign_up(site.nerdx)
    given = site.run_nerdx("account", "--role", "operator", member["email"], "--data", site.nerdx.data)
    assert given.returncode == 0, given.stderr
    operator = sign_in(site.nerdx, member["email"]).json()
    made = site.nerdx.post(f"{AUTH}/keys", {"name": "watch", "permissions": ["jobs"]}, headers=bearer(operator))
    key = {"access_token": made.json()["key"]}
    job_id = site.add(input=json.dumps({"to": SECRET}))
    job = f"{JOBS}/{job_id}"
    assert everywhere(site.nerdx, lambda way: way.get(job, headers=bearer(key)).status_code == 200)
    refused = site.get(f"/{job_id}?content=1", key)
    assert (refused.status_code, "jobs:content" in refused.json()["detail"]) == (403, True)


def test_a_dead_job_begins_anew_and_a_done_one_does_not(site):
    dead, done = site.add(state="dead", attempt=3, outcome="no"), site.add(state="done", ended_us=START_US)
    again = site.post(f"/{dead}/retry")
    assert (again.status_code, again.json()["state"], again.json()["attempt"]) == (200, "ready", 0)
    assert site.post(f"/{done}/retry").status_code == 409
    assert site.post(f"/{dead}/retry").status_code == 409


def test_one_command_has_all_that_are_dead_tried_again_but_those_that_cant(site):
    dead = [site.add(state="dead", ended_us=START_US) for _ in "123"]
    site.add(unique_key="one")
    held_up = site.add(state="dead", ended_us=START_US, unique_key="one")
    done = site.run_nerdx("jobs", "retry", "dead", "--service", "auth", "--data", site.nerdx.data)
    assert done.returncode == 0 and "3 dead jobs begin anew" in done.stdout and held_up in done.stdout, done.stdout
    assert [site.get(f"/{job_id}").json()["state"] for job_id in dead] == ["ready"] * 3
    assert site.get(f"/{held_up}").json()["state"] == "dead"


def test_a_job_whose_unique_key_another_has_is_not_tried_again(site):
    dead = site.add(state="dead", unique_key="one")
    site.add(unique_key="one")
    refused = site.post(f"/{dead}/retry")
    assert refused.status_code == 409, refused.text
    assert site.get(f"/{dead}").json()["state"] == "dead"


def test_what_has_not_begun_is_cancelled_and_what_runs_is_asked_to_stop(site):
    ready, running, dead = site.add(), site.add(**RUNNING), site.add(state="dead")
    assert site.post(f"/{ready}/cancel").json()["state"] == "cancelled"
    asked = site.post(f"/{running}/cancel").json()
    assert (asked["state"], asked["is_cancel_asked"]) == ("running", True)
    assert site.post(f"/{dead}/cancel").status_code == 409


# Whoever has been asked to stop ends as the asking is committed, and nothing of it is kept.
GOES_AT_ONCE = """
CREATE FUNCTION auth.go() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN DELETE FROM auth.job WHERE job_id = NEW.job_id; RETURN NULL; END';
CREATE CONSTRAINT TRIGGER gone AFTER UPDATE ON auth.job DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.is_cancel_asked = 1) EXECUTE FUNCTION auth.go();
"""


def test_what_is_gone_once_it_was_cancelled_is_told_as_it_was(start_nerdx, run_nerdx):
    with PostgresServer() as postgres:
        nerdx = start_nerdx("--job-threads", "0", env={"NERDX_AUTH_SQL": f"{postgres.url}#auth"})
        site = Site(nerdx, run_nerdx)
        site.open_store = lambda: PostgresRows(postgres.url, "auth")
        postgres.run(GOES_AT_ONCE)
        job_id = site.add(**RUNNING)
        reply = site.post(f"/{job_id}/cancel")
        assert (reply.status_code, reply.json()["is_cancel_asked"]) == (200, True)
        assert site.get(f"/{job_id}").status_code == 404


def test_a_job_that_there_is_not_is_404(site):
    nobody = str(uuid.uuid4())
    asked = [site.get(f"/{nobody}"), site.get(f"/{nobody}/events")]
    for reply in (*asked, site.post(f"/{nobody}/retry"), site.post(f"/{nobody}/cancel")):
        assert (reply.status_code, reply.json()["type"]) == (404, "/problems/not-found")


def test_a_job_is_followed_from_how_it_is_now_until_it_ends(site):
    job_id = site.add(**RUNNING)
    with site.follow(job_id) as events:
        assert tale(next(events)) == ("progress", "running", 0, "")
        site.set(job_id, progress=50, message="빚는 중")
        assert tale(next(events)) == ("progress", "running", 50, "빚는 중")
        site.set(job_id, is_cancel_asked=1)
        assert next(events).data["is_cancel_asked"] is True
        site.set(job_id, state="cancelled", ended_us=START_US)
        assert tale(next(events)) == ("done", "cancelled", 50, "빚는 중")
        assert next(events, None) is None


def test_it_is_followed_the_same_over_a_websocket(site):
    job_id = site.add(**RUNNING)
    with site.follow(job_id) as events, site.open_socket(job_id) as link:
        assert link.next_event() == next(events)
        site.set(job_id, progress=50, message="빚는 중")
        assert link.next_event() == next(events)
        with site.open_socket(job_id, "?last_event_id=1") as again:
            assert (again.next_event().data["progress"], again.link.closed) == (50, False)
        site.set(job_id, state="cancelled", ended_us=START_US)
        last = next(events)
        assert (tale(last), link.events(), link.code) == (("done", "cancelled", 50, "빚는 중"), [last], 1000)


def test_a_websocket_is_refused_as_a_stream_is(site):
    url = f"{site.nerdx.url}{JOBS}/{site.add(**RUNNING)}/events"
    assert refusal_of(url) == 401
    assert refusal_of(url, extra_headers=bearer(site.token("member"))) == 403
    nowhere = f"{site.nerdx.url}{JOBS}/{uuid.uuid4()}/events"
    assert refusal_of(nowhere, extra_headers=bearer(site.operator)) == 404


def test_who_comes_back_is_told_how_it_is_now_and_then_what_changes(site):
    job_id = site.add(**RUNNING)
    with site.follow(job_id) as first:
        assert next(first).data["progress"] == 0
        site.set(job_id, progress=10)
        assert next(first).data["progress"] == 10
        for after in (1, 77):  # of this node, of another
            with site.follow(job_id, after) as again:
                assert next(again).data["progress"] == 10
        with site.follow(job_id, after=2) as again:
            site.set(job_id, progress=20)
            assert [next(again).data["progress"] for _ in "12"] == [10, 20]
            assert next(first).data["progress"] == 20


def test_one_that_has_ended_is_told_at_once(site):
    job_id = site.add(state="dead", ended_us=START_US)
    for after in (None, 1, 5):
        with site.follow(job_id, after) as events:
            assert [tale(event) for event in events] == [("done", "dead", 0, "")]


def test_one_that_is_tried_again_is_followed_anew(site):
    job_id = site.add(state="dead", ended_us=START_US)
    with site.follow(job_id) as events:
        assert [event.name for event in events] == ["done"]
    assert site.post(f"/{job_id}/retry").status_code == 200
    with site.follow(job_id) as events:
        assert tale(next(events)) == ("progress", "ready", 0, "")


def test_one_whose_result_is_not_kept_is_done_when_it_is_gone(site):
    job_id = site.add(**RUNNING, progress=90)
    with site.follow(job_id) as events:
        assert next(events).data["progress"] == 90
        site.clear()
        assert tale(next(events)) == ("done", "done", 100, "")


def test_a_follower_is_no_reason_to_wait_when_the_program_stops(start_nerdx, run_nerdx):
    flags = ("--job-threads", "0", "--drain-timeout", "1h")  # whatever is waited for fails
    site = Site(start_nerdx(*flags, env={"NERDX_IDENTITY": "required"}), run_nerdx)
    with site.follow(site.add()) as events:
        assert next(events).name == "progress"
        site.nerdx.terminate()
        assert next(events, None) is None
    assert site.nerdx.stop() == 0


TOLD = {
    **{"specversion": "1.0", "id": "e", "source": "urn:nerdx:auth", "type": "nerdx.auth.user.signed_up.v1"},
    **{"subject": "u", "time": "2026-01-01T00:00:00Z", "data": {"user_id": "u", "way": "password"}},
}


def threads_of(nerdx):
    names = set()
    for task in pathlib.Path(f"/proc/{nerdx.pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # one that ends just now
            names.add((task / "comm").read_text().strip())
    return names


def test_while_one_services_job_is_waited_for_at_the_end_no_others_begin(start_nerdx, run_nerdx):
    site = Site(start_nerdx("--job-poll", "20ms"), run_nerdx)
    with held_store(site.nerdx.data, "notify", "event_consumed"):
        held = site.add(kind="event.notify", lane="event.notify", input=json.dumps(TOLD), due_us=0)
        until(lambda: site.get(f"/{held}").json()["state"] == "running")
        site.nerdx.terminate()
        until(lambda: "http-keeper" not in threads_of(site.nerdx))  # the door is closed
        time.sleep(1)  # and next the workers are told
        site.open_store = lambda: open_store(site.nerdx.data, "webhooks")
        nobody = json.dumps({"webhook_id": "w", "event_id": "e"})
        left = site.add(kind="webhooks.deliver", input=nobody, due_us=0)
        time.sleep(1)  # fifty times as long as it takes to be found
    assert site.nerdx.stop() == 0
    with contextlib.closing(site.open_store()) as store:
        assert store.execute("SELECT state FROM job WHERE job_id = ?", [left]).fetchall() == [("ready",)]


def test_jobs_are_counted_for_who_watches_the_program(site):
    for state in ("ready", "ready", "dead"):
        site.add(state=state)
    until(lambda: metric(site.nerdx, 'nerdx_jobs{service="auth",state="ready"}') == 2)
    assert metric(site.nerdx, 'nerdx_jobs{service="auth",state="dead"}') == 1
    assert metric(site.nerdx, 'nerdx_jobs{service="auth",state="running"}') == 0


def test_what_is_done_here_is_seen_counted_and_followed(start_nerdx, run_nerdx):
    site = Site(start_nerdx("--job-threads", "1", env={"NERDX_IDENTITY": "required"}), run_nerdx)
    *_, job_id = until(lambda: site.listed(kind="auth.sweep"))  # that of the start; each hour another comes
    with site.follow(job_id) as events:
        assert tale(list(events)[-1])[:3] == ("done", "done", 100)

    def are_counted():
        done = len(site.listed(kind="auth.sweep", state="done"))
        ended = metric(site.nerdx, 'nerdx_jobs_ended_total{kind="auth.sweep",result="done",service="auth"}')
        return done == ended == metric(site.nerdx, 'nerdx_job_seconds_count{kind="auth.sweep"}')

    until(are_counted)
    assert metric(site.nerdx, "nerdx_job_wait_seconds_count") >= 1
