"""Answers of the site that are kept as they came.

All of them may be kept in WARC files, of which the store knows what they hold (queries on that have
no transactions of their own). Beside those, ``rejected/`` holds pages that gave no record, and
``drift/`` pages that show how the markup changed: each with a note that says why, for a person.
Functions on those raise StoreError.
"""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from kompascrawler import items
from kompascrawler.store.database import rfc3339
from kompascrawler.store.disk import explained, make_folder, replace

BROKEN: Final = "broken"
"""Last word of the role of an answer whose body broke off or cannot be unpacked."""
Place = tuple[int, int]
"""Number of a WARC file, and the offset of a record in it."""


class WarcFile(NamedTuple):
    """A WARC file, and how much of it is certain."""

    number: int
    file: str
    """Below the data folder."""
    size: int = 0
    records: int = 0
    closed_at: int | None = None
    """Seconds since 1970; None: records are added."""


class Capture(NamedTuple):
    """An answer in a WARC file, or a document that the browser rendered."""

    warc: int
    start: int
    size: int
    """Bytes of the record, compressed."""
    digest: bytes
    """SHA-1 of the payload."""
    role: str
    """The kind of request, the status unless that is 200, and ``BROKEN``; or ``rendered``."""
    id: str | None
    """Of the article that it was requested for."""
    article: int | None = None
    """Number of the revision that was made of it."""
    payload_warc: int | None = None
    """Where the payload is, if it is equal to an earlier one."""
    payload_start: int | None = None


class Archive(Protocol):
    """What keeps the answers of a run."""

    def first_page(self, article_id: str) -> items.Capture | None:
        """Return where the latest answer is that held an article's first page."""

    def settle(self, db: sqlite3.Connection, article_id: str, number: int) -> None:
        """Make durable what was received, and note which answers a revision was made of."""

    def settled(self) -> None:
        """Hear that the transaction has ended well."""


def warc_files(db: sqlite3.Connection) -> list[WarcFile]:
    """Return the WARC files, in their order."""
    return [WarcFile(*row) for row in db.execute("SELECT * FROM warc ORDER BY number")]


def last_warc(db: sqlite3.Connection) -> WarcFile | None:
    """Return the newest WARC file."""
    row = db.execute("SELECT * FROM warc ORDER BY number DESC LIMIT 1").fetchone()
    return row and WarcFile(*row)


def enter_warc(db: sqlite3.Connection, file: WarcFile, captures: Iterable[Capture] = ()) -> None:
    """Enter a file that is to be created, or what has become certain of it."""
    db.execute(
        "INSERT INTO warc VALUES (?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET"
        " bytes = excluded.bytes, records = excluded.records, closed_at = excluded.closed_at",
        file,
    )
    db.executemany("INSERT INTO capture VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", captures)


def made_of(db: sqlite3.Connection, number: int, places: Iterable[Place]) -> None:
    """Note which answers a revision was made of."""
    db.executemany(
        "UPDATE capture SET article = ? WHERE warc = ? AND start = ?",
        [(number, *place) for place in places],
    )


def digests(db: sqlite3.Connection, warc: int) -> dict[int, bytes]:
    """Return the digests of the answers in a file, by their offsets."""
    return dict(db.execute("SELECT start, digest FROM capture WHERE warc = ?", (warc,)))


def older_warcs(db: sqlite3.Connection, closed_before: int) -> list[WarcFile]:
    """Return the files closed before a time to whose payloads no other file refers."""
    rows = db.execute(
        "SELECT * FROM warc WHERE closed_at < ? AND NOT EXISTS (SELECT 1 FROM capture"
        " WHERE payload_warc = number AND warc <> payload_warc) ORDER BY number",
        (closed_before,),
    )
    return [WarcFile(*row) for row in rows.fetchall()]


def remove_warc(db: sqlite3.Connection, file: WarcFile) -> None:
    """Forget a file and the answers in it."""
    db.execute("DELETE FROM capture WHERE warc = ?", (file.number,))
    db.execute("DELETE FROM warc WHERE number = ?", (file.number,))


_PAGE, _NOTE = ".html.gz", ".json"


def _keep(page: Path, body: bytes, note: dict[str, Any], *, at: str) -> Path:
    """Write a page and its note durably; ``at`` is the note's key for the time. Raises OSError."""
    said = note | {at: rfc3339(datetime.now(UTC))}
    content = json.dumps(said, ensure_ascii=False, indent=1).encode()
    make_folder(page.parent)
    replace(page, gzip.compress(body, mtime=0))
    replace(page.with_name(page.name.removesuffix(_PAGE) + _NOTE), content)
    return page


REJECTED: Final = "rejected"
"""Folder of the data folder: pages that gave no record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a page was refused; the keys of the ``.json`` beside the page."""

    article_id: str | None
    """Identity of the article; None where the address names none."""
    url: str
    """As it was asked for."""
    reason: str
    """The kind of refusal, a name to count by."""
    message: str
    """The refusal in full, for a person."""
    encoding: str
    """As the response was read."""
    run_id: str


def rejected_page(data_dir: Path, name: str) -> Path:
    """Return where a refused page lies, by what ``save_rejected`` names it."""
    return data_dir / REJECTED / f"{name}{_PAGE}"


def rejected_note(data_dir: Path, name: str) -> Path:
    """Return where the note on that page lies."""
    return data_dir / REJECTED / f"{name}{_NOTE}"


def save_rejected(data_dir: Path, rejection: Rejection, body: bytes) -> Path:
    """Keep a refused page in ``DATA_DIR/rejected/``, in place of an earlier one; return its path.

    ``<id>.html.gz`` holds the page byte for byte and ``<id>.json`` the rejection with its time
    (UTC); the SHA-1 of the address stands for a missing id. Durable on return.
    """
    name = rejection.article_id or sha1(rejection.url.encode(), usedforsecurity=False).hexdigest()
    with explained("keep a refused page", data_dir / REJECTED):
        return _keep(rejected_page(data_dir, name), body, asdict(rejection), at="rejected_at")


def forget_rejected(data_dir: Path, article_id: str) -> None:
    """Delete the refused page of an article, if there is one: it was read."""
    page = rejected_page(data_dir, article_id)
    with explained("delete a page that was refused", page):
        if page.parent.exists():
            page.unlink(missing_ok=True)
            rejected_note(data_dir, article_id).unlink(missing_ok=True)


DRIFTED: Final = "drift"
"""Folder of the data folder: pages that show drift, in it a folder a run."""
LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a page that is kept; the largest page seen has 0.6 MB."""
MOST_RUNS: Final = 100
"""Runs whose pages are kept, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftedPage:
    """Why a page was kept; the keys of the ``.json`` beside the page."""

    url: str
    """As it was asked for."""
    cause: str
    """What it shows, in one line for each change."""
    measures: list[str]
    """What does not hold on it (``drift.measures``)."""
    encoding: str
    """As the response was read."""
    run_id: str
    section: str = "global"
    """Where it was seen."""


def save_drifted(data_dir: Path, number: int, note: DriftedPage, body: bytes) -> Path | None:
    """Keep a page as ``DATA_DIR/drift/<run_id>/<number>.html.gz``; return its path.

    None where it is too large to be kept. Durable on return.
    """
    if len(body) > LARGEST:
        return None
    page = data_dir / DRIFTED / note.run_id / f"{number}{_PAGE}"
    with explained("keep a page that shows drift", page.parent):
        return _keep(page, body, asdict(note), at="kept_at")


def find_drifted(data_dir: Path, measure: str, section: str = "global") -> Path | None:
    """Return the newest page of a section kept for a measure, or None."""
    with explained("look for a page that shows drift", data_dir / DRIFTED):
        for folder in _newest_first(data_dir):
            for note in sorted(folder.glob(f"*{_NOTE}")):
                told = json.loads(note.read_bytes())
                if measure in told["measures"] and told.get("section", "global") == section:
                    return note.with_suffix(_PAGE)
    return None


def prune_drifted(data_dir: Path, days: float) -> None:
    """Delete what was kept before so many days, and what is more than ``MOST_RUNS`` runs."""
    oldest = datetime.now(UTC).timestamp() - days * 24 * 60 * 60
    with explained("delete old pages that show drift", data_dir / DRIFTED):
        for number, folder in enumerate(_newest_first(data_dir)):
            if number >= MOST_RUNS or folder.stat().st_mtime < oldest:
                shutil.rmtree(folder)


def _newest_first(data_dir: Path) -> list[Path]:
    folders = (data_dir / DRIFTED).glob("*/")
    return sorted(folders, key=lambda folder: folder.stat().st_mtime, reverse=True)
