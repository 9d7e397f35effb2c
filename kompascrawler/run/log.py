"""What a run says on its way: its log, and lines on a terminal that tell how far it is."""

import json
import logging
import os
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import AsyncioLoopingCall, create_looping_call
from scrapy.utils.log import TopLevelFormatter
from twisted.internet.task import LoopingCall

from kompascrawler.components import Component, counts_of, listing_read
from kompascrawler.outcome.counts import RunCounts
from kompascrawler.run.storage import storage_of
from kompascrawler.sections import Section, chosen_sections
from kompascrawler.store.ledger import Filling, fill_of
from kompascrawler.terminal import printable, silence, text

if TYPE_CHECKING:
    from rich.console import RenderableType

logger = logging.getLogger(__name__)

ONE_LINE = ("scrapy.downloadermiddlewares.robotstxt", "scrapy.extensions.feedexport")
"""Loggers whose errors are those of a network or a disk: what was raised says it, and the stack of
our own libraries below it says nothing more."""
DEMOTED = ("scrapy.crawler", "scrapy.middleware", "scrapy.addons", "scrapy.utils.log")
"""Loggers that say at every start what the settings say (some sixty lines) or what the run card
says (settings, versions): at level DEBUG."""


def without_traceback(record: logging.LogRecord) -> bool:
    """Filter of a logger: say in the message what was raised, instead of a traceback."""
    error = record.exc_info[1] if record.exc_info else None
    message = record.getMessage()
    if error is not None and str(error) not in message:
        record.msg, record.args = f"{message}: {' '.join(str(error).split())}", ()
    record.exc_info = record.exc_text = None
    return True


def demoted(record: logging.LogRecord) -> bool:
    """Filter of a logger: make INFO a DEBUG; what the handlers let through is up to them."""
    if record.levelno == logging.INFO:
        record.levelno, record.levelname = logging.DEBUG, "DEBUG"
    return True


def quieten() -> None:
    """Have the loggers of ``ONE_LINE`` log one line a failure, those of ``DEMOTED`` at DEBUG."""
    for name in ONE_LINE:
        logging.getLogger(name).addFilter(without_traceback)
    for name in DEMOTED:
        logging.getLogger(name).addFilter(demoted)


class Errors(logging.Handler):
    """Counts records with a traceback: Scrapy swallows what handlers of signals raise, but logs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0
        self.first: str | None = None
        """The first error in a line."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count an error, unless it is asyncio's word on a task that nobody waits for."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None or record.name == "asyncio":
            return
        self.count += 1
        if self.first is None:
            self.first = " ".join(f"{type(error).__name__}: {error}".split())[:200]


class JsonFormatter(logging.Formatter):
    """A record as a line of JSON: time (RFC 3339), level, logger, run_id, message, traceback."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self._run_id = run_id

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        time = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": time.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "run_id": self._run_id,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = printable(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(settings: BaseSettings, run_id: str) -> None:
    """Put the run id into every line of the log, before Scrapy sets it up by these settings.

    Scrapy takes no formatter: for JSON lines the handler is ours. Raises OSError by the file.
    """
    quieten()
    if file := settings["LOG_FILE"]:
        Path(file).open("a").close()
    if settings.getbool("LOG_FORMAT_JSON"):
        settings.set("LOG_INSTALL_ROOT_HANDLER", value=False, priority="cmdline")
        handler = _handler(settings)
        handler.setLevel(settings["LOG_LEVEL"])
        handler.setFormatter(JsonFormatter(run_id))
        if settings.getbool("LOG_SHORT_NAMES"):
            handler.addFilter(TopLevelFormatter(["scrapy"]))
        logging.root.setLevel(logging.NOTSET)
        logging.root.addHandler(handler)
    else:
        settings.set("LOG_FORMAT", f"{run_id} {settings['LOG_FORMAT']}", priority="cmdline")


def _handler(settings: BaseSettings) -> logging.Handler:
    if file := settings["LOG_FILE"]:
        mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
        return logging.FileHandler(file, mode, settings["LOG_ENCODING"])
    return logging.StreamHandler() if settings.getbool("LOG_ENABLED") else logging.NullHandler()


INTERVAL = 0.5
"""Seconds between two states of the line."""
USUAL_COLUMNS = 80
_BAR = 20
"""Columns of the bar."""
_CLEAR = "\r\x1b[K"
_UP = "\x1b[A"


def progress_line(counts: RunCounts, seconds: float) -> str:
    """Say how far a run is.

    >>> progress_line(RunCounts(), 3.0)
    'found 0 new, 0 known · 0 fetched · 0 stored · 0 refused · 0 failed · 0.0/s'
    """
    found, stored, refusals = counts.discovery, counts.store.articles, counts.refusals
    return (
        f"found {found.new} new, {found.known} known · "
        f"{counts.traffic.answers.total()} fetched · {stored} stored · "
        f"{refusals.pages.total()} refused · {refusals.failed} failed · "
        f"{stored / seconds if seconds else 0.0:.1f}/s"
    )


def filling_line(filling: Filling, seconds: float) -> "RenderableType":
    """Draw how far the first reading of the index is."""
    from rich.progress_bar import ProgressBar  # noqa: PLC0415 - on a terminal only
    from rich.table import Table  # noqa: PLC0415 - as above

    line, bar = Table.grid(padding=(0, 1)), ProgressBar(total=1.0, completed=filling.share)
    line.add_column(width=_BAR)
    line.add_column(no_wrap=True, overflow="ellipsis")
    line.add_row(bar, text(f"{filling.share:.0%} {filling.describe(seconds)}"))
    return line


class ProgressExtension(Component):
    """Shows the lines while ``PROGRESS_ENABLED`` (set on a terminal, not in cron)."""

    def __init__(self, crawler: Crawler, terminal: TextIO | None = None) -> None:
        if not crawler.settings.getbool("PROGRESS_ENABLED"):
            # Without a reason: Scrapy would log it as a warning in every run of cron.
            raise NotConfigured
        super().__init__(crawler)
        self._terminal = terminal or sys.stderr
        self._task: AsyncioLoopingCall | LoopingCall | None = None
        self._began = time.monotonic()
        self._shown = 0
        """Lines that stand on the terminal now."""

        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

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
        self._clear()

    def _show(self) -> None:
        counts, seconds = counts_of(self.crawler), time.monotonic() - self._began
        parts: list[RenderableType] = [text(progress_line(counts, seconds))]
        if counts.filling is not None:
            parts.append(filling_line(counts.filling, seconds))
        drawn = self._drawn(parts)
        self._write(self._clearing() + "\n".join(drawn))
        self._shown = len(drawn)

    def _drawn(self, parts: "list[RenderableType]") -> list[str]:
        """Return lines that do not wrap: one that did could not be rewritten in place."""
        from rich.console import Console  # noqa: PLC0415 - on a terminal only

        width = _columns(self._terminal) - 1
        console = Console(file=self._terminal, width=width, highlight=False, emoji=False)
        with console.capture() as captured:
            for part in parts:
                console.print(part, no_wrap=True, overflow="crop", crop=True)
        return [line.rstrip() for line in captured.get().splitlines()]

    def _clearing(self) -> str:
        return _CLEAR + (_UP + _CLEAR) * (self._shown - 1)

    def _clear(self, record: logging.LogRecord | None = None) -> bool:  # noqa: ARG002 - a filter's
        self._write(self._clearing())
        self._shown = 0
        return True

    def _write(self, text: str) -> None:
        try:
            self._terminal.write(text)
            self._terminal.flush()
        except OSError:  # the terminal is gone; the run goes on, or SIGHUP ends it
            silence(self._terminal)


def _columns(terminal: TextIO) -> int:
    try:
        return os.get_terminal_size(terminal.fileno()).columns or USUAL_COLUMNS
    except OSError:
        return USUAL_COLUMNS


class FillingExtension(Component):
    """Keeps ``counts.filling`` as it is; logs it every ``LOGSTATS_INTERVAL`` seconds."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._counts = counts_of(crawler)
        self._storage = storage_of(crawler)
        self._sections = chosen_sections(crawler.settings["SECTION"]).parts
        self._began: dict[str, date] = {}
        self._interval = crawler.settings.getfloat("LOGSTATS_INTERVAL")
        self._started = self._logged = time.monotonic()

        for signal in (listing_read, signals.spider_closed):
            crawler.signals.connect(self.look, signal)

    def look(self) -> None:
        """Look how far the index has been read; a section that is filled has no filling.

        Of several that are being filled it is told of one that advances, and has most to do.
        """
        if not self._storage.is_open or self._counts.store.error:
            return
        found = filter(None, map(self._fill_of, self._sections))
        fill = max(found, key=lambda each: (each.advances, each.reached), default=None)
        self._counts.filling, now = fill, time.monotonic()
        if fill and self._interval and now - self._logged >= self._interval:
            self._logged = now
            logger.info("%s", fill.describe(now - self._started))

    def _fill_of(self, section: Section) -> Filling | None:
        store, name = self._storage.store(), section.name
        fill = fill_of(store.gaps(name), store.newest_listed(name), store.oldest_asked(name))
        if fill is None:
            return None
        began = self._began.setdefault(name, fill.reached)
        return replace(fill, began=began, section=name if len(self._sections) > 1 else "")
