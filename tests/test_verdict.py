"""What the statistics of a run amount to."""

from typing import Any

import pytest

from kompascrawler.verdict import ExitStatus, judge, summary

READ = {"discovery/listings": 1, "downloader/request_count": 2, "downloader/response_count": 2}
UNREACHABLE = {"downloader/exception_count": 3, "downloader/request_count": 3}


def unread(**statuses: int) -> dict[str, Any]:
    """Return the stats of a run that was answered, and read no listing."""
    counts = {int(name.removeprefix("http")): count for name, count in statuses.items()}
    return {
        "downloader/request_count": 1 + sum(counts.values()),
        "downloader/response_count": 1 + sum(counts.values()),
        "robotstxt/response_status_count/200": 1,
    } | {
        f"downloader/response_status_count/{status}": count + (status == 200)
        for status, count in ({200: 0} | counts).items()
    }


@pytest.mark.parametrize(
    ("stats", "status"),
    [
        ({}, ExitStatus.FINE),
        (READ, ExitStatus.FINE),
        (READ | {"store/articles": 3}, ExitStatus.FINE),
        (UNREACHABLE, ExitStatus.UNREACHABLE),
        (UNREACHABLE | unread(), ExitStatus.UNREACHABLE),
        (unread(http500=3, http503=3), ExitStatus.UNREACHABLE),
        (unread(http301=2, http500=3), ExitStatus.UNREACHABLE),
        (unread(http403=3), ExitStatus.BLOCKED),
        (unread(http301=2, http403=1), ExitStatus.BLOCKED),
        (unread(http429=6, http503=2), ExitStatus.BLOCKED),
        (unread() | {"robotstxt/forbidden": 1}, ExitStatus.BLOCKED),
        (unread(http403=3) | {"finish_reason": "shutdown"}, ExitStatus.BLOCKED),
        (unread(http404=2), ExitStatus.ERROR),
        (unread(http301=21), ExitStatus.ERROR),
        (unread(http200=1) | {"refusals/pages": 1}, ExitStatus.ERROR),
        (unread(http404=2) | {"finish_reason": "shutdown"}, ExitStatus.INTERRUPTED),
        (READ | {"robotstxt/forbidden": 1}, ExitStatus.FINE),
        (READ | {"downloader/response_status_count/403": 9}, ExitStatus.FINE),
        (READ | {"refusals/failed": 2}, ExitStatus.FINE),
        (READ | {"refusals/failed": 3}, ExitStatus.FAILED),
        (READ | {"refusals/failed": 2, "refusals/pages": 1}, ExitStatus.FAILED),
        (READ | {"refusals/failed": 3, "store/articles": 1}, ExitStatus.FINE),
        (READ | {"refusals/failed": 3, "dedupe/known": 1}, ExitStatus.FINE),
        (READ | {"refusals/failed": 3, "finish_reason": "shutdown"}, ExitStatus.INTERRUPTED),
        ({"store/error": "disk full"}, ExitStatus.STORE),
        (UNREACHABLE | {"store/error": "disk full"}, ExitStatus.STORE),
        (READ | {"spider_exceptions/count": 1}, ExitStatus.ERROR),
        (READ | {"spider/item_errors": 1}, ExitStatus.ERROR),
        (READ | {"finish_reason": "shutdown"}, ExitStatus.INTERRUPTED),
        (READ | {"browser/unusable": "missing", "store/articles": 3}, ExitStatus.BROWSER),
        (READ | {"browser/unusable": "missing", "spider/item_errors": 1}, ExitStatus.ERROR),
    ],
)
def test_status(stats: dict[str, Any], status: ExitStatus) -> None:
    """The most serious cause decides."""
    assert judge(stats).status is status


@pytest.mark.parametrize(
    ("stats", "says"),
    [
        ({"spider_exceptions/count": 1, "spider_exceptions/KeyError": 1}, "1 error of ours"),
        ({"spider_exceptions/count": 1, "spider/item_errors": 1}, "2 errors of ours"),
        (unread(http403=3), "3 of 3 answers were 403 or 429"),
        (unread() | {"robotstxt/forbidden": 2}, "robots.txt forbids the section: 2 pages"),
        (READ | {"refusals/failed": 4}, "none of 4 articles"),
    ],
)
def test_causes_name_what_was_counted(stats: dict[str, Any], says: str) -> None:
    """Every exception counts once, although Scrapy counts it in two stats."""
    assert says in judge(stats).cause


def test_unreachable_points_at_the_demo() -> None:
    """Somebody without a network is told what works without one."""
    assert "make demo" in judge(UNREACHABLE).cause


def test_summary_names_the_counts() -> None:
    """The summary says what was stored, refused and asked for, and where the records are."""
    stats = READ | {
        "store/articles": 7,
        "store/published": 7,
        "refusals/pages": 2,
        "downloader/request_count": 11,
    }
    text = summary(stats, "data")
    assert text.startswith("OK: new articles are stored")
    for piece in (
        "7 new",
        "2 refused",
        "11 requests",
        "7 records published below data/articles",
    ):
        assert piece in text


def test_summary_tells_what_was_completed_and_what_is_not() -> None:
    """Revisions are news, too."""
    stats = {"store/revisions": 2, "halaman/incomplete": 3}
    text = summary(stats, "data")
    assert text.startswith("OK: new articles are stored")
    assert "0 new, 2 completed, 3 incomplete" in text


@pytest.mark.parametrize(("agreed", "warns"), [(5, False), (4, True), (0, True)])
def test_summary_warns_where_the_browser_disagrees(agreed: int, *, warns: bool) -> None:
    """Below a rate of 1, with the figures."""
    stats = {"halaman/audited": 5, "halaman/agreed": agreed, "halaman/agreement": agreed / 5}
    line = f"WARNING: of 5 articles read in the browser too, only {agreed} have the same text"
    assert (line in summary(stats, "data")) is warns
