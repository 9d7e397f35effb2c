"""What the statistics of a run amount to."""

from typing import Any

import pytest

from kompascrawler.verdict import ExitStatus, judge, summary

UNREACHABLE = {"downloader/exception_count": 3, "downloader/request_count": 3}


@pytest.mark.parametrize(
    ("stats", "status"),
    [
        ({}, ExitStatus.FINE),
        ({"store/articles": 3, "downloader/response_count": 5}, ExitStatus.FINE),
        (UNREACHABLE, ExitStatus.UNREACHABLE),
        (UNREACHABLE | {"downloader/response_count": 1}, ExitStatus.FINE),
        ({"store/error": "disk full"}, ExitStatus.STORE),
        (UNREACHABLE | {"store/error": "disk full"}, ExitStatus.STORE),
        ({"spider_exceptions/KeyError": 1}, ExitStatus.ERROR),
        ({"spider/item_errors": 1}, ExitStatus.ERROR),
        ({"finish_reason": "shutdown"}, ExitStatus.INTERRUPTED),
        ({"browser/unusable": "missing", "store/articles": 3}, ExitStatus.BROWSER),
        ({"browser/unusable": "missing", "spider/item_errors": 1}, ExitStatus.ERROR),
    ],
)
def test_status(stats: dict[str, Any], status: ExitStatus) -> None:
    """The most serious cause decides."""
    assert judge(stats).status is status


def test_unreachable_points_at_the_demo() -> None:
    """Somebody without a network is told what works without one."""
    assert "make demo" in judge(UNREACHABLE).cause


def test_summary_names_the_counts() -> None:
    """The summary says what was stored, refused and asked for, and where the records are."""
    stats = {
        "store/articles": 7,
        "store/published": 7,
        "refusals/pages": 2,
        "downloader/request_count": 11,
    }
    text = summary(stats, "data")
    assert text.startswith("OK: new articles are stored")
    for piece in (
        "7 new articles",
        "2 pages refused",
        "11 requests",
        "7 records published below data/articles",
    ):
        assert piece in text


def test_summary_tells_what_was_completed_and_what_is_not() -> None:
    """Revisions are news, too."""
    stats = {"store/revisions": 2, "halaman/incomplete": 3}
    text = summary(stats, "data")
    assert text.startswith("OK: new articles are stored")
    assert "0 new articles, 2 earlier ones completed, 3 incomplete" in text


@pytest.mark.parametrize(("agreed", "warns"), [(5, False), (4, True), (0, True)])
def test_summary_warns_where_the_browser_disagrees(agreed: int, *, warns: bool) -> None:
    """Below a rate of 1, with the figures."""
    stats = {"halaman/audited": 5, "halaman/agreed": agreed, "halaman/agreement": agreed / 5}
    line = f"WARNING: of 5 articles read in the browser too, only {agreed} have the same text"
    assert (line in summary(stats, "data")) is warns
