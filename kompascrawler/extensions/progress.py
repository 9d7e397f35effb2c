"""One line on a terminal that says how a crawl goes, rewritten in place."""

import logging
import sys
import time
from collections.abc import Mapping
from typing import Any, Self, TextIO

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall, create_looping_call
from twisted.internet.task import LoopingCall

INTERVAL = 0.5
"""Seconds between two states of the line."""
_CLEAR = "\r\x1b[K"


def progress_line(stats: Mapping[str, Any], seconds: float) -> str:
    """Say how far a run is.

    >>> progress_line({"discovery/new": 12, "store/articles": 6}, 3.0)
    'found 12 new, 0 known · fetched 0 · stored 6 · refused 0 · failed 0 · 2.0 articles/s'
    """
    stored = stats.get("store/articles", 0)
    return (
        f"found {stats.get('discovery/new', 0)} new, {stats.get('discovery/known', 0)} known · "
        f"fetched {stats.get('response_received_count', 0)} · stored {stored} · "
        f"refused {stats.get('refusals/pages', 0)} · failed {stats.get('refusals/failed', 0)} · "
        f"{stored / seconds if seconds else 0.0:.1f} articles/s"
    )


class ProgressExtension:
    """Shows the progress line while ``PROGRESS_ENABLED`` (set on a terminal, not in cron)."""

    def __init__(self, crawler: Crawler, terminal: TextIO) -> None:
        self._crawler = crawler
        self._terminal = terminal
        self._task: AsyncioLoopingCall | LoopingCall | None = None
        self._began = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connect to the crawl, unless nobody watches."""
        if not crawler.settings.getbool("PROGRESS_ENABLED"):
            # Without a reason: Scrapy would log it as a warning in every run of cron.
            raise NotConfigured
        extension = cls(crawler, sys.stderr)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        """Begin to show the line; log lines push it away first."""
        for handler in logging.root.handlers:
            handler.addFilter(self._clear)
        self._began = time.monotonic()
        self._task = create_looping_call(self._show)
        self._task.start(INTERVAL)

    def spider_closed(self) -> None:
        """Take the line away: the summary follows."""
        if self._task is not None and self._task.running:
            self._task.stop()
        for handler in logging.root.handlers:
            handler.removeFilter(self._clear)
        self._terminal.write(_CLEAR)
        self._terminal.flush()

    def _show(self) -> None:
        line = progress_line(self._crawler.stats.get_stats(), time.monotonic() - self._began)
        self._terminal.write(f"{_CLEAR}{line}")
        self._terminal.flush()

    def _clear(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - a filter's signature
        self._terminal.write(_CLEAR)
        return True
