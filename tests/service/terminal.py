"""An emulated terminal (pyte) with `nerdx chat` in it: what is typed, and what somebody sees on the screen.

with open_terminal(data, "--lang", "ko") as terminal:
    terminal.shows("> ")
    terminal.type("누룩이 뭐예요?\\r")
"""

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

import pyte

WAIT_LIMIT_S = 60  # a bound for what never comes, not a promise about speed
LEFT, UP, BACKSPACE, CTRL_A, CTRL_C, CTRL_D = "\x1b[D", "\x1b[A", "\x7f", "\x01", "\x03", "\x04"


class Terminal:
    """command: the program and its environment."""

    def __init__(self, command, env, columns=60, rows=40):
        self.screen = pyte.HistoryScreen(columns, rows, history=2000)
        self.stream = pyte.ByteStream(self.screen)
        self.master, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env={**env, "TERM": "xterm", "LANG": "C", "LC_ALL": "", "NO_COLOR": "1"},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(inside)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)

    def lines(self):
        """All that was shown, those lines too that have gone up out of sight."""
        above = ["".join(line[x].data for x in range(self.screen.columns)) for line in self.screen.history.top]
        return [line.rstrip() for line in [*above, *self.screen.display]]

    def text(self):
        return "\n".join(self.lines())

    def last_line(self):
        return next((line for line in reversed(self.lines()) if line), "")

    def type(self, keys):
        os.write(self.master, keys.encode())

    def until(self, condition, what):
        """Reads what comes until the condition holds."""
        end = time.monotonic() + WAIT_LIMIT_S
        while not condition():
            assert time.monotonic() < end, f"{what}; on the screen:\n{self.text()}"
            if select.select([self.master], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):  # the program has ended
                    self.stream.feed(os.read(self.master, 65536))

    def shows(self, text, times=1):
        self.until(lambda: self.text().count(text) >= times, f"{text!r} isn't shown {times} times")

    def at_prompt(self):
        """Whether it waits for a line, with an empty one."""
        return self.screen.display[self.screen.cursor.y].rstrip() == ">" and self.screen.cursor.x == 2

    def waits(self):
        self.until(self.at_prompt, "there is no prompt")

    def say(self, line):
        self.waits()
        self.type(line)
        self.until(lambda: not self.at_prompt(), "what is typed isn't shown")
        self.type("\r")
        self.until(lambda: not self.screen.display[self.screen.cursor.y].startswith("> " + line[:1]), "it isn't taken")
        self.waits()

    def ends(self):
        """The exit code."""
        self.until(lambda: self.process.poll() is not None, "it doesn't end")
        return self.process.returncode
