"""The politeness of Scrapy's downloader for requests that do not pass it."""

import asyncio
from time import monotonic

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler


async def wait_for_turn(crawler: Crawler, article: Request) -> None:
    """Wait until the host of a browser request may be asked again, and count it as asked now.

    Uses the downloader's own slot, in which the browser request holds a place until its walk
    ends: delay (AutoThrottle's included) and concurrency hold for both together.
    """
    assert crawler.engine is not None
    slot = crawler.engine.downloader.slots.get(article.meta.get(Downloader.DOWNLOAD_SLOT, ""))
    if slot is None:
        return
    delay = slot.download_delay()
    # Another request may take the turn while this one waits.
    while (left := slot.lastseen + delay - monotonic()) > 0:  # noqa: ASYNC110 - a time, no event
        await asyncio.sleep(left)
    slot.lastseen = monotonic()
