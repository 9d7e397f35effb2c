"""Take an article down: nothing of its text stays in the data folder, and it never comes back."""

from contextlib import suppress
from pathlib import Path

from kompascrawler.dataset.front_door import CURSOR, write_parquet
from kompascrawler.dataset.returned import copies, month_file
from kompascrawler.dataset.selection import MissingExtra
from kompascrawler.store.errors import explained
from kompascrawler.store.store import held
from kompascrawler.warc.removal import remove_pages


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
