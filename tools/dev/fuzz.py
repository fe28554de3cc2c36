"""./dev fuzz [TARGET] [SECONDS]: feeds the libFuzzer targets of tests/fuzz with surprises.

A target NAME is the program build/asan/tests/fuzz/fuzz_NAME, and starts from the files in tests/fuzz/corpus/NAME.
What it learns is kept in build/fuzz/corpus/NAME, what breaks it in build/fuzz/found/NAME: make
a corpus file of that, and a fix.
"""

import concurrent.futures
import os
import sys

from house import BUILD, ROOT, compile_build, run, say

FUZZ = BUILD / "fuzz"
OPTIONS = ("-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=0", "-verbosity=0", "-close_fd_mask=1")


def targets():
    places = (BUILD / "asan/tests/fuzz").glob("fuzz_*")
    programs = [path for path in places if path.is_file() and os.access(path, os.X_OK)]
    return {path.name.removeprefix("fuzz_"): path for path in sorted(programs)}


def fuzz(name, path, seconds):
    learned, found, corpus = FUZZ / "corpus" / name, FUZZ / "found" / name, ROOT / "tests/fuzz/corpus" / name
    learned.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    seeds = [corpus] if corpus.is_dir() else []
    say(f"{name}: {seconds} s, from {sum(1 for _ in corpus.glob('*')) if seeds else 0} files")
    code = run(path, learned, *seeds, f"-max_total_time={seconds}", f"-artifact_prefix={found}/", *OPTIONS)
    if code != 0:
        say(f"{name}: failed; the input that did it is in {found.relative_to(ROOT)}")
    return code


def fuzz_all(seconds, cores):
    """(exit code, passed, failed) over all targets, one a core at once: each has one to itself."""
    with concurrent.futures.ThreadPoolExecutor(cores) as pool:
        codes = list(pool.map(lambda target: fuzz(*target, seconds), targets().items()))
    return int(any(codes)), codes.count(0), len(codes) - codes.count(0)


def main():
    words = sys.argv[1:]
    seconds = int(words.pop()) if words and words[-1].isdigit() else 60
    compile_build("asan")
    known = targets()
    unknown = [name for name in words if name not in known]
    if unknown:
        sys.exit(f"dev: no fuzz target is called {unknown[0]}: {', '.join(known)}")
    return int(any(fuzz(name, path, seconds) for name, path in known.items() if not words or name in words))


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
