"""Publishing, in two transactions of the callers: files are settled; then written and entered.

A file holds the records of the outbox of one day, or takes the place of others: of the small ones
of a day, or of one with a text that was taken down. Names, numbers and content follow from what is
settled, so that after a crash each step is repeated: a file that is there with its content is left
as it is, and so is a line of the manifest. Files that were replaced are removed some time later.
Files of a version that had no manifest are entered likewise. What looks at files raises StoreError.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from kompascrawler.identity import WIB
from kompascrawler.store import manifest, records
from kompascrawler.store.database import rfc3339, rfc3339_of
from kompascrawler.store.disk import (
    explained,
    in_need_of_repair,
    make_folder,
    sync_folder,
    write_new,
)
from kompascrawler.store.manifest import Entry, Kind, Replaced

GRACE: Final = timedelta(hours=1)
"""How long a file stays after another one has replaced it: whoever reads it has an hour."""
CLOSED_AFTER: Final = 8
"""Days after which a day counts as closed: its articles were looked at again after a week."""
DAYS_AT_ONCE: Final = 50
"""Days of one transaction: other writers wait for its end."""
_FOLDER: Final = "articles/published_date="
OF_DAYS: Final = (
    "FROM manifest WHERE replaced_by IS NULL AND sha256 IS NOT NULL AND lines > 0"
    f" AND file < '{_FOLDER}' || ?"
)
"""The files of the days before a day, without those that were replaced."""
_NAMES: Final = [field.name for field in fields(Entry)]
# Not INSERT OR REPLACE: all articles would be read, for those that refer to what is replaced.
_ENTER: Final = (
    f"INSERT INTO manifest ({', '.join(_NAMES)}) VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608 - ours
    f" ON CONFLICT DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _NAMES[1:])}"
)
_ADOPT: Final = "enter the published files in the manifest"


# settling ----------------------------------------------------------------------------------------
def plan_batch(db: sqlite3.Connection, run_id: str, at: str) -> None:
    """Settle which file each record of the outbox goes to: one a day of publication."""
    days = db.execute(
        "SELECT DISTINCT (SELECT substr(id, 1, 10) FROM article WHERE number = outbox.article)"
        " AS day FROM outbox WHERE file IS NULL ORDER BY day"
    ).fetchall()
    for (day,) in days:
        number = _settle(db, day, run_id, at)
        db.execute(
            "UPDATE outbox SET file = ? WHERE file IS NULL"
            " AND (SELECT substr(id, 1, 10) FROM article WHERE number = outbox.article) = ?",
            (number, day),
        )


def plan(db: sqlite3.Connection, data_dir: Path, before: date, run_id: str, at: str) -> int:
    """Settle one file for each day before a day that has several; return how many it replaces."""
    rows = db.execute(f"SELECT file, number, lines {OF_DAYS}", (str(before),))
    of_day = sorted((day_of(file), number, lines) for file, number, lines in rows)
    days = ((day, [row[1:] for row in rows]) for day, rows in groupby(of_day, itemgetter(0)))
    several = islice(((day, files) for day, files in days if len(files) > 1), DAYS_AT_ONCE)
    replaced = 0
    for day, files in several:
        _joined(db, data_dir, files)
        _settle(db, day, run_id, at, kind="compacted", replaces=files)
        replaced += len(files)
    return replaced


def plan_takedown(
    db: sqlite3.Connection, data_dir: Path, article_id: str, run_id: str, at: str
) -> None:
    """Settle a file for each one that holds the text of an article that was taken down."""
    rows = db.execute(
        "SELECT number, file, lines FROM manifest WHERE number IN"
        " (SELECT file FROM article WHERE id = ? AND file IS NOT NULL)",
        (article_id,),
    )
    for number, file, lines in rows.fetchall():
        found = _published(db, data_dir, number)
        if records.blanked(db, found) != found:
            _settle(db, day_of(file), run_id, at, kind="forgotten", replaces=[(number, lines)])


def _settle(
    db: sqlite3.Connection,
    day: str,
    run_id: str,
    at: str,
    *,
    kind: Kind = "published",
    replaces: Sequence[Replaced] = (),
) -> int:
    """Settle that a file of a day is to be written; return its number."""
    ((number,),) = db.execute("SELECT coalesce(max(number), 0) + 1 FROM manifest")
    file = f"{_FOLDER}{day}/{number:08}-{run_id}.jsonl"
    db.execute(
        "INSERT INTO manifest (number, file, kind, run_id, at, replaces) VALUES (?, ?, ?, ?, ?, ?)",
        (number, file, kind, run_id, at, json.dumps(replaces)),
    )
    return int(number)


def day_of(file: str) -> str:
    """Return the day that a published file belongs to.

    >>> day_of("articles/published_date=2026-11-26/00000017-run.jsonl")
    '2026-11-26'
    """
    return file.removeprefix(_FOLDER)[:10]


def closed_before(now: datetime, older_than: int = CLOSED_AFTER) -> date:
    """Return the day (WIB) before which all days are closed."""
    return now.astimezone(WIB).date() - timedelta(days=older_than)


# what is settled, and what is out ----------------------------------------------------------------
def settled(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return what is known of the files to be written, or to be adopted, in their order."""
    names = ("number", "file", "kind", "run_id", "at", "replaces")
    return [{name: one[name] for name in names} for one in _files(db, "sha256 IS NULL")]


def entered(db: sqlite3.Connection, condition: str = "TRUE", *values: object) -> list[Entry]:
    """Return the entries of the manifest, as the store knows them, in their order."""
    return [Entry(**one) for one in _files(db, f"sha256 IS NOT NULL AND {condition}", *values)]


def _files(db: sqlite3.Connection, condition: str, *values: object) -> Iterator[dict[str, Any]]:
    query = f"SELECT {', '.join(_NAMES)} FROM manifest WHERE {condition} ORDER BY number"  # noqa: S608 - ours
    for *known, replaces in db.execute(query, values).fetchall():
        replaced = tuple((number, lines) for number, lines in json.loads(replaces))
        yield dict(zip(_NAMES, (*known, replaced), strict=True))


def content_of(db: sqlite3.Connection, data_dir: Path, known: dict[str, Any]) -> bytes:
    """Return what a settled file is to hold, records in the order of storing."""
    if known["kind"] != "published":
        return _joined(db, data_dir, known["replaces"])
    query = "SELECT line FROM outbox WHERE file = ? ORDER BY article"
    return b"".join(line for (line,) in db.execute(query, (known["number"],)))


def _joined(db: sqlite3.Connection, data_dir: Path, replaces: Sequence[Replaced]) -> bytes:
    found = b"".join(_published(db, data_dir, number) for number, _ in replaces)
    return records.blanked(db, found)


def _published(db: sqlite3.Connection, data_dir: Path, number: int) -> bytes:
    ((file, stated),) = db.execute("SELECT file, sha256 FROM manifest WHERE number = ?", (number,))
    return manifest.published(data_dir, file, stated, "put published files together")


# writing -----------------------------------------------------------------------------------------
def publish_settled(db: sqlite3.Connection, data_dir: Path) -> int:
    """Publish all settled files; return how many records."""
    stated = records_to_adopt(db)
    entries = []
    for known in settled(db):
        if known["kind"] == "adopted":
            entries.append(adopted(data_dir, known, stated.get(known["number"], 0)))
        else:
            entries.append(written(data_dir, known, content_of(db, data_dir, known)))
    # The names of files and folders become durable before the manifest names them.
    folders = {folder for entry in entries for folder in (data_dir / entry.file).parents}
    for folder in sorted(folders):
        if folder.is_relative_to(data_dir):
            with explained("publish articles", folder):
                sync_folder(folder)
    manifest.append(data_dir, entries)
    for entry in entries:
        enter(db, entry)
        move_records(db, entry)
    return set_published(db)


def written(data_dir: Path, known: dict[str, Any], content: bytes) -> Entry:
    """Write a file and return its entry."""
    path = data_dir / known["file"]
    with explained("publish articles", path):
        make_folder(path.parent)
        write_new(path, content)
    return manifest.entry_of(content, **known)


def records_to_adopt(db: sqlite3.Connection) -> dict[int, int]:
    """Return the files of earlier versions that are to be adopted, and the records of each."""
    query = "SELECT 1 FROM manifest WHERE sha256 IS NULL AND kind = 'adopted' LIMIT 1"
    if db.execute(query).fetchone() is None:
        return {}
    rows = db.execute("SELECT file, count(*) FROM article WHERE file IS NOT NULL GROUP BY file")
    return dict(rows.fetchall())


def adopted(data_dir: Path, known: dict[str, Any], stated: int) -> Entry:
    """Return the entry of a file of an earlier version, which stays as it is."""
    path = data_dir / known["file"]
    if not path.exists():
        raise in_need_of_repair(_ADOPT, path, "the file is gone")
    with explained(_ADOPT, path):
        content, at = path.read_bytes(), rfc3339_of(path.stat().st_mtime)
    entry = manifest.entry_of(content, **known | {"at": at})
    if entry.lines != stated:
        raise in_need_of_repair(_ADOPT, path, f"{entry.lines} lines, and {stated} were published")
    return entry


def enter(db: sqlite3.Connection, entry: Entry) -> None:
    """Note an entry of the manifest, and that it replaces others."""
    values = [getattr(entry, name) for name in _NAMES[:-1]]
    db.execute(_ENTER, (*values, json.dumps(entry.replaces)))
    db.executemany(
        "UPDATE manifest SET replaced_by = ? WHERE number = ?",
        [(entry.number, number) for number, _ in entry.replaces],
    )


def move_records(db: sqlite3.Connection, entry: Entry) -> None:
    """Note that records stand in the file that replaces theirs."""
    day = day_of(entry.file)
    db.executemany(
        "UPDATE article SET file = ? WHERE file = ? AND id BETWEEN ? AND ?",
        [(entry.number, number, f"{day}-", f"{day}-~") for number, _ in entry.replaces],
    )


def set_published(db: sqlite3.Connection) -> int:
    """Note that the settled files are out and drop their lines; return the number of records."""
    # By their numbers: a join is planned as a scan of all articles.
    db.execute(
        "UPDATE article SET file = (SELECT file FROM outbox WHERE article = number)"
        " WHERE number IN (SELECT article FROM outbox WHERE file IS NOT NULL)"
    )
    return db.execute("DELETE FROM outbox WHERE file IS NOT NULL").rowcount


# removing ----------------------------------------------------------------------------------------
def remove(db: sqlite3.Connection, data_dir: Path, before: datetime) -> int:
    """Remove the files that others replaced before a time; return how many.

    What was replaced before an article was taken down may hold its text, and goes at once. Each
    is looked for once, and again after a crash.
    """
    ((last,),) = db.execute(
        "SELECT max(number) FROM manifest WHERE number > (SELECT number FROM removed)"
        " AND (kind = 'compacted' AND at < ? OR kind = 'forgotten')",
        (rfc3339(before),),
    )
    rows = db.execute(
        "SELECT file FROM manifest WHERE replaced_by > (SELECT number FROM removed)"
        " AND replaced_by <= ? AND 'set_aside' <>"
        " (SELECT kind FROM manifest AS later WHERE later.number = manifest.replaced_by)",
        (last,),
    )
    paths = [data_dir / file for (file,) in rows]
    with explained("remove replaced files", data_dir):
        for path in paths:
            path.unlink(missing_ok=True)
        for folder in {path.parent for path in paths}:
            sync_folder(folder)
    if last:
        db.execute("UPDATE removed SET number = ?", (last,))
    return len(paths)


def returned(db: sqlite3.Connection, data_dir: Path) -> list[tuple[str, int]]:
    """Return the files that were removed and are there again, and what number has their lines."""
    rows = db.execute(
        "SELECT old.file, new.number FROM manifest AS old JOIN manifest AS new"
        " ON new.number = old.replaced_by WHERE new.kind <> 'set_aside'"
        " AND new.number <= (SELECT number FROM removed) ORDER BY old.number"
    )
    return [(file, number) for file, number in rows if (data_dir / file).exists()]
