"""What an archive costs: the same program learns the same, each event on disk before it is acknowledged, with what it
commits shipped into a folder of the same disk (--archive), and without."""

import itertools

from harness import CLIENTS, SERVE, Comparison, Contender, interleave, load, nerdx, some_entity


def learning(url, plan):
    entity, number = some_entity(url), itertools.count()
    return lambda: load("learn", url, plan.seconds, BENCH_RUN=f"run-{next(number)}", BENCH_ENTITY=entity)


def compare_archive(directory, plan):
    archived = (*SERVE, "--archive", "archive")
    with nerdx(directory / "plain") as (_, url), nerdx(directory / "archived", arguments=archived) as (_, archived_url):
        ours = Contender("with --archive", learning(archived_url, plan))
        plain = Contender("without", learning(url, plan))
        interleave([ours, plain], plan.rounds)
    about = f"{CLIENTS} clients teach the same program, acknowledged when on disk; the archive is on the same disk"
    yield Comparison("What an archive costs", about, "acknowledged/s", "per_s", ours, [plain], ("ratio", 0.9))
