"""What the measurements said: a table for the terminal, docs/benchmarks.md and docs/benchmarks.svg."""

import datetime
import pathlib
import platform
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def goal_text(comparison):
    kind, bound = comparison.goal
    words = {
        "ratio": f"at least {bound:g} x {comparison.peers[0].name}",
        "ratio-most": f"at most {bound:g} x {comparison.peers[0].name}",
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


def table(results):
    lines = []
    for comparison in results:
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

Written by `./dev bench` on {date}; don't edit. Run it on your own machine: only ratios travel.

- Machine: {machine}. The load (wrk) runs on the same cores as the servers.
  Load average before the run: {load:.1f}; anything but near 0 means that other work took its share of every round.
- Peers: nginx {nginx}, Go {go}, SQLite {sqlite}; sources and configuration are in `bench/peers`.
- Rounds are interleaved (NERDX, peer, NERDX, peer …): {rounds} rounds of {seconds} s, {clients} connections kept alive.
  A figure is the median of the rounds, the spread their lowest and highest, a ratio the median of the rounds' ratios.
  One answer that is not 2xx voids the run.
- Both servers of a read comparison write an access log to a file. For every entity the
  graph's version is read from SQLite; the answer itself is kept as it was written until that changes.

![NERDX beside its peers](benchmarks.svg)
"""


def markdown(results, plan, clients, load_before):
    facts = {
        "nginx": version_of("nginx", "-v"),
        "go": version_of("go", "version"),
        "sqlite": version_of("sqlite3", "--version"),
    }
    if facts["sqlite"] == "?":
        import sqlite3

        facts["sqlite"] = sqlite3.sqlite_version
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    parts = [
        METHOD.format(
            date=today,
            machine=machine(),
            rounds=plan.rounds,
            seconds=plan.seconds,
            clients=clients,
            load=load_before,
            **facts,
        )
    ]
    for comparison in results:
        verdict = "reached" if comparison.reached() else "**not reached**"
        about = comparison.about[0].upper() + comparison.about[1:]
        parts.append(f"## {comparison.title}\n\n{about}. Goal: {goal_text(comparison)}: {verdict}.\n")
        parts.append("| | median | spread | p99 | ours / this |\n|---|---|---|---|---|")
        parts += ["| " + " | ".join(row) + " |" for row in rows(comparison)]
        parts.append("")
    return "\n".join(parts)


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


def write(results, plan, clients, load_before):
    DOCS.mkdir(exist_ok=True)
    (DOCS / "benchmarks.md").write_text(markdown(results, plan, clients, load_before))
    plot(results, DOCS / "benchmarks.svg")
    print("wrote docs/benchmarks.md and docs/benchmarks.svg")
