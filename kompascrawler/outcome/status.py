"""What a data folder tells at a glance: lock, store, sizes. Only looks, and waits for no crawl."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from kompascrawler.outcome.card import RunCard
from kompascrawler.outcome.cards import last_success, next_due, read_cards
from kompascrawler.outcome.exit_status import ExitStatus
from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.errors import explained
from kompascrawler.store.kept import REJECTED
from kompascrawler.store.ledger import Ledger
from kompascrawler.store.links import DIED, LONGEST_WAIT
from kompascrawler.store.lock import Holder, holder, last_holder
from kompascrawler.store.model import (
    Breaker,
    Failure,
    Gap,
    NoStore,
    OlderStore,
    StoreCounts,
    StoreError,
)
from kompascrawler.store.store import open_reader


class Queue(NamedTuple):
    """Articles that failed: to be tried again, those of them whose waiting time is over, left."""

    waiting: int
    due: int
    given_up: int
    died_on: tuple[str, ...] = ()
    """Identities of those that runs died on: tried last, three times."""


_DEADLY: Final = ((DIED, "waiting"), (DIED, "given_up"))


def queue_of(failures: Sequence[Failure], now: float) -> Queue:
    """Count failures; ``now`` in seconds since 1970."""
    tries = [one.next_try for one in failures if one.next_try is not None]
    # As the store decides: what lies too far ahead was written under another clock.
    due = sum(time <= now or time > now + LONGEST_WAIT for time in tries)
    given_up = sum(one.state == "given_up" for one in failures)
    died_on = tuple(one.link.id for one in failures if (one.cause, one.state) in _DEADLY)
    return Queue(len(tries), due, given_up, died_on)


class StoreState(NamedTuple):
    """What the store holds."""

    counts: StoreCounts
    queue: Queue
    gaps: Sequence[Gap]
    breakers: Sequence[Breaker]


class Sizes(NamedTuple):
    """Bytes on the disk; ``free`` is what it has left for the one who asks."""

    state: int
    articles: int
    rejected: int
    free: int


class DayCounts(NamedTuple):
    """Days of the ledger (store/ledger.py)."""

    closed: int
    open: int
    """To be read by their listing, or once more."""
    missing: int
    """Articles that the last looks showed, and that were not stored then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Who is at work in a data folder, or was."""

    holder: Holder | None = None
    """The run that is going on."""
    vanished: Holder | None = None
    """The latest run, where it has ended without a card."""
    problem: str | None = None
    """Why that cannot be told."""


def _lock_and_cards(data_dir: Path, runs: int) -> tuple[Lock, list[RunCard]]:
    """Return the lock and so many latest cards, or all where none of those was fine.

    In this order: a run writes its card before it lets go of the lock, so that none is missed.
    Raises StoreError.
    """
    now, last, problem = None, None, None
    try:
        now, last = holder(data_dir), last_holder(data_dir)
    except StoreError as error:
        problem = str(error)
    cards = read_cards(data_dir, limit=max(runs, _RECENT))
    cards = cards if last_success(cards) else read_cards(data_dir)
    known = {None, *(card.run_id for card in cards)}
    has_vanished = problem is None and now is None and last and last.run_id not in known
    return Lock(holder=now, vanished=last if has_vanished else None, problem=problem), cards


def _sizes(data_dir: Path) -> Sizes:
    return Sizes(
        state=_bytes(data_dir.glob(f"{FILE_NAME}*")),
        articles=_bytes((data_dir / "articles").rglob("*")),
        rejected=_bytes((data_dir / REJECTED).glob("*")),
        free=shutil.disk_usage(data_dir).free,
    )


def _days(data_dir: Path, section: str) -> DayCounts:
    days = Ledger(data_dir, section).read().values()
    closed = sum(day.closed for day in days)
    return DayCounts(closed, len(days) - closed, sum(len(day.missing) for day in days))


def _bytes(paths: Iterator[Path]) -> int:
    """Return the bytes of files; one that a crawl has just taken away counts nothing."""
    total = 0
    for path in paths:
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total


_RECENT: Final = 50
"""Cards that are read at least: enough to know the step between runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the crawler of a data folder is doing."""

    data_dir: str
    exit_status: int
    """That of the latest run; 0 before the first, 1 where the latest has left no card, 3 where
    the folder cannot be read."""
    message: str | None = None
    """What is to be known first, one line: that there is no run yet, or what cannot be read."""
    runs: Sequence[RunCard] = ()
    """The latest runs, newest first."""
    last_success: RunCard | None = None
    next_due: str | None = None
    """When the next run is to be expected (RFC 3339, UTC), an estimate from the steps before."""
    lock: Lock | None = None
    store: StoreState | None = None
    """None where there is none, or it cannot be read."""
    sizes: Sizes | None = None
    days: DayCounts | None = None
    """None where the ledger cannot be read."""

    def as_dict(self) -> dict[str, Any]:
        """Return the status as ``kompascrawler status --json`` prints it."""
        store, success = self.store, self.last_success
        return {
            "data_dir": self.data_dir,
            "exit_status": self.exit_status,
            "message": self.message,
            "last_success": success and {"run_id": success.run_id, "ended_at": success.ended_at},
            "next_due_estimate": self.next_due,
            "lock": asdict(self.lock) if self.lock else None,
            "breakers": [breaker._asdict() for breaker in store.breakers] if store else None,
            "retry_queue": store.queue._asdict() if store else None,
            "gaps": [gap._asdict() for gap in store.gaps] if store else None,
            "store": store.counts._asdict() if store else None,
            "days": self.days._asdict() if self.days else None,
            "bytes": self.sizes._asdict() if self.sizes else None,
            "runs": [asdict(card) for card in self.runs],
        }


def status_of(data_dir: Path, *, runs: int, now: datetime, section: str = "global") -> Status:
    """Look at a data folder, its latest ``runs`` and the days of a section.

    Never raises for what lies in the folder.
    """
    place = str(data_dir.absolute())
    try:
        with explained("look at the data folder", data_dir):
            _check(data_dir)
        lock, cards = _lock_and_cards(data_dir, runs)
        with explained("measure the data folder", data_dir):
            sizes = _sizes(data_dir)
        days = _days(data_dir, section)
    except StoreError as error:
        return Status(data_dir=place, exit_status=ExitStatus.STORE, message=str(error))
    due = next_due(cards)
    store, is_sound, message = _read_store(data_dir, now.timestamp(), has_runs=bool(cards))
    if not cards:
        message = message or "No run has left a card here yet."
    return Status(
        data_dir=place,
        exit_status=_exit_status(lock, cards) if is_sound else ExitStatus.STORE,
        message=message,
        runs=cards[:runs],
        last_success=last_success(cards),
        next_due=due.isoformat(timespec="seconds") if due else None,
        lock=lock,
        store=store,
        sizes=sizes,
        days=days,
    )


def _check(data_dir: Path) -> None:
    if not data_dir.is_dir():
        said = "is no folder" if data_dir.exists() else "does not exist"
        raise StoreError(f"{data_dir} {said}: name the crawler's data folder with -s DATA_DIR=…")


def _exit_status(lock: Lock, cards: Sequence[RunCard]) -> ExitStatus:
    if lock.vanished:
        return ExitStatus.ERROR
    return cards[0].verdict.status if cards else ExitStatus.FINE


def _read_store(
    data_dir: Path, now: float, *, has_runs: bool
) -> tuple[StoreState | None, bool, str | None]:
    """Return what the store holds, whether all is well with it, and what is to be said of it."""
    try:
        with open_reader(data_dir) as reader:
            queue = queue_of(reader.failures(), now)
            found = StoreState(reader.counts(), queue, reader.gaps(), reader.breakers())
            return found, True, None
    except NoStore:
        gone = f"{data_dir / FILE_NAME} is gone or empty: put back a backup of it"
        return None, not has_runs, gone if has_runs else None
    except OlderStore as error:
        return None, True, str(error)
    except StoreError as error:
        return None, False, str(error)
