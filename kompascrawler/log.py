"""What the log leaves out."""

import logging

ONE_LINE = ("scrapy.downloadermiddlewares.robotstxt",)
"""Loggers whose errors are the site's or the network's: the message says it, and the stack of our
own libraries below it says nothing more."""


def without_traceback(record: logging.LogRecord) -> bool:
    """Filter of a logger: take the traceback off a record, and let it pass."""
    record.exc_info = record.exc_text = None
    return True


def quieten() -> None:
    """Have the loggers of ``ONE_LINE`` log one line a failure."""
    for name in ONE_LINE:
        logging.getLogger(name).addFilter(without_traceback)
