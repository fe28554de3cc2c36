"""How much memory a command has at the most."""

import subprocess
import sys

MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def peak_kb(command, environment, stdin, stdout):
    """The most memory that the command had, in kB. A small program begins it: what begins a process counts as part of
    it until then, and this one may have grown large."""
    begun = [sys.executable, "-c", MEASURED, *map(str, command)]
    done = subprocess.run(begun, env=environment, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, check=True)
    return int(done.stderr)
