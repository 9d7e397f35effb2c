"""What a data folder tells at a glance: lock, store, sizes. Only looks, and waits for no crawl."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

from kompascrawler.cloud.publishing import read_cursor
from kompascrawler.outcome.cards import ExitStatus, RunCard, last_success, read_cards
from kompascrawler.sections import SECTIONS
from kompascrawler.store import manifest
from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.disk import explained
from kompascrawler.store.kept import REJECTED
from kompascrawler.store.ledger import Day, days_of
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
    """Articles that failed."""

    waiting: int
    """Those that are tried again."""
    due: int
    """Those of them whose waiting time is over."""
    given_up: int
    died_on: tuple[str, ...] = ()
    """Identities of those that runs died on: tried last, three times."""


def queue_of(failures: Sequence[Failure], now: float) -> Queue:
    """Count failures; ``now`` in seconds since 1970."""
    tries = [one.next_try for one in failures if one.next_try is not None]
    # As the store decides: what lies too far ahead was written under another clock.
    due = sum(time <= now or time > now + LONGEST_WAIT for time in tries)
    given_up = sum(one.state == "given_up" for one in failures)
    deadly = (one for one in failures if one.cause == DIED and one.state != "dropped")
    return Queue(len(tries), due, given_up, tuple(one.link.id for one in deadly))


class StoreState(NamedTuple):
    """What the store holds."""

    counts: StoreCounts
    queue: Queue
    gaps: Sequence[Gap]
    breakers: Sequence[Breaker]
    queues: Mapping[str, Queue]
    """The same by section: those of the setting ``SECTION``."""


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
    have: int = 0
    """Those of them that were."""

    @classmethod
    def of(cls, days: Sequence[Day]) -> "DayCounts":
        """Count days."""
        closed = sum(day.closed for day in days)
        missing = sum(len(day.missing) for day in days)
        return cls(closed, len(days) - closed, missing, sum(day.have for day in days))


class Bucket(NamedTuple):
    """How far the copying to ``PUBLISH_URL`` has come."""

    url: str
    number: int
    """The last file that is there, by its number in the manifest."""
    last: int
    """The last one that is published."""
    cause: str | None
    """Why the last try failed."""
    failing_since: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Which run uses a data folder."""

    holder: Holder | None = None
    """The run that is going on."""
    vanished: Holder | None = None
    """The latest run, where it has ended without a card."""
    problem: str | None = None
    """Why the lock cannot be read."""


def _lock_and_cards(data_dir: Path, runs: int) -> tuple[Lock, list[RunCard]]:
    """Return the lock and so many latest cards, or all where none of those was fine.

    In this order: a run writes its card before it lets go of the lock, so that none is missed.
    Raises StoreError.
    """
    with explained("look at the data folder", data_dir):
        if not data_dir.is_dir():
            said = f"{data_dir} {'is no folder' if data_dir.exists() else 'does not exist'}"
            raise StoreError(f"{said}: name the crawler's data folder with -s DATA_DIR=…")
    last = None
    try:
        lock, last = Lock(holder=holder(data_dir)), last_holder(data_dir)
    except StoreError as error:
        lock = Lock(problem=str(error))
    cards = read_cards(data_dir, limit=max(runs, _RECENT))
    cards = cards if last_success(cards) else read_cards(data_dir)
    known = {None, *(card.run_id for card in cards)}
    if last and last.run_id not in known and lock == Lock():
        lock = Lock(vanished=last)
    return lock, cards


def _bytes(paths: Iterator[Path]) -> int:
    """Return the bytes of files; one that a crawl has just taken away counts nothing."""
    total = 0
    for path in paths:
        with suppress(FileNotFoundError):
            total += path.stat().st_size if path.is_file() else 0
    return total


_RECENT: Final = 50
"""Cards that are read at least: enough to know the step between runs."""
_LATEST: Final = 20
"""Runs whose steps count: earlier ones may have had another timetable."""
_FEWEST_STEPS: Final = 3
_REGULAR: Final = 0.25
"""Share of the usual step by which most steps may differ, where runs are regular."""


def next_due(cards: Sequence[RunCard]) -> datetime | None:
    """Estimate when the next run begins; None for fewer than four, or at no regular times."""
    starts = [datetime.fromisoformat(card.started_at) for card in cards[:_LATEST]]
    steps = [(later - earlier).total_seconds() for later, earlier in pairwise(starts)]
    if len(steps) < _FEWEST_STEPS:
        return None
    usual = median(steps)
    spread = median(abs(step - usual) for step in steps)
    is_regular = usual > 0 and spread <= _REGULAR * usual
    return starts[0] + timedelta(seconds=usual) if is_regular else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the crawler of a data folder is doing."""

    data_dir: str
    exit_status: int
    """That of the latest run; 0 before the first, 1 where the latest has left no card, 3 where
    the folder cannot be read."""
    message: str | None = None
    """One line to show first: there is no run yet, or what cannot be read."""
    runs: Sequence[RunCard] = ()
    """The latest runs, newest first."""
    last_success: RunCard | None = None
    next_due: str | None = None
    """When the next run probably begins (RFC 3339, UTC), by the steps between the latest."""
    lock: Lock | None = None
    store: StoreState | None = None
    """None where there is none, or it cannot be read."""
    sizes: Sizes | None = None
    days: DayCounts | None = None
    bucket: Bucket | None = None
    """None where nothing was ever to be copied."""
    sections: Mapping[str, DayCounts] = field(default_factory=dict)
    """The same by section: those of the setting ``SECTION``."""

    def as_dict(self) -> dict[str, Any]:
        """Return the status as ``kompascrawler status --json`` prints it."""
        store, success = self.store, self.last_success
        return {
            "data_dir": self.data_dir,
            "exit_status": self.exit_status,
            "message": self.message,
            "last_success": success and {"run_id": success.run_id, "ended_at": success.ended_at},
            "next_due_estimate": self.next_due,
            "lock": self.lock and asdict(self.lock),
            "breakers": store and [breaker._asdict() for breaker in store.breakers],
            "retry_queue": store and store.queue._asdict(),
            "gaps": store and [gap._asdict() for gap in store.gaps],
            "store": store and store.counts._asdict(),
            "days": self.days and self.days._asdict(),
            "bucket": self.bucket and self.bucket._asdict(),
            "sections": {
                name: days._asdict() | {"retry_queue": store and store.queues[name]._asdict()}
                for name, days in self.sections.items()
            },
            "bytes": self.sizes and self.sizes._asdict(),
            "runs": [asdict(card) for card in self.runs],
        }


def status_of(
    data_dir: Path, *, runs: int, now: datetime, sections: Sequence[str] = ("global",)
) -> Status:
    """Look at a data folder, its latest ``runs`` and the days of sections.

    Never raises for what lies in the folder.
    """
    try:
        lock, cards = _lock_and_cards(data_dir, runs)
        sizes, bucket = _sizes_of(data_dir), _bucket_of(data_dir)
        days = days_of(data_dir, sections)
    except StoreError as error:
        status, message = ExitStatus.STORE, str(error)
        return Status(data_dir=str(data_dir.absolute()), exit_status=status, message=message)
    due = next_due(cards)
    status = cards[0].verdict.status if cards else ExitStatus.FINE
    status = ExitStatus.ERROR if lock.vanished else status
    store, note = None, None if cards else "No run has left a card here yet."
    try:
        store = _read_store(data_dir, now.timestamp(), sections, has_runs=bool(cards))
    except StoreError as error:
        note = str(error)
        status = status if isinstance(error, OlderStore) else ExitStatus.STORE
    return Status(
        data_dir=str(data_dir.absolute()),
        exit_status=status,
        message=note,
        runs=cards[:runs],
        last_success=last_success(cards),
        next_due=due.isoformat(timespec="seconds") if due else None,
        lock=lock,
        store=store,
        sizes=sizes,
        bucket=bucket,
        days=DayCounts.of(days),
        sections={
            name: DayCounts.of([day for day in days if day.section == name]) for name in sections
        },
    )


def _sizes_of(data_dir: Path) -> Sizes:
    with explained("measure the data folder", data_dir):
        return Sizes(
            state=_bytes(data_dir.glob(f"{FILE_NAME}*")),
            articles=_bytes((data_dir / "articles").rglob("*")),
            rejected=_bytes((data_dir / REJECTED).glob("*")),
            free=shutil.disk_usage(data_dir).free,
        )


def _bucket_of(data_dir: Path) -> Bucket | None:
    if (cursor := read_cursor(data_dir)) is None:
        return None
    last = manifest.tail(data_dir)
    known = (cursor.url, cursor.number, last.number if last else 0)
    return Bucket(*known, cursor.cause, cursor.failing_since)


def _read_store(
    data_dir: Path, now: float, sections: Sequence[str], *, has_runs: bool
) -> StoreState | None:
    try:
        with open_reader(data_dir) as reader:
            failures = reader.failures()
            queues = {
                name: queue_of([one for one in failures if SECTIONS[name].owns(one.link.url)], now)
                for name in sections
            }
            known = (reader.counts(), queue_of(failures, now), reader.gaps(), reader.breakers())
            return StoreState(*known, queues)
    except NoStore as error:
        if has_runs:
            gone = f"{data_dir / FILE_NAME} is gone or empty: restore a backup of it"
            raise StoreError(gone) from error
    return None
