"""Take an article down: nothing of its text stays in the data folder, and it never comes back."""

import json
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from kompascrawler.dataset.front_door import write_parquet
from kompascrawler.dataset.manifest_repair import ASIDE
from kompascrawler.dataset.selection import MissingExtra
from kompascrawler.identity import parse_address
from kompascrawler.store.errors import explained
from kompascrawler.store.kept import DRIFTED, forget_rejected
from kompascrawler.store.lock import RunLock
from kompascrawler.store.store import Store

_ACTION: Final = "remove what holds an article that is taken down"


def forget(data_dir: Path, run_id: str, article_id: str, why: str) -> bool:
    """Take an article down in a data folder that no run holds; return whether it was known.

    Raises Locked and StoreError. To be repeated where it was interrupted.
    """
    lock = RunLock.take(data_dir, run_id)
    try:
        with closing(Store(data_dir, run_id)) as store:
            is_known = store.forget(article_id, why)
        if is_known:
            forget_rejected(data_dir, article_id)
            for path in _beside(data_dir, article_id):
                with explained(_ACTION, path):
                    path.unlink(missing_ok=True)
            _write_month(data_dir, data_dir / "parquet" / f"month={article_id[:7]}.parquet")
    finally:
        lock.release()
    return is_known


def _write_month(data_dir: Path, file: Path) -> None:
    """Have the Parquet file of a month written anew; removed, where that needs what is missing."""
    with explained(_ACTION, file):
        if file.exists():
            file.unlink()
            with suppress(MissingExtra):
                write_parquet(data_dir)


def _beside(data_dir: Path, article_id: str) -> Iterator[Path]:
    """Yield what else holds the article: damaged files that were set aside, and kept pages."""
    for path in (data_dir / ASIDE).rglob("*.jsonl*"):
        if article_id.encode() in path.read_bytes():
            yield path
    for note in (data_dir / DRIFTED).glob("*/*.json"):
        with suppress(ValueError, KeyError):
            address = parse_address(json.loads(note.read_bytes())["url"])
            if address and address.id == article_id:
                yield from (note.with_suffix(".html.gz"), note)
