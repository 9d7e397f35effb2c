"""Take an article down: nothing of its text stays in the data folder, and it never comes back."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kompascrawler.dataset.front_door import write_parquet
from kompascrawler.dataset.manifest_repair import ASIDE
from kompascrawler.dataset.selection import MissingExtra
from kompascrawler.identity import parse_address
from kompascrawler.store.database import FILE_NAME as STORE
from kompascrawler.store.errors import explained
from kompascrawler.store.kept import DRIFTED, forget_rejected
from kompascrawler.store.store import held
from kompascrawler.warc.removal import remove_pages


def forget(data_dir: Path, run_id: str, article_id: str, why: str) -> bool:
    """Take an article down in a data folder that no run holds; return whether it was known.

    To be repeated where it was interrupted. Raises Locked and StoreError.
    """
    with held(data_dir, run_id) as store, explained("remove all copies of an article", data_dir):
        if not store.forget(article_id, why):
            return False
        remove_pages(store, article_id)
        forget_rejected(data_dir, article_id)
        for path in _beside(data_dir, article_id):
            path.unlink(missing_ok=True)
        month = data_dir / "parquet" / f"month={article_id[:7]}.parquet"
        if month.exists():
            month.unlink()
            with suppress(MissingExtra):
                write_parquet(data_dir)
    return True


def _beside(data_dir: Path, article_id: str) -> Iterator[Path]:
    """Yield what else may hold its text: what was set aside, stores of old, kept pages."""
    for path in (*(data_dir / ASIDE).rglob("*"), *data_dir.glob(f"{STORE}.version-*")):
        if path.is_file() and article_id.encode() in path.read_bytes():
            yield path
    for note in (data_dir / DRIFTED).glob("*/*.json"):
        with suppress(ValueError, KeyError):
            address = parse_address(json.loads(note.read_bytes())["url"])
            if address and address.id == article_id:
                yield from (note.with_suffix(".html.gz"), note)
