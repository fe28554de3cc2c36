"""Packages of npm that tests need: fetched once, as a lock file pins them, whoever asks first.

    folder = npm_packages(HERE / "axe", BUILD / "axe")     the files of HERE/axe, and node_modules beside them
"""

import shutil
import subprocess

from house import alone

NPM = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
LIMIT_S = 180  # a bound for a registry that hangs


def is_fetched(pinned, folder):
    """None of the files has changed since."""
    files = [path for path in pinned.iterdir() if path.is_file()]
    same = ((folder / path.name).is_file() and (folder / path.name).read_bytes() == path.read_bytes() for path in files)
    return (folder / "ready").exists() and all(same)


def npm_packages(pinned, folder):
    with alone(folder):
        if not is_fetched(pinned, folder):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(pinned, folder, ignore=shutil.ignore_patterns("node_modules"))
            done = subprocess.run(NPM, cwd=folder, capture_output=True, text=True, timeout=LIMIT_S, check=False)
            assert done.returncode == 0, f"what {pinned} pins could not be fetched: {done.stderr[-2000:]}"
            (folder / "ready").touch()
    return folder
