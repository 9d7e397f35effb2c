"""Shards for the tests of the engine; workers import them."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from kompascrawler.replay.job import Done, Shard, Step

A_SHARD: Final = 5
_SECONDS: Final = 240.0


def shards(number: int, **faults: str) -> list[Shard]:
    """Return shards of a few articles each; ``faults``: what becomes of which article."""
    return [Shard(f"shard-{n}", partial(_steps, n, faults)) for n in range(number)]


def deadly(shard: Shard, name: str) -> Shard:
    """Return a shard where reading what has the name kills whoever does it."""
    return shard._replace(steps=partial(_with_deadly, shard.steps, name))


def _with_deadly(steps: Callable[[], Iterable[Step]], name: str) -> Iterator[Step]:
    for step in steps():
        is_meant = step.name == name
        yield step._replace(read=read, arguments=(name, "dies")) if is_meant else step


def names(number: int) -> list[str]:
    """Return the articles of so many shards."""
    return [f"article{n}x{one}" for n in range(number) for one in range(A_SHARD)]


def _steps(number: int, faults: dict[str, str]) -> Iterator[Step]:
    for one in range(A_SHARD):
        name = f"article{number}x{one}"
        fault = faults.get(name, "")
        if fault == "dies before":
            os.kill(os.getpid(), signal.SIGKILL)
        if fault == "disk":
            raise OSError(5, "Input/output error", name)
        yield Step(name, read, (name, fault))


def read(name: str, fault: str) -> Done:
    """Read an article, or what the fault makes of that."""
    if fault == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault == "raises":
        raise RecursionError("too deep")
    if fault.startswith("waits"):
        wait_for_go(Path(fault.partition(" ")[2]))
    return Done(f"{name}\n".encode(), name)


def wait_for_go(folder: Path) -> None:
    """Say which process this is, and go on when told so."""
    (folder / f"{os.getpid()}.at-work").touch()
    deadline = time.monotonic() + _SECONDS
    while not (folder / "go").exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def modules() -> set[str]:
    """Return what a worker has imported by the time that it works, but for Python's own."""
    from kompascrawler.replay import differences  # noqa: F401

    names = {name.partition(".")[0] for name in sys.modules if not name.startswith("_")}
    return names - sys.stdlib_module_names


def at_work(folder: Path) -> int:
    """Return the process that waits."""
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        for path in folder.glob("*.at-work"):
            return int(path.stem)
        time.sleep(0.02)
    raise AssertionError("no process came to wait")
