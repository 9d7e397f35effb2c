"""The smoke test of a browser comes to an end, however the browser's start goes.

`tests/commands/test_doctor.py` tries real ones.
"""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.utils.project import get_project_settings

from kompascrawler.browser.request import Broken, BrowserCrashed, BrowserMissing, BrowserTimeout
from kompascrawler.browser.supervisor import smoke_test

pytest.importorskip("scrapy_playwright")


class StandIn:
    """A session whose start does what the test wants."""

    program = "/usr/bin/browser 1.0"
    closed = 0

    def __init__(self, error: Exception | None, *, hangs: bool) -> None:
        self._error, self._hangs = error, hangs

    async def start(self) -> None:
        if self._hangs:
            await asyncio.Event().wait()
        if self._error:
            raise self._error

    async def close(self) -> None:
        StandIn.closed += 1


def tried(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None, *, hangs: bool = False
) -> tuple[str, float]:
    """Try a stand-in; whatever comes of it, it is closed once."""
    StandIn.closed = 0
    stand_in = StandIn(error, hangs=hangs)
    monkeypatch.setattr("kompascrawler.browser.session.Session", lambda *_: stand_in)
    crawler: Any = SimpleNamespace(settings=get_project_settings())
    try:
        return asyncio.run(smoke_test(crawler, 0.05 if hangs else 60.0))
    finally:
        assert StandIn.closed == 1


def test_one_that_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was started is told."""
    assert tried(monkeypatch, None)[0] == StandIn.program


@pytest.mark.parametrize(
    ("error", "expected"),
    [(Broken("not started: ended"), BrowserCrashed), (BrowserMissing("none"), BrowserMissing)],
)
def test_one_that_does_not_start(
    monkeypatch: pytest.MonkeyPatch, error: Exception, expected: type[Exception]
) -> None:
    """Why is told by the kind of error."""
    with pytest.raises(expected, match=str(error)):
        tried(monkeypatch, error)


def test_one_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for no longer than said."""
    with pytest.raises(BrowserTimeout, match=r"not started in 0\.05 s"):
        tried(monkeypatch, None, hangs=True)
