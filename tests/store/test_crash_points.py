"""A crash, or a failing disk, at every single step of storing and publishing.

The steps are the calls that change something on the disk: SQL statements, file writes, syncs,
renames and new folders. Each test stops the work at one of them, opens the store anew, completes
the work, and counts what readers find.
"""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.store.interface import AlreadyStored, StoreError
from kompascrawler.store.sqlite import SqliteStore
from tests.store.published import drafts, published_files, published_ids
from tests.store.synthetic import make_article

ARTICLES = [1, 2, 6, 3]  # three days, one of them twice; published as two batches


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
            for name in ("mkdir", "open", "rename"):
                patch.setattr(Path, name, self.watched(getattr(Path, name)))
            yield
        for connection in self._connections:
            connection.close()


def work(store: SqliteStore, accepted: set[str]) -> None:
    """Store and publish all articles; note which ones the store has accepted."""
    for number in ARTICLES:
        article = make_article(number)
        with suppress(AlreadyStored):
            store.put(article)
        accepted.add(article.id)
        if number == ARTICLES[1]:
            store.publish()
    store.publish()


def count_steps(folder: Path) -> int:
    """Return how many steps an undisturbed run has, opening included."""
    wire = Tripwire(Crash(), at=0, after=False)
    with wire.armed():
        work(SqliteStore(folder, "run"), set())
    return wire.steps


def check(folder: Path, published_before: dict[str, str]) -> None:
    """Hold the files to the promise: all there once, nothing changed, nothing left over."""
    assert published_ids(folder) == {make_article(number).id: 1 for number in ARTICLES}
    assert published_before.items() <= published_files(folder).items()
    assert drafts(folder) == []


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_step_loses_and_doubles_nothing(tmp_path: Path, *, after: bool) -> None:
    """The next run finds what was accepted, completes the rest, and every record is out once."""
    steps = count_steps(tmp_path / "undisturbed")
    for at in range(1, steps + 1):
        folder = tmp_path / str(at)
        accepted: set[str] = set()
        wire = Tripwire(Crash(), at=at, after=after)
        with pytest.raises(Crash), wire.armed():
            work(SqliteStore(folder, "run"), accepted)
        published_before = published_files(folder)
        store = SqliteStore(folder, "later")
        assert all(map(store.is_stored, accepted)), f"lost by a crash at step {at}"
        work(store, accepted)
        store.close()
        check(folder, published_before)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_failing_step_can_be_repeated(tmp_path: Path, *, after: bool) -> None:
    """After a StoreError at any step the same process goes on as soon as the disk works again."""
    steps = count_steps(tmp_path / "undisturbed")
    for at in range(1, steps + 1):
        folder = tmp_path / str(at)
        accepted: set[str] = set()
        wire = Tripwire(OSError(errno.ENOSPC, "No space left"), at=at, after=after)
        with wire.armed():
            try:
                store = SqliteStore(folder, "run")
            except StoreError:
                store = SqliteStore(folder, "run")
            with suppress(StoreError):
                work(store, accepted)
            published_before = published_files(folder)
            assert all(map(store.is_stored, accepted)), f"lost by a failure at step {at}"
            work(store, accepted)
        assert wire.steps > steps, f"nothing failed at step {at}"
        check(folder, published_before)
