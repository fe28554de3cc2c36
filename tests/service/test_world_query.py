"""Asking the world over HTTP: the answer, why, and the refusals."""

import time

import pytest

SOON_S = 10  # on a machine that is busy with other tests
QUERY = "/api/v1/world-model/query"
ENTITY = "/api/v1/world-model/entity/"


def ask(nerdx, question, **more):
    reply = nerdx.post(QUERY, {"query": question, **more})
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.parametrize(("question", "language"), [("이천 쌀로 빚은 술", "ko"), ("bottles made of Icheon rice", "en")])
def test_a_question_about_a_rice_finds_the_bottle_made_of_it(shared_nerdx, question, language):
    answer = ask(shared_nerdx, question)
    assert answer["language"] == language
    found = {hit["entity"]["id"]: hit for hit in answer["results"]}
    assert {"icheon-rice", "nerd12-signature"} <= set(found)
    assert found["nerd12-signature"]["entity"]["sources"]
    assert found["nerd12-signature"]["why"]["terms"] or found["nerd12-signature"]["why"]["path"]


def test_what_was_found_through_a_relationship_shows_the_way(shared_nerdx):
    paths = [hit["why"]["path"] for hit in ask(shared_nerdx, "막걸리에 어울리는 안주", max_results=10)["results"]]
    assert any(path[:1] == ["makgeolli"] for path in paths)
    for hit in ask(shared_nerdx, "막걸리")["results"]:
        assert hit["why"]["path"] in ([], ["makgeolli", hit["entity"]["id"]])


def test_a_word_that_is_repeated_is_named_once(shared_nerdx):
    assert ask(shared_nerdx, ("rice " * 400)[:2000])["results"][0]["why"]["terms"] == ["rice"]


def test_a_question_of_many_words_names_some_of_them(shared_nerdx):
    makgeolli = shared_nerdx.get("/api/v1/world-model/entity/makgeolli").json()["properties"]
    question = f"{makgeolli['text_en']} {makgeolli['text_ko']}"[:2000]
    terms = ask(shared_nerdx, question)["results"][0]["why"]["terms"]
    assert 10 < len(terms) <= 64
    assert len(set(terms)) == len(terms)


def test_the_same_question_gets_the_same_answer(shared_nerdx):
    answers = [ask(shared_nerdx, "누룩으로 빚은 술", max_results=50) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    scores = [hit["score"] for hit in answers[0]["results"]]
    assert scores == sorted(scores, reverse=True)


def test_what_the_world_does_not_know_is_answered_with_nothing(shared_nerdx):
    assert ask(shared_nerdx, "latest smartphone prices in Tokyo")["results"] == []
    assert ask(shared_nerdx, "축구 경기 결과")["results"] == []


def test_labels_and_language_are_what_was_asked_for(shared_nerdx):
    answer = ask(shared_nerdx, "Icheon rice", labels=["Product"], language="ko")
    assert answer["results"]
    for hit in answer["results"]:
        assert hit["entity"]["label"] == "Product"
    assert answer["language"] == "ko"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({}, ""), ({"query": ""}, "/query"), ({"query": "x", "max_results": 51}, "/max_results")],
)
def test_a_wrong_question_is_refused_with_a_pointer(shared_nerdx, body, pointer):
    reply = shared_nerdx.post(QUERY, body)
    assert reply.status_code == 400
    assert reply.json().get("pointer", "") == pointer


def test_an_entity_has_properties_sources_and_neighbours_in_order(shared_nerdx):
    entity = shared_nerdx.get(ENTITY + "nerd12-signature").json()
    assert entity["labels"][0] == "Product"
    assert entity["properties"]["abv"] == 12.0
    assert entity["properties"]["sources"]
    kinds = [neighbour["relationship"] for neighbour in entity["neighbours"]]
    assert kinds == sorted(kinds)
    assert {"icheon-rice", "traditional-nuruk"} <= {neighbour["id"] for neighbour in entity["neighbours"]}


def test_an_unknown_entity_is_named(shared_nerdx):
    reply = shared_nerdx.get(ENTITY + "nobody")
    assert reply.status_code == 404
    assert "nobody" in reply.json()["detail"]


def test_neighbours_are_as_many_as_were_asked_for(shared_nerdx):
    assert shared_nerdx.get(ENTITY + "makgeolli?limit=0").json()["neighbours"] == []
    assert len(shared_nerdx.get(ENTITY + "makgeolli?limit=3").json()["neighbours"]) == 3


def test_the_terminal_gives_the_same_answer(run_nerdx, tmp_path, shared_nerdx):
    done = run_nerdx("query", "이천 쌀로 빚은 술", "--limit", "3", "--format", "tsv", "--data", tmp_path)
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    answer = ask(shared_nerdx, "이천 쌀로 빚은 술", max_results=3)
    assert [row[1] for row in rows] == [hit["entity"]["id"] for hit in answer["results"]]


def test_a_batch_ranks_for_each_line_and_never_abstains(run_nerdx, tmp_path):
    questions = tmp_path / "questions"
    questions.write_text("누룩이 뭐예요?\n\nflights to Icheon\nzzqx\n", encoding="utf-8")
    done = run_nerdx("query", "--data", tmp_path / "data", "--batch", questions, "--limit", 3, "--format", "tsv")
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert {row[0] for row in rows} == {"1", "3"}
    for number in ("1", "3"):
        ranking = [row for row in rows if row[0] == number]
        assert [row[1] for row in ranking] == ["1", "2", "3"]
        scores = [float(row[3]) for row in ranking]
        assert scores == sorted(scores, reverse=True)
    assert rows[0][2] == "traditional-nuruk"


def test_a_batch_says_what_is_wrong_with_its_file(run_nerdx, tmp_path):
    done = run_nerdx("query", "--data", tmp_path / "data", "--batch", tmp_path / "nowhere")
    assert done.returncode == 69
    assert "nowhere: No such file or directory" in done.stderr
    assert run_nerdx("query", "--batch", tmp_path / "nowhere", "rice").returncode == 64


def test_what_the_visitor_likes_decides_between_equals_and_no_more(nerdx):
    facts = [
        {"label": "Lore", "id": f"twin-{side}", "properties": {"title": "Zelkova", "content": "a tree by the gate"}}
        for side in ("a", "b")
    ]
    assert nerdx.post("/api/v1/world-model/learn", {"facts": facts}).status_code == 200
    found = [hit["entity"]["id"] for hit in ask(nerdx, "zelkova")["results"]]
    assert found[:2] == ["twin-a", "twin-b"]
    event = {"event_id": "1", "user_id": "minji", "type": "INTERESTED_IN", "entity_id": "twin-b", "score": 1}
    assert nerdx.post("/api/v1/world-model/learn", {"events": [event]}).status_code == 200
    found = [hit["entity"]["id"] for hit in ask(nerdx, "zelkova", user_id="minji")["results"]]
    assert found[:2] == ["twin-b", "twin-a"]
    assert ask(nerdx, "막걸리가 뭐예요?", user_id="minji")["results"][0]["entity"]["id"] == "makgeolli"


def test_what_another_process_writes_is_found_soon(run_nerdx, nerdx, tmp_path):
    fact = tmp_path / "fact.jsonl"
    fact.write_text('{"label": "Lore", "id": "zelkova", "properties": {"title": "Zelkova"}}\n', encoding="utf-8")
    assert ask(nerdx, "zelkova")["results"] == []
    done = run_nerdx("ingest", "--data", nerdx.data, fact)
    assert done.returncode == 0, done.stderr
    written = time.monotonic()
    while not ask(nerdx, "zelkova")["results"]:
        assert time.monotonic() - written < SOON_S, "it should be a quarter of a second"


def test_what_was_answered_before_is_not_answered_once_more_is_known(nerdx):
    def learn(side, title):
        fact = {"label": "Lore", "id": f"twin-{side}", "properties": {"title": title, "content": "a tree"}}
        assert nerdx.post("/api/v1/world-model/learn", {"facts": [fact]}).status_code == 200

    def found(**more):
        return [hit["entity"]["id"] for hit in ask(nerdx, "zelkova", **more)["results"]]

    learn("a", "Zelkova")
    assert found() == found() == ["twin-a"]
    learn("b", "Zelkova")
    assert found() == found() == ["twin-a", "twin-b"]
    assert found(max_results=1) == found(max_results=1) == ["twin-a"]
    assert found(labels=["Dish"]) == found(labels=["Dish"]) == []
    learn("a", "Ginkgo")
    assert found() == found() == ["twin-b"]
    assert [ask(nerdx, "zelkova", language=tongue)["language"] for tongue in ("ko", "en", "ko")] == ["ko", "en", "ko"]
