"""Every operation of the served contract, called by nobody, by others, by who it is for, and by each role:
the answer is what
the contract's table says."""

import pytest
import requests

from people import bearer, begin_guest
from samples import Samples, is_form

METHODS = ("get", "post", "put", "patch", "delete")
TABLE_SAYS = ("Who is calling isn't known", "This needs the permission", "This is another user's")


@pytest.fixture(scope="module")
def site(start_shared_nerdx):
    nerdx = start_shared_nerdx(env={"NERDX_IDENTITY": "required"})
    return nerdx, nerdx.get("/openapi.json").json()


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield method, path, operation


def permission_of(operation):
    return operation["x-permission"]


def protected(document):
    return [row for row in operations(document) if permission_of(row[2]) != "public"]


def call(nerdx, document, row, person=None, user=None, more=(), values=None):
    """The answer to the least request that fits; user: whom it names."""
    method, path, operation = row
    samples = Samples(document, {"user_id": user or "nobody-here", "id": "maeju-ai", **(values or {})})
    path, query, body = samples.request(path, operation, more)
    accept = "application/json, text/event-stream;q=0.5, text/csv;q=0.1"
    headers = {"Accept": accept, **(bearer(person) if person else {})}
    sent = {"data" if is_form(operation) else "json": body}
    return nerdx.request(method, path, params=query, headers=headers, stream=True, **sent)


def refused_by_table(reply):
    """Not for reasons of the operation's own, such as a password that is wrong."""
    return reply.status_code in (401, 403) and reply.json()["detail"].startswith(TABLE_SAYS)


def owned(operation):
    return "x-owner" in operation


def names_owner(operation):
    """x-owner may be an optional member: then it has to be used."""
    return [operation["x-owner"].split(".")[0]] if owned(operation) else []


@pytest.fixture(scope="module")
def token_of(site, run_nerdx):
    """A token of a role for a user: {"access_token": …}."""
    nerdx, _ = site

    def make(role, user):
        done = run_nerdx("token", "--data", nerdx.data, "--role", role, "--user", user)
        assert done.returncode == 0, done.stderr
        return {"access_token": done.stdout.strip()}

    return make


def test_every_operation_names_a_permission_that_there_is(site):
    _, document = site
    for method, path, operation in operations(document):
        assert permission_of(operation) in ("public", *document["x-permissions"]), (method, path)
    assert len(protected(document)) > 20


def test_nobody_may_only_what_is_public(site):
    nerdx, document = site
    for row in operations(document):
        reply = call(nerdx, document, row)
        if permission_of(row[2]) == "public":
            assert not refused_by_table(reply), (row[:2], reply.text)
        else:
            assert reply.status_code == 401, row[:2]
            assert reply.headers["WWW-Authenticate"] == 'Bearer realm="nerdx"'
            assert reply.headers["Content-Type"] == "application/problem+json"


def test_a_token_of_nobodys_is_no_better_than_none(site):
    nerdx, document = site
    for row in protected(document):
        reply = call(nerdx, document, row, {"access_token": "e30.e30.e30"})
        assert reply.status_code == 401, row[:2]
        assert 'error="invalid_token"' in reply.headers["WWW-Authenticate"]


def test_what_is_anothers_is_refused(site):
    nerdx, document = site
    other, owner = begin_guest(nerdx), begin_guest(nerdx)
    rows = [row for row in protected(document) if owned(row[2])]
    assert len(rows) >= 15
    for row in rows:
        reply = call(nerdx, document, row, other, owner["user_id"], names_owner(row[2]))
        assert reply.status_code == 403, (row[:2], reply.text)


@pytest.mark.parametrize("role", ["guest", "member", "partner", "operator", "admin"])
def test_a_role_may_with_its_own_what_the_table_says_and_nothing_else(site, token_of, role):
    nerdx, document = site
    may = document["x-roles"][role]
    for number, row in enumerate(protected(document)):
        user = f"walker-{role}-{number}"
        reply = call(nerdx, document, row, token_of(role, user), user, names_owner(row[2]))
        if permission_of(row[2]) in may:
            assert not refused_by_table(reply), (row[:2], reply.text)
        else:
            assert reply.status_code == 403, (row[:2], reply.text)
            assert permission_of(row[2]) in reply.json()["detail"]


def test_who_may_act_for_any_user_reaches_what_is_anothers(site, token_of):
    nerdx, document = site
    for role in (role for role, may in document["x-roles"].items() if "users:any" in may):
        token = token_of(role, "walker-any")
        for row in (row for row in protected(document) if owned(row[2])):
            reply = call(nerdx, document, row, token, "walker-someone", names_owner(row[2]))
            assert not refused_by_table(reply), (row[:2], reply.text)


def test_a_member_that_needs_more_is_refused_to_who_has_less(site, token_of):
    nerdx, document = site
    values = {"cypher": "RETURN 1"}
    used = {"trace": {"trace": 1}, "content": {"content": 1}}
    rows = [row for row in protected(document) if "x-permission-with" in row[2]]
    assert len(rows) >= 4
    for row in rows:
        for name, permission in row[2]["x-permission-with"].items():
            for role, may in document["x-roles"].items():
                user = f"walker-with-{role}"
                reply = call_with(nerdx, document, row, token_of(role, user), user, name, used.get(name), values)
                refused = permission not in may
                assert (reply.status_code == 403) == refused, (row[:2], name, role, reply.text)
                named = permission if permission_of(row[2]) in may else permission_of(row[2])
                assert not refused or named in reply.json()["detail"]


def call_with(nerdx, document, row, person, user, name, query, values):
    method, path, operation = row
    samples = Samples(document, {"user_id": user, **values})
    path, given, body = samples.request(path, operation, [name] if query is None else [])
    sent = {"data" if is_form(operation) else "json": body}
    return requests.request(
        method, nerdx.url + path, params={**given, **(query or {})}, headers=bearer(person), timeout=60, **sent
    )


def test_a_guest_reads_what_they_did_themselves_and_nobody_else_does(site):
    nerdx, _ = site
    guest, other = begin_guest(nerdx), begin_guest(nerdx)
    event = {"event_id": guest["user_id"], "user_id": guest["user_id"], "type": "CHATTED_WITH", "entity_id": "maeju-ai"}
    told = nerdx.post("/api/v1/world-model/learn", {"events": [event]}, headers=bearer(guest))
    assert told.status_code == 200, told.text
    place = f"/api/v1/world-model/entity/{guest['user_id']}"
    assert nerdx.get(place, headers=bearer(guest)).json()["neighbours"][0]["id"] == "maeju-ai"
    assert nerdx.get(place, headers=bearer(other)).status_code == 404


def test_who_says_nothing_of_identity_has_guests_who_talk_and_nobody_else(start_nerdx):
    nerdx = start_nerdx(env={"NERDX_IDENTITY": None})
    turn = {"user_id": "me", "session_id": "one", "message": "What is nuruk?"}
    refused = nerdx.post("/api/v1/agents/maeju/chat", turn)
    assert (refused.status_code, "POST /api/v1/auth/guest" in refused.json()["detail"]) == (401, True)
    guest = begin_guest(nerdx)
    reply = nerdx.post("/api/v1/agents/maeju/chat", {**turn, "user_id": guest["user_id"]}, headers=bearer(guest))
    assert reply.status_code == 200, reply.text
    assert nerdx.post("/api/v1/agents/maeju/chat", turn, headers=bearer(guest)).status_code == 403


def test_open_is_refused_where_others_could_reach_it(run_nerdx, tmp_path):
    for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:0"):
        done = run_nerdx("serve", "--data", tmp_path, "--identity", "open", "--listen", address)
        assert done.returncode == 65, done.stderr
        assert "--identity required" in done.stderr
