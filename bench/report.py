"""What the measurements said: a table for the terminal, docs/benchmarks.md and docs/benchmarks.svg.

Every part's figures are kept in docs/benchmarks.json, so that one part can be measured anew without the others."""

import dataclasses
import datetime
import json
import pathlib
import platform
import re
import subprocess

from harness import Comparison, Contender, Plan

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
KEPT = DOCS / "benchmarks.json"


@dataclasses.dataclass
class Part:
    """One run of one of the measurements."""

    date: str
    load_before: float
    plan: Plan
    comparisons: list


def today():
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def side_to_json(side, key):
    rounds = [{name: figure[name] for name in (key, "p99_us") if name in figure} for figure in side.figures]
    return {"name": side.name, "figures": rounds}


def comparison_to_json(comparison):
    sides = {"ours": side_to_json(comparison.ours, comparison.key)}
    sides["peers"] = [side_to_json(peer, comparison.key) for peer in comparison.peers]
    plain = {name: getattr(comparison, name) for name in ("title", "about", "unit", "key", "goal")}
    return plain | sides


def comparison_from_json(kept):
    peers = [Contender(**peer) for peer in kept["peers"]]
    return Comparison(**kept | {"ours": Contender(**kept["ours"]), "peers": peers})


def part_to_json(part):
    comparisons = [comparison_to_json(comparison) for comparison in part.comparisons]
    return dataclasses.asdict(dataclasses.replace(part, comparisons=[])) | {"comparisons": comparisons}


def part_from_json(kept):
    comparisons = [comparison_from_json(comparison) for comparison in kept["comparisons"]]
    return Part(**kept | {"plan": Plan(**kept["plan"]), "comparisons": comparisons})


def merged(measured, order):
    """What was measured now, and the other parts as they were measured last, in the order of the table."""
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    parts = {name: part_from_json(part) for name, part in kept.items()} | measured
    return {name: parts[name] for name in order if name in parts}


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def goal_text(comparison):
    kind, bound = comparison.goal
    first = comparison.peers[0].name if comparison.peers else ""
    words = {
        "none": "none, measured to be known",
        "ratio": f"at least {bound:g} x {first}",
        "ratio-most": f"at most {bound:g} x {first}",
        "least": f"at least {bound:,}",
    }
    return words.get(kind, f"at most {bound:g} {comparison.unit}")


def rows(comparison):
    for side in (comparison.ours, *comparison.peers):
        low, high = side.spread(comparison.key)
        value = side.median(comparison.key)
        p99 = f"{side.median('p99_us') / 1000:.1f} ms" if "p99_us" in side.figures[0] else ""
        ratio = "" if side is comparison.ours else f"{comparison.ratio(side):.2f}"
        yield [side.name, f"{number(value)} {comparison.unit}", f"{number(low)} … {number(high)}", p99, ratio]


def comparisons_of(parts):
    return [comparison for part in parts.values() for comparison in part.comparisons]


def table(parts):
    lines = []
    for comparison in comparisons_of(parts):
        lines.append(f"{comparison.title} ({comparison.about}); goal: {goal_text(comparison)}")
        for name, value, spread, p99, ratio in rows(comparison):
            lines.append(
                f"  {name:40} {value:24} {spread:22} {p99 and 'p99 ' + p99:14} {ratio and 'ours / this: ' + ratio}"
            )
        lines.append(f"  {'reached' if comparison.reached() else 'NOT reached'}")
    return "\n".join(lines)


def version_of(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+(\.\d+)?", done.stdout + done.stderr)
    return found.group(0) if found else "?"


def machine():
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    cores = pathlib.Path("/proc/cpuinfo").read_text().count("processor\t:")
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1)) / 1024**2
    name = cpu.group(1) if cpu else platform.machine()
    return f"{cores} cores ({name}), {memory:.0f} GiB of memory, Linux {platform.release()}"


METHOD = """# Benchmarks

Written by `./dev bench` from [benchmarks.json](benchmarks.json), where the figures of all rounds are; don't edit. Run
it on your own machine: only ratios travel.

- Machine: {machine}. The load runs on the same cores as the servers.
- Peers: nginx {nginx}, Go {go}, SQLite {sqlite}; sources and configuration are in `bench/peers`, `bench/world` and
  `bench/chat`.
- Rounds are interleaved (NERDX, peer, NERDX, peer …), {clients} connections kept alive where nothing else is said.
  A figure is the median of the rounds, the spread their lowest and highest, a ratio the median of the rounds' ratios.
  One answer that is not 2xx voids the run.
- Load average before the run that measured a part: anything but near 0 means that other work took its share
  of every round.
- Both servers of a read comparison write an access log to a file. For every entity the
  graph's version is read from SQLite; the answer itself is kept as it was written until that changes.

| part | measured on | rounds | load before |
|---|---|---|---|
{parts}

![NERDX beside its peers](benchmarks.svg)
"""


def sqlite_version():
    import sqlite3

    return sqlite3.sqlite_version


def method(parts, clients):
    lines = [
        f"| {name} | {part.date} | {part.plan.rounds} of {part.plan.seconds} s | {part.load_before:.1f} |"
        for name, part in parts.items()
    ]
    return METHOD.format(
        machine=machine(),
        clients=clients,
        nginx=version_of("nginx", "-v"),
        go=version_of("go", "version"),
        sqlite=sqlite_version(),
        parts="\n".join(lines),
    )


def section(comparison):
    verdict = "reached" if comparison.reached() else "**not reached**"
    about = comparison.about[0].upper() + comparison.about[1:]
    yield f"## {comparison.title}\n\n{about}. Goal: {goal_text(comparison)}: {verdict}.\n"
    yield "| | median | spread | p99 | ours / this |\n|---|---|---|---|---|"
    for row in rows(comparison):
        yield "| " + " | ".join(row) + " |"
    yield ""


def markdown(parts, clients):
    lines = [line for comparison in comparisons_of(parts) for line in section(comparison)]
    return "\n".join([method(parts, clients), *lines])


def plot(results, path):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "nerdx"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(len(results), 1, figsize=(8, 1.25 * len(results) + 0.6), constrained_layout=True)
    for axis, comparison in zip(axes, results, strict=True):
        sides = [comparison.ours, *comparison.peers][::-1]
        values = [side.median(comparison.key) for side in sides]
        errors = [[v - side.spread(comparison.key)[0] for side, v in zip(sides, values, strict=True)],
                  [side.spread(comparison.key)[1] - v for side, v in zip(sides, values, strict=True)]]  # fmt: skip
        colours = ["#2a5d50" if side is comparison.ours else "#b9b4a7" for side in sides]
        axis.barh([side.name for side in sides], values, xerr=errors, color=colours, ecolor="#555", capsize=2)
        axis.set_title(f"{comparison.title} ({comparison.unit})", loc="left", fontsize=9)
        axis.tick_params(labelsize=8)
        axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})


def write(measured, order, clients):
    parts = merged(measured, order)
    KEPT.write_text(json.dumps({name: part_to_json(part) for name, part in parts.items()}, indent=1) + "\n")
    (DOCS / "benchmarks.md").write_text(markdown(parts, clients))
    plot(comparisons_of(parts), DOCS / "benchmarks.svg")
    print("wrote docs/benchmarks.json, .md and .svg")
