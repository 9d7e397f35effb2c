"""The manifest of a data folder that is being repaired: what is true of it, and what is added."""

import dataclasses
import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from kompascrawler.dataset.forget import ASIDE
from kompascrawler.dataset.verify import content_of, difference
from kompascrawler.store import links, manifest, outbox, publishing
from kompascrawler.store.errors import explained
from kompascrawler.store.files import make_folder, replace, sync_folder
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import StoreError


class ManifestRepair:
    """What manifest and store say of the files, brought together."""

    def __init__(self, db: sqlite3.Connection, data_dir: Path, run_id: str) -> None:
        self._db = db
        self._data_dir = data_dir
        self._run_id = run_id
        self._at = links.rfc3339(datetime.now(UTC))
        self._is_readable = True
        self._written = self._read()
        self.entries = self._merged()
        """By their numbers."""
        self._added: list[Entry] = []

    def _read(self) -> dict[int, Entry]:
        entries: dict[int, Entry] = {}
        for line in manifest.lines_of(self._data_dir):
            try:
                entry = manifest.parse(line)
            except ValueError:
                self._is_readable = False
                continue
            self._is_readable = self._is_readable and entry.number > max(entries, default=0)
            entries.setdefault(entry.number, entry)
        return entries

    def _merged(self) -> dict[int, Entry]:
        """Return all entries; of two for a number the one whose file is as the entry says.

        A file has one number only: the first, where an edited line gives it another.
        """
        merged = dict(self._written)
        for entry in (*outbox.entered(self._db), *self._to_adopt()):
            other = merged.setdefault(entry.number, entry)
            if other != entry and not self._holds(other) and self._holds(entry):
                merged[entry.number] = entry
        replaced = {number for entry in merged.values() for number, _ in entry.replaces}
        files: set[str] = set()
        kept = {}
        for number, entry in sorted(merged.items()):
            is_current = number not in replaced and entry.kind != "set_aside"
            if not (is_current and entry.file in files):
                kept[number] = entry
            if is_current:
                files.add(entry.file)
        return kept

    def _to_adopt(self) -> Iterator[Entry]:
        """Yield the entries of files of an earlier version that no run has entered yet."""
        stated = outbox.records_to_adopt(self._db)
        for known in outbox.settled(self._db):
            if known["kind"] == "adopted":
                count = stated.get(known["number"], 0)
                with suppress(StoreError):
                    yield publishing.adopted(self._data_dir, known, count)
                    continue
                empty = manifest.entry_of(b"", **known | {"at": self._at})
                yield dataclasses.replace(empty, sha256="", lines=count)  # no file has this sum

    def _holds(self, entry: Entry) -> bool:
        return difference(entry, content_of(self._data_dir, entry.file)) is None

    def last_of(self, file: str) -> Entry | None:
        """Return the last entry of a file's name, or None where it was never published."""
        for entry in reversed(self.entries.values()):
            if entry.file == file and entry.kind != "set_aside":
                return entry
        return None

    def adopt(self, file: str, content: bytes) -> int:
        """Enter a file that the manifest does not list; return its number.

        That is the number in its name, where no file after it has been entered.
        """
        stem = Path(file).stem
        stated = re.match(r"\d{8}(?=-)", stem)
        number = max(int(stated[0]) if stated else 0, self._next_number())
        run_id = re.sub(r"^\d{8}-|-\d+$", "", stem)
        known = {"number": number, "file": file, "kind": "adopted", "run_id": run_id}
        self._added.append(manifest.entry_of(content, **known, at=self._at))
        return number

    def set_aside(self, file: str, entry: Entry | None) -> str:
        """Move a file away and enter where it lies now, which is returned.

        A file that is gone may lie there already, from a repair that was interrupted.
        """
        path = self._data_dir / file
        aside = self._data_dir / ASIDE / file.removeprefix("articles/")
        if path.exists():
            aside = move(path, aside)
        lies = aside if aside.exists() else path
        with explained("read what was set aside", lies):
            content = lies.read_bytes() if lies.exists() else b""
        made = manifest.entry_of(
            content,
            number=self._next_number(),
            file=str(lies.relative_to(self._data_dir)),
            kind="set_aside",
            run_id=self._run_id,
            at=self._at,
            replaces=((entry.number, entry.lines),) if entry else (),
        )
        self._added.append(dataclasses.replace(made, lines=0, first_id="", last_id=""))
        return made.file

    def _next_number(self) -> int:
        return 1 + (self._added[-1].number if self._added else max(self.entries, default=0))

    def save(self) -> bool:
        """Append what is new; write the manifest anew where it is not right. Tell which."""
        known = (*self.entries.values(), *self._added)
        for entry in known:
            outbox.enter(self._db, entry)
        if self._is_readable and self.entries == self._written:
            if self._added:
                manifest.append(self._data_dir, self._added)
            return False
        path = self._data_dir / manifest.FILE_NAME
        if path.exists():
            move(path, self._data_dir / ASIDE / path.name)
        with explained("write the manifest", path):
            replace(path, b"".join(map(manifest.to_line, known)))
        return True


def move(path: Path, target: Path) -> Path:
    """Move a file to another folder of the disk, durably; return its name there.

    Another file of that name stays.
    """
    with explained("set a file aside", path):
        make_folder(target.parent)
        while target.exists():
            target = target.with_name(f"{target.name}.again")
        path.rename(target)
        sync_folder(target.parent)
        sync_folder(path.parent)
    return target
