"""The progress line: what it says, and when it is shown."""

import logging

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from kompascrawler.extensions.progress import ProgressExtension, progress_line
from kompascrawler.spiders.kompas_global import KompasGlobalSpider


def test_line_says_how_it_goes() -> None:
    """Found, known, fetched, stored, refused, failed and the rate are there."""
    stats = {
        "discovery/new": 12,
        "discovery/known": 3,
        "response_received_count": 9,
        "store/articles": 6,
        "refusals/pages": 1,
        "refusals/failed": 2,
    }
    expected = (
        "found 12 new, 3 known · fetched 9 · stored 6 · refused 1 · failed 2 · 2.0 articles/s"
    )
    assert progress_line(stats, 3.0) == expected


def test_no_time_is_no_rate() -> None:
    """The first line is shown before any time has passed."""
    assert progress_line({}, 0.0).endswith("0.0 articles/s")


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
