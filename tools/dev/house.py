"""What the helpers of ./dev share: where the house stands, and how they run a command and speak."""

import contextlib
import fcntl
import pathlib
import resource
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"


def say(text):
    print(text, flush=True)


def run(*command, **options):
    """Runs a command from the root, its output shown as it comes; returns its exit code. What a Ctrl-C ends is waited
    for: it has servers to stop."""
    with subprocess.Popen([str(part) for part in command], cwd=ROOT, **options) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.wait()
            raise


def output_of(*command):
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def tracked(*patterns):
    """Files of the repository, and new ones that git would take, that match the patterns of git ls-files."""
    listed = output_of("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns)
    return [ROOT / name for name in sorted(set(listed.split("\0"))) if name and (ROOT / name).is_file()]


def compile_build(name, *targets):
    """Ends with a message when the build fails: nothing that follows would mean anything."""
    if run("./dev", "compile", name, *targets) != 0:
        sys.exit(f"dev: build/{name} does not compile; the first error is above")


@contextlib.contextmanager
def alone(folder):
    """Makes or fetches what is in a folder, while whoever else wants it waits: parts and tests run side by side."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f".{folder.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def python_with(requirements, folder):
    """The Python of an environment with these packages, anew when the list changes. One with digests is complete."""
    with alone(folder):
        install_once(requirements, folder)
    return folder / "bin/python"


def install_once(requirements, folder):
    wanted, stamp = requirements.read_text(), folder / ".requirements"
    if not stamp.is_file() or stamp.read_text() != wanted:
        say(f"   installing {requirements.relative_to(ROOT)} into {folder.relative_to(ROOT)}")
        install = [folder / "bin/pip", "install", "-q", "--disable-pip-version-check", "-r", requirements]
        install += ["--no-deps", "--require-hashes"] if "--hash=" in wanted else []
        if run("/usr/bin/python3", "-m", "venv", "--clear", folder) or run(*install):
            sys.exit(f"dev: {requirements} could not be installed: the package index must be reachable once")
        stamp.write_text(wanted)


def choose(table, wanted, kind):
    """The rows of an ordered table that were asked for by name (all when none); --list prints it and ends."""
    if wanted == ["--list"]:
        for name, (*_, about) in table.items():
            say(f"{name:12} {about}")
        sys.exit(0)
    unknown = [name for name in wanted if name not in table]
    if unknown:
        sys.exit(f"dev: no {kind} is called {unknown[0]}: {', '.join(table)}")
    return {name: row for name, row in table.items() if not wanted or name in wanted}


def worked_s():
    """Seconds of processor that ended children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Timer:
    def __init__(self):
        self.start, self.worked = time.monotonic(), worked_s()

    def __str__(self):
        return f"{self.took():.0f} s"

    def took(self):
        return time.monotonic() - self.start

    def with_cores(self):
        """And how many cores it kept busy: what waits may run beside others, what works may not."""
        return f"{self}, {(worked_s() - self.worked) / max(self.took(), 0.001):.1f} cores"
