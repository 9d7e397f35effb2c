"""Scrapy's own limits of a run (``CLOSESPIDER_*``), which end it as soon as ours do."""

from scrapy.extensions.closespider import CloseSpider

from kompascrawler.ending import ending_of


class LimitsExtension(CloseSpider):
    """Scrapy's ``CloseSpider``, which would wait for every request that has left the scheduler."""

    def _close_spider(self, reason: str) -> None:
        ending_of(self.crawler).begin(reason)
