"""./dev chaos [SEEDS] [FROM]: small worlds in which everything goes wrong that can, each from a seed, on all cores.

The seed of a world that breaks a promise is printed; `./dev chaos 1 SEED` lives it again.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from house import BUILD, ROOT, Timer, compile_build, say

PROGRAM = "tests/conformance/queue/queue_simulation"
SEEDS, A_PART = 10_000, 250


def live(first, count):
    """A part of the worlds: "" when all promises held, else what was said."""
    command = [BUILD / "release" / PROGRAM, "sqlite", str(first), str(count)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    said = done.stdout + done.stderr
    if done.returncode == 0:
        return ""
    seed = re.search(r"last world: seed (\d+)", said)
    again = f"./dev chaos 1 {seed.group(1)}" if seed else f"./dev chaos {count} {first}"
    return f"{said}\na promise is broken; again: {again}"


def main():
    seeds, first = (int(word) for word in [*sys.argv[1:], *(str(SEEDS), "1")[len(sys.argv) - 1 :]])
    compile_build("release", PROGRAM)
    timer = Timer()
    parts = [(at, min(A_PART, first + seeds - at)) for at in range(first, first + seeds, A_PART)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for said in pool.map(live, *zip(*parts, strict=True)):
            if said:
                say(said)
                pool.shutdown(cancel_futures=True)
                return 1
    say(f"{seeds} worlds from seed {first} on: every promise held ({timer})")
    return 0


if __name__ == "__main__":
    os.chdir(ROOT)
    if len(sys.argv) > 3 or not all(word.isdigit() and int(word) > 0 for word in sys.argv[1:]):
        sys.exit("dev: ./dev chaos [SEEDS] [FROM], two numbers from 1 on")
    sys.exit(main())
