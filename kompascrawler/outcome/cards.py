"""The run cards, JSON of how a run went and what it did: ``runs/<run_id>.json``.

A card's age is the time of its file. Where the clock was set back, the next card dates those from
the future to just before itself. Where the data folder takes no card (the disk is full or
read-only), the folder for temporary files keeps it until a later run is stored, at the best.
"""

import json
import logging
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

from kompascrawler.store.disk import explained, make_folder, remove_drafts, replace
from kompascrawler.store.kept import REJECTED
from kompascrawler.store.lock import last_holder

logger = logging.getLogger(__name__)

FOLDER = "runs"
CARD_VERSION = 1
"""Version of the card's form; a reader refuses a newer one."""
KEPT_AT_LEAST = 100
"""Cards that stay whatever their age: the last day of runs, after a pause or a clock's jump."""


class ExitStatus(IntEnum):
    """Exit status of ``scrapy crawl``; docs/runs.md says what each means, and what to do."""

    FINE = 0
    ERROR = 1
    USAGE = 2
    STORE = 3
    UNREACHABLE = 4
    BLOCKED = 5
    DRIFT = 6
    FAILED = 7
    BROWSER = 8
    BUDGET = 9
    LOCKED = 75  # EX_TEMPFAIL of sysexits.h
    HUNG_UP = 129
    INTERRUPTED = 130
    QUIT = 131
    TERMINATED = 143
    CPU_LIMIT = 152


BY_SIGNAL: Final = frozenset(status for status in ExitStatus if status > 128)
"""Statuses of runs that a signal ended: 128 and its number."""
NOT_DONE: Final = (ExitStatus.BUDGET, ExitStatus.LOCKED, *BY_SIGNAL)
"""Statuses of runs that ended early, and went well until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a run went."""

    status: ExitStatus
    name: str
    """The status in a word: ``fine``, ``blocked``, … (the lower case of its name)."""
    cause: str
    """One line: why the status is what it is."""
    advice: str | None = None
    """One line: what to do, if anything."""
    also: tuple[str, ...] = ()
    """The names of the other, less serious causes that hold."""
    filling: bool = False
    """A budget ended the run, which got further in the first reading of the index."""

    @property
    def is_healthy(self) -> bool:
        """Whether there is nothing to do."""
        return self.status is ExitStatus.FINE or self.filling

    @classmethod
    def of(cls, status: ExitStatus, cause: str, advice: str | None = None) -> Self:
        """Return the verdict of a status, named after it."""
        return cls(status=status, name=status.name.lower(), cause=cause, advice=advice)


class CardError(ValueError):
    """A text is no valid run card; the message is one line that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the articles of a run."""

    found: int = 0
    known: int = 0
    """Those of them that earlier runs had found."""
    new: int = 0
    revised: int = 0
    """Articles stored again because they are whole now, hold more, or have changed."""
    deleted: int = 0
    looks: int = 0
    """Looks at articles that were stored whole."""
    refused: int = 0
    """Pages that gave no valid record; kept in ``rejected/``."""
    failed: int = 0
    incomplete: int = 0
    duplicates: int = 0
    """Articles with the content of an earlier one, under another id."""
    published: int = 0
    given_up: int = 0
    """Articles that failed, or were incomplete, for the last time: listed, not requested again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """What the run asked the site for, tries and redirects included."""

    total: int = 0
    by_status: Mapping[str, int] = field(default_factory=dict)
    """Answers by HTTP status (``"200"``); ``"none"`` are requests without an answer."""
    by_kind: Mapping[str, int] = field(default_factory=dict)
    """Requests by what for: robots, front, index, article, halaman, browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCard:
    """What one run did. Field order is the order in the file."""

    card_version: int = CARD_VERSION
    run_id: str
    started_at: str
    """RFC 3339 in UTC, as all times of a card."""
    ended_at: str
    spider: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    """What ran: kompascrawler, python, scrapy, …; the browser only where one was used."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings that differ from settings.py, secrets masked."""
    verdict: Verdict
    counts: Counts = field(default_factory=Counts)
    requests: Requests = field(default_factory=Requests)
    bytes: int = 0
    """Bytes of all answers as they came (headers included where they are known)."""
    routes: Mapping[str, int] = field(default_factory=dict)
    """Articles by how their pages were fetched: single, all, numbered, browser, declared."""
    sections: Mapping[str, int] = field(default_factory=dict)
    """New articles by section."""
    closed_routes: tuple[str, ...] = ()
    """Forms of addresses that fail and are only probed, with cause and next probe."""
    timings: Mapping[str, float] = field(default_factory=dict)
    peak_memory_mb: float | None = None
    """The most memory that this process and its children held, MiB."""
    drift: tuple[str, ...] = ()
    """Changes of the site's markup, one line each."""
    drift_waiting: int = 0
    """Pages of articles that wait to be judged with those of later runs."""
    repeated_lines: tuple[str, ...] = ()
    """Paragraphs that many of the new articles share."""
    not_copied: int = 0
    """Published files that are not at ``PUBLISH_URL`` yet."""
    last_news_at: str | None = None
    """When a run found an article newer than all before, RFC 3339 in UTC."""

    def to_json(self) -> str:
        """Return the card as JSON, with a line end."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def read_card(text: str | bytes) -> RunCard:
    """Return the card of a text, unknown fields ignored. Raises CardError for anything else."""
    import msgspec  # noqa: PLC0415 - costs 30 ms; a crawl without notifications reads no card

    try:
        card = msgspec.json.decode(text, type=RunCard)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CardError(f"no run card: {error}") from error
    if card.card_version > CARD_VERSION:
        known = f"this program knows {CARD_VERSION}: upgrade it"
        raise CardError(f"a card of version {card.card_version}; {known}")
    return card


def card_path(data_dir: Path, run_id: str) -> Path:
    """Return where a run's card is."""
    return data_dir / FOLDER / f"{run_id}.json"


def write_card(data_dir: Path, card: RunCard) -> Path:
    """Keep a card durably, as the newest; return its path. Raises StoreError."""
    path = card_path(data_dir, card.run_id)
    with explained("keep the run card", path):
        make_folder(path.parent)
        now = time.time_ns()
        for back, (written_at, other) in enumerate(_newest_first(path.parent), start=1):
            if written_at >= now:  # by another clock
                os.utime(other, ns=(now - back, now - back))
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
        if not path.is_symlink() and path.stat().st_uid == os.geteuid():  # others write there, too
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
    """Remove older cards but the latest ``KEPT_AT_LEAST``, and drafts. Raises StoreError."""
    with explained("remove old run cards", data_dir / FOLDER):
        remove_drafts(data_dir / FOLDER)
        remove_drafts(data_dir / REJECTED)
        oldest = time.time_ns() - int(keep_days * 86_400 * 10**9)
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


def last_success(cards: Iterable[RunCard]) -> RunCard | None:
    """Return the latest run that was healthy."""
    return next((card for card in cards if card.verdict.is_healthy), None)
