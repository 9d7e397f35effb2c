"""Nothing outside the section's hosts is asked for, and whoever asked is told."""

from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.exceptions import IgnoreRequest
from typing_extensions import override

from kompascrawler.identity import oddity
from kompascrawler.run.storage import storage_of


class TellingOffsiteMiddleware(OffsiteMiddleware):
    """Scrapy's own, without its short cut and, in a crawl, without its exceptions.

    Scrapy drops such a request when it is scheduled, and calls no errback: an article that is
    redirected off the site would be waited for in vain. And it lets pass whatever is marked
    ``dont_filter``, as every retry is.
    """

    @classmethod
    @override
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        middleware = cls(crawler.stats)
        middleware.crawler = crawler
        # Scrapy's own connects to ``request_scheduled``, too.
        crawler.signals.connect(middleware.spider_opened, signals.spider_opened)
        return middleware

    def process_request(self, request: Request) -> Request | None:  # type: ignore[override]  # ditto
        """Raise ``IgnoreRequest`` for a way off the site; keep to https once it was spoken."""
        if not storage_of(self.crawler).is_open:  # a person chooses the addresses
            super().process_request(request)
            return None
        if odd := oddity(request.url):
            self.stats.inc_value("offsite/filtered")
            raise IgnoreRequest(f"refused: {odd} in {request.url}")
        spider = self.crawler.spider
        assert spider is not None
        if not self.should_follow(request, spider):
            super().process_request(request.replace(dont_filter=False))
        # What anybody on the way can change is no record; browsers do the same for sites with HSTS.
        sources = request.meta.get("redirect_urls") or ("",)
        if request.url.startswith("http:") and sources[-1].startswith("https:"):
            return request.replace(url=f"https:{request.url.removeprefix('http:')}")
        return None
