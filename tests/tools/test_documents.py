"""What README and docs/ show is what comes: their ```console blocks are run, and their links lead somewhere.

In a block, `$ COMMAND` is run by bash on a fresh world, and what follows is its output: `…` in a line stands for
anything, a line that is only `…` for any lines. `$ name=…` holds for the commands that follow.
`http://localhost:8080` is the program that the test has started, as it starts for all: it wants to know who calls.
Commands that install, build or serve (./dev, git, nerdx serve) are not run: ./dev must know them.
"""

import os
import pathlib
import re
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "README.ko.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SETS = re.compile(r"[a-z]+=")
LOOKS = re.compile(r"curl (?!.*(?:--json|-X ))", re.DOTALL)
LOOK_LIMIT_S = 60  # a bound for a machine that hangs
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
SECRET = "thirty-two bytes or more of secret"  # of both programs: in a reader's folder it is one and the same
NOT_RUN = ("./dev", "git ", "cd ", "nerdx serve", "build/release/nerdx serve", "kill ", "curl -N")


def steps(text):
    """(command, the output that is shown) of every step, in order."""
    for block in BLOCK.findall(text):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = step.splitlines()
            count = 1
            while lines[count - 1].endswith("\\"):
                count += 1
            yield "\n".join(lines[:count]), "\n".join(lines[count:]).rstrip()


def pattern_of(shown):
    rows = [re.escape(line.rstrip()).replace("…", ".*") if line.strip() != "…" else "…" for line in shown.splitlines()]
    text = "\n".join(rows)
    return re.compile(text.replace("\n…\n", "\n(?:.*\n)*?").replace("\n…", "(?:\n.*)*"))


def known_to_dev(command):
    words = command.split()
    help_text = subprocess.run([ROOT / "dev", "help"], capture_output=True, text=True, check=True).stdout
    return f"./dev {words[1]}" in help_text


@pytest.fixture
def shell(start_nerdx, tmp_path, nerdx_bin, monkeypatch):
    monkeypatch.setenv("JWT_SECRET", SECRET)
    nerdx = start_nerdx(env={"NERDX_IDENTITY": "required"})
    held = []  # what variables hold
    folder = tmp_path / "shell"
    folder.mkdir()
    (folder / "nerdx").symlink_to(nerdx_bin)
    env = {name: value for name, value in os.environ.items() if not name.startswith("NERDX_")}
    env |= {"PATH": f"{folder}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    env |= {"NERDX_DATA": str(folder / "data"), "NERDX_LOG_LEVEL": "off"}

    def run(command):
        if SETS.match(command):
            held.append(command)
        else:
            command = "\n".join([*held, command])
        command = command.replace("http://localhost:8080", nerdx.url).replace("build/release/nerdx", "nerdx")
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            input="",
            check=False,
        )
        lines = (line.rstrip() for line in (done.stdout + done.stderr).splitlines())
        return "\n".join(lines).rstrip().replace(nerdx.url, "http://localhost:8080")

    return run


def outcome(shell, command, pattern):
    """What comes of a command. What only looks is done until it sees what is shown: what a visitor said reaches the
    world by a job, and who reads a document is slower than this."""
    end = time.monotonic() + (LOOK_LIMIT_S if LOOKS.match(command) else 0)
    while not pattern.fullmatch(came := shell(command)) and time.monotonic() < end:
        time.sleep(0.1)  # between two looks
    return came


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_shows_is_what_comes(document, shell):
    for command, shown in steps(document.read_text()):
        if command.startswith("./dev"):
            assert known_to_dev(command), command
        if command.startswith(NOT_RUN):
            continue
        pattern = pattern_of(shown)
        came = outcome(shell, command, pattern)
        assert pattern.fullmatch(came), f"$ {command}\n{came}\n\nbut {document.name} shows\n{shown}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_links_of_a_document_lead_somewhere(document):
    for target in LINK.findall(document.read_text()):
        assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_command_of_the_script_is_in_the_development_guide():
    guide = (ROOT / "docs/development.md").read_text()
    help_text = subprocess.run([ROOT / "dev", "help"], capture_output=True, text=True, check=True).stdout
    for name in re.findall(r"^\./dev (\w+)", help_text, re.MULTILINE):
        assert f"./dev {name}" in guide, name


def test_every_kind_of_job_is_in_the_table_of_jobs_as_it_is(run_nerdx):
    rows = [line.strip("| ").split(" | ") for line in (ROOT / "docs/jobs.md").read_text().splitlines()]
    shown = [[row[0].strip("`"), *row[1:6]] for row in rows if len(row) == 7 and row[0] not in ("kind", "---")]
    printed = run_nerdx("jobs", "kinds").stdout.splitlines()[1:]
    assert shown == [re.split(r" {2,}", line) for line in printed]


def test_a_shown_output_with_a_wrong_word_does_not_pass():
    assert pattern_of("a … c\n…\nend").fullmatch("a b c\nx\ny\nend")
    assert pattern_of("a\n…").fullmatch("a\nb\nc")
    assert not pattern_of("a … c").fullmatch("a b d")
