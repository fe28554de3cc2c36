"""Learns from labelled messages how much meanings and letters in a row speak for each outcome: writes
guards/weights.tsv and guards/grams.bin.

    /usr/bin/python3 tools/signs/learn.py            # from tests/evaluation/guards.tsv
    /usr/bin/python3 tools/signs/learn.py --folds    # learns ten times from nine tenths, judges the rest

Multinomial logistic regression with an L2 penalty, minimised by L-BFGS (Nocedal 1980; Liu, Nocedal 1989). What is
seen of a message is what src/services/agents/guards/signs.c and grams.c see.
Nothing is random: the same files give the same weights.
"""

import csv
import functools
import itertools
import math
import pathlib
import re
import struct
import sys
import unicodedata

import numpy
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests/evaluation"
CONTENT = ROOT / "content/agents/maeju"
WEIGHTS, GRAMS = CONTENT / "guards/weights.tsv", CONTENT / "guards/grams.bin"
OUTCOMES = ("harmless", "care", "minor", "injection", "medical", "excess", "handoff", "competitor", "abstain")
NUMBERS = ((4, "number_few"), (18, "number_young"), (99, "number_grown"), (math.inf, "number_big"))
SELDOM = 4  # two meanings that fewer messages have than this are not learned
SHORTEST, LONGEST = 2, 5  # how many characters in a row are looked at
BUCKETS = 1 << 16  # that they fall into
BYTE = 127  # the largest weight in grams.bin
LEAST = 5  # hundredths; what weighs less for every outcome is not written
PENALTY = 1.0
ROUNDS = 80
FOLDS = 10
ASKED = {"en": ("What is {}?", "Who made {}, and when?"), "ko": ("{} 알려 주세요", "{}, 누가 만들었어요?")}
MAIN = yaml.safe_load((CONTENT / "guards.yaml").read_text(encoding="utf-8"))


def plain(text):
    """As guards/plain.c reads it, as far as letters are concerned."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    text = unicodedata.normalize("NFC", "".join(c for c in text if unicodedata.category(c) != "Mn"))
    text = "".join("'" if c in "‘’ʼ`" else c for c in text if unicodedata.category(c) != "Cf")
    return "".join(MAIN["letters"].get(c, c) for c in text)


def words_of(text):
    """The words of a text, and it without its spaces but those between Latin words, as guards/wording.c has it."""
    parts = re.sub("[^a-z0-9가-힣]+", " ", plain(text).replace("'", "")).split()
    words = [word for part in parts for word in re.findall("[a-z0-9]+|[가-힣]+", part)]
    joined, begins, latin = "", set(), False
    for part in parts:
        joined += " " if joined and latin and part[0] < "\x80" else ""
        for word in re.findall("[a-z0-9]+|[가-힣]+", part):
            begins.add(len(joined))
            joined += word
        latin = word[0] < "\x80"
    return words, joined, begins


class Meanings:
    """meanings.yaml, for looking up what a text has of it."""

    def __init__(self, lists):
        self.words = {}
        for meaning, of in lists.items():
            for word in of["en"] + of["ko"]:
                key = words_of(word)[1]
                self.words.setdefault(key, []).append((meaning, word.startswith("^"), word.endswith("*")))
        self.longest = max(map(len, self.words))

    def at(self, text, begins, start):
        for end in range(start + 1, min(len(text), start + self.longest) + 1):
            within = text[end - 1] < "\x80" and end < len(text) and " " < text[end] < "\x80"
            for meaning, at_start, beginning in self.words.get(text[start:end], ()):
                if (not at_start or start in begins) and (beginning or not within):
                    yield meaning

    def of(self, text, begins):
        for start, c in enumerate(text):
            if start in begins and c.isdigit():
                number = int(re.match("[0-9]+", text[start:])[0])
                yield next(name for most, name in NUMBERS if number <= most)
            if c != " " and (start in begins or c >= "\x80"):
                yield from self.at(text, begins, start)


@functools.cache
def hash_of(text):
    """FNV-1a, 64 bits, folded."""
    code = 0xCBF29CE484222325
    for byte in text.encode():
        code = (code ^ byte) * 0x100000001B3 % 2**64
    return code ^ code >> 32


def grams_of(words, mark):
    """Characters in a row, within words and across; longer words, and two in a row, as guards/grams.c has them. Their
    hashes begin with a mark: large for what was said before."""
    line, (letter, word) = f" {' '.join(words)} ", mark
    ends = range(SHORTEST, LONGEST + 1) if words else ()
    grams = [letter + line[i : i + n] for n in ends for i in range(len(line) - n + 1)]
    grams += [word + one for one in words if len(one) > LONGEST - 2]
    return grams + [f"{word}{before} {one}" for before, one in itertools.pairwise(words)]


def buckets_of(texts, mark):
    """bucket -> how much it weighs, for texts that count as one."""
    buckets = {hash_of(gram) % BUCKETS for words in texts for gram in grams_of(words, mark)}
    return dict.fromkeys(sorted(buckets), MAIN["signs"]["letters"] / math.sqrt(len(buckets) + 1))


def signs_of(meanings, text, before=()):
    """What is seen of a message, as if what was said before was said with it -> how much it weighs: meanings, two of
    them, and by their numbers the buckets of the letters."""
    said, about = [], set()
    for part in (text, *before):
        words, joined, begins = words_of(part)
        about |= set(meanings.of(joined, begins))
        said.append(words)
    letters = buckets_of(said[1:], "NW")
    for bucket, value in buckets_of(said[:1], "nw").items():
        letters[bucket] = letters.get(bucket, 0) + value
    pairs = {f"x:{one}+{other}": MAIN["signs"]["pairs"] for one, other in itertools.combinations(sorted(about), 2)}
    return {**{f"m:{meaning}": 1.0 for meaning in about}, **pairs, **letters}


def rows(name):
    with (TESTS / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def is_by_the_calendar(row):
    """A rule sees to these."""
    return re.search("(?:19|20)[0-9]{2}|[0-9]{2} ?년 ?생", row["message"] + row["earlier"])


def before(row):
    return [] if row["earlier"] == "-" else [said.strip() for said in row["earlier"].split("¶")][-2:]


def asked_of_the_world():
    """Plain questions about everything that the world knows."""
    for path in sorted((ROOT / "content/world").glob("*/*.md")):
        names = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])["name"]
        for language, questions in ASKED.items():
            yield from (question.format(names[language]) for question in questions)


def examples():
    """(message, what was said before, outcome) of the corpus; what visitors ask the search, memory and of the world's
    names: harmless."""
    for row in rows("guards.tsv"):
        if not is_by_the_calendar(row):
            yield row["message"], before(row), row["outcome"] if row["outcome"] in OUTCOMES else "harmless"
    for name, columns in (("questions.tsv", ["question"]), ("memory.tsv", ["fact", "question"])):
        for row in rows(name):
            if row.get("part", "tuning").startswith("tuning"):
                yield from ((row[column], [], "harmless") for column in columns if row[column])
    yield from ((question, [], "harmless") for question in asked_of_the_world())
    for talk in sorted((TESTS / "conversations").glob("*.txt")):
        for line in talk.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield line, [], "harmless"


class Half:
    """One way through a sparse matrix: for each of `count` groups the sum of its cells, each times a row of others."""

    def __init__(self, group, other, value, count):
        order = numpy.argsort(group, kind="stable")
        self.other, self.value, self.count = other[order], value[order, None], count
        self.groups, self.starts = numpy.unique(group[order], return_index=True)

    def sums(self, others):
        sums = numpy.zeros((self.count, others.shape[1]))
        for k in range(others.shape[1]):  # one by one: the cells of all would need much memory
            cells = others[self.other, k] * self.value[:, 0]
            sums[self.groups, k] = numpy.add.reduceat(cells, self.starts)
        return sums


class Table:
    """Messages as a sparse matrix: for each sign in each message its row, its column and its value. Columns: the names,
    then the buckets."""

    def __init__(self, messages, names):
        index = {name: i for i, name in enumerate([*names, *range(BUCKETS)])}
        cells = [
            (i, index[sign], value) for i, of in enumerate(messages) for sign, value in of.items() if sign in index
        ]
        row, column = (numpy.array([cell[k] for cell in cells], dtype=int) for k in (0, 1))
        value = numpy.array([cell[2] for cell in cells])
        self.width = len(index)
        self.count = len(messages)
        self.by_message = Half(row, column, value, self.count)
        self.by_sign = Half(column, row, value, self.width)


def loss_of(table, right, weights):
    """The last row of weights is the bias, which costs nothing."""
    odds = table.by_message.sums(weights[:-1]) + weights[-1]
    chances = numpy.exp(odds - odds.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    here = (numpy.arange(table.count), right)
    loss = -numpy.log(chances[here]).sum() + PENALTY / 2 * (weights[:-1] ** 2).sum()
    chances[here] -= 1
    slope = numpy.vstack([table.by_sign.sums(chances) + PENALTY * weights[:-1], chances.sum(0)])
    return loss, slope


def direction_of(slope, steps):
    """L-BFGS's two loops: steps are (how the weights moved, how the slope did), oldest first."""
    at, shares = slope.copy(), []
    for moved, turned in reversed(steps):
        shares.append((moved * at).sum() / (moved * turned).sum())
        at -= shares[-1] * turned
    if steps:
        moved, turned = steps[-1]
        at *= (moved * turned).sum() / (turned**2).sum()
    for (moved, turned), share in zip(steps, reversed(shares), strict=True):
        at += moved * (share - (turned * at).sum() / (moved * turned).sum())
    return -at


def learn(table, right):
    weights = numpy.zeros((table.width + 1, len(OUTCOMES)))
    loss, slope = loss_of(table, right, weights)
    steps = []
    for _ in range(ROUNDS):
        direction = direction_of(slope, steps)
        length = 1.0 if steps else 1 / math.sqrt((slope**2).sum())
        enough = 1e-4 * (slope * direction).sum()
        while (found := loss_of(table, right, weights + length * direction))[0] > loss + length * enough:
            length /= 2
        moved, turned = length * direction, found[1] - slope
        if (moved * turned).sum() > 0:
            steps = [*steps[-9:], (moved, turned)]
        weights, (loss, slope) = weights + moved, found
    return weights - weights[:, :1]  # beside "harmless", whose own are nothing then


def names_of(messages):
    counts = {}
    for signs in messages:
        for name in filter(lambda sign: isinstance(sign, str), signs):
            counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count >= SELDOM)


def written(names, weights):
    hundredths = numpy.rint(weights[:, 1:] * 100).astype(int)
    lines = [
        "# Written by tools/signs/learn.py: don't edit. In hundredths, beside nothing special:"
        " m: meanings, x: two of them.",
        "\t".join(["sign", *OUTCOMES[1:]]),
    ]
    lines += [
        "\t".join([name, *map(str, row)])
        for name, row in [("bias", hundredths[-1]), *zip(names, hundredths, strict=False)]
        if abs(row).max() >= LEAST
    ]
    return "\n".join(lines) + "\n"


def packed(weights):
    """The weights of the buckets as guards/grams.h says. The few that are too large for a byte are cut."""
    parts = round(BYTE / float(numpy.quantile(abs(weights), 0.9999)))
    small = numpy.clip(numpy.rint(weights * parts), -BYTE, BYTE).astype(numpy.int8)
    return b"NXGRAMS1" + struct.pack("<3I", *weights.shape, parts) + small.tobytes()


def corpus():
    """What is seen of each message, and which outcome it has."""
    meanings = Meanings(yaml.safe_load((CONTENT / "guards/meanings.yaml").read_text(encoding="utf-8")))
    told = list(examples())
    outcomes = numpy.array([OUTCOMES.index(outcome) for *_, outcome in told])
    return [signs_of(meanings, text, said) for text, said, _ in told], outcomes


def made():
    """The text of weights.tsv, the bytes of grams.bin, and how many messages they are of."""
    messages, right = corpus()
    names = names_of(messages)
    weights = learn(Table(messages, names), right)
    return written(names, weights), packed(weights[len(names) : -1, 1:]), len(messages)


def main(arguments):
    if arguments == ["--folds"]:
        return print_folds(*corpus())
    text, grams, messages = made()
    WEIGHTS.write_text(text, encoding="utf-8")
    GRAMS.write_bytes(grams)
    print(f"{WEIGHTS.relative_to(ROOT)}, {GRAMS.relative_to(ROOT)}: learned from {messages} messages")


def print_folds(messages, right):
    said = numpy.zeros(len(messages), dtype=int)
    for fold in range(FOLDS):
        kept = [i for i in range(len(messages)) if i % FOLDS != fold]
        names = names_of([messages[i] for i in kept])
        weights = learn(Table([messages[i] for i in kept], names), right[kept])
        rest = list(range(fold, len(messages), FOLDS))
        odds = Table([messages[i] for i in rest], names).by_message.sums(weights[:-1]) + weights[-1]
        odds[:, 0] += MAIN["signs"]["sure"]
        said[rest] = odds.argmax(1)
    print(f"{'outcome':<12}{'n':>6}{'precision':>11}{'recall':>8}")
    for k, outcome in enumerate(OUTCOMES):
        both, got, all_of_it = ((said == k) & (right == k)).sum(), (said == k).sum(), (right == k).sum()
        print(f"{outcome:<12}{all_of_it:>6}{both / max(1, got):>11.3f}{both / max(1, all_of_it):>8.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
