"""The end of a process, or a failing disk, at a chosen step of what changes the disk."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest


class Crash(BaseException):
    """The end of the process: nothing of ours catches it."""


class Tripwire:
    """Counts the steps of what runs inside and raises at one of them."""

    def __init__(self, error: BaseException, *, at: int, after: bool) -> None:
        """Raise ``error`` at step ``at`` (from 1; 0: never), before it takes effect or after."""
        self._error = error
        self._at = at
        self._after = after
        self._connections: list[sqlite3.Connection] = []
        self.steps = 0

    def watched(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """Make a step of a function."""

        def step(*args: Any, **kwargs: Any) -> Any:
            self.steps += 1
            is_here = self.steps == self._at
            if is_here and not self._after:
                raise self._error
            result = act(*args, **kwargs)
            if is_here:
                with suppress(AttributeError):
                    result.close()  # a cursor or a file, which would end with the process
                raise self._error
            return result

        return step

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Watch everything that changes the disk; at the end the process is gone."""
        connect = sqlite3.connect
        watched_methods = {
            name: self.watched(getattr(sqlite3.Connection, name))
            for name in ("execute", "executemany")
        }
        connection_class = type("Watched", (sqlite3.Connection,), watched_methods)

        def watched_connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            self._connections.append(connect(*args, factory=connection_class, **kwargs))
            return self._connections[-1]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sqlite3, "connect", watched_connect)
            patch.setattr(os, "fsync", self.watched(os.fsync))
            for name in ("mkdir", "open", "rename", "unlink"):
                patch.setattr(Path, name, self.watched(getattr(Path, name)))
            yield
        for connection in self._connections:
            connection.close()
