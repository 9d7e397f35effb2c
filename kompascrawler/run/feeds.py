"""What ``-o`` and ``FEEDS`` name: a place that cannot be written ends the run.

Scrapy logs an error for each article and goes on. Stored articles come no second time, so a run
that cannot hand them on had better fetch none.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.exporters import BaseItemExporter, CsvItemExporter, XmlItemExporter
from scrapy.extensions.feedexport import FeedExporter
from typing_extensions import override

from kompascrawler.configuration.setting import shown
from kompascrawler.run.counting import counts_of
from kompascrawler.run.shutdown import shutdown_of


class FeedsExtension(FeedExporter):
    """Scrapy's exporter, which ends a run that it cannot serve. Stat: ``feeds/error`` (why)."""

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
