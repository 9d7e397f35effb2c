"""A terminal in which tests type, with a limit to every wait: what hangs fails."""

import os
import pty
import re
import select
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Final

from tests.crawls import ROOT

PATIENCE: Final = 120.0
"""Seconds after which a program that shows nothing of what is waited for counts as hanging."""
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")


class Terminal:
    """A program at a terminal."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self._process = process
        self._master = master
        self._shown = ""

    def wait_for(self, text: str) -> str:
        """Return all that is shown up to a text, and what was not waited for before."""
        until = monotonic() + PATIENCE
        while text not in self._shown:
            piece = self._read(until)
            assert piece is not None, f"{text!r} is not shown, but: {self._shown}"
            self._shown += piece
        before, _, self._shown = self._shown.partition(text)
        return before + text

    def ask(self, line: str, mark: str = "--done--") -> str:
        """Type a line of Python, and return what it shows."""
        self.type(line)
        self.type(f"print('{mark[:3]}' + '{mark[3:]}')")
        return self.wait_for(mark)

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self._master, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Do what Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)

    def leave(self, line: str = "exit()") -> int:
        """Type a line, and return the status with which the program ends."""
        self.type(line)
        until = monotonic() + PATIENCE
        while self._read(until) is not None:
            pass
        return self._process.wait(max(1.0, until - monotonic()))

    def _read(self, until: float) -> str | None:
        """Return what is shown next; None at the end of the program or of our patience."""
        if not select.select([self._master], [], [], max(0.0, until - monotonic()))[0]:
            return None
        try:
            piece = os.read(self._master, 65536).decode("utf-8", "replace")
        except OSError:  # nobody uses the terminal any more
            return None
        return _ESCAPES.sub("", piece)


@contextmanager
def at_terminal(command: list[str], env: Mapping[str, str]) -> Iterator[Terminal]:
    """Run a program at a terminal; it is ended with the context."""
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "dumb", "NO_COLOR": "1", **env}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=slave, stdout=slave, stderr=slave,
        start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)
