"""What the statistics of a run amount to."""

from itertools import pairwise
from typing import Any

import pytest

from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.outcome.counts import DriftCause, RunCounts
from kompascrawler.outcome.verdict import BY_SERIOUSNESS, judge
from tests.outcome.counting import counted

READ = {"discovery/listings": 1, "traffic/requests": 2, "traffic/answers/front/200": 1}
TITLE, PAGER = (
    DriftCause("title gone", "scrapy shell 1.gz"),
    DriftCause("pager changed", "scrapy shell 2.gz"),
)
UNREACHABLE = {"traffic/requests": 3, "traffic/unanswered/front": 2, "traffic/unanswered/robots": 1}


def unread(**answers: int) -> dict[str, Any]:
    """Return the stats of a run that was answered (``http403=2``), and read no listing."""
    pages = {f"traffic/answers/front/{name[4:]}": count for name, count in answers.items()}
    total = 1 + sum(answers.values())
    return pages | {"traffic/requests": total, "traffic/answers/robots/200": 1}


def articles(*, good: int = 0, **bad: int) -> dict[str, Any]:
    """Return the stats of a run that tried articles: ``refusals/…`` by their last part."""
    return READ | {"store/articles": good} | {f"refusals/{name}": n for name, n in bad.items()}


NO_BROWSER = {"browser/unusable": "missing", "halaman/browser_missing": 1}


@pytest.mark.parametrize(
    ("stats", "status"),
    [
        ({}, ExitStatus.FINE),
        (READ, ExitStatus.FINE),
        (READ | {"store/articles": 3}, ExitStatus.FINE),
        # the site
        (UNREACHABLE, ExitStatus.UNREACHABLE),
        (unread() | {"traffic/unanswered/front": 1}, ExitStatus.UNREACHABLE),
        (unread(http500=3, http503=3), ExitStatus.UNREACHABLE),
        (unread(http301=2, http500=3), ExitStatus.UNREACHABLE),
        (unread(http404=1, http500=3), ExitStatus.UNREACHABLE),
        (unread(http200=2) | {"non_content/maintenance": 2}, ExitStatus.UNREACHABLE),
        (unread() | {"breaker/no_robots": "www: http 500"}, ExitStatus.UNREACHABLE),
        ({"breaker/down": "http 503 with Retry-After"}, ExitStatus.UNREACHABLE),
        (READ | {"breaker/down": "http 503 with Retry-After"}, ExitStatus.UNREACHABLE),
        (READ | {"breaker/no_robots": "indeks: http 500"}, ExitStatus.FINE),
        (unread(http403=3), ExitStatus.BLOCKED),
        (unread(http301=2, http403=1), ExitStatus.BLOCKED),
        (unread(http429=6, http503=2), ExitStatus.BLOCKED),
        (unread(http200=2) | {"non_content/challenge": 2}, ExitStatus.BLOCKED),
        (unread() | {"robotstxt/forbidden": 1}, ExitStatus.BLOCKED),
        ({"robotstxt/forbidden": 1}, ExitStatus.BLOCKED),
        ({"breaker/open": "403 three times"}, ExitStatus.BLOCKED),
        (READ | {"breaker/open": "403 three times"}, ExitStatus.BLOCKED),
        (READ | {"traffic/answers/article/403": 9}, ExitStatus.BLOCKED),
        (READ | {"traffic/answers/article/200": 9, "non_content/login": 9}, ExitStatus.BLOCKED),
        (unread(http403=3) | {"finish_reason": "shutdown"}, ExitStatus.BLOCKED),
        (READ | {"traffic/answers/article/403": 2}, ExitStatus.FINE),
        (
            READ | {"traffic/answers/article/200": 9, "traffic/answers/article/403": 3},
            ExitStatus.FINE,
        ),
        (READ | {"traffic/answers/browser/403": 9}, ExitStatus.FINE),
        (READ | {"robotstxt/forbidden": 1}, ExitStatus.FINE),
        # what was read
        (unread(http404=2), ExitStatus.ERROR),
        (unread(http301=21), ExitStatus.ERROR),
        (unread(http200=1) | {"refusals/pages": 1}, ExitStatus.ERROR),
        (READ | {"drift/causes": [TITLE]}, ExitStatus.DRIFT),
        (READ | {"drift/causes": []}, ExitStatus.FINE),
        (READ | {"spider_exceptions/count": 1}, ExitStatus.ERROR),
        (READ | {"spider/item_errors": 1}, ExitStatus.ERROR),
        (READ | {"errors/count": 1}, ExitStatus.ERROR),
        (READ | NO_BROWSER | {"store/articles": 3}, ExitStatus.BROWSER),
        (READ | {"browser/unusable": "missing", "store/articles": 3}, ExitStatus.FINE),
        # shares
        (articles(failed=2), ExitStatus.FINE),
        (articles(failed=3), ExitStatus.FAILED),
        (articles(failed=2, pages=1), ExitStatus.FAILED),
        (articles(failed=3, good=12), ExitStatus.FINE),
        (articles(failed=3, good=11), ExitStatus.FAILED),
        (articles(good=2) | {"store/incomplete": 1}, ExitStatus.FINE),
        (articles(good=14) | {"store/incomplete": 3}, ExitStatus.FAILED),
        (articles(failed=9, again=7), ExitStatus.FINE),
        (articles(failed=3) | {"dedupe/known": 12}, ExitStatus.FINE),
        (READ | {"discovery/index_failed": 1}, ExitStatus.FAILED),
        (READ | {"discovery/silence": "nothing new for 30 hours"}, ExitStatus.FAILED),
        (READ | {"discovery/silence": "x", "drift/causes": [TITLE]}, ExitStatus.DRIFT),
        (READ | {"discovery/front_failed": 1}, ExitStatus.FINE),
        # ends
        ({"store/error": "disk full"}, ExitStatus.STORE),
        ({"feedexport/failed_count/FileFeedStorage": 1}, ExitStatus.STORE),
        ({"feeds/error": "x: Not a directory"}, ExitStatus.STORE),
        (READ | {"finish_reason": "shutdown"}, ExitStatus.INTERRUPTED),
        (READ | {"run/signal": "SIGINT"}, ExitStatus.INTERRUPTED),
        (READ | {"run/signal": "SIGTERM"}, ExitStatus.TERMINATED),
        ({"run/signal": "SIGTERM"}, ExitStatus.TERMINATED),
        (READ | {"run/signal": "SIGHUP"}, ExitStatus.HUNG_UP),
        (READ | {"run/signal": "SIGQUIT"}, ExitStatus.QUIT),
        (READ | {"run/signal": "SIGXCPU"}, ExitStatus.CPU_LIMIT),
        (READ | {"budget/hit": "MAX_RUN_REQUESTS=9"}, ExitStatus.BUDGET),
        (READ | {"start_time": "now", "finish_reason": "closespider_itemcount"}, ExitStatus.ERROR),
        (READ | {"start_time": "now", "finish_reason": "memusage_exceeded"}, ExitStatus.ERROR),
        (unread() | {"budget/hit": "MAX_RUN_REQUESTS=1"}, ExitStatus.BUDGET),
        (READ | {"start_time": "now"}, ExitStatus.ERROR),
        (READ | {"start_time": "now", "finish_reason": "cancelled"}, ExitStatus.ERROR),
        (READ | {"start_time": "now", "finish_reason": "finished"}, ExitStatus.FINE),
        (READ | {"start_time": "now", "run/signal": "SIGTERM"}, ExitStatus.TERMINATED),
    ],
)
def test_status(stats: dict[str, Any], status: ExitStatus) -> None:
    """Each cause gives its status, and its neighbours do not."""
    assert judge(counted(stats), max_failed_share=0.2).status is status


HOLDS: dict[ExitStatus, dict[str, Any]] = {
    ExitStatus.STORE: {"store/error": "disk full"},
    ExitStatus.UNREACHABLE: UNREACHABLE,
    ExitStatus.BLOCKED: {"breaker/open": "403"},
    ExitStatus.DRIFT: {"drift/causes": [TITLE]},
    ExitStatus.ERROR: {"errors/count": 1},
    ExitStatus.BROWSER: NO_BROWSER,
    ExitStatus.TERMINATED: {"run/signal": "SIGTERM"},
    ExitStatus.FAILED: {"refusals/failed": 3},
    ExitStatus.BUDGET: {"budget/hit": "MAX_RUN_SECONDS=3600"},
}
"""Stats for which one cause holds, the most serious first: the order of docs/runs.md."""


@pytest.mark.parametrize(("first", "second"), list(pairwise(HOLDS)))
def test_the_more_serious_decides_and_the_other_is_named(
    first: ExitStatus, second: ExitStatus
) -> None:
    """Whichever two hold."""
    verdict = judge(counted(HOLDS[second] | HOLDS[first]), max_failed_share=0.2)
    assert verdict.status is first
    assert second.name.lower() in verdict.also


def test_every_other_cause_is_named_once() -> None:
    """In the order of their seriousness."""
    everything = {name: value for stats in HOLDS.values() for name, value in stats.items()}
    verdict = judge(counted(everything | {"spider_exceptions/count": 1}), max_failed_share=0.2)
    assert [verdict.name, *verdict.also] == [status.name.lower() for status in HOLDS]


@pytest.mark.parametrize("check", BY_SERIOUSNESS)
def test_a_run_that_did_nothing_has_no_fault(check: Any) -> None:
    """No check holds without evidence."""
    from kompascrawler.outcome.verdict import Evidence

    assert list(check(Evidence(RunCounts(), 0.2))) == []


@pytest.mark.parametrize(
    ("stats", "says"),
    [
        ({"spider_exceptions/count": 1, "spider_exceptions/KeyError": 1}, "1 unexpected error"),
        ({"errors/count": 2, "errors/first": "KeyError: 1"}, "2 unexpected errors, first: KeyErr"),
        ({"spider_exceptions/count": 1, "errors/count": 1}, "1 unexpected error"),
        (articles(failed=1, pages=1), "nothing new; 2 failed or incomplete"),
        (UNREACHABLE, "requests 3, answers 0"),
        (UNREACHABLE | {"breaker/no_robots": "x: host not found"}, "(x: host not found)"),
        (unread(http403=3), "3 of 3 answers were 403 or 429"),
        (unread(http200=2) | {"non_content/consent": 2}, "2 of 2 answers were pages of consent"),
        (unread() | {"robotstxt/forbidden": 2}, "robots.txt forbids the section: 2 pages"),
        (articles(failed=4, good=2), "4 of 6 articles failed or are incomplete"),
        ({"breaker/down": "www: http 503"}, "the site is down, and gets no request but a probe"),
        (UNREACHABLE | {"breaker/down": "www: http 503"}, "requests 3, answers 0"),
        (READ | {"discovery/index_failed": 2}, "2 pages of the index could not be read"),
        ({"budget/hit": "MAX_RUN_BYTES=9"}, "ended by MAX_RUN_BYTES=9"),
        (
            {"start_time": "now", "finish_reason": "closespider_timeout"},
            "a limit of Scrapy's ended the run: CLOSESPIDER_TIMEOUT",
        ),
        ({"drift/causes": [TITLE, PAGER]}, "title gone; pager changed"),
    ],
)
def test_causes_name_what_was_counted(stats: dict[str, Any], says: str) -> None:
    """In one line, without what to do."""
    verdict = judge(counted(stats), max_failed_share=0.2)
    assert says in verdict.cause
    assert len(verdict.cause.splitlines()) == 1


@pytest.mark.parametrize(
    "stats",
    [
        {"finish_reason": "store_failed", "store/error": "disk full"},
        {"finish_reason": "feeds_failed", "feeds/error": "disk full"},
        {"finish_reason": "budget", "budget/hit": "MAX_RUN_BYTES=9"},
        {"finish_reason": "closespider_timeout"},
        {"finish_reason": "shutdown"},
    ],
)
def test_an_end_that_is_told_is_no_other_error(stats: dict[str, Any]) -> None:
    """Why the crawl ended is said once."""
    assert judge(counted(READ | {"start_time": "now"} | stats), max_failed_share=0.2).also == ()


@pytest.mark.parametrize(
    ("causes", "says"),
    [
        ([TITLE, TITLE], "look at a page by `scrapy shell 1.gz` and mend its layout, or accept"),
        ([TITLE, PAGER], "look at a page by `scrapy shell 1.gz` (the log names others) and mend"),
        ([DriftCause("title gone", None)], "open such a page and mend its layout"),
    ],
)
def test_what_to_do_about_drift_is_told_once(causes: list[DriftCause], says: str) -> None:
    """Many causes are often shown by one page."""
    verdict = judge(counted({"drift/causes": causes}), max_failed_share=0.2)
    assert str(verdict.advice).startswith(says)


def test_what_to_do_about_the_store_is_what_the_store_says() -> None:
    """Cause and way out are told apart."""
    verdict = judge(counted({"store/error": "Cannot x: y. What to do: z."}), max_failed_share=0.2)
    assert (verdict.cause, verdict.advice) == ("the store failed: Cannot x: y", "z")


def test_unreachable_points_at_the_demo() -> None:
    """Somebody without a network is told what works without one."""
    assert "make demo" in str(judge(counted(UNREACHABLE), max_failed_share=0.2).advice)
