"""Nothing outside the section's hosts is asked for, and whoever asked is told."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware


class TellingOffsiteMiddleware(OffsiteMiddleware):
    """Scrapy's own, without its short cut.

    Scrapy drops such a request when it is scheduled, and calls no errback: an article that is
    redirected off the site would be waited for in vain. Dropped on its way to the downloader, it
    fails like any other.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware; requests are looked at in ``process_request`` only."""
        assert crawler.stats is not None
        middleware = cls(crawler.stats)
        middleware.crawler = crawler
        crawler.signals.connect(middleware.spider_opened, signals.spider_opened)
        return middleware
