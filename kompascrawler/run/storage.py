"""The store of a crawl: opened when the crawl begins, shared by every component, closed at its end.

Only the spider opens it (``store_of``): under ``scrapy shell`` and ``parse`` no crawl begins, and
components that look at ``is_open`` leave the data folder alone.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final
from weakref import ref

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from kompascrawler.configuration.setting import spans
from kompascrawler.run.counting import OfCrawler, counts_of
from kompascrawler.run.shutdown import shutdown_of
from kompascrawler.store.errors import reported
from kompascrawler.store.lock import RunLock
from kompascrawler.store.model import StoreError
from kompascrawler.store.store import Store

logger = logging.getLogger(__name__)


class Storage:
    """Where a crawl keeps things, by its settings ``DATA_DIR`` and ``RUN_ID``."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.data_dir = Path(settings.get("DATA_DIR", "data"))
        self.run_id: str = settings.get("RUN_ID") or new_run_id()
        self._crawler = ref(crawler)
        self._on_failure = partial(_end_run, self._crawler)
        looks = spans(settings.get("REVISIT_AFTER", ""))
        self._open = partial(Store, on_failure=self._on_failure, revisit_after=looks)
        self._store: Store | None = None
        self._lock: RunLock | None = None
        self.is_locked_outside = False
        """Whether whoever runs the crawl holds the lock, and longer than the crawl lasts."""
        crawler.signals.connect(self.engine_stopped, signals.engine_stopped)

    @property
    def is_open(self) -> bool:
        """Whether a crawl has begun, and not ended: only then is anything stored."""
        return self._store is not None

    def store(self) -> Store:
        """Return the store, open and locked against other runs. Raises StoreError."""
        with reported(self._on_failure):
            if self._lock is None and not self.is_locked_outside:
                self._lock = RunLock.take(self.data_dir, self.run_id)
            if self._store is None:
                self._store = self._open(self.data_dir, self.run_id)
                _begin(self._crawler, self._store)
        return self._store

    def guarded(self) -> AbstractContextManager[None]:
        """End the run where files beside the database cannot be written, too."""
        return reported(self._on_failure)

    def engine_stopped(self) -> None:
        """Close the store, and let other runs in."""
        if self._store is not None:
            with suppress(StoreError):
                self._store.under_way.clear()  # what failed with the store killed nobody
            self._store.close()
            self._store = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None


storage_of = OfCrawler(Storage)
"""Return the storage of a crawl; nothing is opened or created yet."""


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
    """Give the store for work on an item, which is dropped where the store fails."""
    try:
        with storage_of(crawler).guarded():
            yield store_of(crawler)
    except StoreError as error:
        raise NotStored(str(error), log_level="DEBUG") from error


def _begin(crawler: ref[Crawler], store: Store) -> None:
    running = crawler()
    assert running is not None
    for link in store.note_deaths():
        logger.warning("A run died on it; it is tried again after all others: %s", link.url)
    counts_of(running).store.published += store.publish()


_REPEATING: Final = ("core.engine", "core.scraper", "utils.asyncio", "utils.signal")
"""Scrapy's loggers of what it catches, from pipelines, callbacks, clocks and signals."""


def _end_run(crawler: ref[Crawler], error: StoreError) -> None:
    """End a crawl whose store has failed, with finish reason ``store_failed``; log it once.

    A run that went on would forget what it fetches. Scrapy catches the error everywhere, and what
    it says is left out. The count ``store.error`` tells a failed run, not the finish reason.
    """
    running = crawler()
    if running is None or counts_of(running).store.error is not None:
        return
    logger.error(str(error))
    counts_of(running).store.error = str(error)
    for name in _REPEATING:
        logging.getLogger(f"scrapy.{name}").addFilter(_is_news)
    shutdown_of(running).begin("store_failed")


def _is_news(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], StoreError))
