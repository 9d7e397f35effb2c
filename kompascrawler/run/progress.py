"""One line on a terminal that says how a crawl goes, rewritten in place."""

import logging
import os
import sys
import time
from typing import Self, TextIO

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall, create_looping_call
from twisted.internet.task import LoopingCall

from kompascrawler.outcome.counts import RunCounts
from kompascrawler.outcome.terminal import silence
from kompascrawler.run.counting import counts_of

INTERVAL = 0.5
"""Seconds between two states of the line."""
USUAL_COLUMNS = 80
_CLEAR = "\r\x1b[K"


def progress_line(counts: RunCounts, seconds: float) -> str:
    """Say how far a run is.

    >>> progress_line(RunCounts(), 3.0)
    'found 0 new, 0 known · 0 fetched · 0 stored · 0 refused · 0 failed · 0.0/s'
    """
    found, stored, refusals = counts.discovery, counts.store.articles, counts.refusals
    return (
        f"found {found.new} new, {found.known} known · "
        f"{counts.wire.answers.total()} fetched · {stored} stored · "
        f"{refusals.pages.total()} refused · {refusals.failed} failed · "
        f"{stored / seconds if seconds else 0.0:.1f}/s"
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
        self._write(_CLEAR)

    def _show(self) -> None:
        line = progress_line(counts_of(self._crawler), time.monotonic() - self._began)
        # A line that wraps is not taken away by what clears one line, and fills the screen.
        self._write(f"{_CLEAR}{line[: _columns(self._terminal) - 1]}")

    def _clear(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - a filter's signature
        self._write(_CLEAR)
        return True

    def _write(self, text: str) -> None:
        try:
            self._terminal.write(text)
            self._terminal.flush()
        except OSError:  # the terminal is gone; the run goes on, or SIGHUP ends it
            silence(self._terminal)


def _columns(terminal: TextIO) -> int:
    """Return the width of a terminal; the usual one where it tells none."""
    try:
        return os.get_terminal_size(terminal.fileno()).columns or USUAL_COLUMNS
    except OSError:
        return USUAL_COLUMNS
