"""The form of the log."""

import json
import logging
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from kompascrawler.run import log


def record(message: str, *args: Any, name: str = "x", level: int = logging.INFO) -> Any:
    """Return a record, with the traceback of what is being handled."""
    exc_info = sys.exc_info() if sys.exc_info()[0] else None
    return logging.LogRecord(name, level, "x.py", 1, message, args, exc_info)


def failed(message: str, **kwargs: Any) -> Any:
    """Return the record of an error with a traceback of several lines."""
    try:
        os.environ["NO\nSUCH"]
    except KeyError:
        return record(message, level=logging.ERROR, **kwargs)


def test_a_line_of_json() -> None:
    """Time in UTC with its offset, level, logger, run, message; one line whatever it holds."""
    text = log.JsonFormatter("run-1").format(record("a %s\nb", "“x”"))
    line = json.loads(text)
    assert list(line) == ["time", "level", "logger", "run_id", "message"]
    assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0)
    assert (line["level"], line["logger"], line["run_id"]) == ("INFO", "x", "run-1")
    assert line["message"] == "a “x”\nb"
    assert len(text.splitlines()) == 1


def test_a_traceback_is_a_field() -> None:
    """And no line of its own."""
    text = log.JsonFormatter("run-1").format(failed("went wrong"))
    assert "KeyError" in json.loads(text)["traceback"]
    assert len(text.splitlines()) == 1


def test_errors_are_what_has_a_traceback() -> None:
    """The first is kept in one line; what is only told is none, nor what asyncio gives up."""
    errors = log.Errors()
    assert errors.count == 0
    errors.handle(record("the site does not answer", level=logging.ERROR))
    errors.handle(failed("x", name="asyncio"))
    assert errors.count == 0
    errors.handle(failed("x"))
    errors.handle(failed("y"))
    assert errors.count == 2
    assert str(errors.first).startswith("KeyError: ")
    assert len(str(errors.first).splitlines()) == 1


def test_errors_of_a_network_or_a_disk_are_one_line() -> None:
    """What was raised is said in it, once."""
    told = failed("not stored")
    assert log.without_traceback(told)
    assert (told.getMessage(), told.exc_info) == ("not stored: 'NO\\nSUCH'", None)
    assert log.without_traceback(told)
    assert told.getMessage() == "not stored: 'NO\\nSUCH'"


def test_what_every_start_says_is_for_debugging() -> None:
    """INFO goes down to DEBUG, warnings stay."""
    quiet, loud = record("x"), record("x", level=logging.WARNING)
    assert log.demoted(quiet)
    assert log.demoted(loud)
    assert (quiet.levelname, quiet.levelno) == ("DEBUG", logging.DEBUG)
    assert loud.levelname == "WARNING"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """Return the root logger, which is as before afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield root
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_json_lines_go_where_scrapy_would_write(root: logging.Logger, tmp_path: Path) -> None:
    """By LOG_FILE, LOG_FILE_APPEND and LOG_LEVEL."""
    file = tmp_path / "log"
    file.write_text("before\n")
    given = {"LOG_FORMAT_JSON": "True", "LOG_FILE": str(file), "LOG_LEVEL": "INFO"}
    settings = Settings(given)
    log.set_up(settings, "run-1")
    logging.getLogger("x").debug("quiet")
    logging.getLogger("x").info("loud")
    first, second = file.read_text().splitlines()
    assert (first, json.loads(second)["message"]) == ("before", "loud")
    assert not settings.getbool("LOG_INSTALL_ROOT_HANDLER")


def test_lines_of_text_begin_with_the_run(root: logging.Logger) -> None:
    """Scrapy formats them, by the format that is set."""
    settings = Settings({"LOG_FORMAT": "%(message)s"})
    log.set_up(settings, "run-1")
    assert settings["LOG_FORMAT"] == "run-1 %(message)s"
    assert settings.getbool("LOG_INSTALL_ROOT_HANDLER")
