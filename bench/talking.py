"""Talks with Maeju beside the specification's own stack (bench/chat): LangGraph, FastAPI in two workers, ChatOpenAI,
and a model that answers at once. Ours writes a durable checkpoint for each turn, the peer keeps its own in memory."""

import contextlib
import functools
import json
import os
import subprocess
import sys

from harness import (
    HERE,
    NERDX,
    SERVE,
    Comparison,
    Contender,
    free_port,
    interleave,
    nerdx,
    resident_mb,
    running,
    venv,
    wait_for,
)

TALKERS, STREAMS = 64, 1000
CHAT = "/api/v1/agents/maeju/chat"


def build(directory):
    for name in ("llm", "talkers"):
        subprocess.run(["go", "build", "-o", directory / name, HERE / f"chat/{name}.go"], check=True)


def model(directory, *pause):
    return running([directory / "llm", *pause], r"ready: (\S+)")


@contextlib.contextmanager
def peer(llm_url):
    python, port = venv("chat"), free_port()
    env = {**os.environ, "LLM_URL": llm_url + "/v1"}
    command = [python, "-m", "uvicorn", "peer:app", "--port", str(port), "--workers", "2", "--no-access-log"]
    with running(command, cwd=HERE / "chat", env=env, stderr=subprocess.DEVNULL):
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/healthz")
        yield url


def with_model(directory, name, llm_url, *flags):
    return nerdx(directory / name, NERDX, (*SERVE, "--llm-url", llm_url + "/v1", "--llm-model", "bench", *flags))


def talk(directory, url, seconds, talkers=TALKERS):
    command = [directory / "talkers", url + CHAT, str(talkers), str(seconds), HERE / "chat/messages.txt"]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if figures["broken"]:
        sys.exit(f"bench: {url} broke {figures['broken']} turns off: {figures}")
    return {**figures, "per_s": figures["turns"] / figures["seconds"], "first_per_s": 1e6 / figures["first_p50_us"]}


def compare_talks(directory, plan):
    build(directory)
    with (
        model(directory) as (_, llm_url),
        nerdx(directory / "narrated") as (_, narrated_url),
        with_model(directory, "spoken", llm_url) as (_, spoken_url),
        peer(llm_url) as peer_url,
    ):
        sides = {"NERDX, narrated": narrated_url, "NERDX with the model": spoken_url, "LangGraph, the model": peer_url}
        contenders = [
            Contender(name, functools.partial(talk, directory, url, 2 * plan.seconds)) for name, url in sides.items()
        ]
        talk(directory, peer_url, 5)  # Python imports what it needs only then
        interleave(contenders, plan.rounds)
    narrated, spoken, other = contenders
    about = f"{TALKERS} at once, streamed"
    yield Comparison("Turns of talks, narrated", about, "turns/s", "per_s", narrated, [other], ("ratio", 40))
    yield Comparison("Turns of talks, with a model", about, "turns/s", "per_s", spoken, [other], ("ratio", 15))
    yield Comparison("Sooner to the first words", about, "1/s", "first_per_s", narrated, [other], ("ratio", 40))


def compare_streams(directory, plan):
    """The weight of a thousand answers under way, from a model that takes its time."""
    build(directory)
    room = ("--llm-concurrency", "1024")
    with model(directory, "250") as (_, llm_url), with_model(directory, "streams", llm_url, *room) as (process, url):
        before = resident_mb(process.pid)
        command = [directory / "talkers", url + CHAT, str(STREAMS), "1", HERE / "chat/messages.txt"]
        with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True) as talkers:
            most = before
            while talkers.poll() is None:
                most = max(most, resident_mb(process.pid))
            figures = json.loads(talkers.stdout.read())
    if figures["broken"]:
        sys.exit(f"bench: {figures['broken']} of {STREAMS} streams broke off")
    held, idle = Contender("1,000 streams", None, [{"mb": most}]), Contender("none", None, [{"mb": before}])
    yield Comparison("Memory with 1,000 open streams", "resident set", "MB", "mb", held, [idle], ("most", 100))
