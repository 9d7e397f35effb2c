"""What a data folder tells at a glance: lock, store, sizes. Only looks, and waits for no crawl."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kompascrawler.runs.card import RunCard
from kompascrawler.runs.lock import Holder, holder, last_holder
from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.interface import Breaker, Counts, Failure, Gap, StoreError
from kompascrawler.store.reader import Reader
from kompascrawler.store.waiting import LONGEST_WAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Articles that failed."""

    waiting: int
    """To be tried again, …"""
    due: int
    """… those of them whose waiting time is over."""
    given_up: int
    """Not tried again."""

    @classmethod
    def of(cls, failures: Iterable[Failure], now: float) -> "Queue":
        """Count failures; ``now`` in seconds since 1970."""
        found = list(failures)
        tries = [one.next_try for one in found if one.next_try is not None]
        return cls(
            waiting=len(tries),
            # As the store decides: what lies too far ahead was written under another clock.
            due=sum(1 for time in tries if time <= now or time > now + LONGEST_WAIT),
            given_up=sum(1 for one in found if one.state == "given_up"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreState:
    """What the store holds."""

    counts: Counts
    queue: Queue
    gaps: Sequence[Gap]
    breakers: Sequence[Breaker]

    @classmethod
    def read(cls, reader: Reader, now: float) -> "StoreState":
        """Read it; ``now`` in seconds since 1970. Raises StoreError."""
        return cls(
            counts=reader.counts(),
            queue=Queue.of(reader.failures(), now),
            gaps=reader.gaps(),
            breakers=reader.breakers(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Bytes on the disk."""

    state: int
    articles: int
    rejected: int
    free: int
    """What the disk has left for the one who asks."""

    @classmethod
    def of(cls, data_dir: Path) -> "Sizes":
        """Measure a data folder."""
        return cls(
            state=_bytes(data_dir.glob(f"{FILE_NAME}*")),
            articles=_bytes((data_dir / "articles").rglob("*")),
            rejected=_bytes((data_dir / "rejected").glob("*")),
            free=shutil.disk_usage(data_dir).free,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Who is at work in a data folder, or was."""

    holder: Holder | None = None
    """The run that is going on."""
    vanished: Holder | None = None
    """The latest run, where it has ended without a card."""
    problem: str | None = None
    """Why that cannot be told."""

    @classmethod
    def look(cls, data_dir: Path) -> "Lock":
        """Look at the lock of a data folder, without waiting; to be told of the cards next.

        A run writes its card before it lets go of the lock: who looks in this order misses none.
        """
        try:
            now, last = holder(data_dir), last_holder(data_dir)
        except StoreError as error:
            return cls(problem=str(error))
        is_free = now is None and last is not None and last.run_id is not None
        return cls(holder=now, vanished=last if is_free else None)

    def knowing(self, cards: Sequence[RunCard]) -> "Lock":
        """Return the lock, no run of these cards called vanished."""
        has_card = self.vanished and any(card.run_id == self.vanished.run_id for card in cards)
        return replace(self, vanished=None) if has_card else self


def _bytes(paths: Iterator[Path]) -> int:
    """Return the bytes of files; one that a crawl has just taken away counts nothing."""
    total = 0
    for path in paths:
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
