"""A store that fails ends the run; other errors are Scrapy's."""

from scrapy.http import Response
from scrapy.utils.test import get_crawler

from kompascrawler.run.storage import StoreGuardMiddleware
from kompascrawler.spiders.kompas_global import KompasGlobalSpider


def test_other_errors_are_left_alone() -> None:
    """An exception that is not the store's is not handled here."""
    middleware = StoreGuardMiddleware.from_crawler(get_crawler(KompasGlobalSpider))
    response = Response("https://www.kompas.com/global")
    assert middleware.process_spider_exception(response, KeyError("x")) is None
