"""What robots.txt allows the browser, as the RobotsTxtMiddleware has read it."""

from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached


class RobotsRules:
    """Knows the robots.txt of every host that was asked for a page.

    A download handler must not ask for one itself (Scrapy's contract), so another host's pages
    are forbidden until Scrapy has asked that host.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._obeys = crawler.settings.getbool("ROBOTSTXT_OBEY")
        self._name: str | None = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._parsers: dict[str, RobotParser] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connect to what the middleware tells."""
        rules = cls(crawler)
        crawler.signals.connect(rules.robots_parsed, signals.robots_parsed)
        return rules

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Remember a host's rules."""
        self._parsers[urlparse_cached(request).netloc] = robotparser

    def allows(self, request: Request, article: Request) -> bool:
        """Tell whether an article's page may ask for an address.

        The article itself went through the middleware: where its host has no rules here, a
        person asks for it (a crawl does without a host whose robots.txt cannot be had).
        """
        if not self._obeys:
            return True
        host = urlparse_cached(request).netloc
        rules = self._parsers.get(host)
        if rules is None:
            return host == urlparse_cached(article).netloc
        return rules.allowed(request.url, self._name or article.headers.get("User-Agent") or b"")
