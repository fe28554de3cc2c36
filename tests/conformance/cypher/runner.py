"""Runs cases through the program: those with the same set-up share a graph, and one batch of questions."""

import collections
import concurrent.futures
import json
import pathlib
import shutil
import subprocess
import tempfile

from notation import same_rows

WORKERS = 2
LIMIT_S = 300


class Sqlite:
    """Each graph is a folder of its own, in memory where there is such a place."""

    name = "sqlite"

    def __init__(self, program, environment):
        self.program, self.environment = program, environment
        memory = pathlib.Path("/dev/shm")
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="nerdx-tck-", dir=memory if memory.is_dir() else None))
        self.workers = WORKERS

    def close(self):
        shutil.rmtree(self.root)

    def place(self, folder):
        """The options that say where the graph is."""
        return ("--data", folder / "data")

    def run(self, folder, command, *arguments):
        return subprocess.run(
            [self.program, command, *self.place(folder), "--log-level", "error", *arguments],
            capture_output=True,
            text=True,
            env=self.environment,
            timeout=LIMIT_S,
        )

    def ingest(self, folder, setups):
        """What is wrong with the set-up, or nothing."""
        setup = folder / "setup.cypher"
        setup.write_text(";\n".join(setups) + ("\n" if setups else "// nothing\n"))
        done = self.run(folder, "ingest", "--empty", "--open-schema", setup)
        return "" if done.returncode == 0 else done.stderr + done.stdout

    def ask(self, folder, cases):
        """An answer a case, as it was printed."""
        batch = folder / "batch.jsonl"
        lines = [json.dumps({"cypher": case.query, "parameters": case.parameters}) for case in cases]
        batch.write_text("\n".join(lines) + "\n")
        done = self.run(folder, "cypher", "--batch", batch)
        if done.returncode != 0:
            raise AssertionError(f"nerdx cypher ended with {done.returncode}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]


def judge(case, answer):
    """right, refused or wrong; a query that must be refused is right when it is."""
    if "error" in answer:
        return "right" if case.fails else "refused"
    if case.fails:
        return "wrong"
    columns, rows = answer["columns"], answer["rows"]
    if not case.columns:
        return "right" if not rows else "wrong"
    if sorted(columns) != sorted(case.columns):
        return "wrong"
    order = [columns.index(column) for column in case.columns]
    found = [[row[place] for place in order] for row in rows]
    return "right" if same_rows(case.rows, found, case.in_order, case.any_list_order) else "wrong"


def run_group(twin, cases):
    folder = pathlib.Path(tempfile.mkdtemp(dir=twin.root))
    refusal = twin.ingest(folder, cases[0].setups)
    if refusal:
        # Nothing is there to be asked: only what must be refused before it runs can be.
        return [(case, "refused", {"error": f"set-up: {refusal}"}) for case in cases]
    answers = twin.ask(folder, cases)
    shutil.rmtree(folder)
    return [(case, judge(case, answer), answer) for case, answer in zip(cases, answers, strict=True)]


KINDS = {
    "plain": "reading plain values",
    "graph": "reading nodes, relationships or paths",
    "refuse": "that must be refused",
    "outside": "of writing, procedures or times",
}


def summary(name, results):
    """A line for each kind of case."""
    counts = collections.Counter((case.kind, verdict) for case, verdict, _ in results)
    for kind, words in KINDS.items():
        right, refused, wrong = (counts[kind, verdict] for verdict in ("right", "refused", "wrong"))
        total = right + refused + wrong
        yield f"{name}: {words}: right {right} of {total}, refused {refused}, wrong {wrong}"


def run_cases(twin, cases):
    """(case, verdict, answer) of all."""
    groups = collections.defaultdict(list)
    for case in cases:
        groups[case.setups].append(case)
    with concurrent.futures.ThreadPoolExecutor(twin.workers) as pool:
        results = pool.map(lambda group: run_group(twin, group), groups.values())
        return [result for group in results for result in group]
