"""The run cards of a data folder: ``runs/<run_id>.json``, ordered by when they were written.

A card's age is the time of its file. Where the clock was set back, the next card dates those that
seem to come from the future to just before itself, so that the order of the runs stays.

Where the data folder takes no card (the disk is full or read-only), the folder for temporary files
keeps it until a later run is stored. At the worst it is lost.
"""

import logging
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final

from kompascrawler.outcome.card import CardError, RunCard, read_card
from kompascrawler.outcome.verdict import BY_SIGNAL, ExitStatus
from kompascrawler.store.errors import explained
from kompascrawler.store.files import make_folder, remove_drafts, replace
from kompascrawler.store.kept import REJECTED
from kompascrawler.store.lock import last_holder

logger = logging.getLogger(__name__)

FOLDER = "runs"
KEPT_AT_LEAST = 100
"""Cards that stay whatever their age: the last day of runs, after a pause or a clock's jump."""
_DAY = 24 * 60 * 60 * 10**9
SAYS_NOTHING: Final = frozenset({ExitStatus.USAGE, ExitStatus.LOCKED, *BY_SIGNAL})
"""Ends of a run that a person or another run caused: they say nothing of how crawling goes."""
_RECENT: Final = 20
"""Runs whose steps count: earlier ones may have had another timetable."""
_FEWEST_STEPS: Final = 3
_REGULAR: Final = 0.25
"""Share of the usual step by which most steps may differ, where runs are regular."""


def card_path(data_dir: Path, run_id: str) -> Path:
    """Return the path of a run's card."""
    return data_dir / FOLDER / f"{run_id}.json"


def write_card(data_dir: Path, card: RunCard) -> Path:
    """Keep a card durably, as the newest; return its path. Raises StoreError."""
    path = card_path(data_dir, card.run_id)
    with explained("keep the run card", path):
        make_folder(path.parent)
        _take_out_of_the_future(path.parent)
        replace(path, card.to_json().encode())
        # The disk's own clock ticks in milliseconds, and would date it before those.
        now = time.time_ns()
        os.utime(path, ns=(now, now))
    return path


def is_used(data_dir: Path, run_id: str) -> bool:
    """Tell whether a card or the lock knows a run of this name. Raises StoreError."""
    last = last_holder(data_dir)
    return card_path(data_dir, run_id).exists() or (last is not None and last.run_id == run_id)


def read_cards(data_dir: Path, limit: int | None = None) -> list[RunCard]:
    """Return the latest cards, newest first: all, or so many. One kept elsewhere is the newest.

    A card that is damaged, or of a newer program, is skipped with a warning. Raises StoreError
    where the folder cannot be read; one that is not there has no cards.
    """
    cards = list(_read_elsewhere(data_dir))
    with explained("read the run cards", data_dir / FOLDER):
        for _, path in _newest_first(data_dir / FOLDER):
            if limit is not None and len(cards) >= limit:
                break
            try:
                cards.append(read_card(path.read_bytes()))
            except FileNotFoundError:
                continue  # pruned meanwhile
            except CardError as error:
                logger.warning("Skipped %s: %s", path, error)
    return cards


def keep_elsewhere(data_dir: Path, card: RunCard) -> None:
    """Keep a card that the data folder cannot take, if there is a place for it."""
    with suppress(OSError):
        descriptor, draft = tempfile.mkstemp(prefix=_prefix(data_dir), suffix=".draft")
        try:
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - it is open
                file.write(card.to_json())
            Path(draft).rename(_elsewhere(data_dir))
        except OSError:
            Path(draft).unlink()


def forget_elsewhere(data_dir: Path) -> None:
    """Remove what was kept elsewhere: the data folder takes cards again."""
    # Also those of other folders that had this name (another disk was mounted), and drafts.
    for path in Path(tempfile.gettempdir()).glob(f"{_prefix(data_dir)}*"):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _read_elsewhere(data_dir: Path) -> Iterator[RunCard]:
    path = _elsewhere(data_dir)
    with suppress(OSError, CardError):
        # Others can write to that folder, too.
        if not path.is_symlink() and path.stat().st_uid == os.geteuid():
            yield read_card(path.read_bytes())


def _elsewhere(data_dir: Path) -> Path:
    inode = 0
    with suppress(OSError):
        inode = data_dir.stat().st_ino  # no card of one that was deleted
    return Path(tempfile.gettempdir()) / f"{_prefix(data_dir)}{inode}.json"


def _prefix(data_dir: Path) -> str:
    digest = sha256(os.fsencode(data_dir.absolute())).hexdigest()[:16]
    return f"kompascrawler-{os.geteuid()}-{digest}-"


def prune_cards(data_dir: Path, keep_days: float) -> None:
    """Remove cards older than so many days, but for the latest ``KEPT_AT_LEAST``, and drafts.

    Raises StoreError.
    """
    with explained("remove old run cards", data_dir / FOLDER):
        remove_drafts(data_dir / FOLDER)
        remove_drafts(data_dir / REJECTED)
        oldest = time.time_ns() - int(keep_days * _DAY)
        for written_at, path in _newest_first(data_dir / FOLDER)[KEPT_AT_LEAST:]:
            if written_at < oldest:
                path.unlink(missing_ok=True)


def _newest_first(folder: Path) -> list[tuple[int, Path]]:
    """Return the cards of a folder with when they were written, in nanoseconds since 1970."""
    if not folder.exists():
        return []
    with os.scandir(folder) as entries:
        found = [
            (entry.stat().st_mtime_ns, Path(entry.path))
            for entry in entries
            if entry.name.endswith(".json") and not entry.name.startswith(".") and entry.is_file()
        ]
    return sorted(found, reverse=True)


def _take_out_of_the_future(folder: Path) -> None:
    """Date cards that another clock has put into the future to now, in their order."""
    now = time.time_ns()
    for back, (written_at, path) in enumerate(_newest_first(folder), start=1):
        if written_at < now:
            break
        os.utime(path, ns=(now - back, now - back))


def last_success(cards: Iterable[RunCard]) -> RunCard | None:
    """Return the latest run that was healthy."""
    return next((card for card in cards if card.verdict.is_healthy), None)


def previous_verdict(cards: Iterable[RunCard], card: RunCard) -> RunCard | None:
    """Return the latest other run whose verdict says something of how crawling goes."""
    telling = (other for other in cards if other.verdict.status not in SAYS_NOTHING)
    return next((other for other in telling if other.run_id != card.run_id), None)


def usual_step(cards: Sequence[RunCard]) -> timedelta | None:
    """Return the time from one run's start to the next, where most are about the same.

    None for fewer than four runs, or runs at no regular times.
    """
    starts = [datetime.fromisoformat(card.started_at) for card in cards[:_RECENT]]
    steps = [(later - earlier).total_seconds() for later, earlier in pairwise(starts)]
    if len(steps) < _FEWEST_STEPS:
        return None
    usual = median(steps)
    spread = median(abs(step - usual) for step in steps)
    return timedelta(seconds=usual) if usual > 0 and spread <= _REGULAR * usual else None


def next_due(cards: Sequence[RunCard]) -> datetime | None:
    """Estimate when the next run begins; None where runs are not regular."""
    step = usual_step(cards)
    return datetime.fromisoformat(cards[0].started_at) + step if step else None
