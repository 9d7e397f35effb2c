"""What the service has in hand at a time, without a browser."""

import asyncio

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from kompascrawler.browser.request import BrowserTimeout
from kompascrawler.browser.service import BrowserService

OPEN = 2


class Service(BrowserService):
    """Notes what it asks for and opens; what is opened stays so until it is ``closed``."""

    def __init__(self, timeout: float) -> None:
        settings = {"BROWSER_CONCURRENT_PAGES": OPEN, "BROWSER_TIMEOUT": timeout}
        super().__init__(get_crawler(Spider, settings))
        self.asked: list[str] = []
        self.opened: list[str] = []
        self.closed = asyncio.Event()

    async def _ask(self, request: Request) -> tuple[Response, Response | None]:
        self.asked.append(request.url[-1])
        return Response(request.url), Response(request.url)

    async def _walk(self, request: Request, document: Response) -> None:  # type: ignore[override]
        self.opened.append(request.url[-1])
        await self.closed.wait()

    def _response(self, document: Response, request: Request, walk: object) -> Response:
        return document


def test_one_document_is_fetched_ahead_of_each_open_article() -> None:
    """No more: what is fetched and never opened would be a request too many."""

    async def work() -> tuple[str, str, str]:
        service = Service(timeout=60)
        fetches = [service.fetch(Request(f"https://www.kompas.com/{n}")) for n in range(6)]
        working = asyncio.gather(*fetches)
        for _ in range(20):
            await asyncio.sleep(0)
        before = "".join(service.asked), "".join(service.opened)
        service.closed.set()
        await working
        await service.close()
        return *before, "".join(service.opened)

    assert asyncio.run(work()) == ("0123", "01", "012345")


def test_the_wait_until_one_may_be_opened_is_not_the_articles() -> None:
    """Each article that is never done has its time; none that waits for it is given up for that."""

    async def work() -> list[object]:
        service = Service(timeout=0.2)
        fetches = [service.fetch(Request(f"https://www.kompas.com/{n}")) for n in range(4)]
        ends = await asyncio.gather(*fetches, return_exceptions=True)
        await service.close()
        assert service.opened == ["0", "1", "2", "3"]
        return [type(end) for end in ends]

    assert asyncio.run(work()) == [BrowserTimeout] * 4
