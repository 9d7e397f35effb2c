"""Mend a data folder: afterwards the store says what the published files hold, and each is sound.

The published files are the truth. A file that is not as it was published is set aside; what was
lost with it is due again, and comes as a new revision. Records that are only in the outbox are
published. All of it is one transaction, and each step before its end can be repeated.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kompascrawler.dataset.forget import ASIDE
from kompascrawler.dataset.lines import content_of, difference, published_on_disk, record_of
from kompascrawler.dataset.placement import Key, Placement
from kompascrawler.store import disk, manifest, publishing
from kompascrawler.store.database import FILE_NAME as STORE
from kompascrawler.store.database import Database, rfc3339
from kompascrawler.store.database import damage as damage_of
from kompascrawler.store.disk import explained
from kompascrawler.store.lock import RunLock
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import NoStore, OlderStore, StoreError
from kompascrawler.store.store import Store
from kompascrawler.terminal import counted


def repair(data_dir: Path, run_id: str) -> list[str]:
    """Mend a data folder; return what was done, a line each. Raises Locked and StoreError."""
    lock = RunLock.take(data_dir, run_id)
    try:
        saved, done = _set_store_aside(data_dir)
        with (
            closing(Database.open(data_dir)) as database,
            database.writing("repair the store") as db,
        ):
            # Entries are noted after the records that stand in their files.
            db.execute("PRAGMA defer_foreign_keys = ON")
            done += _Repair(db, data_dir, run_id).run(saved)
        with closing(Store(data_dir, run_id)) as store:
            if published := store.publish():
                what = counted(published, "record")
                done.append(f"published {what} that stood in no published file")
    finally:
        lock.release()
    return done


def _set_store_aside(data_dir: Path) -> tuple[list[bytes], list[str]]:
    """Move a database away that SQLite cannot read, or not all of it.

    Return the lines of its outbox, as far as they can be read, and what was done.
    """
    try:
        with closing(Database.open_for_reading(data_dir)) as database, database.reading() as db:
            damage = damage_of(db)
    except (NoStore, OlderStore):
        return [], []
    except StoreError as error:
        if type(error.__cause__) is not sqlite3.DatabaseError:
            raise
        damage = [str(error.__cause__)]
    if not damage:
        return [], []
    saved: list[bytes] = []
    with suppress(sqlite3.Error), closing(sqlite3.connect(data_dir / STORE)) as db:
        saved.extend(bytes(line) for (line,) in db.execute("SELECT line FROM outbox"))
    for suffix in ("-wal", "-shm", ""):
        path = data_dir / f"{STORE}{suffix}"
        if path.exists():
            _move(path, data_dir / ASIDE / path.name)
    return saved, [f"{STORE}: {damage[0]}; it lies in {ASIDE}, and was made anew"]


def _move(path: Path, target: Path) -> Path:
    """Move a file to another folder of the disk, durably; return its name: another one stays."""
    with explained("set a file aside", path):
        disk.make_folder(target.parent)
        while target.exists():
            target = target.with_name(f"{target.name}.again")
        path.rename(target)
        disk.sync_folder(target.parent)
        disk.sync_folder(path.parent)
    return target


class _Repair:
    def __init__(self, db: sqlite3.Connection, data_dir: Path, run_id: str) -> None:
        self._db, self._data_dir, self._run_id = db, data_dir, run_id
        self._at = rfc3339(datetime.now(UTC))
        self._written = list(map(_entry, manifest.lines_of(data_dir)))
        self._entries = self._merged()
        """By their numbers."""
        self._added: list[Entry] = []
        self._placement = Placement(db)
        self._done: list[str] = []

    def run(self, saved: Sequence[bytes]) -> list[str]:
        """Mend; return what was done. ``saved`` are lines that were not published yet."""
        for file, number in publishing.returned(self._db, self._data_dir):
            with explained("remove a replaced file", self._data_dir / file):
                (self._data_dir / file).unlink()
            self._done.append(f"{file}: removed again; number {number} has its lines")
        self._db.execute("UPDATE outbox SET file = NULL")
        self._db.execute("DELETE FROM manifest WHERE sha256 IS NULL AND kind <> 'adopted'")
        for entry in manifest.current(self._entries.values()):
            self._look_at(entry.file, entry)
        kept = manifest.files_kept(self._entries.values())
        for file in published_on_disk(self._data_dir):
            if file not in kept:
                self._look_at(file, None)
        for line in saved:
            if key := _key(line, ""):
                self._placement.publish(key, line.removesuffix(b"\n"))
        if lost := self._placement.queue_lost():
            what = counted(lost, "article")
            self._done.append(f"{what} lost with their files, and due to be fetched again")
        if self._save():
            self._done.append(f"{manifest.FILE_NAME}: rewritten")
        return self._done

    def _merged(self) -> dict[int, Entry]:
        """Return all entries; of two for a number the one whose file is as the entry says.

        A file has one number only: the first, where an edited line gives it another.
        """
        merged: dict[int, Entry] = {}
        written = filter(None, self._written)
        for entry in (*written, *publishing.entered(self._db), *self._to_adopt()):
            other = merged.setdefault(entry.number, entry)
            if other != entry and not self._holds(other) and self._holds(entry):
                merged[entry.number] = entry
        replaced = {number for entry in merged.values() for number, _ in entry.replaces}
        kept, known = {}, set[str]()
        for number, entry in sorted(merged.items()):
            is_current = number not in replaced and entry.kind != "set_aside"
            if not (is_current and entry.file in known):
                kept[number] = entry
            if is_current:
                known.add(entry.file)
        return kept

    def _to_adopt(self) -> Iterator[Entry]:
        """Yield the entries of files of an earlier version that no run has entered yet."""
        stated = publishing.records_to_adopt(self._db)
        for known in publishing.settled(self._db):
            if known["kind"] == "adopted":
                count = stated.get(known["number"], 0)
                with suppress(StoreError):
                    yield publishing.adopted(self._data_dir, known, count)
                    continue
                empty = manifest.entry_of(b"", **known | {"at": self._at})
                yield replace(empty, sha256="", lines=count)  # no file has this sum

    def _holds(self, entry: Entry) -> bool:
        return difference(entry, content_of(self._data_dir, entry.file)) is None

    def _look_at(self, file: str, entry: Entry | None) -> None:
        content = content_of(self._data_dir, file)
        *lines, torn = (content or b"").split(b"\n")
        keys = [_key(line, file) for line in lines]
        published = (one for one in reversed(self._entries.values()) if one.kind != "set_aside")
        stated = entry or next((one for one in published if one.file == file), None)
        change = difference(stated, content) if stated else None
        if cause := change or self._fault(keys, torn):
            lies = self._set_aside(file, entry)
            self._done.append(f"{file}: {cause}" + (f"; it lies in {lies}" if lies != file else ""))
            keep = self._placement.miss if change else self._placement.publish
            for key, line in zip(keys, lines, strict=True):
                if key is not None:
                    keep(key, line)
            return
        if entry is None:
            self._done.append(f"{file}: entered in {manifest.FILE_NAME}")
        number = entry.number if entry else self._adopt(file, content or b"")
        for key, line in zip(keys, lines, strict=True):
            assert key is not None
            self._placement.place(key, line, number)

    def _fault(self, keys: Sequence[Key | None], torn: bytes) -> str | None:
        if not (keys or torn):
            return "it is empty"
        if torn or None in keys:
            return f"line {keys.index(None) + 1 if None in keys else len(keys) + 1} is no record"
        if len(set(keys)) < len(keys) or any(map(self._placement.is_placed, filter(None, keys))):
            return "it repeats records"
        return None

    def _adopt(self, file: str, content: bytes) -> int:
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

    def _set_aside(self, file: str, entry: Entry | None) -> str:
        """Move a file away and enter where it lies now, which is returned.

        A file that is gone may lie there already, from a repair that was interrupted.
        """
        path = self._data_dir / file
        aside = self._data_dir / ASIDE / file.removeprefix("articles/")
        if path.exists():
            aside = _move(path, aside)
        lies = str((aside if aside.exists() else path).relative_to(self._data_dir))
        known = {"number": self._next_number(), "file": lies, "kind": "set_aside"}
        replaces = ((entry.number, entry.lines),) if entry else ()
        content = content_of(self._data_dir, lies) or b""
        made = manifest.entry_of(
            content, **known, run_id=self._run_id, at=self._at, replaces=replaces
        )
        self._added.append(replace(made, lines=0, first_id="", last_id=""))
        return lies

    def _next_number(self) -> int:
        return 1 + (self._added[-1].number if self._added else max(self._entries, default=0))

    def _save(self) -> bool:
        """Append what is new; write the manifest anew where it is not right. Tell which."""
        known = (*self._entries.values(), *self._added)
        for entry in known:
            publishing.enter(self._db, entry)
        if self._written == list(self._entries.values()):
            if self._added:
                manifest.append(self._data_dir, self._added)
            return False
        path = self._data_dir / manifest.FILE_NAME
        if path.exists():
            _move(path, self._data_dir / ASIDE / path.name)
        with explained("write the manifest", path):
            disk.replace(path, b"".join(map(manifest.to_line, known)))
        return True


def _entry(line: bytes) -> Entry | None:
    with suppress(ValueError):
        return manifest.parse(line)
    return None


def _key(line: bytes, file: str) -> Key | None:
    with suppress(ValueError):
        article = record_of(line, file)
        return article.id, article.revision
    return None
