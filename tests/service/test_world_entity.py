"""Reading an entity page by page, by type and direction, as of a time and with its sources; joining two entities."""

import datetime

import pytest

ENTITY = "/api/v1/world-model/entity/"
RELATE = "/api/v1/world-model/relationship"
LEARN = "/api/v1/world-model/learn"


def read(nerdx, key, **parameters):
    reply = nerdx.get(ENTITY + key, params=parameters)
    assert reply.status_code == 200, reply.text
    return reply.json()


def names(entity):
    return [(n["relationship"], n["direction"], n["id"]) for n in entity["neighbours"]]


def relate(nerdx, start, kind, end, **more):
    return nerdx.post(RELATE, {"from": start, "relationship": kind, "to": end, **more})


def now():
    return datetime.datetime.now(datetime.UTC).isoformat().replace("+00:00", "Z")


def test_an_answer_that_was_given_before_follows_every_write_at_once(start_nerdx, tmp_path):
    one = start_nerdx(data=tmp_path / "data")
    seen = [one.get(ENTITY + "makgeolli").text for _ in range(3)]
    assert seen[0] == seen[1] == seen[2]
    for description in ("cloudy", "cloudy and young"):
        fact = {"label": "Drink", "id": "makgeolli", "properties": {"summary": description}}
        reply = one.post(LEARN, {"facts": [fact], "source": "api:editor"})
        assert reply.json().get("accepted") == 1, reply.text
        assert [read(one, "makgeolli")["properties"]["summary"] for _ in range(2)] == [description] * 2


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_the_pages_together_are_the_whole_list_in_its_order(shared_nerdx, limit):
    whole = read(shared_nerdx, "makgeolli", limit=100)
    assert len(whole["neighbours"]) > 10 and "next_cursor" not in whole
    pages, parameters = [], {}
    while True:
        page = read(shared_nerdx, "makgeolli", limit=limit, **parameters)
        pages += names(page)
        if "next_cursor" not in page:
            break
        assert len(page["neighbours"]) == limit
        parameters = {"cursor": page["next_cursor"]}
    assert pages == names(whole)


def test_type_and_direction_choose_among_the_neighbours(shared_nerdx):
    whole = names(read(shared_nerdx, "makgeolli", limit=100))
    for direction in ("in", "out"):
        assert names(read(shared_nerdx, "makgeolli", limit=100, direction=direction)) == [
            n for n in whole if n[1] == direction
        ]
    some = names(read(shared_nerdx, "makgeolli", limit=100, type=["IS_A", "PAIRS_WITH"]))
    assert some == [n for n in whole if n[0] in ("IS_A", "PAIRS_WITH")] and some
    assert names(read(shared_nerdx, "makgeolli", type="NO_SUCH")) == []


def test_visitors_are_not_seen_from_what_they_like_however_it_is_asked(nerdx):
    event = {"event_id": "1", "user_id": "minji", "type": "INTERESTED_IN", "entity_id": "makgeolli"}
    nerdx.post(LEARN, {"events": [event]})
    for parameters in ({"type": "INTERESTED_IN"}, {"direction": "in", "limit": 100}, {"as_of": now()}):
        assert "minji" not in nerdx.get(ENTITY + "makgeolli", params=parameters).text
    assert names(read(nerdx, "minji", type="INTERESTED_IN")) == [("INTERESTED_IN", "out", "makgeolli")]
    assert names(read(nerdx, "minji", direction="in")) == []


@pytest.mark.parametrize(
    ("parameters", "status", "pointer"),
    [
        ({"cursor": "zz"}, 422, "/cursor"),
        ({"cursor": "6162"}, 422, "/cursor"),
        ({"as_of": "2026-13-01T00:00:00Z"}, 400, "/as_of"),
    ],
)
def test_a_wrong_parameter_is_pointed_at(shared_nerdx, parameters, status, pointer):
    reply = shared_nerdx.get(ENTITY + "makgeolli", params=parameters)
    assert reply.status_code == status
    assert reply.json()["pointer"] == pointer


def test_a_correction_keeps_the_past_and_tells_its_sources(nerdx):
    dish = {"label": "Dish", "id": "test-dish", "properties": {"name": "Before"}}
    nerdx.post(LEARN, {"facts": [dish], "source": "turn:1"})
    moment = now()
    nerdx.post(LEARN, {"facts": [{**dish, "properties": {"name": "After"}}], "source": "turn:1"})
    nerdx.restart()
    assert read(nerdx, "test-dish")["properties"] == {"name": "After"}
    assert read(nerdx, "test-dish", as_of=moment)["properties"] == {"name": "Before"}
    assert read(nerdx, "test-dish", as_of="2001-01-01T00:00:00Z")["properties"] == {"name": "Before"}
    first, second = read(nerdx, "test-dish", provenance="true")["provenance"]
    assert first["source"] == second["source"] == "turn:1"
    assert first["until"] == second["since"] and "until" not in second
    assert (first["properties"]["name"], second["properties"]["name"]) == ("Before", "After")


def test_what_began_later_was_not_there_before(nerdx):
    dish = {"label": "Dish", "id": "late-dish", "since": "2020-01-01T00:00:00Z", "properties": {"name": "Late"}}
    pair = {"type": "PAIRS_WITH", "from": "makgeolli", "to": "late-dish", "since": "2021-01-01T00:00:00Z"}
    nerdx.post(LEARN, {"facts": [dish, pair]})
    assert nerdx.get(ENTITY + "late-dish", params={"as_of": "2019-06-01T00:00:00Z"}).status_code == 404
    assert names(read(nerdx, "late-dish", as_of="2020-06-01T00:00:00Z")) == []
    assert names(read(nerdx, "late-dish", as_of="2021-06-01T00:00:00Z")) == [("PAIRS_WITH", "in", "makgeolli")]


def test_joining_twice_joins_once_and_the_second_time_changes_the_properties(nerdx):
    assert relate(nerdx, "makgeolli", "PAIRS_WITH", "bossam", properties={"n": 1}).json() == {"verdict": "added"}
    assert relate(nerdx, "makgeolli", "PAIRS_WITH", "bossam", properties={"n": 1}).json() == {"verdict": "same"}
    assert relate(nerdx, "makgeolli", "PAIRS_WITH", "bossam", properties={"n": 2}).json() == {"verdict": "changed"}
    nerdx.restart()
    (pair,) = [n for n in read(nerdx, "bossam", limit=100)["neighbours"] if n["id"] == "makgeolli"]
    assert pair["properties"]["n"] == 2


@pytest.mark.parametrize(
    ("start", "kind", "end", "status", "pointer", "said"),
    [
        ("makgeolli", "PAIRS_WITH", "nowhere", 404, "/to", "nowhere"),
        ("nowhere", "PAIRS_WITH", "bossam", 404, "/from", "nowhere"),
        ("bossam", "PAIRS_WITH", "makgeolli", 422, "/relationship", "from Dish to Drink there may be: nothing"),
        ("makgeolli", "EATS", "bossam", 422, "/relationship", "PAIRS_WITH"),
        ("makgeolli", "pairs", "bossam", 400, "/relationship", "does not match"),
    ],
)
def test_what_can_not_be_joined_says_why(shared_nerdx, start, kind, end, status, pointer, said):
    reply = relate(shared_nerdx, start, kind, end)
    assert reply.status_code == status, reply.text
    assert reply.json()["pointer"] == pointer
    assert said in reply.json()["detail"]
