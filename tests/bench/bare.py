"""The yardstick: a Scrapy spider as its tutorial has it, ten selections a page and a feed."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response


class BareSpider(Spider):
    """Fetches the addresses in a file (``-a urls=FILE``, one a line) and yields a dict of each."""

    name = "bare"
    urls = ""

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every address."""
        with open(self.urls) as file:  # noqa: ASYNC230, PTH123 - as a tutorial has it
            for url in file:
                yield Request(url.strip())

    def parse(self, response: Response, **_: Any) -> Iterator[dict[str, Any]]:
        """Make ten selections."""
        yield {
            "url": response.css("link[rel=canonical]::attr(href)").get(),
            "title": response.css("h1.read__title::text").get(),
            "time": response.css(".read__time::text").get(),
            "author": response.css("meta[name=content_author]::attr(content)").get(),
            "editor": response.css("meta[name=content_editor]::attr(content)").get(),
            "description": response.css("meta[name=description]::attr(content)").get(),
            "tags": response.css(".tag__article__link::text").getall(),
            "photo": response.css(".photo img::attr(src)").get(),
            "text": response.css(".read__content p ::text").getall(),
            "links": response.css(".article__link::attr(href)").getall(),
        }
