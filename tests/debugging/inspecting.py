"""A crawl that opens a shell in the middle: run as a module by ``test_shell``.

Arguments: whose ``inspect_response`` (``scrapy.shell`` or ours), the callback to open it in, the
data folder, the address to begin with.
"""

import sys
from importlib import import_module
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.utils.project import get_project_settings

from kompascrawler.spiders.assembler import Assembler
from kompascrawler.spiders.ends import Results
from kompascrawler.spiders.kompas_global import KompasGlobalSpider
from tests.crawls import AT_ONCE

MODULE, CALLBACK, DATA_DIR, URL = sys.argv[1:5]
inspect_response = import_module(MODULE).inspect_response


class InspectingAssembler(Assembler):
    """The spider's assembler, with a breakpoint."""

    spider: KompasGlobalSpider

    def parse_browsed(self, response: Response, **work: Any) -> Results:
        """Stop here, if this is the place."""
        if CALLBACK == "parse_browsed":
            inspect_response(response, self.spider)
        yield from super().parse_browsed(response, **work)


class InspectingSpider(KompasGlobalSpider):
    """The project's spider, with a breakpoint."""

    def __init__(self, crawler: Crawler, **given: str | None) -> None:
        super().__init__(crawler, **given)
        self.assembler = InspectingAssembler(crawler, self.ends, self.forms)
        self.assembler.spider = self

    def parse_article(self, response: Response, **kwargs: Any) -> Results:
        """Stop here, if this is the place."""
        if CALLBACK == "parse_article":
            inspect_response(response, self)
        yield from super().parse_article(response, **kwargs)


settings = get_project_settings()
settings.update(AT_ONCE | {"DATA_DIR": DATA_DIR, "LOG_LEVEL": "ERROR", "PROGRESS_ENABLED": False})
process = AsyncCrawlerProcess(settings)
process.crawl(InspectingSpider, start_urls=URL, max_articles="1")
process.start()
print("crawled")
