"""The driver's processes: started under guard, measured, ended."""

import os
import shlex
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from kompascrawler.browser import guard

_NODE = "PLAYWRIGHT_NODEJS_PATH"
"""Environment variable that names what runs the driver's JavaScript."""


class Pids(NamedTuple):
    """The two processes that hold the browser up."""

    guard: int
    driver: int


@contextmanager
def guarded(node: str) -> Iterator[Callable[[], Pids | None]]:
    """Let Playwright start its driver under guard while the context lasts.

    ``node`` is the Node.js to run where the environment names none. Yields a function that
    returns what was started, None while there is nothing.
    """
    before = os.environ.get(_NODE)
    with tempfile.TemporaryDirectory(prefix="kompascrawler-") as folder:
        pid_file, script = Path(folder) / "pid", Path(folder) / "driver"
        command = [sys.executable, "-IS", guard.__file__, str(pid_file), before or node]
        script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        script.chmod(0o700)
        os.environ[_NODE] = str(script)
        try:
            yield lambda: _read(pid_file)
        finally:
            if before is None:
                del os.environ[_NODE]
            else:
                os.environ[_NODE] = before


def _read(pid_file: Path) -> Pids | None:
    try:
        guard_pid, driver_pid = map(int, pid_file.read_text().split())
    except (OSError, ValueError):  # not written yet, or not to its end
        return None
    return Pids(guard_pid, driver_pid)


def memory(pid: int) -> int:
    """Return the bytes that a process and those below it hold, shared ones counted once."""
    return sum(map(_proportional_size, {pid, *guard.descendants(pid)}))


def _proportional_size(pid: int) -> int:
    with suppress(OSError):  # ended meanwhile
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    return 0


def is_running(pid: int) -> bool:
    """Tell whether a process exists and has not ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def end(guard_pid: int) -> None:
    """Tell a guard to end everything below it and itself."""
    with suppress(ProcessLookupError):
        os.kill(guard_pid, signal.SIGTERM)
