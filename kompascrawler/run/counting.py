"""The counts of a crawl, and Scrapy's statistics with the counts among them."""

from typing import Any

from scrapy import Spider
from scrapy.statscollectors import MemoryStatsCollector
from typing_extensions import override

from kompascrawler.outcome.counts import RunCounts
from kompascrawler.run.of_crawler import OfCrawler

counts_of = OfCrawler(lambda _: RunCounts())
"""Return what a crawl has counted so far, to be read and written."""


class CountingStatsCollector(MemoryStatsCollector):
    """Scrapy's own, which shows our counts under their documented names (docs/metrics.md)."""

    @override
    def get_stats(self, spider: Spider | None = None) -> dict[str, Any]:
        self._stats.update(counts_of(self._crawler).stats())
        return self._stats

    @override
    def close_spider(self, spider: Spider | None = None, reason: str | None = None) -> None:
        self.get_stats()
        super().close_spider(reason=reason)
