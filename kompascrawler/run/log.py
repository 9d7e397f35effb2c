"""The log of a run: what is left out, what is counted, and its form as JSON lines."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

from scrapy.settings import BaseSettings
from scrapy.utils.log import TopLevelFormatter

from kompascrawler.printable import printable

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
