"""The progress line: what it says, and when it is shown."""

import logging
import os
import pty
import termios

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from kompascrawler.outcome.counts import RunCounts
from kompascrawler.run.progress import ProgressExtension, progress_line
from kompascrawler.spiders.kompas_global import KompasGlobalSpider
from tests.outcome.counting import counted


def test_line_says_how_it_goes() -> None:
    """Found, known, fetched, stored, refused, failed and the rate are there."""
    stats = {
        "discovery/new": 12,
        "discovery/known": 3,
        "wire/answers/article/200": 9,
        "store/articles": 6,
        "refusals/pages/title": 1,
        "refusals/failed": 2,
    }
    expected = "found 12 new, 3 known · 9 fetched · 6 stored · 1 refused · 2 failed · 2.0/s"
    assert progress_line(counted(stats), 3.0) == expected


def test_no_time_is_no_rate() -> None:
    """The first line is shown before any time has passed."""
    assert progress_line(RunCounts(), 0.0).endswith("0.0/s")


def test_off_where_nobody_watches() -> None:
    """In cron the extension is not there at all, and no warning says so in every run."""
    crawler = get_crawler(KompasGlobalSpider, {"PROGRESS_ENABLED": False})
    with pytest.raises(NotConfigured) as caught:
        ProgressExtension.from_crawler(crawler)
    assert caught.value.args == ()


def test_log_lines_push_the_line_away(capsys: pytest.CaptureFixture[str]) -> None:
    """A log record clears the terminal's line first, so that both can be read."""
    crawler = get_crawler(KompasGlobalSpider, {"PROGRESS_ENABLED": True})
    extension = ProgressExtension.from_crawler(crawler)
    record = logging.makeLogRecord({"msg": "x"})
    assert extension._clear(record)
    assert capsys.readouterr().err == "\r\x1b[K"


@pytest.mark.parametrize(("columns", "width"), [(40, 39), (0, 74), (200, 74)])
def test_line_never_wraps(columns: int, width: int) -> None:
    """It is cut to the width of the terminal: a line that wraps cannot be rewritten in place."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, columns))
    crawler = get_crawler(KompasGlobalSpider)
    with os.fdopen(slave, "w") as terminal:
        ProgressExtension(crawler, terminal)._show()
        shown = os.read(master, 1000).decode()
    os.close(master)
    assert shown.startswith("\r\x1b[Kfound 0 new, 0 known · 0 fetched")
    assert len(shown.removeprefix("\r\x1b[K")) == width
