"""Where the articles of a crawl go: its store, and what ``-o`` and ``FEEDS`` name.

Where either cannot be written, the run ends: one that went on would forget what it fetches. Only
the spider opens the store (``store_of``): under ``scrapy shell`` and ``parse`` no crawl begins, and
components that look at ``is_open`` leave the data folder alone.
"""

import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.exporters import BaseItemExporter, CsvItemExporter, XmlItemExporter
from scrapy.extensions.feedexport import FeedExporter
from typing_extensions import override

from kompascrawler.components import OfCrawler, counts_of
from kompascrawler.configuration.setting import shown, spans
from kompascrawler.run.shutdown import shutdown_of
from kompascrawler.store.disk import reported
from kompascrawler.store.lock import RunLock
from kompascrawler.store.model import StoreError
from kompascrawler.store.store import Store

logger = logging.getLogger(__name__)


_REPEATING: Final = ("core.engine", "core.scraper", "utils.asyncio", "utils.signal")
"""Scrapy's loggers of what it catches, from pipelines, callbacks, clocks and signals."""


def _is_news(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], StoreError))


class Storage:
    """Where a crawl keeps things, by its settings ``DATA_DIR`` and ``RUN_ID``."""

    def __init__(self, crawler: Crawler) -> None:
        self.data_dir = Path(crawler.settings.get("DATA_DIR", "data"))
        self.run_id: str = crawler.settings.get("RUN_ID") or new_run_id()
        self._crawler = crawler
        self._counts = counts_of(crawler).store
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
        with self.guarded():
            if self._lock is None and not self.is_locked_outside:
                self._lock = RunLock.take(self.data_dir, self.run_id)
            if self._store is None:
                looks = spans(self._crawler.settings.get("REVISIT_AFTER", ""))
                self._store = Store(
                    self.data_dir, self.run_id, on_failure=self._end_run, revisit_after=looks
                )
                self._begin(self._store)
        return self._store

    def _begin(self, store: Store) -> None:
        for link in store.note_deaths():
            logger.warning("A run died on it; it is tried again after all others: %s", link.url)
        self._counts.published += store.publish()

    def guarded(self) -> AbstractContextManager[None]:
        """End the run where files beside the database cannot be written, too."""
        return reported(self._end_run)

    def _end_run(self, error: StoreError) -> None:
        """End a crawl whose store has failed, with finish reason ``store_failed``; log it once.

        Scrapy catches the error everywhere, and what it says is left out. The count ``store.error``
        tells a failed run, not the finish reason.
        """
        if self._counts.error is not None:
            return
        logger.error(str(error))
        self._counts.error = str(error)
        for name in _REPEATING:
            logging.getLogger(f"scrapy.{name}").addFilter(_is_news)
        shutdown_of(self._crawler).begin("store_failed")

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


@contextmanager
def using_store(crawler: Crawler) -> Iterator[Store]:
    """Give the store for work on an item, which is dropped where the store fails.

    The run is ending then; the article is found again by the next one.
    """
    try:
        with storage_of(crawler).guarded():
            yield store_of(crawler)
    except StoreError as error:
        raise DropItem(str(error), log_level="DEBUG") from error


class FeedsExtension(FeedExporter):
    """Scrapy's exporter, which logs an error for each article and goes on; this one ends the run.

    Stored articles come no second time. Stat: ``feeds/error`` (why).
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler  # not Scrapy's to set any more where it gives up
        try:
            super().__init__(crawler)
        except NotConfigured:
            if feeds := crawler.settings.getdict("FEEDS"):
                self._fail(f"{', '.join(map(str, feeds))} (the log says what is wrong with it)")
            raise

    def open_spider(self, spider: Spider) -> None:
        """Open every place now, before anything is asked for, and not with its first article."""
        try:
            super().open_spider(spider)
        except (KeyError, TypeError, ValueError) as error:  # "%(colour)s", "%(time)d"
            self._fail(f"{', '.join(self.feeds)}: cannot be filled in: {error}")
        for slot in list(self.slots):
            if slot.store_empty:  # it is made in any case
                self.slots.remove(slot)
                with self._ending_the_run():
                    slot.start_exporting()
                    self.slots.append(slot)

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Export an article."""
        with self._ending_the_run():
            super().item_scraped(item, spider)

    @contextmanager
    def _ending_the_run(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            place = error.filename or ", ".join(slot.uri for slot in self.slots)
            self._fail(f"{place}: {error.strerror or error}")

    def _fail(self, cause: str) -> None:
        counts = counts_of(self.crawler)
        counts.feeds_error = counts.feeds_error or shown(cause)
        shutdown_of(self.crawler).begin("feeds_failed")


class _Flat(BaseItemExporter):
    @override
    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        if value is None or type(value) in (str, int):
            return "" if value is None else value
        return json.dumps(value, ensure_ascii=False, default=asdict)


class CsvExporter(_Flat, CsvItemExporter):
    """A column for each field: nested values as JSON, nothing for null."""


class XmlExporter(_Flat, XmlItemExporter):
    """The same as XML, an element for each field."""
