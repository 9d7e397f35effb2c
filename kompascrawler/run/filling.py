"""Watches how far the first filling of a collection comes in a run."""

import logging
import time
from datetime import date
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from kompascrawler.outcome.filling import Filling, fill_of
from kompascrawler.run.counting import counts_of
from kompascrawler.run.storage import storage_of
from kompascrawler.signals import listing_read

logger = logging.getLogger(__name__)


class FillingExtension:
    """Keeps ``counts.filling`` as it is, for the progress of a crawl and for its verdict.

    Logs it every ``LOGSTATS_INTERVAL`` seconds, for those who watch the log and no terminal.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._counts = counts_of(crawler)
        self._storage = storage_of(crawler)
        self._began: date | None = None
        self._interval = crawler.settings.getfloat("LOGSTATS_INTERVAL")
        self._started = self._logged = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connect to what changes the gaps."""
        extension = cls(crawler)
        crawler.signals.connect(extension.look, listing_read)
        crawler.signals.connect(extension.look, signals.spider_closed)
        return extension

    def look(self) -> None:
        """Look how far the index has been read; a section that is filled has no filling."""
        if not self._storage.is_open or self._counts.store.error:
            return
        store = self._storage.store()
        fill = fill_of(store.gaps(), store.newest_listed(), store.oldest_asked())
        if fill is None:
            self._counts.filling = None
            return
        newest, reached, goal = fill
        self._began = self._began or reached
        self._counts.filling = Filling(newest=newest, began=self._began, reached=reached, goal=goal)
        self._log(self._counts.filling)

    def _log(self, filling: Filling) -> None:
        now = time.monotonic()
        if self._interval and now - self._logged >= self._interval:
            self._logged = now
            logger.info("%s", filling.describe(now - self._started))
