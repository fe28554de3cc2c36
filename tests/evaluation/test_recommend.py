"""How well `nerdx recommend --all` ranks what people like next, on collections made here, beside what is well known.

People have a few of twelve tastes, things belong to one or two; how many know a thing falls off as in real
collections. A fifth of what each person liked is held out and should be ranked high: NDCG@10 over everything that the
person wasn't learned from. EASE is the paper's, in numpy, at the best of seven lambdas, chosen on the very likes that
are held out.
"""

import json

import numpy
import pytest

PEOPLE, THINGS, TASTES, DEPTH = 1500, 400, 12, 10
LAMBDAS = (10, 30, 100, 200, 400, 800, 1600)


def generate(seed, scored):
    """Rows (person, thing, score), and what is held out of what each person liked."""
    rng = numpy.random.default_rng(seed)
    tastes = rng.dirichlet(numpy.full(TASTES, 0.15), PEOPLE)
    kinds = rng.dirichlet(numpy.full(TASTES, 0.1), THINGS)
    fame = rng.permutation(1 / numpy.arange(1, THINGS + 1) ** 0.5)
    likes = tastes @ kinds.T
    rows, held = [], {}
    for person in range(PEOPLE):
        count = int(numpy.clip(rng.lognormal(2.8, 0.6), 6, 80))
        odds = (likes[person] + (0.3 if scored else 0.02)) * fame
        tried = rng.choice(THINGS, count, replace=False, p=odds / odds.sum())
        scores = numpy.clip(2 * likes[person, tried], 0.1, 1) if scored else numpy.ones(count)
        liked = tried[scores >= 0.5]
        held[person] = set(rng.permutation(liked)[: max(1, len(liked) // 5)].tolist())
        rows += [(person, int(t), float(s)) for t, s in zip(tried, scores, strict=True) if t not in held[person]]
    return rows, {person: wanted for person, wanted in held.items() if wanted}


def ndcg(ranking, held):
    total = 0.0
    gains = 1 / numpy.log2(numpy.arange(2, DEPTH + 2))
    for person, wanted in held.items():
        hits = [thing in wanted for thing in ranking[person][:DEPTH]]
        total += (gains[: len(hits)] * hits).sum() / gains[: min(DEPTH, len(wanted))].sum()
    return total / len(held)


def ranking_of(scores, seen):
    scores = numpy.where(seen, -numpy.inf, scores)
    return numpy.argsort(-scores, axis=1, kind="stable")[:, :DEPTH].tolist()


def ease(x, penalty):
    p = numpy.linalg.inv(x.T @ x + penalty * numpy.eye(THINGS))
    b = -p / numpy.diag(p)
    numpy.fill_diagonal(b, 0)
    return x @ b


def nerdx_ranking(run_nerdx, folder, rows):
    lines = [{"label": "Product", "id": f"i{t}", "properties": {"name": f"Thing {t}"}} for t in range(THINGS)]
    lines += [
        {"type": "INTERESTED_IN", "from": f"u{p}", "to": f"i{t}", "properties": {"score": round(s, 3)}}
        for p, t, s in rows
    ]
    path = folder / "likes.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    assert run_nerdx("ingest", "--empty", "--data", folder / "data", path).returncode == 0
    done = run_nerdx("recommend", "--all", "--limit", DEPTH, "--format", "tsv", "--data", folder / "data")
    assert done.returncode == 0, done.stderr
    ranking = [[] for _ in range(PEOPLE)]
    for line in done.stdout.splitlines():
        user, thing, _ = line.split("\t")
        ranking[int(user[1:])].append(int(thing[1:]))
    return ranking


@pytest.mark.parametrize("scored", [False, True], ids=["likes", "scores"])
def test_people_are_recommended_what_they_like_next(run_nerdx, tmp_path, report, scored):
    rows, held = generate(7, scored)
    x = numpy.zeros((PEOPLE, THINGS))
    for person, thing, _ in rows:
        x[person, thing] = 1
    seen = x > 0
    popular = ndcg(ranking_of(numpy.tile(x.sum(0), (PEOPLE, 1)), seen), held)
    best = max(ndcg(ranking_of(ease(x, penalty), seen), held) for penalty in LAMBDAS)
    ours = ndcg(nerdx_ranking(run_nerdx, tmp_path, rows), held)
    name = "scores" if scored else "likes"
    report.append(f"\n{name:8} NDCG@10  popular {popular:.4f}  EASE {best:.4f}  nerdx {ours:.4f}")
    assert ours > 1.1 * popular
    assert ours >= best
