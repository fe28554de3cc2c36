"""./dev lint [CHECK…]: looks at all that is written, changes nothing, ends with `N checks passed, N failed`."""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

import check_contract
import check_layers
import check_shape
import check_words
from house import BUILD, ROOT, Timer, choose, compile_build, python_with, run, say, tracked

C_FILES = ("src/*.c", "src/*.h", "tests/*.c", "tests/*.h", "bench/*.c", "bench/*.h")
REQUIREMENTS = ROOT / "tools/dev/requirements.txt"
TIDY_STAMPS = BUILD / "lint/tidy"


def succeeds(*command):
    return [] if run(*command) == 0 else [f"{command[0]} found what is above"]


def layout():
    files = tracked(*C_FILES)
    if succeeds("clang-format-19", "--dry-run", "--Werror", *files):
        return ["clang-format-19 -i FILE puts it right"]
    return []


def sources_to_tidy():
    """Ours but for the fuzz targets, and what our generators wrote into the build directory: it is held to the same
    checks. The largest first, so that no core waits for the last one."""
    entries = json.loads((BUILD / "asan/compile_commands.json").read_text())
    sources = {pathlib.Path(os.path.normpath(pathlib.Path(e["directory"], e["file"]))) for e in entries}
    ours = {path for path in sources if path.suffix == ".c" and path.is_file() and path.parent != ROOT / "tests/fuzz"}
    return sorted(ours, key=lambda path: path.stat().st_size, reverse=True)


def headers_digest():
    digest = hashlib.sha256()
    for path in [*tracked("*.clang-tidy", "src/*.h", "tests/*.h"), *sorted((BUILD / "asan").rglob("*.h"))]:
        digest.update(path.read_bytes())
    return digest.digest()


def tidy_one(path, base):
    """A file that was clean, with the same headers and checks, is clean still."""
    stamp = TIDY_STAMPS / hashlib.sha256(base + str(path).encode() + path.read_bytes()).hexdigest()
    if stamp.exists():
        return ""
    command = ["clang-tidy-19", "--quiet", "-p", str(BUILD / "asan"), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        stamp.touch()
        return ""
    return done.stdout or done.stderr


def tidy():
    compile_build("asan")
    TIDY_STAMPS.mkdir(parents=True, exist_ok=True)
    base, sources, found, shown = headers_digest(), sources_to_tidy(), [], time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = {pool.submit(tidy_one, path, base): path for path in sources}
        for number, job in enumerate(concurrent.futures.as_completed(jobs), 1):
            if job.result():
                say(job.result())
                found.append(f"{jobs[job].relative_to(ROOT)}: see above")
            if time.monotonic() - shown > 2:
                say(f"   {number} of {len(sources)} files")
                shown = time.monotonic()
    return found


def shell():
    scripts = [
        path for path in tracked("dev", ".ci/run", "*.sh") if path.read_bytes().startswith((b"#!", b"# shellcheck"))
    ]
    return succeeds("shellcheck", *scripts)


def python():
    ruff = python_with(REQUIREMENTS, BUILD / "venv").with_name("ruff")
    return succeeds(ruff, "check", "--quiet", "--no-cache", "--output-format=concise", *tracked("*.py"))


CHECKS = {
    "layout": (layout, "clang-format"),
    "tidy": (tidy, "clang-tidy over our C and the generated C"),
    "layers": (check_layers.check, "no arrow upward, no service in another, no twin outside its folder, no circles"),
    "shape": (check_shape.check, "length of functions and files"),
    "notes": (check_shape.check_notes, "every folder says what it is for"),
    "contract": (check_contract.check, "the contract's names and references"),
    "words": (check_words.check, "no machine's paths, registry hosts or notes to oneself"),
    "shell": (shell, "shellcheck"),
    "python": (python, "ruff"),
}


def main():
    failed, checks = 0, choose(CHECKS, sys.argv[1:], "check")
    for name, (check, about) in checks.items():
        timer = Timer()
        say(f"== {name}: {about}")
        found = check()
        for line in found:
            say(f"   {line}")
        say(f"   {'failed' if found else 'clean'} ({timer.with_cores()})")
        failed += bool(found)
    say(f"{len(checks) - failed} checks passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
