"""DuckDB, asked by a program in an environment of its own: `Duck` for tests; as a program it runs the statements that
come in, a list in JSON, and prints the rows of each."""

import json
import subprocess
import sys


def ask(statements):
    import duckdb  # only here: tests have none

    connection = duckdb.connect()
    return [connection.execute(statement).fetchall() for statement in statements]


class Duck:
    def __init__(self, python):
        self.python = python

    def ask(self, *statements):
        """The rows of each; dates and the like are text."""
        done = subprocess.run(
            [self.python, __file__], input=json.dumps(statements), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return [list(map(tuple, rows)) for rows in json.loads(done.stdout)]


if __name__ == "__main__":
    print(json.dumps(ask(json.load(sys.stdin)), default=str))
