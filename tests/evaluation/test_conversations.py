"""Whole conversations with the narrator, printed as they were held, and what can be counted in them.

The visitor's lines are in conversations/: one curious, one contrary, in each language. Counted are sentences said
twice, distinct-2 (Li et al. 2016: different pairs of words by all pairs), paragraphs, answers that lead on with a
question, and the time to the first word, which is printed and never judged here."""

import itertools
import pathlib
import re
import statistics
import time
import uuid

import pytest

from conversation import ask, events_of, open_chat

FOLDER = pathlib.Path(__file__).parent / "conversations"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.txt"))
TURNS, PARAGRAPHS_MAX, DISTINCT_2_LEAST = 20, 4, 0.75
FIXED = ("handoff", "care", "minor", "medical", "excess", "competitor", "injection")
POLITE = re.compile(r"(?:니다|[가-힣]요|죠|까|…|은|쌀)[.?!…]*$")
GOODBYE = re.compile("bye|잘 있어")
SENTENCE = re.compile(r"(?<=[.?!…])[”’\")]*\s+")


def sentences(content):
    return [part.strip() for part in SENTENCE.split(content.replace("\n\n", " ")) if part.strip()]


def distinct_2(answers):
    words = [re.findall(r"[\w’'-]+", answer.lower()) for answer in answers]
    pairs = [pair for line in words for pair in itertools.pairwise(line)]
    return len(set(pairs)) / len(pairs)


def say(nerdx, message, session):
    """The reply, and the milliseconds until its first words were there."""
    begun = time.perf_counter()
    first = None
    with open_chat(nerdx, message, user=session, session=session) as reply:
        for event in events_of(reply):
            if event.name == "delta" and first is None:
                first = (time.perf_counter() - begun) * 1000
            if event.name == "done":
                return event.data, first
    raise AssertionError("the answer has no end")


@pytest.fixture(scope="module")
def talks(shared_nerdx):
    """Each script's turns as (message, reply, milliseconds), held once; an earlier talk warms the program up."""
    ask(shared_nerdx, "막걸리가 뭐예요?", session="warm-up")
    held = {}
    for script in SCRIPTS:
        session = f"{script.replace('.', '-')}-{uuid.uuid4().hex[:8]}"
        lines = (FOLDER / f"{script}.txt").read_text(encoding="utf-8").splitlines()
        held[script] = [(line, *say(shared_nerdx, line, session)) for line in lines]
    return held


def told(talk):
    return [reply["content"] for _, reply, _ in talk if reply["outcome"] not in FIXED]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_conversation_as_it_was_held(talks, script):
    talk = talks[script]
    print(f"\n\n===== {script}\n")
    for message, reply, _ in talk:
        print(f"> {message}\n\n{reply['content']}\n")
    said = [one for content in told(talk) for one in sentences(content)]
    print(
        f"sentences {len(said)}, said twice {len(said) - len(set(said))}; distinct-2 {distinct_2(told(talk)):.3f}; "
        f"paragraphs at most {max(content.count(chr(10) * 2) + 1 for content in told(talk))}; "
        f"first word after {statistics.median(ms for *_, ms in talk):.1f} ms (median)"
    )
    assert len(talk) == TURNS


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_sentence_is_said_twice_in_twenty_turns(talks, script):
    said = [one for content in told(talks[script]) for one in sentences(content)]
    assert sorted({one for one in said if said.count(one) > 1}) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_words_are_fresh_in_every_conversation(talks, script):
    assert distinct_2(told(talks[script])) >= DISTINCT_2_LEAST


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_answer_stays_short_and_leads_on(talks, script):
    for message, reply, _ in talks[script]:
        content = reply["content"]
        assert content.count("\n\n") < PARAGRAPHS_MAX, message
        if GOODBYE.search(message):
            continue
        assert "?" in content.rsplit("\n\n", 1)[-1] or reply["outcome"] in FIXED, f"{message}: {content}"
        assert not re.search(r"[{}]|\(\)|  |\.\.\.\.", content), message


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name.endswith(".ko")])
def test_korean_answers_speak_politely_to_the_end(talks, script):
    """Every sentence that isn't quoted ends as one does that is spoken to a guest."""
    for content in told(talks[script]):
        for one in sentences(re.sub(r"[“‘『「(][^”’』」)]*[”’』」)]", "", content)):
            assert POLITE.search(one), one
