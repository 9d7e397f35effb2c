"""The progress line: what it says, and when it is shown."""

import logging
import os
import pty
import re
import termios
from datetime import date

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from kompascrawler.components import counts_of
from kompascrawler.outcome.counts import RunCounts
from kompascrawler.run.log import ProgressExtension, progress_line
from kompascrawler.spiders.kompas_global import KompasGlobalSpider
from kompascrawler.store.ledger import Filling
from tests.outcome.counting import counted


def test_line_says_how_it_goes() -> None:
    """Found, known, fetched, stored, refused, failed and the rate are there."""
    stats = {
        "discovery/new": 12,
        "discovery/known": 3,
        "traffic/answers/article/200": 9,
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
    crawler = get_crawler(KompasGlobalSpider, {"PROGRESS_ENABLED": True})
    with os.fdopen(slave, "w") as terminal:
        ProgressExtension(crawler, terminal)._show()
        shown = os.read(master, 1000).decode()
    os.close(master)
    assert shown.startswith("\r\x1b[Kfound 0 new, 0 known · 0 fetched")
    assert len(shown.removeprefix("\r\x1b[K")) == width


def filling(
    terminal_columns: int, monkeypatch: pytest.MonkeyPatch, **environment: str
) -> list[str]:
    """Return what two states of a first filling write on a terminal."""
    for name, value in ({"TERM": "xterm-256color"} | environment).items():
        monkeypatch.setenv(name, value)
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, terminal_columns))
    crawler = get_crawler(KompasGlobalSpider, {"PROGRESS_ENABLED": True})
    counts_of(crawler).filling = Filling(
        newest=date(2026, 11, 26),
        began=date(2026, 11, 26),
        reached=date(2024, 3, 2),
        goal=date(2009, 1, 1),
    )
    shown = []
    with os.fdopen(slave, "w") as terminal:
        extension = ProgressExtension(crawler, terminal)
        for _ in range(2):
            extension._show()
            shown.append(os.read(master, 1000).decode())
    os.close(master)
    return shown


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_first_filling_has_a_second_line(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Share, day reached and time left; both lines fit, and the next state takes both away."""
    first, second = filling(columns, monkeypatch, NO_COLOR="1")
    lines = re.sub(r"\x1b\[[0-9;]*[A-Za-z]|\r", "", first).split("\n")
    assert len(lines) == 2
    assert max(map(len, lines)) < columns
    if columns >= 80:
        assert "15% filling: reached 2024-03-02, about" in lines[1]
    assert second.startswith("\r\x1b[K\x1b[A\r\x1b[K")


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour of rich's is written."""
    shown, _ = filling(80, monkeypatch, NO_COLOR="1")
    assert re.findall(r"\x1b\[[0-9;]*m", shown) == []
