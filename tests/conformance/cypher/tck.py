"""The TCK itself: fetched once, its scenarios read and sorted by what is to become of them."""

import os
import pathlib
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, field

from features import read_feature
from notation import is_plain, read_value

from house import alone

VERSION = "1.0.0-M23"  # as pom.xml has it
HERE = pathlib.Path(__file__).parent


def fetch():
    """The folder that has features/ and graphs/."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    folder = cache / f"opencypher-tck-{VERSION}"
    with alone(folder):
        if not (folder / "ready").exists():
            fetch_into(folder)
    return folder


def fetch_into(folder):
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "pom.xml", folder)
    options = ("-q", "-B", "-DoutputDirectory=lib", "-DexcludeTransitive=true")
    subprocess.run(["mvn", *options, "dependency:copy-dependencies"], cwd=folder, check=True)
    with zipfile.ZipFile(folder / f"lib/tck-{VERSION}.jar") as jar:
        jar.extractall(folder)
    (folder / "ready").touch()


# What a query is that no reading of plain values is. Texts and quoted names are taken out before it is looked for.
QUOTED = re.compile(r"'(\\.|[^'\\])*'|\"(\\.|[^\"\\])*\"|`[^`]*`")
WRITES = re.compile(r"\b(CREATE|MERGE|SET|DELETE|REMOVE)\b", re.IGNORECASE)
CALLS = re.compile(r"\bCALL\b", re.IGNORECASE)
TIMES = re.compile(r"\b(date|datetime|localdatetime|time|localtime|duration)\b\s*[(.]", re.IGNORECASE)


@dataclass
class Case:
    """A scenario of one query."""

    name: str
    query: str
    setups: tuple = ()  # texts of Cypher to be executed before
    parameters: dict = field(default_factory=dict)
    columns: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    fails: str = ""  # "SyntaxError …": it must be refused
    in_order: bool = False
    any_list_order: bool = False  # of the items in lists

    @property
    def outside(self):
        """Writing, procedures and times are no part of what is read: refusing them is right."""
        said = QUOTED.sub("''", self.query)
        return bool(WRITES.search(said) or CALLS.search(said) or any(map(uses_times, (self.query, *self.setups))))

    @property
    def kind(self):
        if self.outside:
            return "outside"
        if self.fails:
            return "refuse"
        return "plain" if is_plain(self.rows) else "graph"


def uses_times(text):
    return TIMES.search(QUOTED.sub("''", text))


def read_result(case, step):
    if "should be raised" in step.text:
        case.fails = step.text
        return
    if step.table:
        case.columns = step.table[0]
        case.rows = [[read_value(cell) for cell in row] for row in step.table[1:]]
    case.in_order = "in order" in step.text
    case.any_list_order = "ignoring element order" in step.text


def read_case(scenario, graphs):
    """None for a scenario that needs what can't be asked of us: several queries, or procedures."""
    queries = [step for step in scenario.steps if step.text.startswith(("executing query", "executing control query"))]
    if len(queries) != 1 or any("there exists a procedure" in step.text for step in scenario.steps):
        return None
    case = Case(scenario.name, queries[0].block)
    for step in scenario.steps:
        if step.text.startswith("having executed"):
            case.setups += (step.block,)
        elif found := re.fullmatch(r"the (binary-tree-\d) graph", step.text):
            case.setups += ((graphs / found[1] / f"{found[1]}.cypher").read_text(),)
        elif step.text.startswith("parameters are"):
            case.parameters = {name: read_value(value) for name, value in step.table}
        elif step.text.startswith("the result should be") or "should be raised" in step.text:
            read_result(case, step)
    return case


def read_cases():
    folder = fetch()
    features = folder / "features"
    cases = []
    for path in sorted(features.rglob("*.feature")):
        name = str(path.relative_to(features).with_suffix(""))
        for scenario in read_feature(path.read_text(encoding="utf-8"), name):
            if case := read_case(scenario, folder / "graphs"):
                cases.append(case)
    return cases
