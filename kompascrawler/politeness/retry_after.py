"""The Retry-After header: how long a host asks us to wait."""

import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from kompascrawler.politeness.crawl_breakers import breakers_of
from kompascrawler.run.counting import Component, counts_of
from kompascrawler.run.requests import hold, host_of
from kompascrawler.run.storage import storage_of

LONGEST_WAIT: Final = 24 * 60 * 60.0
"""Seconds that no answer can ask for more of: a longer wait is a mistake, or means "go away"."""


def seconds_asked(value: str, now: datetime) -> float | None:
    """Return how long to wait by a Retry-After header, from 0 to ``LONGEST_WAIT`` seconds.

    Takes seconds and dates of HTTP (RFC 9110, section 10.2.3); None for anything else. ``now``
    has a zone.

    >>> seconds_asked("120", datetime(2026, 11, 22, tzinfo=UTC))
    120.0
    >>> seconds_asked("Sun, 22 Nov 2026 00:01:00 GMT", datetime(2026, 11, 22, tzinfo=UTC))
    60.0
    """
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return min(float(value), LONGEST_WAIT)
    try:
        time = parsedate_to_datetime(value)
        # Without a zone, or with "-0000", it is meant as GMT, as every date of HTTP.
        seconds = ((time if time.tzinfo else time.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


logger = logging.getLogger(__name__)

_STATUSES: Final = (429, 503)


class RetryAfterExtension(Component):
    """Hears of every answer; see ``hear_retry_after``."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self.response_downloaded, signals.response_downloaded)

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Do as the answer asks."""
        hear_retry_after(self.crawler, request, response)


def hear_retry_after(crawler: Crawler, request: Request, response: Response) -> None:
    """Ask nothing of a host for as long as its answer (429 or 503) says, while a crawl goes on.

    What is longer than ``RETRY_AFTER_MAX_SECONDS`` or than the rest of ``MAX_RUN_SECONDS`` is
    left to a later run: it opens the breaker.
    """
    value = response.headers.get("Retry-After")
    if value is None or response.status not in _STATUSES or not storage_of(crawler).is_open:
        return
    seconds = seconds_asked(value.decode("latin-1"), datetime.now(UTC)) or 0.0
    if seconds > _patience(crawler):
        cause = f"http {response.status} with Retry-After of {seconds:.0f} s"
        breakers_of(crawler).open_for(host_of(request), cause, seconds)
    elif seconds and hold(crawler, request, seconds):
        counts = counts_of(crawler).retry_after
        counts.waits += 1
        counts.seconds += round(seconds)
        logger.info("%s asks us to wait %.0f s", host_of(request), seconds)


def _patience(crawler: Crawler) -> float:
    longest: float = crawler.settings.getfloat("RETRY_AFTER_MAX_SECONDS")
    budget: float = crawler.settings.getfloat("MAX_RUN_SECONDS")
    assert crawler.stats is not None
    start = crawler.stats.get_value("start_time")
    if not budget or start is None:
        return longest
    spent: float = (datetime.now(UTC) - start).total_seconds()
    return max(0.0, min(longest, budget - spent))
