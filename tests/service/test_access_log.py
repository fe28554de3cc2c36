"""The access log: which consumer asked for what and how it went, and nothing by which a person could be found."""

import hashlib

import pytest

from conversation import until
from moments import DAY_S, within_one
from people import AUTH, bearer, begin_guest, sign_in, sign_up

ROUTE = "/api/v1/world-model/version"
HERE, ELSEWHERE = "198.51.100.7", "198.51.100.8"
NETWORK = "2001:db8:5:6:"
HASHES = ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s")


@pytest.fixture(scope="module")
def site(start_shared_nerdx):
    """A program behind a proxy, that wants to know who calls."""
    return start_shared_nerdx("--trusted-proxies", "127.0.0.1", env={"NERDX_IDENTITY": "required"})


def lines_of(nerdx, *requests):
    """The line of each of these requests: (headers, address). All of one day: the next has other names."""

    def ask():
        replies = [nerdx.get(ROUTE, headers={"X-Forwarded-For": address, **headers}) for headers, address in requests]
        return [reply.headers["traceparent"].split("-")[1] for reply in replies]

    traces = within_one(DAY_S, ask)

    def found():
        lines = {line.get("trace_id"): line for line in nerdx.log_lines() if line["message"] == "request"}
        return all(trace in lines for trace in traces) and [lines[trace] for trace in traces]

    return until(found)


def consumers(nerdx, *requests):
    return [line["consumer"] for line in lines_of(nerdx, *requests)]


def test_a_line_says_who_did_what_and_how_it_went(site):
    line, refused = lines_of(site, (bearer(begin_guest(site)), HERE), ({}, HERE))
    told = {"consumer", "method", "route", "status", "bytes", "duration_us", "trace_id", "span_id"}
    assert told <= line.keys()
    assert (line["caller"], line["method"], line["route"], line["status"]) == ("guest", "GET", ROUTE, 200)
    assert line["time"].endswith("Z"), "in UTC"
    assert (refused["status"], "caller" in refused) == (401, False)


def test_one_consumer_has_one_name_wherever_they_call_from_and_another_has_another(site):
    one, other = bearer(begin_guest(site)), bearer(begin_guest(site))
    first, again, *others = consumers(site, (one, HERE), (one, ELSEWHERE), (other, HERE), ({}, HERE), ({}, ELSEWHERE))
    assert first == again
    assert len({first, *others}) == 4
    assert all(len(name) == 16 and int(name, 16) >= 0 for name in (first, *others))


def test_who_is_not_known_is_called_by_their_address_as_limits_count_it(site):
    addresses = (HERE, HERE, f"{NETWORK}:1", f"{NETWORK}ffff::2", "2001:db8:5:7::1")
    here, again, first, second, neighbour = consumers(site, *(({}, address) for address in addresses))
    assert here == again
    assert first == second != neighbour


def test_a_key_is_called_by_what_it_begins_with(site, run_nerdx):
    partner = sign_up(site)
    assert run_nerdx("account", "--role", "partner", partner["email"], "--data", site.data).returncode == 0
    partner |= sign_in(site, partner["email"]).json()
    made = site.post(f"{AUTH}/keys", {"name": "shop", "permissions": ["world:read"]}, headers=bearer(partner)).json()
    [line] = lines_of(site, ({"Authorization": f"Bearer {made['key']}"}, HERE))
    [listed] = site.get(f"{AUTH}/keys", headers=bearer(partner)).json()["items"]
    assert (line["caller"], line["consumer"]) == ("key", listed["begins_with"])
    assert made["key"] not in site.log_text()


def test_another_process_calls_them_otherwise(site, start_nerdx):
    other = start_nerdx("--trusted-proxies", "127.0.0.1")
    assert consumers(site, ({}, HERE)) != consumers(other, ({}, HERE))


def test_nobody_can_be_found_from_it(site):
    guest, member = begin_guest(site), sign_up(site)
    asked = lines_of(site, (bearer(guest), HERE), (bearer(member), HERE), ({}, HERE), ({}, f"{NETWORK}:1"))
    text = "".join(str(line) for line in site.log_lines() if line["message"] == "request")
    ids = [guest["user_id"], guest["sign_in_id"], member["user_id"], member["sign_in_id"], member["email"]]
    for private in (*ids, guest["access_token"], HERE, NETWORK):
        assert private not in text
    named = [HERE, f"{NETWORK}:", *ids]
    for plain in (prefix + name for name in named for prefix in ("", "user:", "guest:", "address:")):
        for digest in (hashlib.new(how, plain.encode()).hexdigest() for how in HASHES):
            assert not {digest[:16], digest[-16:]} & {line["consumer"] for line in asked}
