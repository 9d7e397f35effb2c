"""Queries on WARC files and the answers in them. No transactions of its own."""

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple, Protocol

from kompascrawler import items

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


def last_file(db: sqlite3.Connection) -> WarcFile | None:
    """Return the newest WARC file."""
    row = db.execute("SELECT * FROM warc ORDER BY number DESC LIMIT 1").fetchone()
    return row and WarcFile(*row)


def add_file(db: sqlite3.Connection, file: WarcFile) -> None:
    """Enter a file that is to be created."""
    db.execute("INSERT INTO warc VALUES (?, ?, ?, ?, ?)", file)


def update(db: sqlite3.Connection, file: WarcFile, captures: Iterable[Capture] = ()) -> None:
    """Enter what has become certain."""
    db.execute(
        "UPDATE warc SET bytes = ?, records = ?, closed_at = ? WHERE number = ?",
        (*file[2:], file.number),
    )
    db.executemany("INSERT INTO capture VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", captures)


def made_of(db: sqlite3.Connection, number: int, places: Iterable[Place]) -> None:
    """Note which answers a revision was made of."""
    db.executemany(
        "UPDATE capture SET article = ? WHERE warc = ? AND start = ?",
        [(number, *place) for place in places],
    )


def with_payload(db: sqlite3.Connection, warc: int, digest: bytes) -> int | None:
    """Return where a file has the record of a payload that is whole."""
    row = db.execute(
        "SELECT start FROM capture WHERE digest = ? AND warc = ? AND payload_warc IS NULL"
        " AND role NOT LIKE ? LIMIT 1",
        (digest, warc, f"%{BROKEN}"),
    ).fetchone()
    return row and int(row[0])


def files(db: sqlite3.Connection) -> list[WarcFile]:
    """Return the WARC files, in their order."""
    return [WarcFile(*row) for row in db.execute("SELECT * FROM warc ORDER BY number")]


def digests(db: sqlite3.Connection, warc: int) -> dict[int, bytes]:
    """Return the digests of the answers in a file, by their offsets."""
    return dict(db.execute("SELECT start, digest FROM capture WHERE warc = ?", (warc,)))


def older(db: sqlite3.Connection, closed_before: int) -> list[WarcFile]:
    """Return the closed files of a time to whose payloads no other file refers."""
    return [
        file
        for file in files(db)
        if file.closed_at is not None
        and file.closed_at < closed_before
        and not db.execute(
            "SELECT 1 FROM capture WHERE payload_warc = ? AND warc <> payload_warc LIMIT 1",
            (file.number,),
        ).fetchone()
    ]


def remove(db: sqlite3.Connection, file: WarcFile) -> None:
    """Forget a file and the answers in it."""
    db.execute("DELETE FROM capture WHERE warc = ?", (file.number,))
    db.execute("DELETE FROM warc WHERE number = ?", (file.number,))


def of_article(
    db: sqlite3.Connection, article_id: str, revision: int | None
) -> list[tuple[WarcFile, Capture]]:
    """Return the answers to an article's requests, or those that a revision was made of."""
    rows = db.execute(
        "SELECT warc.*, capture.* FROM capture JOIN warc ON warc.number = capture.warc"
        " WHERE id = ? AND (? IS NULL OR article ="
        " (SELECT number FROM article WHERE id = capture.id AND revision = ?))"
        " ORDER BY capture.warc, start",
        (article_id, revision, revision),
    )
    return [(WarcFile(*row[:5]), Capture(*row[5:])) for row in rows]
