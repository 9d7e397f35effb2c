"""How the crawler of a data folder is doing, for ``scrapy status``: what is kept, put together.

Only looks: takes no lock, writes nothing, waits for no crawl.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kompascrawler.runs.card import RunCard
from kompascrawler.runs.cards import read_cards
from kompascrawler.runs.folder import Lock, Sizes, StoreState
from kompascrawler.runs.history import last_success, next_due
from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.errors import explained
from kompascrawler.store.interface import StoreError
from kompascrawler.store.reader import NoStore, OlderStore, open_reader
from kompascrawler.verdict.status import ExitStatus

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

    def as_dict(self) -> dict[str, Any]:
        """Return the status as ``scrapy status --json`` prints it."""
        store, success = self.store, self.last_success
        return {
            "data_dir": self.data_dir,
            "exit_status": self.exit_status,
            "message": self.message,
            "last_success": success and {"run_id": success.run_id, "ended_at": success.ended_at},
            "next_due_estimate": self.next_due,
            "lock": asdict(self.lock) if self.lock else None,
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
    try:
        with explained("look at the data folder", data_dir):
            _check(data_dir)
        lock = Lock.look(data_dir)
        cards = _read_cards(data_dir, runs)
        lock = lock.knowing(cards)
        with explained("measure the data folder", data_dir):
            sizes = Sizes.of(data_dir)
    except StoreError as error:
        return Status(data_dir=place, exit_status=ExitStatus.STORE, message=str(error))
    due = next_due(cards)
    store, is_sound, message = _read_store(data_dir, now.timestamp(), has_runs=bool(cards))
    if not cards:
        message = message or f"No run has left a card in {place} yet."
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
    )


def _check(data_dir: Path) -> None:
    """Raise StoreError, or OSError, for what is no folder that can be looked into."""
    if not data_dir.is_dir():
        said = "is no folder" if data_dir.exists() else "does not exist"
        raise StoreError(f"{data_dir} {said}: name the crawler's data folder with -s DATA_DIR=…")


def _exit_status(lock: Lock, cards: Sequence[RunCard]) -> ExitStatus:
    """Return the status of the latest run that has ended; that of a kill is unexpected."""
    if lock.vanished:
        return ExitStatus.ERROR
    return cards[0].verdict.status if cards else ExitStatus.FINE


def _read_cards(data_dir: Path, runs: int) -> list[RunCard]:
    """Return the latest cards: so many, or all where none of those is of a run that was fine.

    Raises StoreError.
    """
    cards = read_cards(data_dir, limit=max(runs, _RECENT))
    return cards if last_success(cards) else read_cards(data_dir)


def _read_store(
    data_dir: Path, now: float, *, has_runs: bool
) -> tuple[StoreState | None, bool, str | None]:
    """Return what the store holds, whether all is well with it, and what is to be said of it."""
    try:
        with open_reader(data_dir) as reader:
            return StoreState.read(reader, now), True, None
    except NoStore:
        gone = f"{data_dir / FILE_NAME} is gone: put back a backup of it"
        return None, not has_runs, gone if has_runs else None
    except OlderStore as error:
        return None, True, str(error)
    except StoreError as error:
        return None, False, str(error)
