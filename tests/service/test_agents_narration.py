"""Where the narrator's sentences come from: each is a cited entity's own, or a phrase of content filled from one."""

import pathlib
import re
import uuid

import pytest
import yaml

from conversation import ask

ROOT = pathlib.Path(__file__).parents[2]
WORDS = {
    language: yaml.safe_load((ROOT / f"content/agents/maeju/words.{language}.yaml").read_text(encoding="utf-8"))
    for language in ("ko", "en")
}
STORIES = yaml.safe_load((ROOT / "content/agents/maeju/moves.yaml").read_text(encoding="utf-8"))["stories"]
REASONS = yaml.safe_load((ROOT / "content/world/reasons.yaml").read_text(encoding="utf-8"))
# Groups that aren't said by themselves.
NOT_SAID = {"list", "abbreviations", "common", "marks", "introduced", "it", "quoted", "values", "stop"}
TALKS = {
    "en": [
        "What is makgeolli?",
        "How is it made?",
        "How is it different from yakju?",
        "Which one is stronger?",
        "Tell me a story about rice.",
        "a longer one please",
        "What bottles do you have?",
        "the second one",
        "what should I eat with it?",
        "Recommend something light for a rainy evening",
        "why?",
        "I'm a musician. Is brewing like playing music?",
        "How strong is Andong soju?",
        "Who wrote the Guk Seonsaeng Jeon?",
        "where is it from?",
        "you are boring",
        "what's your favourite drink?",
        "Tell me more about nuruk",
        "shorter please",
    ],
    "ko": [
        "막걸리가 뭐예요?",
        "그건 어떻게 만들어요?",
        "약주랑은 뭐가 달라요?",
        "둘 중에 뭐가 더 세요?",
        "쌀에 얽힌 이야기 들려주세요",
        "더 긴 이야기도 해 주세요",
        "NERD 술은 어떤 게 있어요?",
        "두 번째 거",
        "뭐랑 먹으면 좋아요?",
        "비 오는 날 마실 가벼운 술 추천해 주세요",
        "왜요?",
        "저는 음악을 해요. 술 빚는 일이 음악이랑 비슷할까요?",
        "안동소주는 몇 도예요?",
        "국선생전은 누가 썼어요?",
        "그건 어디 이야기예요?",
        "재미없어요",
        "제일 좋아하는 술은 뭐예요?",
        "누룩 이야기 더 해 주세요",
        "짧게요",
    ],
}

# What joins names and values: conjunctions, particles, units.
JOINS = re.compile(
    r"\band\b|\bit\b|[\s“”‘’(),.%:;]|도에서|도|대개|이 술|(?:이에|예)요|이?랍니다|이?라는"
    r"|(?<=\s)[가-힣]{1,3}(?=\s|$)|[와과]"
)


def phrases(node):
    if isinstance(node, str):
        return [node]
    children = node.values() if isinstance(node, dict) else node
    return [phrase for child in children for phrase in phrases(child)]


def pattern_of(phrase):
    """The phrase as a pattern: a gap takes anything, and the particle after it that it asks for."""
    parts = re.split(r"\{\w+(?::[^}]*)?\}", phrase)
    return re.compile("(.+?)".join(re.escape(part) for part in parts), re.IGNORECASE | re.DOTALL)


PATTERNS = {
    language: [pattern_of(p) for group, node in words.items() if group not in NOT_SAID for p in phrases(node)]
    + [pattern_of(p) for p in phrases(REASONS[language])]
    for language, words in WORDS.items()
}


class World:
    def __init__(self, nerdx):
        self.nerdx, self.known = nerdx, {}

    def properties(self, entity_id):
        if entity_id not in self.known:
            reply = self.nerdx.get(f"/api/v1/world-model/entity/{entity_id}")
            assert reply.status_code == 200, entity_id
            self.known[entity_id] = reply.json()["properties"]
        return self.known[entity_id]


def retold(text, language):
    """The text as each voice of stories ends its sentences."""
    yield text
    for voice in STORIES.values():
        told = text
        for end, becomes in voice.get("endings", {}).get(language, {}).items():
            told = told.replace(end, becomes)
        yield told


def own_words(properties, language):
    for key in (f"text_{language}", f"summary_{language}", "introduction" if language == "en" else "introduction_ko"):
        yield from retold(properties.get(key, ""), language)


def values(properties, language):
    """What may fill a gap: names, values, the entity's own sentences."""
    for value in properties.values():
        if isinstance(value, list):
            yield from map(str, value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{value:g}"
        else:
            yield str(value)
    for key in ("summary_ko", "summary_en"):  # a fragment that became a sentence
        yield from (one.rstrip(".") for one in re.split(r"(?<=\.)\s+", properties.get(key, "")))
    for key in ("name", "name_ko"):
        yield re.sub(r"\s*\([^)]*\)$", "", properties.get(key, ""))
        yield from properties.get(key, "").split()


def leftover(filling, known):
    """What of a filling isn't any of what is known."""
    for one in sorted(known, key=len, reverse=True):
        if len(one) > 1:
            filling = re.sub(re.escape(one), " ", filling, flags=re.IGNORECASE)
    return JOINS.sub("", filling)


def is_traceable(line, language, cited):
    if any(line in text for properties in cited for text in own_words(properties, language)):
        return True
    known = {v for properties in cited for v in values(properties, language)}
    for pattern in PATTERNS[language]:
        match = pattern.fullmatch(line)
        if match and all(not re.search(r"\w{3}", leftover(part, known)) for part in match.groups()):
            return True
    return False


def lines_of(content, language):
    ends = re.compile(r"(?<=[.?!…])[”’\")]*\s+" if language == "en" else r"(?<=[.?!…])[”’]*\s+")
    return [part for part in ends.split(content.replace("\n\n", " ")) if part]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_sentence_can_be_traced_to_an_entity_it_cites_or_to_a_phrase_of_content(shared_nerdx, language):
    world, session, strays = World(shared_nerdx), uuid.uuid4().hex, []
    for message in TALKS[language]:
        reply = ask(shared_nerdx, message, user=session, session=session)
        cited = [world.properties(entity) for entity in {"maeju-ai", *(one["id"] for one in reply["citations"])}]
        lines = lines_of(reply["content"], language)
        # A phrase or a fact may be two sentences long.
        at = 0
        while at < len(lines):
            size = next((n for n in (1, 2, 3) if is_traceable(" ".join(lines[at : at + n]), language, cited)), 0)
            if size == 0 and "oted" not in lines[at] and "기억해" not in lines[at] and "remember" not in lines[at]:
                strays.append((message, lines[at]))
            at += max(size, 1)
    assert not strays, "\n".join(map(str, strays))
