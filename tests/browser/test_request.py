"""Requests that are answered by the browser."""

from kompascrawler.browser import BROWSER, browser_request


def test_marked() -> None:
    """The request is marked for the browser and keeps what it was given."""
    meta = {"tries": 2}
    request = browser_request("https://www.kompas.com/x", meta=meta, priority=5)
    assert (request.meta[BROWSER], request.meta["tries"], request.priority) == (True, 2, 5)
    assert meta == {"tries": 2}


def test_not_for_autothrottle() -> None:
    """A walk's long duration does not slow the other requests down."""
    assert browser_request("https://www.kompas.com/x").meta["autothrottle_dont_adjust_delay"]
