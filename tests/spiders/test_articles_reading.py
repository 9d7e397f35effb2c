"""Large and odd pages are read by another process, and refused where that takes too long."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from kompascrawler.browser import PAGES
from kompascrawler.halaman.joining import Part
from kompascrawler.pages import PageRefused, article_page
from kompascrawler.pages.checks import checks_of
from kompascrawler.pages.index import terkini
from kompascrawler.pages.layouts import WholePage
from kompascrawler.pages.markup import LARGE, is_odd
from kompascrawler.spiders.articles import ReadingMiddleware, page_of, parts_shown
from kompascrawler.store.model import Link
from tests.bench.shapes import SHAPES, URL

ASKED = Link("2026-11-26-060000370", URL)
LONG = SHAPES["<p> in a row"].page(20_000).replace(b"</body>", b"<!--" + b"x" * LARGE + b"-->")


def answer(body: bytes, shown: Sequence[bytes] = (), **settings: Any) -> HtmlResponse:
    """Return the answer as the spider gets it; ``shown`` by a browser."""
    meta = {PAGES: shown} if shown else {}
    request = Request(URL, cb_kwargs={"asked": ASKED}, meta=meta)
    response = HtmlResponse(URL, body=body, request=request)

    async def read() -> None:
        middleware = ReadingMiddleware.from_crawler(get_crawler(settings_dict=settings))
        try:
            await middleware.process_response(request, response)
        finally:
            await middleware._reader.close()

    asyncio.run(read())
    return response


def test_a_large_page_says_what_an_ordinary_one_says() -> None:
    """Record, marks, missing fields and listing travel back."""
    read, page = page_of(answer(LONG, READ_MAX_SECONDS=60)), article_page(URL, LONG)
    assert isinstance(read, WholePage)
    part: Part = page.part()
    assert (read.part(), read.missing, read.block) == (part, page.missing, terkini(page.trees))
    assert read.checks == checks_of(page, links=len(read.block.hrefs))
    assert (read.to_item(), read.address) == (page.to_item(), page.address)


def test_a_page_that_takes_too_long_is_refused() -> None:
    """An element with 150,000 attributes takes libxml2 minutes."""
    odd = SHAPES["attributes, body"].page(LARGE)
    with pytest.raises(PageRefused, match="longer than 3 seconds") as refused:
        page_of(answer(odd, READ_MAX_SECONDS=3))
    assert refused.value.reason == "unreadable"


def test_only_odd_pages_are_read_elsewhere() -> None:
    """Thousands of attributes in a tag are odd, whatever their values hold."""
    odd = b"".join(b' a%d=">"' % number for number in range(2_000))
    assert [is_odd(page) for page in (b"<p>Isi</p>" * 50_000, b"<p" + odd + b">", LONG)] == [
        False,
        True,
        True,
    ]


def test_what_a_browser_shows_is_bounded_as_well() -> None:
    """All pages of an article are read together, within the same time."""
    odd = SHAPES["attributes, body"].page(LARGE)
    assert (
        parts_shown(answer(b"", shown=[LONG, b"", LONG], READ_MAX_SECONDS=60), ASKED.id)
        == [article_page(URL, LONG).part(is_rendered=True)] * 2
    )
    with pytest.raises(PageRefused, match="longer than 3 seconds") as refused:
        parts_shown(answer(b"", shown=[LONG, odd, odd], READ_MAX_SECONDS=3), ASKED.id)
    assert refused.value.reason == "unreadable"


def test_too_little_memory_is_not_an_empty_page() -> None:
    """libxml2 says so in its own way."""
    page = SHAPES["<p> unclosed"].page(14_000_000)
    with pytest.raises(PageRefused, match="memory") as refused:
        page_of(answer(page, READ_MAX_SECONDS=60))
    assert refused.value.reason == "unreadable"
