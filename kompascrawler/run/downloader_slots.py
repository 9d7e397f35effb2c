"""Scrapy's downloader slots: one for each host, with its delay and the requests that wait.

They are private to Scrapy. Nothing else of ours touches them.
"""

import asyncio
from collections.abc import Callable
from time import monotonic

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached


def host_of(request: Request) -> str:
    """Return the host that a request is for, the name of its slot."""
    return urlparse_cached(request).hostname or ""


def slot_of(crawler: Crawler, request: Request) -> Slot | None:
    """Return the slot of a request that was handed to the downloader; None if it has none."""
    key = request.meta.get(Downloader.DOWNLOAD_SLOT) or host_of(request)
    return crawler.engine.downloader.slots.get(key)


def fail_waiting(
    crawler: Crawler, error: Callable[[], Exception], *, host: str | None = None
) -> int:
    """Have the requests fail that wait for their turn, at one host or all; return how many."""
    failed = 0
    for name, slot in crawler.engine.downloader.slots.items():
        while slot.queue and host in (None, name):
            slot.queue.popleft()[1].errback(error())
            failed += 1
    return failed


async def wait_for_turn(crawler: Crawler, request: Request) -> None:
    """Wait until the host of a request may be asked again, which then counts as asked.

    Delay (AutoThrottle's, too) and concurrency apply to it as to those of the downloader.
    """
    slot = slot_of(crawler, request)
    if slot is None:
        return
    delay = slot.download_delay()
    # Another request may take the turn while this one waits.
    while (left := slot.lastseen + delay - monotonic()) > 0:  # noqa: ASYNC110 - a time, no event
        await asyncio.sleep(left)
    slot.lastseen = monotonic()


def hold(slot: Slot, seconds: float, *, shortest_delay: float) -> None:
    """Have a slot send nothing for so many seconds: it takes its last request for later."""
    slot.delay = max(slot.delay, shortest_delay)
    slot.lastseen = max(slot.lastseen, monotonic() + seconds)
