"""What can be wrong with a run, what to do about it, and in which order it counts. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from signal import Signals

from kompascrawler.outcome.counts import RunCounts
from kompascrawler.outcome.evidence import Evidence
from kompascrawler.outcome.exit_status import ExitStatus, Verdict
from kompascrawler.store.errors import parted

FEWEST_BAD = 3
"""Bad articles from which on their share is looked at: a run of cron brings one to five articles,
and one in thirty or so is bad by itself (gone again, a page of its own kind, a word count that
is wrong). Of two articles one may well be bad; three bad ones in one run are no chance."""
FEWEST_REFUSED = 3
"""Answers that turn us away from which on their share is looked at, where others let us in."""


def _store(run: Evidence) -> Iterator[Verdict]:
    """Look at the data folder, and at the files that -o or FEEDS name."""
    if error := run.counts.store.error:
        cause, advice = parted(error)
        yield Verdict.of(ExitStatus.STORE, f"the store failed: {cause}", advice)
    if error := run.counts.feeds_error:
        yield Verdict.of(
            ExitStatus.STORE,
            f"what -o or FEEDS name cannot be written: {error}",
            "name another place, or have the crawler's user write there; what was fetched is in "
            "the store",
        )
    if run.counts.engine.feeds_failed:
        yield Verdict.of(
            ExitStatus.STORE,
            "what -o or FEEDS name could not be written; the store has everything",
            "look at the log; check the path and the disk",
        )


def _unreachable(run: Evidence) -> Iterator[Verdict]:
    """Look whether nothing was read because the site is down, or its breaker is open."""
    no_robots = run.counts.breaker.no_robots
    if run.is_down and not run.counts.traffic.answers.total():
        why = f" ({no_robots})" if no_robots else ""
        yield Verdict.of(
            ExitStatus.UNREACHABLE,
            "the site cannot be reached from here: "
            f"requests {run.counts.traffic.requests}, answers 0{why}",
            "check the network and http_proxy/https_proxy; `make demo` shows the same job without "
            "a network",
        )
    if down := run.counts.breaker.down:
        yield Verdict.of(
            ExitStatus.UNREACHABLE,
            f"the site is down, and gets no request but a probe: {down}",
            "nothing, if it passes: the first run after that time tries again",
        )
    if run.is_down and no_robots:
        yield Verdict.of(
            ExitStatus.UNREACHABLE,
            f"the site does not answer: robots.txt cannot be had ({no_robots}), and without it "
            "nothing is requested",
            "nothing, if it passes: the next run tries again; else see `kompascrawler doctor`",
        )
    if run.is_down:
        kind = "a maintenance page" if run.counts.non_content["maintenance"] else "server errors"
        yield Verdict.of(
            ExitStatus.UNREACHABLE,
            f"the site does not answer: no page came but {kind} and broken connections",
            "nothing, if it passes: the next run tries again",
        )


def _blocked(run: Evidence) -> Iterator[Verdict]:
    for cause in _blocks(run):
        yield Verdict.of(
            ExitStatus.BLOCKED,
            cause,
            "look at the site's robots.txt and at the page in a browser; run more rarely, with "
            "a CONTACT, or from another address",
        )


def _blocks(run: Evidence) -> Iterator[str]:
    if breaker := run.counts.breaker.open:
        yield f"the site refuses us, and gets no request but a probe: {breaker}"
    answers = run.answers.total()
    fewest = 1 if run.has_read_nothing else FEWEST_REFUSED
    if run.refused >= fewest and 2 * run.refused > answers:
        kinds = ", ".join(sorted(run.counts.non_content))
        shown = f"pages of {kinds}" if kinds else "403 or 429"
        yield f"the site refuses us: {run.refused} of {answers} answers were {shown}"
    forbidden = run.counts.engine.forbidden
    if run.has_read_nothing and forbidden:
        yield f"robots.txt forbids the section: {forbidden} pages were not requested"


def _drift(run: Evidence) -> Iterator[Verdict]:
    if causes := run.counts.drift.causes:
        # One page for all causes, since many show on the same.
        commands = [*dict.fromkeys(cause.command for cause in causes if cause.command)]
        others = " (the log names others)" if len(commands) > 1 else ""
        look = f"look at a page by `{commands[0]}`{others}" if commands else "open such a page"
        yield Verdict.of(
            ExitStatus.DRIFT,
            "the site's markup has changed: " + "; ".join(cause.text for cause in causes),
            f"{look} and mend its layout, or accept the change (docs/drift.md)",
        )


def _error(run: Evidence) -> Iterator[Verdict]:
    raised = run.counts.engine.exceptions + run.counts.item_errors
    if errors := max(raised, run.counts.errors):
        noun = "unexpected error" if errors == 1 else "unexpected errors"
        first = run.counts.first_error
        cause = f"{errors} {noun}" + (f", first: {first}" if first else "")
        yield Verdict.of(ExitStatus.ERROR, cause, "see the log, and report it with its traceback")


def _browser(run: Evidence) -> Iterator[Verdict]:
    if cause := run.counts.browser.unusable:
        yield Verdict.of(
            ExitStatus.BROWSER,
            f"no browser for articles that need one: {cause}",
            "`kompascrawler doctor` says what is missing (docs/browser.md); they are tried again",
        )


def _interrupted(run: Evidence) -> Iterator[Verdict]:
    if signal := run.signal:
        status = ExitStatus(128 + Signals[signal])
        yield Verdict.of(status, f"interrupted by {signal}; the next run goes on from here")


def _failed(run: Evidence) -> Iterator[Verdict]:
    """Look at the articles, and at the pages of the index, which alone lists some articles."""
    if run.bad >= FEWEST_BAD and run.bad > run.max_failed_share * run.tried:
        yield Verdict.of(
            ExitStatus.FAILED,
            f"{run.bad} of {run.tried} articles failed or are incomplete{run.shared_cause}",
            "see the log; they are tried again (`kompascrawler failures` lists them)",
        )
    if lasting := run.counts.refusals.lasting:
        yield Verdict.of(
            ExitStatus.FAILED,
            lasting,
            "look at one in a browser; `kompascrawler failures` lists them, and `kompascrawler "
            "failures retry --all` has them tried again",
        )
    failed, silence = run.counts.discovery.index_failed, run.counts.discovery.silence
    if failed and not run.has_read_nothing:
        pages = "1 page" if failed == 1 else f"{failed} pages"
        yield Verdict.of(
            ExitStatus.FAILED,
            f"{pages} of the index could not be read: what only it lists is left to the next run",
            "nothing, if it passes; else see the log; `kompascrawler status` shows the gaps",
        )
    if silence and not run.has_read_nothing:
        yield Verdict.of(
            ExitStatus.FAILED,
            f"{silence}: the front page and the index may be old ones that a cache keeps",
            "look at the section in a browser; `kompascrawler doctor --live` checks its listings",
        )


def _unread(run: Evidence) -> Iterator[Verdict]:
    if run.has_read_nothing and not run.signal and not run.counts.budget_hit:
        yield Verdict.of(ExitStatus.ERROR, "not one listing could be read", "see the log")


def _unfinished(run: Evidence) -> Iterator[Verdict]:
    """Look whether the crawl ended early for none of the other causes."""
    reason = run.counts.engine.finish_reason
    is_told = run.signal or run.counts.budget_hit or any(_store(run))
    if reason == "finished" or not run.counts.engine.has_started or is_told:
        return
    if run.scrapy_limit:
        yield Verdict.of(
            ExitStatus.ERROR,
            f"a limit of Scrapy's ended the run: {run.scrapy_limit}",
            "see the log; MAX_RUN_SECONDS, MAX_RUN_REQUESTS and max_articles end a run in order",
        )
    by = f" ({reason})" if reason else ""
    yield Verdict.of(ExitStatus.ERROR, f"the run ended in the middle{by}", "see the log")


def _budget(run: Evidence) -> Iterator[Verdict]:
    hit, filling = run.counts.budget_hit, run.counts.filling
    if hit and filling and (filling.advances or run.counts.store.articles):
        verdict = Verdict.of(
            ExitStatus.BUDGET,
            f"{filling.describe(run.counts.engine.seconds)} (ended by {hit})",
            "nothing, if runs follow: each one goes on from there",
        )
        yield replace(verdict, filling=True)
    if hit:
        yield Verdict.of(
            ExitStatus.BUDGET,
            f"ended by {hit}; what is left is for the next run",
            "nothing, if runs follow; else raise the budget",
        )


BY_SERIOUSNESS = (
    _store, _unreachable, _blocked, _drift, _error, _unread, _unfinished, _browser, _interrupted,
    _failed, _budget,
)  # fmt: skip
"""What can be wrong with a run; the first that holds is the verdict, of each the first it yields.

First what keeps every run from working (store, site), then what makes doubtful what was stored
(drift, errors), then what leaves out some articles (browser), then why a run was short, and last
what mends itself. A cause stands before what it brings about: a site that turns us away before
the errors that its pages make, and both before articles that failed.
"""


def judge(counts: RunCounts, *, max_failed_share: float) -> Verdict:
    """Tell how a run went from its counts.

    ``max_failed_share`` (0 to 1) is the share of bad articles that is taken as usual.
    """
    run = Evidence(counts, max_failed_share)
    held = {check: verdict for check in BY_SERIOUSNESS if (verdict := next(check(run), None))}
    first = next(iter(held.values()), None) or _fine(run)
    # That nothing was read follows from whatever is more serious.
    also = dict.fromkeys(each.name for check, each in held.items() if check is not _unread)
    also.pop(first.name, None)
    return replace(first, also=tuple(also))


def _fine(run: Evidence) -> Verdict:
    store, refusals = run.counts.store, run.counts.refusals
    has_new = store.articles + store.revisions
    cause = "new articles are stored" if has_new else "nothing new"
    if bad := refusals.failed + refusals.pages.total() + store.incomplete:
        cause += f"; {bad} failed or incomplete (`kompascrawler failures` lists them)"
    if run.counts.discovery.index_replaced:
        cause += "; the index failed, the front page's own listings were read in its place"
    return Verdict.of(ExitStatus.FINE, cause)
