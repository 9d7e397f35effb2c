"""The driver's processes: started with a guard, measured, ended."""

import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from kompascrawler.browser import guard

_NODE = "PLAYWRIGHT_NODEJS_PATH"
"""Environment variable that names what runs the driver's JavaScript."""


class Pids(NamedTuple):
    """The two processes above the browser."""

    guard: int
    driver: int


@contextmanager
def guarded(node: str, folder: Path, *, network: str) -> Iterator[None]:
    """Let Playwright start its driver with a guard (``guard.py``) inside this context.

    ``node`` is the Node.js to run if the environment names none; ``folder`` names the processes
    (``pids_in``), too.
    """
    before = os.environ.get(_NODE)
    arguments = [str(os.getpid()), str(folder), network, before or node]
    command = [sys.executable, "-IS", guard.__file__, *arguments]
    with _program(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', folder) as program:
        os.environ[_NODE] = program
        try:
            yield
        finally:
            if before is None:
                del os.environ[_NODE]
            else:
                os.environ[_NODE] = before


@contextmanager
def _program(script: str, folder: Path) -> Iterator[str]:
    # In memory where the folder's disk forbids programs (``docker run --tmpfs /tmp``).
    if not os.statvfs(folder).f_flag & os.ST_NOEXEC:
        path = folder / "driver"
        path.write_text(script)
        path.chmod(0o700)
        yield str(path)
        return
    written = os.memfd_create("driver")
    os.write(written, script.encode())
    # A file that is open for writing cannot be run.
    readable = os.open(f"/proc/self/fd/{written}", os.O_RDONLY)
    os.close(written)
    try:
        yield f"/proc/{os.getpid()}/fd/{readable}"
    finally:
        os.close(readable)


def pids_in(folder: Path) -> Pids | None:
    """Return the processes of a folder, None before they were started."""
    try:
        guard_pid, driver_pid = map(int, (folder / guard.PIDS).read_text().split())
    except (OSError, ValueError):  # not written yet, or not to its end
        return None
    return Pids(guard_pid, driver_pid)


def memory(pid: int) -> int:
    """Return the bytes that a process and its children use, shared ones counted once."""
    return sum(map(_proportional_size, {pid, *guard.descendants(pid)}))


def _proportional_size(pid: int) -> int:
    with suppress(OSError):  # ended meanwhile
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    return 0


def is_running(pid: int) -> bool:
    """Tell whether a process exists and is no zombie."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def end(guard_pid: int) -> None:
    """Tell a guard to end its children and itself."""
    with suppress(ProcessLookupError):
        os.kill(guard_pid, signal.SIGTERM)
