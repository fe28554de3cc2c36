"""Recommendations over HTTP and in the terminal: who gets what, why, and when it changes."""

import json

import pytest

from metrics import metric

LEARN = "/api/v1/world-model/learn"
RECOMMEND = "/api/v1/world-model/recommend/"
BOTTLES = {"nerd8-fresh", "nerd12-signature", "nerd16-clear", "nerd40-spirit"}


def learn(nerdx, *events):
    events = [{"event_id": f"{'-'.join(map(str, event))}", **row(*event)} for event in events]
    assert nerdx.post(LEARN, {"events": events}).status_code == 200


def row(user, entity, score=1.0):
    return {"user_id": user, "type": "INTERESTED_IN", "entity_id": entity, "score": score}


def recommend(nerdx, user, **parameters):
    reply = nerdx.get(RECOMMEND + user, params=parameters)
    assert reply.status_code == 200, reply.text
    return reply.json()["items"]


def ids(items):
    return [item["entity"]["id"] for item in items]


def learned_likes(nerdx):
    """How many likes the recommendations of this moment are made from."""
    return metric(nerdx, "nerdx_world_likes")


def test_what_a_user_knows_is_left_out_and_the_rest_has_reasons(shared_nerdx):
    items = recommend(shared_nerdx, "user-uuid")
    assert set(ids(items)) == BOTTLES - {"nerd12-signature"}
    assert [item["score"] for item in items] == sorted((item["score"] for item in items), reverse=True)
    assert all(item["reason"] and item["kind"] for item in items)
    assert "nerd12-signature" in ids(recommend(shared_nerdx, "user-uuid", seen="include"))


def test_a_new_interest_counts_at_once(nerdx):
    before = recommend(nerdx, "minji")
    assert set(ids(before)) == BOTTLES
    assert all(item["kind"] in ("popular", "there") for item in before)
    learn(nerdx, ("minji", "soju-arrival"))
    after = recommend(nerdx, "minji")
    assert ids(after)[0] == "nerd40-spirit"
    assert after[0]["kind"] == "shared_story"
    assert after[0]["because"] == ["soju-arrival"]


@pytest.mark.parametrize(
    ("language", "reason"),
    [("en", "It fits your taste: floral."), ("ko", "찾으시는 floral이라는 말이 이 술에 적혀 있어요.")],
)
def test_somebody_new_gets_what_fits_their_preferences(shared_nerdx, language, reason):
    items = recommend(shared_nerdx, "nobody", preferences=["floral"], language=language, limit=1)
    assert ids(items) == ["nerd16-clear"]
    assert (items[0]["kind"], items[0]["reason"]) == ("taste", reason)


def tell(nerdx, user, trait, score):
    fact = {"type": "PREFERS", "from": user, "to": trait, "properties": {"score": score}}
    reply = nerdx.post(LEARN, {"source": f"turn:{user}.{trait}", "facts": [fact]}).json()
    assert reply["accepted"] == 1, reply


def scores(nerdx, user):
    return {item["entity"]["id"]: item["score"] for item in recommend(nerdx, user)}


def test_what_somebody_told_they_like_or_dislike_raises_and_lowers_by_its_words(nerdx):
    plain = scores(nerdx, "minji")
    popular = pytest.approx(0, abs=0.002)  # how many like it is learned beside, before or after
    tell(nerdx, "minji", "sweet", -0.8)
    tell(nerdx, "minji", "floral", 0.9)
    told = scores(nerdx, "minji")
    assert told["nerd8-fresh"] < plain["nerd8-fresh"], "it is sweet"
    assert told["nerd16-clear"] > plain["nerd16-clear"], "it is floral"
    assert told["nerd40-spirit"] - plain["nerd40-spirit"] == popular, "it is neither"
    first, *_, last = recommend(nerdx, "minji")
    assert (first["entity"]["id"], first["kind"], first["reason"]) == (
        "nerd16-clear",
        "taste",
        "It fits your taste: floral.",
    )
    assert last["entity"]["id"] == "nerd8-fresh"
    assert last["kind"] != "taste", "nobody is told that it fits"
    assert all(score == popular for score in scores(nerdx, "jun").values()), "somebody else's taste is their own"


def test_what_was_told_counts_beside_many_likes(nerdx):
    learn(nerdx, *[("minji", story) for story in ("soju-arrival", "jumak", "daepo", "eumbok", "prohibition-edicts")])
    before = scores(nerdx, "minji")
    tell(nerdx, "minji", "strong", -1)
    assert scores(nerdx, "minji")["nerd40-spirit"] == pytest.approx(before["nerd40-spirit"] - 0.5, abs=0.002)


def test_a_shared_ingredient_is_told_with_the_right_particle(nerdx):
    learn(nerdx, ("minji", "glutinous-rice"))
    first = recommend(nerdx, "minji", language="ko")[0]
    assert first["entity"]["id"] == "nerd16-clear"
    assert first["reason"] == "좋아하신 찹쌀로 빚었어요."


def test_filters_narrow_it_down(shared_nerdx):
    assert ids(recommend(shared_nerdx, "nobody", category="탁주")) == ["nerd12-signature", "nerd8-fresh"]
    assert ids(recommend(shared_nerdx, "nobody", abv_min=16, abv_max=39.5)) == ["nerd16-clear"]
    assert recommend(shared_nerdx, "nobody", category="Wine") == []
    reply = shared_nerdx.get(RECOMMEND + "nobody", params={"abv_min": 20, "abv_max": 10})
    assert (reply.status_code, reply.json()["pointer"]) == (422, "/abv_min")


def test_what_people_like_together_is_learned_beside_and_named(nerdx):
    first = learned_likes(nerdx)
    pairs = [(f"u{n}", bottle) for n in range(80) for bottle in ("nerd8-fresh", "nerd40-spirit")]
    learn(nerdx, *pairs, ("minji", "nerd8-fresh"))
    while learned_likes(nerdx) < first + len(pairs) + 1:
        pass
    best = recommend(nerdx, "minji")[0]
    assert best["entity"]["id"] == "nerd40-spirit"
    assert (best["kind"], best["because"]) == ("people_who_liked", ["nerd8-fresh"])
    assert best["reason"] == "People who liked NERD8 Fresh (sample) liked this too."
    again = nerdx.get(RECOMMEND + "minji").text
    assert again == nerdx.get(RECOMMEND + "minji").text


def collection(tmp_path, label):
    lines = [{"label": label, "id": f"i{n}", "properties": {"name": f"Thing {n}"}} for n in range(6)]
    for user in range(40):
        for item in (user % 3, user % 3 + 3):
            lines.append({"type": "INTERESTED_IN", "from": f"u{user}", "to": f"i{item}", "properties": {"score": 1}})
    lines.append({"type": "INTERESTED_IN", "from": "minji", "to": "i1", "properties": {"score": 1}})
    path = tmp_path / "collection.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


@pytest.mark.parametrize(("label", "flags"), [("Product", []), ("Movie", ["--open-schema"])])
def test_a_whole_collection_is_recommended_from_a_file(run_nerdx, tmp_path, label, flags):
    data = tmp_path / "data"
    ingested = run_nerdx("ingest", "--empty", *flags, "--data", data, collection(tmp_path, label))
    assert ingested.returncode == 0, ingested.stderr
    done = run_nerdx("recommend", "--all", "--limit", 2, "--format", "tsv", "--data", data)
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(rows) == 41 * 2
    assert next(item for user, item, _ in rows if user == "minji") == "i4"
    assert {user for user, _, _ in rows} == {"minji", *(f"u{n}" for n in range(40))}
    one = run_nerdx("recommend", "minji", "--limit", 1, "--format", "tsv", "--data", data)
    assert one.stdout.split("\t")[:2] == ["minji", "i4"]


def test_the_command_says_what_it_takes(run_nerdx, tmp_path):
    assert run_nerdx("recommend", "--data", tmp_path).returncode == 64
    assert run_nerdx("recommend", "a", "b", "--data", tmp_path).returncode == 64
    assert "--all prints tsv" in run_nerdx("recommend", "--all", "--format", "json", "--data", tmp_path).stderr
