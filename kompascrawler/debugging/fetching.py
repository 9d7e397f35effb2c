"""One page by the project's own way to the site: its robots.txt, its delays, its proxies."""

from collections.abc import AsyncIterator, Iterator

from scrapy import Request, Spider, signals
from scrapy.crawler import CrawlerProcessBase
from scrapy.http import Response
from twisted.python.failure import Failure

from kompascrawler.debugging.robots import Robots
from kompascrawler.extensions.refusals import cause_of


class NotFetched(Exception):  # noqa: N818 - what happened; the message says why
    """A page could not be had; one line."""


class _OnePage(Spider):
    """Asks for one page."""

    name = "one_page"
    response: Response | None = None
    cause: str | None = None

    def __init__(self, url: str) -> None:
        super().__init__(self.name)
        self.url = url

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the page."""
        yield Request(self.url, callback=self.parse, errback=self.failed, dont_filter=True)

    def parse(self, response: Response, **_: object) -> Iterator[Request]:
        """Keep the page."""
        self.response = response
        yield from ()

    def failed(self, failure: Failure) -> None:
        """Keep the cause."""
        self.cause = cause_of(failure)


def fetch(process: CrawlerProcessBase, url: str, robots: Robots) -> Response:
    """Return a page; ``robots`` hears the rules of its host. Raises NotFetched.

    Starts the process, which no other crawl can use then.
    """
    crawler = process.create_crawler(_OnePage)
    crawler.signals.connect(robots.robots_parsed, signals.robots_parsed)
    process.crawl(crawler, url=url)
    process.start()
    spider = crawler.spider
    if not isinstance(spider, _OnePage):
        raise NotFetched(f"{url} was not asked for: the crawler could not be set up")
    if spider.response is None:
        raise NotFetched(f"{url} was not had: {spider.cause or 'the log says why'}")
    return spider.response
