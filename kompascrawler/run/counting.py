"""What a crawler has one of, first of all its counts; how Scrapy builds what belongs to it."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector
from typing_extensions import override

from kompascrawler.outcome.counts import RunCounts

T = TypeVar("T")


class OfCrawler(Generic[T]):
    """Gives the object of a crawler, made at the first call.

    Scrapy's ``get_extension`` finds only what the settings list, once the crawl has begun.

    >>> counts_of = OfCrawler(lambda crawler: [])
    >>> from scrapy.utils.test import get_crawler
    >>> crawler = get_crawler()
    >>> counts_of(crawler) is counts_of(crawler)
    True
    """

    def __init__(self, make: Callable[[Crawler], T]) -> None:
        self._make = make

    def __call__(self, crawler: Crawler) -> T:
        """Return the object of a crawler."""
        # Kept by the crawler: many of them hold it, and go with it.
        made: dict[object, T] = vars(crawler).setdefault(__name__, {})
        if self not in made:
            made[self] = self._make(crawler)
        return made[self]


class Component:
    """A middleware or extension, as Scrapy builds it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the component of a crawl."""
        return cls(crawler)


counts_of = OfCrawler(lambda _: RunCounts())
"""Return what a crawl has counted so far, to be read and written."""


class CountingStatsCollector(MemoryStatsCollector):
    """Scrapy's own, which shows our counts by the names that outcome/counts.py gives them."""

    @override
    def get_stats(self, spider: Spider | None = None) -> dict[str, Any]:
        self._stats.update(counts_of(self._crawler).stats())
        return self._stats

    @override
    def close_spider(self, spider: Spider | None = None, reason: str | None = None) -> None:
        self.get_stats()
        super().close_spider(reason=reason)
