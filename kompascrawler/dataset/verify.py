"""Compare manifest, published files and store, or what a bucket holds. Only reads.

A crawl may publish meanwhile: what is read later may hold more, which is no fault. Of a folder,
that is: the files, the manifest, the store; of a bucket: the cursor, the list of current files, the
objects. A bucket needs no data folder: where there is one, its manifest must say the same, and
files that it has are not downloaded.
"""

import re
import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from itertools import starmap
from pathlib import Path

from kompascrawler.cloud import objects
from kompascrawler.cloud.objects import Object
from kompascrawler.cloud.publishing import CURRENT, Cursor, changed_at, number_name, read_cursor
from kompascrawler.dataset.forget import returned
from kompascrawler.dataset.lines import content_of, difference, published_on_disk, record_of
from kompascrawler.items import Article
from kompascrawler.store import manifest, publishing, records
from kompascrawler.store.database import FILE_NAME as STORE
from kompascrawler.store.database import Database
from kompascrawler.store.database import damage as damage_of
from kompascrawler.store.lock import holder
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import NoStore, OlderStore, StoreError
from kompascrawler.store.publishing import GRACE
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
    records: int = 0
    number: int = 0
    """The last number in the manifest."""

    def add(self, place: str, cause: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(place, cause))

    def count(self, current: list[Entry], number: int) -> None:
        """Count the files that no other one replaces, and their records as the manifest has it."""
        self.files, self.records = len(current), sum(entry.lines for entry in current)
        self.number = number


def verify(data_dir: Path) -> Verification:
    """Compare everything. Raises StoreError where the folder cannot be read."""
    found = Verification()
    listed = published_on_disk(data_dir)
    entries = _read_manifest(data_dir, found)
    current = manifest.current(entries)
    found.count(current, max((entry.number for entry in entries), default=0))
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


def _read_manifest(data_dir: Path, found: Verification) -> list[Entry]:
    entries: list[Entry] = []
    for place, line in enumerate(manifest.lines_of(data_dir), start=1):
        try:
            entry = manifest.parse(line)
        except ValueError as error:
            found.add(manifest.FILE_NAME, f"line {place}: {error}")
            continue
        before = entries[-1].number if entries else 0
        if entry.number <= before:
            found.add(manifest.FILE_NAME, f"line {place}: number {entry.number} after {before}")
        entries.append(entry)
    return entries


def _compare_entries(
    db: sqlite3.Connection, data_dir: Path, entries: list[Entry], found: Verification
) -> set[str]:
    """Compare the manifest with what the store knows of it; return the files the store knows."""
    for cause in damage_of(db):
        found.add(STORE, cause)
    stored = {entry.number: entry for entry in publishing.entered(db)}
    settled = {known["number"]: known["file"] for known in publishing.settled(db)}
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
        if (article.id, article.revision) in known:
            cause = f"revision {article.revision} of {article.id} once more"
        known.add((article.id, article.revision))
        if cause:
            found.add(entry.file, f"line {place}: {cause}")


def _misplaced(db: sqlite3.Connection, article: Article, entry: Entry) -> str | None:
    """Say where else the store has a record, or that it is to have no text, or None."""
    if records.is_taken_down(db, article.id) and not records.is_blank(article):
        return f"the text of {article.id}, which was taken down"
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
    rows = db.execute("SELECT file, count(*) FROM article WHERE file IS NOT NULL GROUP BY file")
    counts = dict(rows.fetchall())
    settled = {known["number"] for known in publishing.settled(db)}
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


def verify_bucket(url: str, data_dir: Path) -> Verification:
    """Compare everything. Raises ObjectsError, and StoreError for a damaged local manifest."""
    with ThreadPoolExecutor(objects.WORKERS) as pool:
        comparison = _Comparison(url.rstrip("/"), data_dir, pool)
        comparison.run()
    return comparison.found


class _Comparison:
    def __init__(self, url: str, data_dir: Path, pool: ThreadPoolExecutor) -> None:
        self.found = Verification()
        self._there = objects.open(url, objects.PROMPT)
        self._data_dir, self._pool = data_dir, pool
        cursor = read_cursor(data_dir)
        self._cursor = cursor if cursor and cursor.url == url else Cursor(url)
        self._listed = self._there.get(CURRENT)
        self._seen = {one.name: one for one in self._there.list()}
        self._ours = {entry.number: entry for entry in manifest.read(data_dir)}
        names = filter(None, map(re.compile(r"manifest/(\d{8})\.json").fullmatch, self._seen))
        self._last = max([self._cursor.number, *(int(name[1]) for name in names)])

    def run(self) -> None:
        entries = self._numbers()
        if not entries and not self.found.findings:
            self.found.add(self._there.url, "nothing is published there")
        current = manifest.current(entries)
        self.found.count(current, self._last)
        wanted = {entry.file: entry for entry in (*self._list_of(current), *current)}
        self._note(wanted, self._pool.map(self._file_fault, wanted.values()))
        if self._cursor.months and not holder(self._data_dir):
            tables = {name for name in self._seen if name.startswith("parquet/")}
            names = sorted(tables | self._cursor.months.keys())
            self._note(names, self._pool.map(self._table_fault, names))
        self._name_strange(entries)

    def _note(self, names: Iterable[str], faults: Iterable[str | None]) -> None:
        for name, fault in zip(names, faults, strict=True):
            if fault:
                self.found.add(name, fault)

    def _numbers(self) -> list[Entry]:
        newest = max((number for number in self._ours if number <= self._last), default=0)
        numbers = [n for n in range(1, self._last + 1) if n > newest or n in self._ours]
        pairs = list(self._pool.map(self._number, numbers))
        self._note(map(number_name, numbers), (fault for _, fault in pairs))
        return [entry for entry, _ in pairs if entry]

    def _number(self, number: int) -> tuple[Entry | None, str | None]:
        content, ours = self._there.get(number_name(number)), self._ours.get(number)
        if content is None:
            return ours, "it is gone"
        with suppress(ValueError):
            entry = manifest.parse(content)
            if self._ours and entry != ours:
                return entry, f"{manifest.FILE_NAME} of this data folder has another file there"
            if entry.number == number:
                return entry, None
        return ours, f"it is no line of a manifest with number {number}"

    def _list_of(self, current: list[Entry]) -> list[Entry]:
        last = self._seen.get(number_name(self._last))
        is_settled = last and (self._cursor.listed >= self._last or _is_old(last))
        try:
            listed = [manifest.parse(line) for line in (self._listed or b"").splitlines()]
        except ValueError as error:
            self.found.add(CURRENT, f"it is damaged: {error}")
            return []
        if is_settled and listed != current:
            other = "it is not the list of the current files"
            self.found.add(CURRENT, "it is gone" if self._listed is None else other)
        return listed

    def _file_fault(self, entry: Entry) -> str | None:
        with suppress(StoreError):
            content = content_of(self._data_dir, entry.file)
            if content and self._has_tag(entry.file, content) and not difference(entry, content):
                return None
        return difference(entry, self._there.get(entry.file))

    def _table_fault(self, name: str) -> str | None:
        """Compare a table with what was copied, and with that here if it is still the same."""
        one, copied = self._seen.get(name), self._cursor.months.get(name)
        if one is None or copied is None:
            return "it is gone" if one is None else "no table stands for it"
        if one.size != copied[1]:
            return f"it has {one.size} bytes, not {copied[1]} as published"
        content = content_of(self._data_dir, name)
        if content is None or changed_at(self._data_dir / name) != copied[0]:
            return None
        is_same = self._has_tag(name, content) or self._there.get(name) == content
        return None if is_same else "its content is not what was published"

    def _has_tag(self, name: str, content: bytes) -> bool:
        one, digest = self._seen.get(name), md5(content, usedforsecurity=False).hexdigest()
        return one is not None and one.tag == digest

    def _name_strange(self, entries: list[Entry]) -> None:
        """Name what should not be there; what is new may be on its way."""
        files = {entry.file for entry in entries}
        removed = [one for one in entries if one.number <= self._cursor.removed]
        kinds = {number: one.kind for one in removed for number, _ in one.replaces}
        gone = {one.file for one in entries if kinds.get(one.number, "set_aside") != "set_aside"}
        for name in (name for name in self._seen if name.startswith("articles/")):
            if name in gone:
                self.found.add(name, "another file has replaced it, and it is still there")
            elif name not in files and _is_old(self._seen[name]):
                self.found.add(name, "no number stands for it")


def _is_old(one: Object) -> bool:
    return datetime.now(UTC).timestamp() - one.changed_at > GRACE.total_seconds()
