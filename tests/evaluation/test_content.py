"""The world of the brand keeps its promises to readers: sourced, in both languages, joined, honest about samples."""

import collections
import datetime
import pathlib
import re

import pytest
import yaml
from test_search import questions

WORLD = pathlib.Path(__file__).resolve().parents[2] / "content/world"
FILE = re.compile(r"---\n(?P<head>.*?)\n---\n\n## ko\n\n(?P<ko>.*?)\n\n## en\n\n(?P<en>.*)\n\Z", re.DOTALL)
HANGUL = re.compile(r"[가-힣]")
LATIN = re.compile(r"[A-Za-z]")
QUESTIONS = {question.strip("?").casefold() for _, _, question, _, _ in questions()}
WORDS = {"trait", "occasion"}  # what visitors call things by: only what they tell leads there
FROM_THE_BRAND = {"character", "user"} | WORDS  # the brand itself is the source
SAYS_SAMPLE = {"ko": "예시", "en": "ample"}
HEALTH = re.compile(r"건강에 좋|몸에 좋은|효능|숙취 해소|\bhealthy\b|good for your|\bcures?\b|\bremedy\b")


def read(path):
    parts = FILE.match(path.read_text(encoding="utf-8"))
    assert parts, f"{path}: expected front matter between --- lines, then ## ko and ## en"
    return {**yaml.safe_load(parts["head"]), "path": path, "text": {"ko": parts["ko"], "en": parts["en"]}}


@pytest.fixture(scope="module")
def world():
    return {entity["id"]: entity for entity in map(read, sorted(WORLD.glob("*/*.md")))}


def test_every_claim_about_the_real_world_names_a_source(world):
    for entity in world.values():
        if entity["path"].parent.name not in FROM_THE_BRAND and not entity["sample"]:
            assert entity["sources"], f"{entity['path']}: no sources, and not a sample"
        for source in entity["sources"]:
            assert source["title"] and source["publisher"] and source["url"].startswith("http"), entity["path"]
            datetime.date.fromisoformat(source["accessed"])


def test_both_languages_say_it(world):
    for entity in world.values():
        for part in (entity["name"], entity["summary"], entity["text"]):
            assert set(part) >= {"ko", "en"} and HANGUL.search(part["ko"]), entity["path"]
        assert len(HANGUL.findall(entity["text"]["en"])) < len(entity["text"]["en"]) / 4, entity["path"]


def test_everything_that_is_told_can_be_asked_for_in_everyday_words(world):
    for entity in world.values():
        if entity["path"].parent.name in WORDS | {"user"}:
            continue
        for key, script in (("asked_as", LATIN), ("asked_as_ko", HANGUL)):
            asked = entity["properties"].get(key, [])
            assert len(asked) >= 3 and all(map(script.search, asked)), f"{entity['path']}: {key}: {asked}"
            assert not {words.casefold() for words in asked} & QUESTIONS, f"{entity['path']}: a question of the tests"


def test_a_sample_says_so_in_its_own_words(world):
    for entity in world.values():
        if entity["sample"]:
            for language, word in SAYS_SAMPLE.items():
                assert word in entity["text"][language], f"{entity['path']}: the {language} text doesn't say sample"


def test_every_relationship_leads_somewhere_the_schema_allows(world):
    kinds = yaml.safe_load((WORLD / "schema.yaml").read_text(encoding="utf-8"))["relationships"]
    for entity in world.values():
        for link in entity.get("relationships") or []:
            ends = entity["labels"][0], world[link["to"]]["labels"][0]
            joins = kinds[link["type"]]["joins"]
            assert any(ends[0] in j["from"] and ends[1] in j["to"] for j in joins), (entity["path"], link)


def test_nothing_stands_alone(world):
    joined = collections.Counter()
    for entity in world.values():
        for link in entity.get("relationships") or []:
            joined.update((entity["id"], link["to"]))
    things = {name for name, entity in world.items() if entity["path"].parent.name not in WORDS}
    assert {name for name in things if joined[name] < 2} == set()


def test_a_name_belongs_to_one_entity_and_is_said_once(world):
    owners = collections.defaultdict(list)
    for entity in world.values():
        for name in (*entity["name"].values(), *entity["aliases"]["ko"], *entity["aliases"]["en"]):
            owners[name.casefold()].append(entity["id"])
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_nothing_is_said_about_health(world):
    for entity in world.values():
        for language, text in entity["text"].items():
            found = HEALTH.search(text.replace("몸에 좋다고 말하지 않", ""))
            assert not found, f"{entity['path']} ({language}): {found.group()}"


def test_the_questions_expect_entities_that_exist(world):
    for _, _, question, expected, _ in questions():
        assert set(expected) <= set(world), question
