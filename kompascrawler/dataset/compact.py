"""Make one file of the small files of each day that is over."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from kompascrawler.identity import WIB
from kompascrawler.store.replacing import GRACE
from kompascrawler.store.store import Store, held

OLDER_THAN: Final = 8
"""Days after which a day counts as closed: its articles were looked at again after a week."""


@dataclass(slots=True, kw_only=True)
class Compaction:
    """What was done."""

    replaced: int = 0
    """Files whose lines stand in others now; they are removed after ``GRACE``."""
    removed: int = 0
    """Files that were replaced before, and are gone now."""


def compact(data_dir: Path, run_id: str, *, older_than: int = OLDER_THAN) -> Compaction:
    """Compact a data folder that no run holds. Raises Locked and StoreError."""
    with held(data_dir, run_id) as store:
        done = Compaction(removed=store.remove_replaced(GRACE))
        while replaced := store.compact(closed_before(datetime.now(UTC), older_than)):
            done.replaced += replaced
    return done


def compact_if_many(store: Store, files: int, now: datetime) -> Compaction:
    """Compact some days at the end of a run, where there are more files than they need.

    ``files`` is how many more; 0: never.
    """
    done = Compaction(removed=store.remove_replaced(GRACE))
    if files and store.spare_files(before := closed_before(now, OLDER_THAN)) > files:
        done.replaced = store.compact(before)
    return done


def closed_before(now: datetime, older_than: int) -> date:
    """Return the day (WIB) before which all days are closed."""
    return now.astimezone(WIB).date() - timedelta(days=older_than)
