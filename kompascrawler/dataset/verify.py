"""Compare manifest, published files and store, all of it. Only reads, and beside a crawl too.

A crawl may publish meanwhile: the folder is listed first, then the manifest is read, then the
store. What the later ones know in addition is no fault.
"""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from itertools import starmap
from pathlib import Path, PurePosixPath

from kompascrawler.dataset.forget import returned
from kompascrawler.items import Article, faults
from kompascrawler.store import manifest, outbox, takedown
from kompascrawler.store.database import FILE_NAME as STORE
from kompascrawler.store.database import Database
from kompascrawler.store.database import damage as damage_of
from kompascrawler.store.errors import explained
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import NoStore, OlderStore, StoreError
from kompascrawler.warc.upkeep import damage_in


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was published."""

    place: str
    """A file, below the data folder."""
    cause: str


@dataclass(slots=True)
class Verification:
    """What was compared, and what was found."""

    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    """Files that stand for records: none replaces them."""
    records: int = 0
    """Records in them, as the manifest has it."""
    number: int = 0
    """The last number in the manifest."""

    def add(self, place: str, cause: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(place, cause))


def verify(data_dir: Path) -> Verification:
    """Compare everything. Raises StoreError where the folder cannot be read."""
    found = Verification()
    listed = published_on_disk(data_dir)
    entries = _read_manifest(data_dir, found)
    current = manifest.current(entries)
    found.files, found.records = len(current), sum(entry.lines for entry in current)
    found.number = max((entry.number for entry in entries), default=0)
    names = manifest.files_kept(entries)
    try:
        with closing(Database.open_for_reading(data_dir)) as database, database.reading() as db:
            db.execute("BEGIN")  # a snapshot, whatever a crawl writes from here on
            names |= _compare_entries(db, data_dir, entries, found)
            for entry in current:
                _compare_file(db, data_dir, entry, found)
            _compare_counts(db, current, found)
            found.findings += starmap(Finding, damage_in(db, data_dir))
            found.findings += starmap(Finding, returned(db, data_dir))
    except NoStore:
        if entries or listed:
            found.add(STORE, "it is gone")
        for entry in current:
            _compare_file(None, data_dir, entry, found)
    except OlderStore:
        if not entries:
            raise
        found.add(STORE, f"it is empty, or older than {manifest.FILE_NAME}")
    except StoreError as error:
        found.add(STORE, str(error))
    for file in listed:
        if file not in names:
            found.add(file, f"{manifest.FILE_NAME} does not list it")
    return found


def published_on_disk(data_dir: Path) -> list[str]:
    """Return the published files that there are, below the data folder, in their order.

    Numbered names come last: the others are older.
    """
    with explained("list the published files", data_dir):
        paths = [path.relative_to(data_dir) for path in data_dir.glob("articles/*/[!.]*.jsonl")]
    return [str(path) for path in sorted(paths, key=_in_order)]


def _in_order(path: Path) -> tuple[bool, str, int]:
    name, _, batch = path.stem.rpartition("-")
    return bool(re.match(r"\d{8}-", path.stem)), name, int(batch) if batch.isdecimal() else 0


def content_of(data_dir: Path, file: str) -> bytes | None:
    """Return what a file holds, or None where it is gone."""
    path = data_dir / file
    with explained("read the published files", path):
        return path.read_bytes() if path.exists() else None


def _read_manifest(data_dir: Path, found: Verification) -> list[Entry]:
    entries: list[Entry] = []
    for place, line in enumerate(manifest.lines_of(data_dir), start=1):
        try:
            entry = manifest.parse(line)
        except ValueError as error:
            found.add(manifest.FILE_NAME, f"line {place}: {error}")
            continue
        if entries and entry.number <= entries[-1].number:
            before = entries[-1].number
            found.add(manifest.FILE_NAME, f"line {place}: number {entry.number} after {before}")
        entries.append(entry)
    return entries


def _compare_entries(
    db: sqlite3.Connection, data_dir: Path, entries: list[Entry], found: Verification
) -> set[str]:
    """Compare the manifest with what the store knows of it; return the files the store knows."""
    for cause in damage_of(db):
        found.add(STORE, cause)
    stored = {entry.number: entry for entry in outbox.entered(db)}
    settled = {known["number"]: known["file"] for known in outbox.settled(db)}
    for entry in entries:
        if stored.get(entry.number) != entry and settled.get(entry.number) != entry.file:
            other = "has another file" if entry.number in stored else "has no file"
            found.add(STORE, f"{other} with number {entry.number}, {entry.file}")
    end = manifest.tail(data_dir) if not found.findings else None
    last = max(stored, default=0)
    if last > (end.number if end else found.number):
        cause = f"it ends with number {found.number}, and the store has published {last}"
        found.add(manifest.FILE_NAME, cause)
    return manifest.files_kept(stored.values()) | set(settled.values())


def _compare_file(
    db: sqlite3.Connection | None, data_dir: Path, entry: Entry, found: Verification
) -> None:
    content = content_of(data_dir, entry.file)
    if cause := difference(entry, content):
        found.add(entry.file, cause)
        return
    known: set[tuple[str, int]] = set()
    for place, line in enumerate((content or b"").split(b"\n")[:-1], start=1):
        try:
            article = record_of(line, entry.file)
        except ValueError as error:
            found.add(entry.file, f"line {place}: {error}")
            continue
        cause = _misplaced(db, article, entry) if db else None
        if db and takedown.is_taken_down(db, article.id) and not takedown.is_blank(article):
            cause = f"the text of {article.id}, which was taken down"
        if (article.id, article.revision) in known:
            cause = f"revision {article.revision} of {article.id} once more"
        known.add((article.id, article.revision))
        if cause:
            found.add(entry.file, f"line {place}: {cause}")


def difference(entry: Entry, content: bytes | None) -> str | None:
    """Say how a file's content differs from what was published, or None."""
    if content is None:
        return "it is gone"
    if len(content) != entry.bytes:
        return f"it has {len(content)} bytes, not {entry.bytes} as published"
    made = manifest.entry_of(content, number=0, file="", kind="published", run_id="", at="")
    if made.sha256 != entry.sha256:
        return "its content is not what was published: its SHA-256 differs"
    stated = (entry.lines, entry.first_id, entry.last_id)
    if stated != (made.lines, made.first_id, made.last_id):
        return f"{manifest.FILE_NAME} has other lines of it"
    return None


def record_of(line: bytes, file: str) -> Article:
    """Return the record of a line. Raises ValueError for one that does not belong there."""
    article = Article.from_json(line)
    if wrong := faults(article):
        raise ValueError(f"{', '.join(wrong)}: missing or impossible")
    folder = PurePosixPath(file).parent.name
    if folder.startswith("published_date=") and folder[15:] != article.id[:10]:
        raise ValueError(f"{article.id} does not belong into {folder}")
    return article


def _misplaced(db: sqlite3.Connection, article: Article, entry: Entry) -> str | None:
    """Say where else the store has a record, or None."""
    row = db.execute(
        "SELECT file, (SELECT manifest.file FROM manifest WHERE manifest.number = article.file)"
        " FROM article WHERE id = ? AND revision = ?",
        (article.id, article.revision),
    ).fetchone()
    named = f"revision {article.revision} of {article.id}"
    if row is None:
        return f"the store does not know {named}"
    number, file = row  # no number: it is being published
    return None if number in (None, entry.number) else f"the store has {named} in {file}"


def _compare_counts(db: sqlite3.Connection, current: list[Entry], found: Verification) -> None:
    """Compare how many records the store has in each file."""
    rows = db.execute("SELECT file, count(*) FROM article WHERE file IS NOT NULL GROUP BY file")
    counts = dict(rows.fetchall())
    settled = {known["number"] for known in outbox.settled(db)}
    for entry in current:
        count = counts.get(entry.number, 0)
        if entry.number not in settled and count != entry.lines:
            found.add(STORE, f"has {count} of the {entry.lines} records in {entry.file}")
    ((nowhere,),) = db.execute(
        "SELECT count(*) FROM article WHERE file IS NULL AND content_hash <> ''"
        " AND number NOT IN (SELECT article FROM outbox)"
    )
    if nowhere:
        found.add(STORE, f"{nowhere} records are neither published nor waiting for it")


def sums(data_dir: Path) -> str:
    """Return the checksums of the published files, for ``sha256sum -c`` in the data folder."""
    entries = manifest.current(manifest.read(data_dir))
    return "".join(f"{entry.sha256}  {entry.file}\n" for entry in entries)
