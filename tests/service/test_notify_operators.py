"""Who runs the program is told of jobs that nobody does any more: once a kind and hour, and nobody else is."""

import contextlib
import uuid

import pytest

from conversation import until
from notices import NOTIFY
from people import AUTH, bearer, sign_in, sign_up
from stores import open_store

LETTER = "auth.letter"  # one whose input is none, and whose last attempt it is
BEGUN = {
    **{"kind": LETTER, "lane": "", "state": "ready", "priority": 0, "due_us": 1, "input": "{}"},
    **{"unique_key": None, "order_key": None, "parent_id": None, "child_count": 0, "open_children": 0, "is_failing": 0},
    **{"attempt": 9, "fence": 0, "lease_until_us": 0, "worker": "", "is_cancel_asked": 0, "progress": 0, "message": ""},
    **{"outcome": "", "created_us": 1, "started_us": 0, "ended_us": 0, "expires_us": 0},
}


class Site:
    def __init__(self, nerdx, run_nerdx):
        self.nerdx, self.run_nerdx = nerdx, run_nerdx

    def someone(self, role=None):
        member = sign_up(self.nerdx)
        if role:
            given = self.run_nerdx("account", "--role", role, member["email"], "--data", self.nerdx.data)
            assert given.returncode == 0, given.stderr
            member = {**sign_in(self.nerdx, member["email"]).json(), "email": member["email"]}
        return member

    def begin(self, count):
        rows = [{"job_id": str(uuid.uuid4()), **BEGUN} for _ in range(count)]
        with contextlib.closing(open_store(self.nerdx.data, "auth")) as store, store:
            for row in rows:
                gaps = ", ".join("?" for _ in row)
                store.execute(f"INSERT INTO job ({', '.join(row)}) VALUES ({gaps})", list(row.values()))
        return [row["job_id"] for row in rows]

    def of_jobs(self, person):
        asked = {"params": {"user_id": person["user_id"]}, "headers": bearer(person)}
        items = self.nerdx.get(f"{NOTIFY}/inbox", **asked).json()["items"]
        return [item for item in items if item["template"] == "job-dead"]

    def heard(self, job_ids):
        """Whether notices have heard of the end of all of these."""
        found = []
        for job_id in job_ids:
            found += self.rows("auth", "SELECT event_id FROM event WHERE subject = ?", job_id)
        known = "SELECT 1 FROM event_consumed WHERE consumer = 'notify' AND event_id = ?"
        return len(found) == len(job_ids) and all(self.rows("notify", known, event_id) for (event_id,) in found)

    def rows(self, name, query, *values):
        with contextlib.closing(open_store(self.nerdx.data, name)) as store:
            return store.execute(query, values).fetchall()


@pytest.fixture(scope="module")
def site(start_shared_nerdx, run_nerdx):
    return Site(start_shared_nerdx(env={"NERDX_IDENTITY": "required"}), run_nerdx)


def test_operators_are_told_of_dead_jobs_once_a_kind_and_hour_and_others_are_not(site):
    operator, admin, member = site.someone("operator"), site.someone("admin"), site.someone()
    dead = site.begin(3)
    until(lambda: site.heard(dead))
    told = site.of_jobs(operator)
    assert len(told) == len(site.of_jobs(admin)) and len(told) < 3, "an hour may have ended meanwhile"
    item = told[0]
    assert LETTER in item["title"] and item["category"] == "operations"
    assert site.of_jobs(member) == []


def test_who_holds_a_permission_is_known_to_who_may_act_for_anybody(site):
    operator, member = site.someone("operator"), site.someone()
    asked = {"params": {"permission": "jobs"}}
    found = site.nerdx.get(f"{AUTH}/holders", **asked, headers=bearer(operator)).json()["user_ids"]
    assert operator["user_id"] in found and member["user_id"] not in found
    assert site.nerdx.get(f"{AUTH}/holders", **asked, headers=bearer(member)).status_code == 403
    refused = site.nerdx.get(f"{AUTH}/holders", params={"permission": "nonsense"}, headers=bearer(operator))
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/permission")
