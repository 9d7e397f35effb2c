"""An add-on that prints how many articles of a crawl were under way at most."""

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from kompascrawler.components import ArticleEnd, article_ended


class MostUnderWay:
    """Adds ``Counting`` to the extensions."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Add it."""
        settings["EXTENSIONS"][Counting] = 1


class Counting:
    """Counts articles from the first request for each to its end."""

    def __init__(self) -> None:
        self._open: set[str] = set()
        self._most = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Counting":
        extension = cls()
        crawler.signals.connect(extension.request_scheduled, signals.request_scheduled)
        crawler.signals.connect(extension.article_ended, article_ended)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def request_scheduled(self, request: Request) -> None:
        if asked := request.cb_kwargs.get("asked"):
            self._open.add(asked.id)
            self._most = max(self._most, len(self._open))

    def article_ended(self, end: ArticleEnd) -> None:
        assert end.asked is not None
        self._open.remove(end.asked.id)

    def spider_closed(self) -> None:
        print(f"under way at most: {self._most}, left open: {len(self._open)}")
