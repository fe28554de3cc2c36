"""What agents do while they talk, as operations that programs call too (api/tools.yaml)."""

import pytest

from conversation import ask

TOOLS = "/api/v1/agents/tools"


def test_the_world_is_searched_as_an_agent_does_it(shared_nerdx):
    found = shared_nerdx.post(
        f"{TOOLS}/query-world-model?language=en", {"query": "Icheon rice", "max_results": 2}
    ).json()
    assert found["results"][0]["entity"]["id"] == "icheon-rice"
    assert len(found["results"]) <= 2


def test_a_recommendation_follows_the_taste_of_whoever_asks(shared_nerdx):
    answer = shared_nerdx.post(f"{TOOLS}/recommend-product?user_id=me", {"limit": 2}).json()
    assert (answer["user_id"], len(answer["items"])) == ("me", 2)
    assert shared_nerdx.post(f"{TOOLS}/recommend-product", {}).status_code == 400


@pytest.mark.parametrize(("language", "word"), [("ko", "이천"), ("en", "Icheon")])
def test_a_story_is_told_from_its_record(shared_nerdx, language, word):
    story = shared_nerdx.post(f"{TOOLS}/generate-story?language={language}", {"id": "royal-rice"}).json()
    assert story["id"] == "royal-rice" and word in " ".join(story["paragraphs"])
    assert story["known"] and story["sources"]
    brief = shared_nerdx.post(
        f"{TOOLS}/generate-story?language={language}", {"id": "royal-rice", "length": "short"}
    ).json()
    assert len(" ".join(brief["paragraphs"])) < len(" ".join(story["paragraphs"]))


def test_a_story_of_nothing_says_so(shared_nerdx):
    reply = shared_nerdx.post(f"{TOOLS}/generate-story", {"id": "nobody"})
    assert (reply.status_code, reply.json()["pointer"]) == (404, "/id")


def hand_off(nerdx, body=None, **given):
    given = {"from": "maeju", "user_id": "buyer", "session_id": "s", "message": "I want to buy it", **given}
    return nerdx.request("POST", f"{TOOLS}/hand-off/joon", params=given, json=body or {})


def test_a_hand_off_carries_what_was_talked_about(shared_nerdx):
    ask(shared_nerdx, "Tell me about NERD12", user="buyer", session="s")
    handoff = hand_off(shared_nerdx).json()
    assert (handoff["to"], handoff["products"]) == ("joon", ["nerd12-signature"])
    assert handoff["summary"]["wants"] == "I want to buy it"
    assert hand_off(shared_nerdx, {"products": ["nerd8-fresh"]}).json()["products"] == ["nerd8-fresh"]


def test_an_agent_hands_over_only_to_those_of_its_row(shared_nerdx):
    given = {"from": "maeju", "user_id": "buyer", "session_id": "s", "message": "hello"}
    reply = shared_nerdx.request("POST", f"{TOOLS}/hand-off/nobody", params=given, json={})
    assert (reply.status_code, reply.json()["detail"]) == (422, 'agent: maeju hands nobody over to "nobody"')


def test_what_is_no_product_is_not_handed_on(shared_nerdx):
    reply = hand_off(shared_nerdx, {"products": ["nerd8-fresh", "takju"]})
    assert (reply.status_code, reply.json()["pointer"]) == (422, "/products/1")
