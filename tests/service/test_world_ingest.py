"""Files into the world and out of it again: what is taken, what is refused, and what a second reading changes."""

import json
import os
import time

import pytest

ENTITY = "/api/v1/world-model/entity/"
LEARN = "/api/v1/world-model/learn"
DISH = {"label": "Dish", "id": "test-dish", "properties": {"name": "Test dish", "name_ko": "시험 음식"}}
PAIRS = {"type": "PAIRS_WITH", "from": "makgeolli", "to": "test-dish"}
WRONG_DATA = 65


@pytest.fixture
def ingest(run_nerdx, tmp_path):
    def run(*arguments, lines=None, name="facts.jsonl", text=None):
        if lines is not None:
            text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        if text is not None:
            (tmp_path / name).write_text(text)
            arguments = (*arguments, tmp_path / name)
        return run_nerdx("ingest", "--data", tmp_path / "data", *arguments)

    return run


@pytest.fixture
def many():
    """Facts of each kind, so many that a run of them can be killed in its midst."""
    return 40_000


@pytest.fixture
def has_begun(tmp_path):
    """Whether some of them are written."""
    wal = tmp_path / "data/world.db-wal"
    return lambda: wal.exists() and wal.stat().st_size > 2_000_000


@pytest.fixture
def read(start_nerdx, tmp_path):
    """Reads entities over HTTP from the folder that was filled."""

    def entity(*ids):
        nerdx = start_nerdx(data=tmp_path / "data")
        answers = [nerdx.get(f"{ENTITY}{each}?limit=100") for each in ids]
        nerdx.stop()
        return [answer.json() if answer.status_code == 200 else None for answer in answers]

    return entity


def rejects(tmp_path):
    return [json.loads(line) for line in (tmp_path / "data/rejects.jsonl").read_text().splitlines()]


def neighbours(entity):
    return {(n["relationship"], n["direction"], n["id"]) for n in entity["neighbours"]}


def test_facts_may_come_in_any_order(ingest, read):
    done = ingest(lines=[PAIRS, DISH])
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 added, 0 changed, 0 known already, 0 refused")
    (dish,) = read("test-dish")
    assert dish["properties"]["name_ko"] == "시험 음식"
    assert neighbours(dish) == {("PAIRS_WITH", "in", "makgeolli")}


def test_reading_again_changes_nothing_but_what_is_said_differently(ingest, read):
    ingest(lines=[DISH, PAIRS])
    assert ingest(lines=[DISH, PAIRS]).stdout.startswith("0 added, 0 changed, 2 known already")
    changed = {**DISH, "properties": {"name": "Another name"}}
    assert ingest(lines=[changed, PAIRS]).stdout.startswith("0 added, 1 changed, 1 known already")
    (dish,) = read("test-dish")
    assert dish["properties"] == {"name": "Another name"}


def test_what_is_refused_is_told_with_line_field_and_reason_and_the_rest_is_taken(ingest, read, tmp_path):
    lines = [
        json.dumps(DISH),
        "not json",
        '{"label": "Dissh", "id": "x"}',
        '{"type": "PAIRS_WITH", "from": "icheon-rice", "to": "test-dish"}',
        '{"type": "PAIRS_WITH", "from": "makgeolli", "to": "nowhere"}',
        '{"label": "Dish", "id": "y", "properties": 7}',
        "",
        json.dumps(PAIRS),
    ]
    done = ingest(text="\n".join(lines))
    assert done.returncode == WRONG_DATA
    assert done.stdout.startswith("2 added, 0 changed, 0 known already, 5 refused")
    told = {reject["line"]: (reject["field"], reject["reason"]) for reject in rejects(tmp_path)}
    assert set(told) == {2, 3, 4, 5, 6}
    assert told[3][0] == "/label" and "did you mean Dish?" in told[3][1]
    assert told[4][0] == "/type" and "from Ingredient to Dish there may be" in told[4][1]
    assert told[5][0] == "/to" and "nowhere" in told[5][1]
    assert told[6] == ("/properties", "properties: expected an object")
    assert read("test-dish")[0] is not None


def test_ends_may_be_given_by_name_in_either_language(ingest, read):
    done = ingest(lines=[DISH, {"type": "PAIRS_WITH", "from": "막걸리", "to": "test-dish"}])
    assert done.returncode == 0, done.stdout
    assert neighbours(read("test-dish")[0]) == {("PAIRS_WITH", "in", "makgeolli")}


def test_what_visitors_did_makes_the_visitors(ingest, read):
    like = {"type": "INTERESTED_IN", "to": "makgeolli", "properties": {"score": 0.5}}
    likes = [{**like, "from": user} for user in ("ari", "bo")]
    assert ingest(lines=likes).returncode == 0
    ari, bo = read("ari", "bo")
    assert neighbours(ari) == neighbours(bo) == {("INTERESTED_IN", "out", "makgeolli")}


def test_a_table_is_read_with_its_quotes_numbers_and_empty_cells(ingest, read):
    table = 'label,id,name,note,rank\nDish,one,"A ""quoted"",\nname",,3\nDish,two,Two,"x",\n'
    done = ingest(text=table, name="dishes.csv")
    assert done.returncode == 0, done.stdout
    one, two = read("one", "two")
    assert one["properties"] == {"name": 'A "quoted",\nname', "rank": 3}
    assert two["properties"] == {"name": "Two", "note": "x"}


@pytest.mark.parametrize(
    ("table", "said"),
    [("", "expected a header"), ("name,price\na,1\n", "expected the columns label and id, or type, from and to")],
)
def test_a_table_without_the_columns_it_needs_is_refused_whole(ingest, table, said):
    done = ingest(text=table, name="t.csv")
    assert done.returncode == WRONG_DATA
    assert said in done.stderr


def test_prose_is_cut_into_passages_that_are_joined_to_what_they_mention(ingest, read):
    prose = "---\nid: a-note\nauthor: somebody\n---\n# A note\n\nOn nuruk.\n\n## 쌀\n\n이천 쌀로 빚은 막걸리.\n"
    done = ingest(text=prose, name="note.md")
    assert done.returncode == 0, done.stdout
    note, first, second = read("a-note", "a-note.p1", "a-note.p2")
    assert note["properties"] == {"author": "somebody", "title": "A note"}
    assert first["properties"] == {"title": "A note", "content": "On nuruk.", "position": 1}
    assert ("PART_OF", "out", "a-note") in neighbours(second)
    (mention,) = [n for n in second["neighbours"] if n["id"] == "icheon-rice"]
    assert mention["properties"] == {"offsets": [0], "lengths": [5]} or mention["properties"]["offsets"] == [0]


SPECIFICATION = """\
// Nodes
CREATE (p:Product {
  id: 'nerd12-signature',
  name: 'NERD12 Signature',
  category: 'Takju',
  abv: 12.0,
  ingredients: ['Icheon Rice', 'Traditional Nuruk'],
  story_tags: ['heritage', 'craftsmanship', 'premium']
})

CREATE (l:Lore {
  id: 'founder-story',
  title: 'The First Batch',
  content: 'In 2022, a group of rebels against the ordinary...',
  tags: ['origin', 'philosophy']
})

CREATE (u:User {
  id: 'user-uuid',
  created_at: datetime(),
  preferences: ['sweet', 'fruity'],
  engagement_score: 0
})

CREATE (c:Character {
  id: 'maeju-ai',
  name: 'Maeju',
  role: 'Storyteller'
})

// Relationships
CREATE (p)-[:FEATURES_IN_LORE]->(l)
CREATE (c)-[:KNOWS_ABOUT]->(l)
CREATE (u)-[:CHATTED_WITH {timestamp: datetime()}]->(c)
CREATE (u)-[:INTERESTED_IN {score: 0.8}]->(p)
"""


def test_the_block_of_the_specification_is_read_as_it_stands(ingest, read):
    done = ingest("--empty", text=SPECIFICATION, name="world.cypher")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("8 added")
    product, user = read("nerd12-signature", "user-uuid")
    assert product["properties"]["abv"] == 12.0
    assert neighbours(user) == {("CHATTED_WITH", "out", "maeju-ai"), ("INTERESTED_IN", "out", "nerd12-signature")}


def test_a_statement_that_is_not_understood_is_pointed_at(ingest):
    done = ingest(text="CREATE (a:Dish {id: 'x'})\nDELETE a", name="wrong.cypher")
    assert done.returncode == WRONG_DATA
    assert "line 2, column 1" in done.stderr


def test_a_rehearsal_says_what_would_change_and_changes_nothing(ingest, read):
    ingest(lines=[DISH])
    other = {"label": "Dish", "id": "z", "properties": {"name": "Z"}}
    done = ingest("--dry-run", lines=[{**DISH, "properties": {"name": "New"}}, PAIRS, other])
    assert '~ Dish test-dish: name "Test dish" -> "New" name_ko "시험 음식" -> nothing' in done.stdout
    assert "+ (makgeolli)-[PAIRS_WITH]->(test-dish)" in done.stdout
    assert "+ Dish z" in done.stdout
    assert "2 to add, 1 to change" in done.stdout
    dish, other = read("test-dish", "z")
    assert dish["properties"]["name"] == "Test dish" and not dish["neighbours"] and other is None


def test_of_two_sources_one_can_be_taken_back_and_the_other_stays(ingest, read, tmp_path):
    ingest(lines=[{**DISH, "properties": {"name": "From one", "salt": 1}}, PAIRS], name="one.jsonl")
    ingest(lines=[{**DISH, "properties": {"name": "From two"}}, PAIRS], name="two.jsonl")
    assert read("test-dish")[0]["properties"] == {"name": "From two", "salt": 1}
    done = ingest("--retract", tmp_path / "two.jsonl")
    assert done.stdout.startswith("2 claims of "), done.stderr
    (dish,) = read("test-dish")
    assert dish["properties"] == {"name": "From one", "salt": 1}
    assert neighbours(dish) == {("PAIRS_WITH", "in", "makgeolli")}
    ingest("--retract", tmp_path / "one.jsonl")
    assert read("test-dish") == [None]
    again = ingest("--retract", tmp_path / "one.jsonl")
    assert "nothing in the world comes from" in again.stderr


def test_a_run_that_was_killed_is_resumed_without_doubling(begin_nerdx, ingest, tmp_path, many, has_begun):
    path = tmp_path / "many.jsonl"
    with path.open("w") as out:
        for i in range(many):
            print(json.dumps({"label": "Dish", "id": f"d{i}", "properties": {"name": "D"}}), file=out)
            print(json.dumps({"type": "CHATTED_WITH", "from": f"u{i % 500}", "to": "maeju-ai"}), file=out)
    never_written = tmp_path / "never-written.jsonl"
    os.mkfifo(never_written)  # so that it isn't done before it can be killed, however quick it is
    killed = begin_nerdx("ingest", "--data", tmp_path / "data", path, never_written)
    while killed.poll() is None and not has_begun():
        time.sleep(0.002)
    killed.kill()
    assert killed.wait() < 0, "it ended by itself"
    resumed = ingest(path)
    assert resumed.returncode == 0
    assert not resumed.stdout.startswith(f"{2 * many} added"), "nothing of the first run was kept"
    whole = ingest(path)
    assert whole.stdout.startswith(f"0 added, 0 changed, {2 * many}"), whole.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 64, "name the files to read, or what to --retract"),
        (["nowhere.jsonl"], 69, "nowhere.jsonl: No such file"),
        (["picture.png"], WRONG_DATA, "its ending is none of .jsonl"),
    ],
)
def test_what_can_not_be_read_is_said_before_anything_is_taken(ingest, arguments, code, said):
    done = ingest(*arguments)
    assert done.returncode == code
    assert said in done.stderr


def test_facts_are_learned_over_http_with_a_verdict_each(nerdx):
    facts = [PAIRS, DISH, {"label": "Dissh", "id": "x"}, {"type": "PAIRS_WITH", "from": "막걸리", "to": "nobody"}]
    answer = nerdx.post(LEARN, {"facts": facts, "source": "turn:1"}).json()
    assert [verdict["verdict"] for verdict in answer["verdicts"]] == ["added", "added", "refused", "refused"]
    assert answer["accepted"] == 2
    assert answer["verdicts"][2]["pointer"] == "/label"
    assert "did you mean Dish?" in answer["verdicts"][2]["reason"]
    again = nerdx.post(LEARN, {"facts": facts[:2], "source": "turn:1"}).json()
    assert [verdict["verdict"] for verdict in again["verdicts"]] == ["same", "same"]
    found = nerdx.post("/api/v1/world-model/query", {"query": "시험 음식"}).json()
    assert found["results"][0]["entity"]["id"] == "test-dish"


def test_a_request_has_either_events_or_facts(shared_nerdx):
    reply = shared_nerdx.post(LEARN, {"facts": [DISH], "events": []})
    assert reply.status_code == 400
    assert "events" in reply.json()["detail"]
