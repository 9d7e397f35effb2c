"""The store of a crawl: opened when the crawl begins, shared by every component, closed at its end.

The spider opens it when it starts (``store_of``). Nobody else does: under ``scrapy shell`` and
``parse`` no crawl begins, so components that look at ``is_open`` leave the data folder alone.
"""

import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response

from kompascrawler.run.shutdown import ending_of
from kompascrawler.store.lock import RunLock
from kompascrawler.store.model import StoreError
from kompascrawler.store.store import Store

logger = logging.getLogger(__name__)


class Storage:
    """Where a crawl keeps things, by its settings ``DATA_DIR`` and ``RUN_ID``."""

    def __init__(self, data_dir: Path, run_id: str) -> None:
        self.data_dir = data_dir
        self.run_id = run_id
        self._store: Store | None = None
        self._lock: RunLock | None = None
        self._is_locked_outside = False

    @property
    def is_open(self) -> bool:
        """Whether a crawl has begun, and not ended: only then is anything stored."""
        return self._store is not None

    def store(self) -> Store:
        """Return the store, open and locked against other runs. Raises StoreError."""
        if self._lock is None and not self._is_locked_outside:
            self._lock = RunLock.take(self.data_dir, self.run_id)
        if self._store is None:
            self._store = Store(self.data_dir, self.run_id)
        return self._store

    def rely_on_lock(self) -> None:
        """Take no lock: whoever runs the crawl holds it, and longer than the crawl lasts."""
        self._is_locked_outside = True

    def engine_stopped(self) -> None:
        """Close the store, and let other runs in."""
        if self._store is not None:
            self._store.close()
            self._store = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None


_storages: WeakKeyDictionary[Crawler, Storage] = WeakKeyDictionary()


def storage_of(crawler: Crawler) -> Storage:
    """Return the storage of a crawl; nothing is opened or created yet."""
    storage = _storages.get(crawler)
    if storage is None:
        settings = crawler.settings
        storage = Storage(
            Path(settings.get("DATA_DIR", "data")), settings.get("RUN_ID") or new_run_id()
        )
        _storages[crawler] = storage
        crawler.signals.connect(storage.engine_stopped, signals.engine_stopped)
    return storage


def store_of(crawler: Crawler) -> Store:
    """Return the store of a crawl, opened at the first call: its beginning. Raises StoreError."""
    return storage_of(crawler).store()


def new_run_id() -> str:
    """Return a name for a run that starts now; names sort by time (UTC)."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


class NotStored(DropItem):
    """The store has failed and the run is ending; the article is found again by the next one."""


@contextmanager
def using_store(crawler: Crawler) -> Iterator[Store]:
    """Give the store for work on an item; where it fails, end the run and drop the item.

    A failing store is no matter of one item: a run that went on would forget what it fetches.
    """
    try:
        yield store_of(crawler)
    except StoreError as error:
        stop_run(crawler, error)
        raise NotStored(str(error), log_level="DEBUG") from error


def stop_run(crawler: Crawler, error: StoreError) -> None:
    """End a running crawl whose store has failed, with finish reason ``store_failed``."""
    if record_failure(crawler, error):
        ending_of(crawler).begin("store_failed")


def record_failure(crawler: Crawler, error: StoreError) -> bool:
    """Log that the store failed and keep why as the stat ``store/error``; False if it is there.

    The stat is what tells a failed run: Scrapy's own finish reason can still be ``finished``.
    """
    is_first = crawler.stats.get_value("store/error") is None
    if is_first:
        logger.error(str(error))
        crawler.stats.set_value("store/error", str(error))
    return is_first


class StoreGuardMiddleware:
    """Turns a ``StoreError`` of a callback into the end of the run.

    Scrapy would log it as a spider error and go on fetching what nobody could remember.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware of a crawl."""
        return cls(crawler)

    def process_spider_exception(
        self,
        response: Response,  # noqa: ARG002 - Scrapy passes it
        exception: Exception,
    ) -> Iterable[Any] | None:
        """End the run on a ``StoreError``; leave every other error to Scrapy."""
        if not isinstance(exception, StoreError):
            return None
        stop_run(self._crawler, exception)
        return ()
