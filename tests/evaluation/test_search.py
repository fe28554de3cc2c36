"""Asks a running NERDX every question of questions.tsv, held_out.tsv and fresh.tsv and measures what it finds.

The search was tuned with the first; the second was written before its answers were looked at, and no weight or
threshold may be chosen by it. The third is as the second, but its misses aren't even shown.

hit@5: one of the expected entities is among the first five. MRR: the mean of 1/rank of the first expected one, 0 when
there is none. Abstaining is right on questions that the world cannot answer, wrong on all others: precision is the
share of empty answers that were right, recall the share of unanswerable questions that got one.
"""

import collections
import csv
import pathlib

import pytest

SETS = {"tuning": "questions.tsv", "held out": "held_out.tsv", "fresh": "fresh.tsv"}
DEPTH = 5
FLOORS = {  # of hit@5 and MRR in either language, and of abstention
    "tuning": (0.95, 0.90, 0.90),
    "held out": (0.95, 0.88, 0.78),
    "fresh": (0.95, 0.88, 0.90),
}

Answer = collections.namedtuple("Answer", "part language question expected note found rank")


def questions(parts=tuple(SETS)):
    for part in parts:
        with pathlib.Path(__file__).with_name(SETS[part]).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                expected = [] if row["expected"] == "-" else row["expected"].split(",")
                yield part, row["language"], row["question"], expected, row["note"]


def ask(nerdx, question):
    reply = nerdx.post("/api/v1/world-model/query", {"query": question, "max_results": DEPTH})
    assert reply.status_code == 200, f"{question}: {reply.status_code} {reply.text}"
    return [hit["entity"]["id"] for hit in reply.json()["results"]]


@pytest.fixture(scope="module")
def answers(shared_nerdx):
    asked = []
    for part, language, question, expected, note in questions():
        found = ask(shared_nerdx, question)
        rank = next((place for place, entity in enumerate(found, 1) if entity in expected), 0)
        asked.append(Answer(part, language, question, expected, note, found, rank))
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
    for part in SETS:
        groups[part] = [answer for answer in answers if answer.part == part]
        for language in ("ko", "en"):
            groups[f"{part}, {language}"] = [answer for answer in groups[part] if answer.language == language]
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
        f"  {answer.part}: {answer.question} -> {answer.found or 'nothing'}; expected {answer.expected or 'nothing'}"
        for answer in filter(is_wrong, answers)
    )


def test_the_table_is_shown(answers, report):
    shown = [answer for answer in answers if answer.part != "fresh"]
    report.append(f"\n\n{table(answers)}\n\nmissed:\n{failures(shown) or '  none'}")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("part", SETS)
def test_what_people_ask_for_is_among_the_first_five(answers, part, language):
    group = [answer for answer in answers if answer.part == part and answer.language == language]
    hit, mrr = ranks(group)
    assert hit >= FLOORS[part][0], f"hit@5 {hit:.3f} is under {FLOORS[part][0]}\n{failures(group)}"
    assert mrr >= FLOORS[part][1], f"MRR {mrr:.3f} is under {FLOORS[part][1]}"


@pytest.mark.parametrize("part", SETS)
def test_what_the_world_does_not_know_is_answered_with_nothing(answers, part):
    group = [answer for answer in answers if answer.part == part]
    precision, recall = abstention(group)
    floor = FLOORS[part][2]
    assert recall >= floor, f"abstention recall {recall:.3f} is under {floor}\n{failures(group)}"
    assert precision >= floor - 0.1, f"abstention precision {precision:.3f} is under {floor - 0.1}"


@pytest.mark.parametrize(
    ("korean", "english"),
    [("막걸리", "makgeolli"), ("누룩", "nuruk"), ("산가요록", "Sanga Yorok"), ("파전", "pajeon")],
)
def test_korean_and_english_names_lead_to_the_same_entity(shared_nerdx, korean, english):
    assert ask(shared_nerdx, korean)[:1] == ask(shared_nerdx, english)[:1]
