"""What it costs to know who calls, to count them and to write it down: NERDX beside itself without that, beside
HAProxy doing the same, and beside Caddy in front. And sign-ins beside the hashing that they can't be faster than."""

import contextlib
import functools
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import types
import urllib.request

import requests

from harness import (
    HERE,
    NERDX,
    ROOT,
    SHOWN,
    Comparison,
    Contender,
    free_port,
    interleave,
    load,
    nerdx,
    running,
    wait_for_port,
)

sys.path.insert(0, str(ROOT / "tests/service"))
import people

CALLERS = 256
LIMITS = "default 1000000/minute 1000000/hour"  # counted, and never reached
ENTITY = "/api/v1/world-model/entity/makgeolli?limit=0"
COUNTED = (*SHOWN, "--rate-limits", LIMITS)
FORWARDED = (*SHOWN, "--trusted-proxies", "127.0.0.1")
MEMBERS, VISITORS = 32, 16


def tokens(directory, file):
    """A file of tokens, each another caller's."""
    command = [NERDX, "token", "--data", "data", "--role", "guest", "--user"]
    with file.open("wb") as lines:
        for number in range(CALLERS):
            subprocess.run([*command, f"caller-{number}"], cwd=directory, check=True, stdout=lines)
            lines.flush()


def haproxy_text(with_headers):
    """What it answers with ends the file; more of that are the headers that our answer has (what is left of a window
    is told by what is used)."""
    text = (HERE / "peers/haproxy.cfg").read_text().rstrip()
    headers = (HERE / "peers/haproxy-headers.txt").read_text().replace("\n", " ")
    return f"{text} {headers}\n" if with_headers else f"{text}\n"


@contextlib.contextmanager
def haproxy(directory, secret, answer, with_headers=False):
    directory.mkdir()
    (directory / "answer").write_bytes(answer)
    (directory / "haproxy.cfg").write_text(haproxy_text(with_headers))
    port = free_port()
    env = {**os.environ, "PORT": str(port), "SECRET": secret, "ANSWER": str(directory / "answer")}
    command = ["haproxy", "-db", "-f", str(directory / "haproxy.cfg")]
    with (directory / "log").open("wb") as log, running(command, env=env, stderr=log):
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"


def build_caddy():
    """Fetched and built once; its sums are checked by Go's own database."""
    folder = ROOT / "build/bench-caddy"
    if not (folder / "caddy").is_file():
        shutil.copytree(HERE / "caddy", folder, dirs_exist_ok=True)
        for words in (["mod", "tidy"], ["build", "-o", "caddy", "."]):
            subprocess.run(["go", *words], cwd=folder, check=True)
    return folder / "caddy"


@contextlib.contextmanager
def caddy(directory, behind):
    directory.mkdir()
    port = free_port()
    env = {**os.environ, "PORT": str(port), "FOLDER": str(directory), "BEHIND": behind}
    command = [build_caddy(), "run", "--adapter", "caddyfile", "--config", HERE / "peers/Caddyfile"]
    with running(command, env=env, stderr=subprocess.DEVNULL):
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"


def compare_doors(directory, plan):
    os.environ["NERDX_JWT_SECRET"] = secret = secrets.token_hex(32)
    lines = directory / "tokens"
    with nerdx(directory / "open") as (_, open_url), nerdx(directory / "counted", NERDX, COUNTED) as (_, url):
        tokens(directory / "counted", lines)
        signed = functools.partial(load, "signed", seconds=plan.seconds, BENCH_LINES=str(lines))
        with urllib.request.urlopen(open_url + ENTITY, timeout=60) as reply:
            answer = reply.read()
        with (
            haproxy(directory / "haproxy", secret, answer) as haproxy_url,
            haproxy(directory / "telling", secret, answer, with_headers=True) as telling_url,
            caddy(directory / "caddy", open_url.removeprefix("http://")) as caddy_url,
        ):
            contenders = [
                Contender("NERDX, token, two windows, log", lambda: signed(url=url + ENTITY)),
                Contender("NERDX, anybody, log", lambda: load("get", open_url + ENTITY, plan.seconds)),
                Contender("HAProxy, the same, fixed answer", lambda: signed(url=haproxy_url + "/")),
                Contender("HAProxy, which also tells what is left", lambda: signed(url=telling_url + "/")),
                Contender("Caddy with rate_limit before NERDX", lambda: signed(url=caddy_url + ENTITY)),
            ]
            interleave(contenders, plan.rounds)
    del os.environ["NERDX_JWT_SECRET"]
    ours, bare, proxy, telling, front = contenders
    about = f"{len(answer)} bytes to {CALLERS} callers, tokens of HS256"
    yield Comparison("Doors, beside none", about, "answers/s", "per_s", ours, [bare], ("ratio", 0.6))
    yield Comparison("Doors, beside HAProxy's", about, "answers/s", "per_s", ours, [proxy, telling], ("ratio", 1.2))
    yield Comparison("Doors, beside Caddy in front", about, "answers/s", "per_s", ours, [front], ("ratio", 2))


# ---- the limiter alone, as it can't be seen from outside


def decided(consumers, how):
    """Nanoseconds a decision, of batches of them."""
    program = ROOT / "build/bench/bench/gateway/limits_bench"
    text = subprocess.run([program, str(consumers)], check=True, capture_output=True, text=True).stdout
    return {"ns": int(re.search(rf"consumers, {how} +p50 +(\d+) ns", text).group(1))}


def compare_limits(_, plan):
    subprocess.run([ROOT / "dev", "compile", "bench", "limits_bench"], check=True, cwd=ROOT, stdout=sys.stderr)
    contenders = [
        Contender("1,000 consumers, allowed", lambda: decided(1000, "allowed")),
        Contender("1,000 consumers, refused", lambda: decided(1000, "refused")),
        Contender("one consumer, allowed", lambda: decided(1, "allowed")),
        Contender("100,000 consumers, allowed", lambda: decided(100000, "allowed")),
    ]
    interleave(contenders, plan.rounds)
    about = "p50 of a request in memory: its keys, both windows, the verdict; of batches of 16"
    yield Comparison("A decision of the limiter", about, "ns", "ns", contenders[0], contenders[1:], ("most", 300))


# ---- sign-ins


def some_members(url, data, file):
    """Accounts to sign in to, as the bodies of requests."""

    def post(path, body, headers=None):
        return requests.post(url + path, json=body, headers=headers, timeout=60)

    visitor = types.SimpleNamespace(data=data, post=post)
    members = [people.sign_up(visitor)["email"] for _ in range(MEMBERS)]
    file.write_text("".join(json.dumps({"email": email, "password": people.PASSWORD}) + "\n" for email in members))


def hashed(directory, seconds):
    text = subprocess.run([directory / "hashes", str(seconds)], check=True, capture_output=True).stdout
    return {"per_s": float(text)}


def compare_sign_ins(directory, plan):
    command = ["cc", "-O2", "-o", directory / "hashes", HERE / "peers/hashes.c", "-lsodium", "-lpthread"]
    subprocess.run(command, check=True)
    with nerdx(directory / "members", NERDX, FORWARDED) as (_, url):
        some_members(url, directory / "members/data", directory / "members.jsonl")
        lines = str(directory / "members.jsonl")
        sign_in = functools.partial(load, "sign_in", f"{url}/api/v1/auth/sign-in", clients=VISITORS, BENCH_LINES=lines)
        ours = Contender("NERDX sign-in", lambda: sign_in(seconds=plan.seconds))
        bare = Contender("Argon2id alone", lambda: hashed(directory, plan.seconds))
        interleave([ours, bare], plan.rounds)
    about = f"{VISITORS} at once; four hashes of 19 MiB and 2 passes at a time on both sides"
    yield Comparison("Sign-ins", about, "sign-ins/s", "per_s", ours, [bare], ("ratio", 0.9))
