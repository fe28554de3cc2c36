"""Tells Maeju facts, talks about other things for hundreds of turns, and asks for the facts in another session.

memory.tsv: `fact` is what a visitor says, `question` asks for it later, `answer` is a piece of any reply that has it.
`-`: it was never told, and the right reply says so.
recall@k: the share of questions for which the turn that told it is among the first k of GET …/recall.
answered: the share of replies of the talk itself that have the answer.
The patterns and weights were tuned with two parts (the second was held out until it had taught something); the third
was written before anything of it was asked, and none may be chosen by it.
"""

import collections
import csv
import itertools
import pathlib
import statistics
import time

import pytest

CHAT = "/api/v1/agents/maeju/chat"
RECALL = "/api/v1/agents/maeju/recall"
BETWEEN = 300  # turns between the last fact and the first question
NEVER = "-"
FLOORS = {  # of recall@1, recall@5, answered
    "tuning a": (0.92, 0.96, 0.92),
    "tuning b": (0.92, 0.96, 0.88),
    "held out": (0.80, 0.90, 0.70),
}
NEVER_FLOOR = 0.75

Row = collections.namedtuple("Row", "part language fact question answer")
Result = collections.namedtuple("Result", "row rank reply")

ABOUT = {
    "ko": [
        "막걸리",
        "약주",
        "소주",
        "탁주",
        "이강주",
        "두견주",
        "누룩",
        "이천",
        "안동",
        "전주",
        "파전",
        "김치전",
        "항아리",
        "놋잔",
        "사발",
        "제주",
        "고양이",
        "강아지",
        "할머니",
        "낚시",
        "시장",
    ],
    "en": [
        "makgeolli",
        "yakju",
        "soju",
        "takju",
        "nuruk",
        "Icheon rice",
        "Andong",
        "Jeonju",
        "pajeon",
        "a crock",
        "a bowl",
        "Jeju",
        "cats",
        "dogs",
        "weddings",
        "trains",
    ],
}
SAYINGS = {
    "ko": [
        "{}에 대해 들려주세요",
        "{} 이야기가 있나요?",
        "{}는 언제부터 있었어요?",
        "단맛이 나는 술과 {} 중에 뭐가 더 오래됐어요?",
        "옛날 사람들은 {}를 어떻게 불렀나요?",
        "{} 이야기 재미있네요",
        "그렇군요, {} 말이지요",
    ],
    "en": [
        "Tell me about {}",
        "Is there a story about {}?",
        "How old is the custom of {}?",
        "What did people in old books say about sweet drinks and {}?",
        "Who first wrote about {}?",
        "That story about {} was lovely",
        "Interesting, so that is {}",
    ],
}


def rows():
    with pathlib.Path(__file__).with_name("memory.tsv").open(encoding="utf-8", newline="") as lines:
        return [Row(**row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def small_talk():
    """Without an end: questions and remarks in both languages about what the facts are about, too."""
    for n in itertools.count():
        language = ("ko", "en")[n % 2]
        yield SAYINGS[language][n % 7].format(ABOUT[language][n // 2 % len(ABOUT[language])])


def teller(row):
    """A visitor for each part and language, who don't contradict themselves."""
    return f"{row.part}-{row.language}".replace(" ", "-")


def say(nerdx, message, user, session):
    reply = nerdx.post(CHAT, {"user_id": user, "session_id": session, "message": message})
    assert reply.status_code == 200, reply.text
    return reply.json()


def tell(nerdx, user, facts):
    """Each fact with a turn of small talk after it, then BETWEEN more; which turn told what."""
    talk = small_talk()
    told = {}
    for row in (row for row in facts if row.fact != NEVER):
        told[row.fact] = say(nerdx, row.fact, user, "long")["turn_id"]
        say(nerdx, next(talk), user, "long")
    for _ in range(BETWEEN):
        say(nerdx, next(talk), user, "long")
    return told


def ask(nerdx, row, turn_id):
    begun = time.perf_counter()
    reply = nerdx.get(RECALL, params={"user_id": teller(row), "question": row.question, "limit": 10})
    took_ms = (time.perf_counter() - begun) * 1000
    found = [item["turn_id"] for item in reply.json()["items"]]
    rank = found.index(turn_id) + 1 if turn_id in found else 0
    return Result(row, rank, say(nerdx, row.question, teller(row), "other")), took_ms


@pytest.fixture(scope="module")
def talk(shared_nerdx):
    told = {}
    for user, facts in itertools.groupby(sorted(rows(), key=teller), key=teller):
        told.update(tell(shared_nerdx, user, facts))
    asked = [ask(shared_nerdx, row, told.get(row.fact)) for row in rows()]
    return [result for result, _ in asked], [took_ms for _, took_ms in asked]


def share(part, whole):
    return len(part) / len(whole)


def is_answered(result):
    if result.row.fact == NEVER:
        return result.reply["outcome"] == "abstain"
    return result.row.answer in result.reply["content"]


def measures(results):
    """recall@1, recall@5, answered."""
    results = [r for r in results if r.row.fact != NEVER]
    return (
        share([r for r in results if r.rank == 1], results),
        share([r for r in results if 1 <= r.rank <= 5], results),
        share([r for r in results if is_answered(r)], results),
    )


def table(results, times):
    lines = [f"{'':<10} {'':<4} {'facts':>5} {'recall@1':>8} {'recall@5':>8} {'answered':>8}"]
    for part, language in itertools.product(FLOORS, ("ko", "en")):
        chosen = [r for r in results if r.row.part == part and r.row.language == language]
        one, five, answered = measures(chosen)
        lines.append(f"{part:<10} {language:<4} {len(chosen):>5} {one:>8.3f} {five:>8.3f} {answered:>8.3f}")
    never = [r for r in results if r.row.fact == NEVER]
    lines.append(f"never told: {len(never)}, said so: {share([r for r in never if is_answered(r)], never):.3f}")
    took = f"p50 {statistics.median(times):.1f} ms, most {max(times):.1f} ms"
    lines.append(f"one recall among {BETWEEN} turns and more: {took} (HTTP included)")
    for r in results:
        if (r.rank != 1 and r.row.fact != NEVER) or not is_answered(r):
            lines.append(f"  {r.row.part}: {r.row.question} -> rank {r.rank or '-'}; {r.reply['content'][:90]!r}")
    return "\n".join(lines)


def test_a_fact_told_hundreds_of_turns_ago_is_found_when_asked_about(talk, report):
    results, times = talk
    report.append("\n" + table(results, times))
    for part, floors in FLOORS.items():
        reached = measures([r for r in results if r.row.part == part])
        assert all(got >= floor for got, floor in zip(reached, floors, strict=True)), (part, reached, floors)
    never = [r for r in results if r.row.fact == NEVER]
    assert share([r for r in never if is_answered(r)], never) >= NEVER_FLOOR
