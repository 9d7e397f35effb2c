"""Take an article down: nothing of its text stays in the data folder, and it never comes back.

And find what a backup has put back: such texts, and files that others have replaced.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from kompascrawler.dataset.lines import MissingExtra, need
from kompascrawler.dataset.tables import CURSOR, write_parquet
from kompascrawler.identity import parse_address
from kompascrawler.store import publishing
from kompascrawler.store.database import FILE_NAME as STORE
from kompascrawler.store.disk import explained
from kompascrawler.store.kept import DRIFTED, REJECTED
from kompascrawler.store.store import held
from kompascrawler.warc.upkeep import remove_pages

ASIDE: Final = "set_aside"
"""Folder, in the data folder, of what was damaged or edited."""


def returned(db: sqlite3.Connection, data_dir: Path) -> Iterator[tuple[str, str]]:
    """Yield each file that is there again, and what is wrong with it. Raises StoreError."""
    for file, number in publishing.returned(db, data_dir):
        yield file, f"it is there again; number {number} has its lines, which now count twice"
    if taken := [article_id for (article_id,) in db.execute("SELECT id FROM taken_down")]:
        with explained("look for what was taken down", data_dir):
            for path, article_id in (*copies(data_dir, taken), *_in_tables(data_dir, taken)):
                file = str(path.relative_to(data_dir))
                yield file, f"it is of {article_id}, which was taken down: take it down again"


def copies(data_dir: Path, taken: Collection[str]) -> Iterator[tuple[Path, str]]:
    """Yield what else may hold an article: what was set aside, stores of old, kept pages."""
    for path in (*(data_dir / ASIDE).rglob("*"), *data_dir.glob(f"{STORE}.version-*")):
        content = path.read_bytes() if path.is_file() else b""
        if found := next((one for one in taken if one.encode() in content), None):
            yield path, found
    for note in (*(data_dir / DRIFTED).glob("*/*.json"), *(data_dir / REJECTED).glob("*.json")):
        with suppress(ValueError, KeyError):
            address = parse_address(json.loads(note.read_bytes())["url"])
            if address and address.id in taken:
                yield note.with_suffix(".html.gz"), address.id
                yield note, address.id


def month_file(data_dir: Path, article_id: str) -> Path:
    """Return the table that an article would stand in."""
    return data_dir / "parquet" / f"month={article_id[:7]}.parquet"


def _in_tables(data_dir: Path, taken: Collection[str]) -> Iterator[tuple[Path, str]]:
    """Yield the tables that hold an article; none where their package is missing."""
    with suppress(MissingExtra):
        parquet = need("pyarrow.parquet", "parquet")
        for path in {month_file(data_dir, article_id) for article_id in taken}:
            if path.exists():
                there = parquet.read_table(path, columns=["id"])["id"].to_pylist()
                yield from ((path, one) for one in taken if one in there)


def forget(data_dir: Path, run_id: str, article_id: str, why: str, url: str | None = None) -> bool:
    """Take an article down in a data folder that no run holds; return whether it was known.

    With an address it is known: a run that finds it does not request it. To be repeated where
    it was interrupted. Raises Locked and StoreError.
    """
    with held(data_dir, run_id) as store, explained("remove all copies of an article", data_dir):
        if not store.forget(article_id, why, url):
            return False
        remove_pages(store, article_id)
        for path, _ in list(copies(data_dir, {article_id})):
            path.unlink(missing_ok=True)
        month = month_file(data_dir, article_id)
        if month.exists():
            (data_dir / CURSOR).unlink(missing_ok=True)  # so that all months are written anew
            month.unlink()
            with suppress(MissingExtra):
                write_parquet(data_dir)
    return True
