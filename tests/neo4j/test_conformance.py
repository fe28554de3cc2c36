"""The promises of stores/graph/graph.h, on Neo4j: the same programs that run on SQLite."""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUBJECTS = sorted(path.stem.removeprefix("test_") for path in (ROOT / "tests/conformance/graph").glob("test_*.c"))
TIME_LIMIT_S = 1200  # a bound for a machine that hangs, not a promise about speed


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_graph_keeps_its_promises_on_neo4j(neo4j, nerdx_bin, subject):
    build = pathlib.Path(nerdx_bin).parents[2]
    done = subprocess.run(
        [build / f"tests/conformance/graph/graph_test_{subject}", neo4j.url],
        env={**os.environ, **neo4j.environment},
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_S,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert int(re.search(r"(\d+) test\(s\) run", said).group(1)) > 0
