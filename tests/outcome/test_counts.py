"""The counts of a run as statistics of Scrapy."""

from typing import Any

import pytest

from kompascrawler.outcome.counts import DriftCause, DriftTally, Engine, RunCounts
from tests.outcome.counting import counted


@pytest.mark.parametrize(
    "stats",
    [
        {"store/articles": 3, "store/error": "disk full"},
        {
            "traffic/answers/article/200": 3,
            "traffic/answers/robots/404": 1,
            "traffic/unanswered/front": 2,
        },
        {"halaman/all": 2, "halaman/single": 1, "halaman/missing_pages": 1},
        {"non_content/challenge": 2, "discovery/others/video": 4, "pages/missing/author": 1},
        {"drift/title/hits": 0, "drift/title/pages": 9, "drift/judged": 9},
        {"browser/pages_open": 0, "browser/blocked/host": 2, "browser/version": "120"},
        {"errors/count": 1, "errors/first": "KeyError: 1", "run/signal": "SIGTERM"},
    ],
)
def test_names_of_statistics(stats: dict[str, Any]) -> None:
    """Component, name and key are the documented name; what did not happen has none."""
    assert counted(stats).stats() == stats
    assert RunCounts().stats() == {}


def test_sums_and_shares_are_statistics_as_well() -> None:
    """All refused pages, and the share of articles with the same text, 0 included."""
    stats = counted({"refusals/pages/title": 2, "refusals/pages/no_body": 1}).stats()
    assert stats["refusals/pages"] == 3
    assert counted({"halaman/audited": 2}).stats()["halaman/agreement"] == 0.0


def test_causes_of_drift_are_lines() -> None:
    """A statistic holds no object of ours."""
    counts = RunCounts(drift=DriftTally(causes=[DriftCause("title gone", None)]))
    assert counts.stats() == {"drift/causes": ["title gone. No page of it was kept"]}


def test_what_scrapy_says() -> None:
    """Its own names, read once."""
    engine = Engine.of({"start_time": "now", "feedexport/failed_count/FileFeedStorage": 2})
    assert engine == Engine(has_started=True, feeds_failed=2)
