"""Compare what a bucket holds with the manifest that it states. Only reads.

The data folder is not needed; where there is one, its manifest must say the same, and files that
it has are not downloaded. A run may publish meanwhile: the cursor is read first, then the list of
the current files, then the objects are listed. What the later ones know in addition is no fault.
"""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path

from kompascrawler.cloud import objects, standing
from kompascrawler.cloud.objects import Object, Objects
from kompascrawler.cloud.publishing import CURRENT, WORKERS, number_name
from kompascrawler.cloud.standing import Cursor
from kompascrawler.dataset.verify import Verification, content_of, difference
from kompascrawler.store import manifest
from kompascrawler.store.lock import holder
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import StoreError
from kompascrawler.store.outbox import GRACE


def verify_bucket(url: str, data_dir: Path) -> Verification:
    """Compare everything. Raises ObjectsError, and StoreError for a damaged local manifest."""
    url, there = url.rstrip("/"), objects.open(url, objects.PROMPT)
    cursor = standing.read(data_dir)
    cursor = cursor if cursor and cursor.url == url else Cursor(url)
    listed = there.get(CURRENT)
    seen = {one.name: one for one in there.list()}
    ours = {entry.number: entry for entry in manifest.read(data_dir)}
    with ThreadPoolExecutor(WORKERS) as pool:
        comparison = _Comparison(there, data_dir, cursor, seen, ours, pool)
        comparison.run(listed)
    return comparison.found


@dataclass(slots=True)
class _Comparison:
    there: Objects
    data_dir: Path
    cursor: Cursor
    seen: dict[str, Object]
    ours: dict[int, Entry]
    """Of the data folder; none without one."""
    pool: ThreadPoolExecutor
    found: Verification = field(default_factory=Verification)

    def run(self, listed: bytes | None) -> None:
        entries = self._numbers()
        if not entries and not self.found.findings:
            self.found.add(self.there.url, "nothing is published there")
        wanted = {entry.file: entry for entry in self._listed(listed, entries)}
        wanted |= {entry.file: entry for entry in manifest.current(entries)}
        self._note(wanted, self.pool.map(self._file_fault, wanted.values()))
        if self.cursor.months and not holder(self.data_dir):
            tables = {name for name in self.seen if name.startswith("parquet/")}
            names = sorted(tables | self.cursor.months.keys())
            self._note(names, self.pool.map(self._table_fault, names))
        self._name_strange(entries)

    def _note(self, names: Iterable[str], faults: Iterable[str | None]) -> None:
        for name, fault in zip(names, faults, strict=True):
            if fault:
                self.found.add(name, fault)

    def _numbers(self) -> list[Entry]:
        """Return the manifest that the bucket states, from its first number to its last."""
        names = filter(None, map(re.compile(r"manifest/(\d{8})\.json").fullmatch, self.seen))
        last = max([self.cursor.number, *(int(name[1]) for name in names)])
        numbers = [number for number in self.ours or range(1, last + 1) if number <= last]
        numbers += range(numbers[-1] + 1 if numbers else 1, last + 1)
        pairs = list(self.pool.map(self._number, numbers))
        self._note(map(number_name, numbers), (fault for _, fault in pairs))
        entries, found = [entry for entry, _ in pairs if entry], self.found
        current, found.number = manifest.current(entries), last
        found.files, found.records = len(current), sum(entry.lines for entry in current)
        return entries

    def _number(self, number: int) -> tuple[Entry | None, str | None]:
        """Return what stands under a number, and what is wrong with it."""
        content, ours = self.there.get(number_name(number)), self.ours.get(number)
        if content is None:
            return ours, "it is gone"
        with suppress(ValueError):
            entry = manifest.parse(content)
            if self.ours and entry != ours:
                return entry, f"{manifest.FILE_NAME} of this data folder has another file there"
            if entry.number == number:
                return entry, None
        return ours, f"it is no line of a manifest with number {number}"

    def _listed(self, content: bytes | None, entries: list[Entry]) -> list[Entry]:
        """Return the files that the list names; it must be that of the last number."""
        last = self.seen.get(number_name(self.found.number))
        is_settled = last and (self.cursor.listed >= self.found.number or _is_old(last))
        try:
            listed = [manifest.parse(line) for line in (content or b"").splitlines()]
        except ValueError as error:
            self.found.add(CURRENT, f"it is damaged: {error}")
            return []
        if is_settled and listed != manifest.current(entries):
            fault = "it is gone" if content is None else "it is not the list of the current files"
            self.found.add(CURRENT, fault)
        return listed

    def _file_fault(self, entry: Entry) -> str | None:
        with suppress(StoreError):
            content = content_of(self.data_dir, entry.file)
            if content and self._has_tag(entry.file, content) and not difference(entry, content):
                return None
        return difference(entry, self.there.get(entry.file))

    def _table_fault(self, name: str) -> str | None:
        """Compare a table with what was copied, and with that here if it is still the same."""
        one, copied = self.seen.get(name), self.cursor.months.get(name)
        if one is None or copied is None:
            return "it is gone" if one is None else "no table stands for it"
        if one.size != copied[1]:
            return f"it has {one.size} bytes, not {copied[1]} as published"
        content = content_of(self.data_dir, name)
        if content is None or standing.changed_at(self.data_dir / name) != copied[0]:
            return None
        is_same = self._has_tag(name, content) or self.there.get(name) == content
        return None if is_same else "its content is not what was published"

    def _has_tag(self, name: str, content: bytes) -> bool:
        one, digest = self.seen.get(name), md5(content, usedforsecurity=False).hexdigest()
        return one is not None and one.tag == digest

    def _name_strange(self, entries: list[Entry]) -> None:
        """Name what should not be there; what is new may be on its way."""
        files = {entry.file for entry in entries}
        removed = [one for one in entries if one.number <= self.cursor.removed]
        kinds = {number: one.kind for one in removed for number, _ in one.replaces}
        gone = {one.file for one in entries if kinds.get(one.number, "set_aside") != "set_aside"}
        for name in (name for name in self.seen if name.startswith("articles/")):
            if name in gone:
                self.found.add(name, "another file has replaced it, and it is still there")
            elif name not in files and _is_old(self.seen[name]):
                self.found.add(name, "no number stands for it")


def _is_old(one: Object) -> bool:
    return datetime.now(UTC).timestamp() - one.changed_at > GRACE.total_seconds()
