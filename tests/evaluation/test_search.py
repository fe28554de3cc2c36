"""Asks a running NERDX every question of questions.tsv and measures what it finds.

hit@5: one of the expected entities is among the first five. MRR: the mean of 1/rank of the first expected one, 0 when
there is none. Abstaining is right on questions that the world cannot answer, wrong on all others: precision is the
share of empty answers that were right, recall the share of unanswerable questions that got one.
"""

import collections
import csv
import pathlib

import pytest

QUESTIONS = pathlib.Path(__file__).with_name("questions.tsv")
DEPTH = 5
HIT_FLOOR = 0.95
MRR_FLOOR = 0.85
ABSTAIN_FLOOR = 0.90

Answer = collections.namedtuple("Answer", "language question expected note found rank")


def questions():
    with QUESTIONS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            expected = [] if row["expected"] == "-" else row["expected"].split(",")
            yield row["language"], row["question"], expected, row["note"]


def ask(nerdx, question):
    reply = nerdx.post("/api/v1/world-model/query", {"query": question, "max_results": DEPTH})
    assert reply.status_code == 200, f"{question}: {reply.status_code} {reply.text}"
    return [hit["entity"]["id"] for hit in reply.json()["results"]]


@pytest.fixture(scope="module")
def answers(shared_nerdx):
    asked = []
    for language, question, expected, note in questions():
        found = ask(shared_nerdx, question)
        rank = next((place for place, entity in enumerate(found, 1) if entity in expected), 0)
        asked.append(Answer(language, question, expected, note, found, rank))
    return asked


def share(part, whole):
    return len(part) / len(whole) if whole else 1.0


def ranks(answers):
    """hit@5 and MRR of the questions that have an answer."""
    answerable = [answer for answer in answers if answer.expected]
    hits = [answer for answer in answerable if answer.rank]
    return share(hits, answerable), sum(1 / answer.rank for answer in hits) / max(len(answerable), 1)


def abstention(answers):
    """Precision and recall of answering nothing."""
    empty = [answer for answer in answers if not answer.found]
    unanswerable = [answer for answer in answers if not answer.expected]
    right = [answer for answer in empty if not answer.expected]
    return share(right, empty), share(right, unanswerable)


def table(answers):
    lines = [f"{'questions':<22}{'n':>5}{'hit@5':>8}{'MRR':>8}{'abstain P':>11}{'R':>7}"]
    groups = {"all": answers}
    for language in ("ko", "en"):
        groups[language] = [answer for answer in answers if answer.language == language]
    for name, group in groups.items():
        measured = (*ranks(group), *abstention(group))
        lines.append(
            f"{name:<22}{len(group):>5}{measured[0]:>8.3f}{measured[1]:>8.3f}{measured[2]:>11.3f}{measured[3]:>7.3f}"
        )
    by_note = collections.defaultdict(list)
    for answer in answers:
        if answer.expected:
            by_note[answer.note.split(",")[0].split(":")[0]].append(answer)
    for note, group in sorted(by_note.items()):
        hit, mrr = ranks(group)
        lines.append(f"  {note:<20}{len(group):>5}{hit:>8.3f}{mrr:>8.3f}")
    return "\n".join(lines)


def is_wrong(answer):
    return answer.rank == 0 if answer.expected else bool(answer.found)


def failures(answers):
    return "\n".join(
        f"  {answer.question} -> {answer.found or 'nothing'}; expected {answer.expected or 'nothing'}"
        for answer in filter(is_wrong, answers)
    )


def test_the_table_is_shown(answers, capsys):
    with capsys.disabled():
        print(f"\n\n{table(answers)}\n\nmissed:\n{failures(answers) or '  none'}")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_people_ask_for_is_among_the_first_five(answers, language):
    group = [answer for answer in answers if answer.language == language]
    hit, mrr = ranks(group)
    assert hit >= HIT_FLOOR, f"hit@5 {hit:.3f} is under {HIT_FLOOR}\n{failures(group)}"
    assert mrr >= MRR_FLOOR, f"MRR {mrr:.3f} is under {MRR_FLOOR}"


def test_what_the_world_does_not_know_is_answered_with_nothing(answers):
    precision, recall = abstention(answers)
    assert recall >= ABSTAIN_FLOOR, f"abstention recall {recall:.3f} is under {ABSTAIN_FLOOR}\n{failures(answers)}"
    assert precision >= ABSTAIN_FLOOR, f"abstention precision {precision:.3f} is under {ABSTAIN_FLOOR}"


@pytest.mark.parametrize(
    ("korean", "english"),
    [("막걸리", "makgeolli"), ("누룩", "nuruk"), ("산가요록", "Sanga Yorok"), ("파전", "pajeon")],
)
def test_korean_and_english_names_lead_to_the_same_entity(shared_nerdx, korean, english):
    assert ask(shared_nerdx, korean)[:1] == ask(shared_nerdx, english)[:1]
