"""How the crawler of a data folder is doing, for ``scrapy status``: what is kept, put together.

Only looks: takes no lock, writes nothing, waits for no crawl.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kompascrawler.runs.card import RunCard
from kompascrawler.runs.cards import read_cards
from kompascrawler.runs.history import last_success, next_due
from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.errors import explained
from kompascrawler.store.interface import Breaker, Counts, Failure, Gap, StoreError
from kompascrawler.store.reader import NoStore, Reader, open_reader
from kompascrawler.store.waiting import LONGEST_WAIT
from kompascrawler.verdict.status import ExitStatus


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
class Status:
    """How the crawler of a data folder is doing."""

    data_dir: str
    exit_status: int
    """That of the latest run; 0 before the first, 3 where the folder cannot be read."""
    message: str | None = None
    """What is to be known first, one line: that there is no run yet, or what cannot be read."""
    runs: Sequence[RunCard] = ()
    """The latest runs, newest first."""
    last_success: RunCard | None = None
    next_due: str | None = None
    """When the next run is to be expected (RFC 3339, UTC), an estimate from the steps before."""
    store: StoreState | None = None
    """None where there is none, or it cannot be read."""
    sizes: Sizes | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the status as ``scrapy status --json`` prints it."""
        store, success = self.store, self.last_success
        return {
            "data_dir": self.data_dir,
            "exit_status": self.exit_status,
            "message": self.message,
            "last_success": success and {"run_id": success.run_id, "ended_at": success.ended_at},
            "next_due_estimate": self.next_due,
            "breakers": [breaker._asdict() for breaker in store.breakers] if store else None,
            "retry_queue": asdict(store.queue) if store else None,
            "gaps": [gap._asdict() for gap in store.gaps] if store else None,
            "store": store.counts._asdict() if store else None,
            "bytes": asdict(self.sizes) if self.sizes else None,
            "runs": [asdict(card) for card in self.runs],
        }


def status_of(data_dir: Path, *, runs: int, now: datetime) -> Status:
    """Look at a data folder and its latest ``runs``. Never raises for what lies in the folder."""
    place = str(data_dir)
    if not data_dir.is_dir():
        said = "is no folder" if data_dir.exists() else "does not exist"
        message = f"{place} {said}: name the crawler's data folder with -s DATA_DIR=…"
        return Status(data_dir=place, exit_status=ExitStatus.STORE, message=message)
    try:
        cards = read_cards(data_dir)
        with explained("measure the data folder", data_dir):
            sizes = Sizes.of(data_dir)
    except StoreError as error:
        return Status(data_dir=place, exit_status=ExitStatus.STORE, message=str(error))
    due = next_due(cards)
    store, problem = _read_store(data_dir, now.timestamp(), has_runs=bool(cards))
    return Status(
        data_dir=place,
        exit_status=ExitStatus.STORE if problem else cards[0].verdict.status if cards else 0,
        message=problem or (None if cards else f"No run has left a card in {place} yet."),
        runs=cards[:runs],
        last_success=last_success(cards),
        next_due=due.isoformat(timespec="seconds") if due else None,
        store=store,
        sizes=sizes,
    )


def _read_store(
    data_dir: Path, now: float, *, has_runs: bool
) -> tuple[StoreState | None, str | None]:
    """Return what the store holds, or why it cannot be read: nothing before the first run."""
    try:
        with open_reader(data_dir) as reader:
            return StoreState.read(reader, now), None
    except NoStore:
        missing = f"{data_dir / FILE_NAME} is gone: put back a backup of it"
        return None, missing if has_runs else None
    except StoreError as error:
        return None, str(error)


def _bytes(paths: Iterator[Path]) -> int:
    """Return the bytes of files; one that a crawl has just taken away counts nothing."""
    total = 0
    for path in paths:
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
