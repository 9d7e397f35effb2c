"""The browser's yardstick: a spider as scrapy-playwright's README has it, which clicks on."""

from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import Page
from playwright.async_api import Request as Wanted
from scrapy import Request, Spider
from scrapy.http import Response

BLOCKED = {"image", "media", "font", "stylesheet"}
NUMBERS = ".read__paging a.paging__link"
NEXT = ".read__paging__footnote a.next"
CHANGED = "before => document.querySelector('.read__content').innerHTML !== before"


def is_blocked(wanted: Wanted) -> bool:
    """Tell whether a page can do without; ``PLAYWRIGHT_ABORT_REQUEST`` names this."""
    return wanted.resource_type in BLOCKED


class PlaywrightSpider(Spider):
    """Opens the addresses in a file (``-a urls=FILE``), clicks, and yields the pages of each."""

    name = "playwright"
    urls = ""

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every address."""
        with open(self.urls) as file:  # noqa: ASYNC230, PTH123 - as a tutorial has it
            for url in file:
                yield Request(
                    url.strip(), meta={"playwright": True, "playwright_include_page": True}
                )

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[dict[str, Any]]:
        """Click the number of the next page, or "next", as long as there is one."""
        page: Page = response.meta["playwright_page"]
        documents = [response.text]
        while True:
            numbers, following = page.locator(NUMBERS), page.locator(NEXT)
            if await numbers.count() > len(documents):
                link = numbers.nth(len(documents))
            elif await following.count():
                link = following
            else:
                break
            before = await page.inner_html(".read__content")
            await link.click()
            await page.wait_for_function(CHANGED, arg=before)
            documents.append(await page.content())
        await page.close()
        yield {"url": response.url, "documents": documents, "pages": len(documents)}
