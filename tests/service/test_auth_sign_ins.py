"""Sign-ins: a guest gets tokens, goes on with new ones, and what has ended is refused at once."""

import datetime

from people import AUTH, PASSWORD, bearer, begin_guest, is_over, sign_up
from stores import dump_of
from test_auth_retention import change, days_ago


def refresh(nerdx, token):
    return nerdx.post(f"{AUTH}/refresh", {"refresh_token": token})


def sessions(nerdx, person):
    return nerdx.get(f"{AUTH}/sessions", headers=bearer(person))


def test_a_guest_is_somebody_of_their_own(shared_nerdx):
    one, other = begin_guest(shared_nerdx), begin_guest(shared_nerdx)
    assert one["user_id"] != other["user_id"]
    assert one["role"] == "guest" and one["token_type"] == "Bearer" and "csrf_token" not in one
    listed = sessions(shared_nerdx, one).json()
    assert listed["user_id"] == one["user_id"]
    assert [(item["sign_in_id"], item["current"]) for item in listed["items"]] == [(one["sign_in_id"], True)]


def test_without_a_token_nobody_is_signed_in(shared_nerdx):
    for method, path in [("GET", "sessions"), ("POST", "sign-out"), ("POST", "sign-out-everywhere")]:
        assert shared_nerdx.request(method, f"{AUTH}/{path}").status_code == 401, path


def test_a_refresh_token_counts_once_and_the_new_one_goes_on(shared_nerdx):
    first = begin_guest(shared_nerdx)
    second = refresh(shared_nerdx, first["refresh_token"])
    assert second.status_code == 200 and second.headers["Cache-Control"] == "no-store"
    second = second.json()
    assert (second["user_id"], second["sign_in_id"]) == (first["user_id"], first["sign_in_id"])
    assert second["refresh_token"] != first["refresh_token"]
    third = refresh(shared_nerdx, second["refresh_token"])
    assert third.status_code == 200
    assert sessions(shared_nerdx, third.json()).status_code == 200


def test_who_hasnt_come_for_thirty_days_signs_in_anew(start_nerdx):
    nerdx = start_nerdx()
    late, other = begin_guest(nerdx), begin_guest(nerdx)
    days = "UPDATE refresh_token SET expires_us = expires_us - ? WHERE sign_in_id = ?"
    change(nerdx, (days, (30 * 24 * 3600 * 10**6, late["sign_in_id"])))
    change(nerdx, (days, (29 * 24 * 3600 * 10**6, other["sign_in_id"])))
    assert refresh(nerdx, late["refresh_token"]).status_code == 401
    assert refresh(nerdx, other["refresh_token"]).status_code == 200


def begun(nerdx, person, at_us):
    """As if the sign-in had begun then."""
    change(nerdx, ("UPDATE sign_in SET begun_us = ? WHERE sign_in_id = ?", (at_us, person["sign_in_id"])))


def test_a_member_who_comes_every_day_signs_in_anew_when_the_longest_life_is_over(start_nerdx):
    nerdx = start_nerdx("--sign-in-life", "40d")
    member, late = sign_up(nerdx), days_ago(39) // 10**6 * 10**6
    begun(nerdx, member, late)
    second = refresh(nerdx, member["refresh_token"])
    assert second.status_code == 200
    over = datetime.datetime.fromtimestamp(late / 10**6, datetime.UTC) + datetime.timedelta(days=40)
    assert second.json()["refresh_expires_at"] == f"{over:%Y-%m-%dT%H:%M:%S}Z"
    assert second.json()["expires_at"] <= second.json()["refresh_expires_at"]
    begun(nerdx, member, days_ago(40))
    assert refresh(nerdx, second.json()["refresh_token"]).status_code == 401


def test_showing_the_password_again_gives_no_token_that_outlives_the_sign_in(start_nerdx):
    nerdx = start_nerdx("--sign-in-life", "2h")
    member = sign_up(nerdx)
    proved = nerdx.post(f"{AUTH}/step-up", {"password": PASSWORD}, headers=bearer(member)).json()
    assert member["expires_at"] == member["refresh_expires_at"][:19] + member["expires_at"][19:]
    assert proved["expires_at"] == member["expires_at"]


def test_a_guest_who_comes_every_day_goes_on_for_they_have_nothing_to_show_again(start_nerdx):
    nerdx = start_nerdx("--sign-in-life", "40d")
    guest = begin_guest(nerdx)
    begun(nerdx, guest, days_ago(400))
    assert refresh(nerdx, guest["refresh_token"]).status_code == 200


def test_a_refresh_token_that_comes_again_ends_its_sign_in_for_everybody(shared_nerdx):
    first = begin_guest(shared_nerdx)
    second = refresh(shared_nerdx, first["refresh_token"]).json()
    assert refresh(shared_nerdx, first["refresh_token"]).status_code == 401
    assert refresh(shared_nerdx, second["refresh_token"]).status_code == 401
    for tokens in (first, second):
        assert is_over(shared_nerdx, tokens)
    assert sessions(shared_nerdx, begin_guest(shared_nerdx)).status_code == 200, "others go on"


def test_a_token_that_nobody_made_ends_nothing(shared_nerdx):
    guest = begin_guest(shared_nerdx)
    assert refresh(shared_nerdx, "nr_" + "0" * 64).status_code == 401
    assert refresh(shared_nerdx, guest["refresh_token"]).status_code == 200


def test_signing_out_ends_this_sign_in_at_once(shared_nerdx):
    guest = begin_guest(shared_nerdx)
    assert shared_nerdx.post(f"{AUTH}/sign-out", headers=bearer(guest)).json() == {"ended": 1}
    assert is_over(shared_nerdx, guest)
    assert refresh(shared_nerdx, guest["refresh_token"]).status_code == 401


def test_a_refresh_token_alone_signs_out_too(shared_nerdx):
    guest = begin_guest(shared_nerdx)
    assert shared_nerdx.post(f"{AUTH}/sign-out", {"refresh_token": guest["refresh_token"]}).json() == {"ended": 1}
    assert is_over(shared_nerdx, guest)


def test_what_has_ended_stays_ended_after_a_restart(nerdx):
    gone, stays = begin_guest(nerdx), begin_guest(nerdx)
    nerdx.post(f"{AUTH}/sign-out-everywhere", headers=bearer(gone))
    nerdx.restart()
    assert is_over(nerdx, gone)
    assert sessions(nerdx, stays).status_code == 200, "and tokens are good on, for the secret stays"


def test_somebody_elses_sign_in_cannot_be_ended(shared_nerdx):
    mine, theirs = begin_guest(shared_nerdx), begin_guest(shared_nerdx)
    path = f"{AUTH}/sessions/{theirs['sign_in_id']}"
    assert shared_nerdx.request("DELETE", path, headers=bearer(mine)).status_code == 404
    assert sessions(shared_nerdx, theirs).status_code == 200
    own = f"{AUTH}/sessions/{mine['sign_in_id']}"
    assert shared_nerdx.request("DELETE", own, headers=bearer(mine)).json() == {"ended": 1}
    assert is_over(shared_nerdx, mine)


def cookies_of(reply):
    return {name: (value, attributes) for name, value, attributes in map(parse_cookie, set_cookies(reply))}


def set_cookies(reply):
    return reply.raw.headers.getlist("Set-Cookie")


def parse_cookie(line):
    pair, *attributes = line.split("; ")
    name, value = pair.split("=", 1)
    return name, value, set(attributes)


def test_a_browser_gets_cookies_that_scripts_cannot_read(shared_nerdx):
    reply = shared_nerdx.post(f"{AUTH}/guest", {"cookies": True})
    answer, cookies = reply.json(), cookies_of(reply)
    assert "access_token" not in answer and "refresh_token" not in answer
    assert set(cookies) == {"__Host-nerdx", "__Host-nerdx-refresh", "__Host-nerdx-csrf"}
    for name, (_, attributes) in cookies.items():
        assert {"Path=/", "Secure", "SameSite=Strict"} <= attributes
        assert ("HttpOnly" in attributes) == (name != "__Host-nerdx-csrf")
    assert cookies["__Host-nerdx-csrf"][0] == answer["csrf_token"]


def test_a_cookie_counts_only_with_what_a_page_of_ours_can_read(shared_nerdx):
    reply = shared_nerdx.post(f"{AUTH}/guest", {"cookies": True})
    jar = "; ".join(f"{name}={value}" for name, (value, _) in cookies_of(reply).items())
    csrf = reply.json()["csrf_token"]

    def ask(path, **headers):
        return shared_nerdx.post(f"{AUTH}/{path}", {}, headers={"Cookie": jar, **headers})

    assert ask("refresh").status_code == 403
    assert ask("refresh", **{"X-CSRF-Token": "0" * len(csrf)}).status_code == 403
    renewed = ask("refresh", **{"X-CSRF-Token": csrf})
    assert renewed.status_code == 200
    assert set(cookies_of(renewed)) == {"__Host-nerdx", "__Host-nerdx-refresh", "__Host-nerdx-csrf"}
    jar = "; ".join(f"{name}={value}" for name, (value, _) in cookies_of(renewed).items())
    out = ask("sign-out", **{"X-CSRF-Token": renewed.json()["csrf_token"]})
    assert out.json() == {"ended": 1}
    assert all("Max-Age=0" in attributes for _, attributes in cookies_of(out).values())
    assert out.headers["Clear-Site-Data"] == '"cache", "storage"', "not cookies: others of the domain stay"


def test_a_program_that_signs_out_is_told_nothing_for_browsers(shared_nerdx):
    out = shared_nerdx.post(f"{AUTH}/sign-out", headers=bearer(begin_guest(shared_nerdx)))
    assert "Clear-Site-Data" not in out.headers and "Set-Cookie" not in out.headers


def test_only_hashes_of_tokens_are_stored(nerdx):
    guest = begin_guest(nerdx)
    kept = dump_of(nerdx.data, "auth")
    assert guest["user_id"] in kept
    for secret in (guest["refresh_token"], guest["refresh_token"][3:], guest["access_token"]):
        assert secret not in kept


def test_a_sign_in_that_ended_on_one_node_ends_on_the_others(start_nerdx, tmp_path):
    one = start_nerdx(data=tmp_path / "fleet")
    other = start_nerdx(data=tmp_path / "fleet")
    guest = begin_guest(one)
    assert sessions(other, guest).status_code == 200
    one.post(f"{AUTH}/sign-out", headers=bearer(guest))
    while sessions(other, guest).status_code != 401:  # within AUTH_LOOK_MS, even where nobody tells it
        pass
