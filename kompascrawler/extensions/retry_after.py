"""Waits as long as a host asks us to by Retry-After.

An extension beside AutoThrottle and by its means: it hears of an answer before the downloader's
slot of the host sends the next request (a middleware would hear one request too late) and sets
the slot's time. So requests that are queued wait as well, nothing polls, and other hosts go on.
"""

import logging
from datetime import UTC, datetime
from time import monotonic
from typing import Final, Self

from scrapy import Request, signals
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.http import Response

from kompascrawler.breakers import breakers_of, host_of
from kompascrawler.politeness.retry_after import seconds_asked
from kompascrawler.storage import storage_of

logger = logging.getLogger(__name__)

_STATUSES: Final = (429, 503)
_SHORTEST_DELAY: Final = 0.001
"""Seconds: a slot without any delay does not look at its time."""


class RetryAfterExtension:
    """Hears of every answer; see ``hear_retry_after``."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connect to the downloader."""
        extension = cls(crawler)
        crawler.signals.connect(extension.response_downloaded, signals.response_downloaded)
        return extension

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Do as the answer asks."""
        hear_retry_after(self._crawler, request, response)


def hear_retry_after(crawler: Crawler, request: Request, response: Response) -> None:
    """Ask nothing of a host for as long as its answer (429 or 503) says, while a crawl goes on.

    What is longer than ``RETRY_AFTER_MAX_SECONDS`` or than the rest of ``MAX_RUN_SECONDS`` is
    left to a later run: it opens the breaker. Stats: ``retry_after/waits``,
    ``retry_after/seconds``.
    """
    value = response.headers.get("Retry-After")
    if value is None or response.status not in _STATUSES or not storage_of(crawler).is_open:
        return
    seconds = seconds_asked(value.decode("latin-1"), datetime.now(UTC))
    if not seconds:
        return
    if seconds > _patience(crawler):
        cause = f"http {response.status} with Retry-After of {seconds:.0f} s"
        breakers_of(crawler).open_for(host_of(request), cause, seconds)
    else:
        _hold(crawler, request, seconds)


def _patience(crawler: Crawler) -> float:
    """Return the seconds that this run may wait for a host."""
    longest: float = crawler.settings.getfloat("RETRY_AFTER_MAX_SECONDS")
    budget: float = crawler.settings.getfloat("MAX_RUN_SECONDS")
    assert crawler.stats is not None
    start = crawler.stats.get_value("start_time")
    if not budget or start is None:
        return longest
    spent: float = (datetime.now(UTC) - start).total_seconds()
    return min(longest, budget - spent)


def _hold(crawler: Crawler, request: Request, seconds: float) -> None:
    """Have the host's slot believe that it sent its last request when the wait will be over."""
    assert crawler.engine is not None
    assert crawler.stats is not None
    key = request.meta.get(Downloader.DOWNLOAD_SLOT) or host_of(request)
    slot = crawler.engine.downloader.slots.get(key)
    if slot is None:
        return
    slot.delay = max(slot.delay, _SHORTEST_DELAY)
    slot.lastseen = max(slot.lastseen, monotonic() + seconds)
    crawler.stats.inc_value("retry_after/waits")
    crawler.stats.inc_value("retry_after/seconds", round(seconds))
    logger.info("%s asks us to wait %.0f s", host_of(request), seconds)
