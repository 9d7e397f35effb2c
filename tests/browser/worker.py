"""One crawl of given requests in a process of its own; writes down what came of each.

``python -m tests.browser.worker ORDER RESULT``: ORDER is a JSON file with ``requests`` (name,
url, browser) and ``settings``; RESULT becomes one with ``answers``, ``stats`` and ``modules``.
"""

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.utils.project import get_project_settings
from twisted.python.failure import Failure

from kompascrawler.browser import PAGES, WALK, browser_request


class OrdersSpider(scrapy.Spider):
    """Asks for what was ordered."""

    name = "orders"
    allowed_domains = ("kompas.com",)

    def __init__(self, orders: list[dict[str, Any]], answers: dict[str, Any]) -> None:
        super().__init__()
        self.orders = orders
        self.answers = answers

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Yield the requests in order."""
        for number, order in enumerate(self.orders):
            make = browser_request if order.get("browser", True) else scrapy.Request
            yield make(
                order["url"],
                callback=self.parse,
                errback=self.failed,
                cb_kwargs={"order": order["name"]},
                priority=-number,
            )

    def parse(self, response: Response, order: str) -> None:
        """Write an answer down."""
        pages = [page.decode() for page in response.meta.get(PAGES, [])]
        self.answers[order] = {"documents": pages, "body": response.body.decode("utf-8", "replace")}
        self.answers[order] |= response.meta.get(WALK, {})
        stats = self.crawler.stats
        self.answers[order]["contexts"] = stats and stats.get_value("playwright/context_count")

    def failed(self, failure: Failure) -> None:
        """Write a failure down."""
        order = failure.request.cb_kwargs["order"]  # type: ignore[attr-defined]  # Scrapy's
        self.answers[order] = {"error": type(failure.value).__name__, "why": str(failure.value)}


def main(order: Path, result: Path) -> None:
    """Run the crawl."""
    ordered = json.loads(order.read_text())
    settings = get_project_settings()
    settings.update(ordered["settings"], priority="cmdline")
    answers: dict[str, Any] = {}
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(OrdersSpider)
    process.crawl(crawler, orders=ordered["requests"], answers=answers)
    process.start()
    assert crawler.stats is not None
    written = {
        "answers": answers,
        "stats": crawler.stats.get_stats(),
        "modules": [name for name in sys.modules if "playwright" in name.split(".")[0]],
    }
    result.write_text(json.dumps(written, default=str))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
