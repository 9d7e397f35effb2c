"""The exit statuses; what can be wrong with a run, what to do, in which order it counts. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from signal import Signals
from typing import Final, Self

from kompascrawler.outcome.counts import RunCounts
from kompascrawler.outcome.evidence import Evidence
from kompascrawler.store.errors import parted


class ExitStatus(IntEnum):
    """Exit status of ``scrapy crawl``; docs/runs.md says what each means, and what to do."""

    FINE = 0
    ERROR = 1
    USAGE = 2
    STORE = 3
    UNREACHABLE = 4
    BLOCKED = 5
    DRIFT = 6
    FAILED = 7
    BROWSER = 8
    BUDGET = 9
    LOCKED = 75  # EX_TEMPFAIL of sysexits.h
    HUNG_UP = 129
    INTERRUPTED = 130
    QUIT = 131
    TERMINATED = 143
    CPU_LIMIT = 152


BY_SIGNAL: Final = frozenset(status for status in ExitStatus if status > 128)
"""Statuses of runs that a signal ended: 128 and its number, as in shells."""
NOT_DONE: Final = (ExitStatus.BUDGET, ExitStatus.LOCKED, *BY_SIGNAL)
"""Statuses of runs that ended early, and went well until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a run went."""

    status: ExitStatus
    name: str
    """The status in a word: ``fine``, ``blocked``, … (the lower case of its name)."""
    cause: str
    """One line: why the status is what it is."""
    advice: str | None = None
    """One line: what to do, if anything."""
    also: tuple[str, ...] = ()
    """The names of the other, less serious causes that hold."""
    filling: bool = False
    """A budget ended the run, which got further in the first reading of the index."""

    @property
    def is_healthy(self) -> bool:
        """Whether there is nothing to do."""
        return self.status is ExitStatus.FINE or self.filling

    @classmethod
    def of(cls, status: ExitStatus, cause: str, advice: str | None = None) -> Self:
        """Return the verdict of a status, named after it."""
        return cls(status=status, name=status.name.lower(), cause=cause, advice=advice)


FEWEST_BAD: Final = 3
"""Bad articles from which on their share counts: a run of cron brings one to five articles, and one
in thirty is bad by itself (gone again, a page of its own kind). Three in one run are no chance."""
FEWEST_REFUSED: Final = 3
"""Refusals from which on their share counts, where other answers are no refusals."""

Reasons = Iterator[tuple[str, str | None]]
"""Cause and what to do, if anything: a line each."""


def _store(run: Evidence) -> Reasons:
    if error := run.counts.store.error:
        cause, advice = parted(error)
        yield f"the store failed: {cause}", advice
    if error := run.counts.feeds_error:
        yield (
            f"what -o or FEEDS name cannot be written: {error}",
            "name another place, or let the crawler's user write there; what was fetched is in "
            "the store",
        )
    if run.counts.engine.feeds_failed:
        yield (
            "what -o or FEEDS name could not be written; the store has everything",
            "look at the log; check the path and the disk",
        )


def _unreachable(run: Evidence) -> Reasons:
    no_robots = run.counts.breaker.no_robots
    if run.is_down and not run.counts.traffic.answers.total():
        why = f" ({no_robots})" if no_robots else ""
        yield (
            "the site cannot be reached from here: "
            f"requests {run.counts.traffic.requests}, answers 0{why}",
            "check the network and http_proxy/https_proxy; `make demo` shows the same job without "
            "a network",
        )
    if down := run.counts.breaker.down:
        yield (
            f"the site is down, and gets no request but a probe: {down}",
            "nothing, if it passes: the first run after that time tries again",
        )
    if run.is_down and no_robots:
        yield (
            f"the site does not answer: robots.txt cannot be fetched ({no_robots}), and without "
            "it nothing is requested",
            "nothing, if it passes: the next run tries again; else see `kompascrawler doctor`",
        )
    if run.is_down:
        kind = "a maintenance page" if run.counts.non_content["maintenance"] else "server errors"
        yield (
            f"the site does not answer: no page came but {kind} and broken connections",
            "nothing, if it passes: the next run tries again",
        )


def _blocked(run: Evidence) -> Reasons:
    look = "look at the site's robots.txt and at the page in a browser"
    advice = f"{look}; run less often, with a CONTACT, or from another address"
    if breaker := run.counts.breaker.open:
        yield f"the site refuses us, and gets no request but a probe: {breaker}", advice
    answers = run.answers.total()
    fewest = 1 if run.has_read_nothing else FEWEST_REFUSED
    if run.refused >= fewest and 2 * run.refused > answers:
        kinds = ", ".join(sorted(run.counts.non_content))
        shown = f"pages of {kinds}" if kinds else "403 or 429"
        yield f"the site refuses us: {run.refused} of {answers} answers were {shown}", advice
    forbidden = run.counts.engine.forbidden
    if run.has_read_nothing and forbidden:
        yield f"robots.txt forbids the section: {forbidden} pages were not requested", advice


def _drift(run: Evidence) -> Reasons:
    if causes := run.counts.drift.causes:
        # One page for all causes, since many show on the same.
        commands = [*dict.fromkeys(cause.command for cause in causes if cause.command)]
        others = " (the log names others)" if len(commands) > 1 else ""
        look = f"look at a page by `{commands[0]}`{others}" if commands else "open such a page"
        yield (
            "the site's markup has changed: " + "; ".join(cause.text for cause in causes),
            f"{look} and mend its layout, or accept the change (docs/drift.md)",
        )


def _error(run: Evidence) -> Reasons:
    raised = run.counts.engine.exceptions + run.counts.item_errors
    if errors := max(raised, run.counts.errors):
        cause = f"{errors} unexpected error" + ("s" if errors > 1 else "")
        cause += f", first: {first}" if (first := run.counts.first_error) else ""
        yield cause, "see the log, and report it with its traceback"


def _unread(run: Evidence) -> Reasons:
    if run.has_read_nothing and not run.signal and not run.counts.budget_hit:
        yield "not one listing could be read", "see the log"


def _unfinished(run: Evidence) -> Reasons:
    """Look whether the crawl ended early for none of the other causes."""
    reason = run.counts.engine.finish_reason
    is_told = run.signal or run.counts.budget_hit or any(_store(run))
    if reason == "finished" or not run.counts.engine.has_started or is_told:
        return
    if run.scrapy_limit:
        yield (
            f"a limit of Scrapy's ended the run: {run.scrapy_limit}",
            "see the log; MAX_RUN_SECONDS, MAX_RUN_REQUESTS and max_articles end a run in order",
        )
    yield "the run ended in the middle" + (f" ({reason})" if reason else ""), "see the log"


def _browser(run: Evidence) -> Reasons:
    halaman, cause = run.counts.halaman, run.counts.browser.unusable
    if cause and halaman.browser_failed + halaman.browser_missing:
        yield (
            f"no browser for articles that need one: {cause}",
            "`kompascrawler doctor` says what is missing (docs/browser.md); they are tried again",
        )


def _interrupted(run: Evidence) -> Reasons:
    if run.signal:
        yield f"interrupted by {run.signal}; the next run goes on from here", None


def _failed(run: Evidence) -> Reasons:
    if run.bad >= FEWEST_BAD and run.bad > run.max_failed_share * run.tried:
        yield (
            f"{run.bad} of {run.tried} articles failed or are incomplete{run.shared_cause}",
            "see the log; they are tried again (`kompascrawler failures` lists them)",
        )
    if lasting := run.counts.refusals.lasting:
        yield (
            lasting,
            "look at one in a browser; `kompascrawler failures` lists them, and `kompascrawler "
            "failures retry --all` has them tried again",
        )
    if cause := run.counts.publish.cause:
        cause, advice = parted(cause)
        waiting = run.counts.publish.waiting
        files = f" (published files that are not there: {waiting})" if waiting else ""
        yield (
            f"PUBLISH_URL was not brought up to date{files}: {cause}",
            f"{advice or 'see the log'}; nothing is lost, and the next run tries again",
        )
    failed, silence = run.counts.discovery.index_failed, run.counts.discovery.silence
    if failed and not run.has_read_nothing:
        pages = "1 page" if failed == 1 else f"{failed} pages"
        yield (
            f"{pages} of the index could not be read: what only it lists is left to the next run",
            "nothing, if it passes; else see the log; `kompascrawler status` shows the gaps",
        )
    if silence and not run.has_read_nothing:
        yield (
            f"{silence}: the front page and the index may be old ones that a cache keeps",
            "look at the section in a browser; `kompascrawler doctor --live` checks its listings",
        )


def _budget(run: Evidence) -> Reasons:
    hit, filling = run.counts.budget_hit, run.counts.filling
    if filling and run.is_filling:
        yield (
            f"{filling.describe(run.counts.engine.seconds)} (ended by {hit})",
            "nothing, if runs follow: each one goes on from there",
        )
    elif hit:
        yield (
            f"ended by {hit}; what is left is for the next run",
            "nothing, if runs follow; else raise the budget",
        )


BY_SERIOUSNESS: Final[dict[Callable[[Evidence], Reasons], ExitStatus]] = {
    _store: ExitStatus.STORE,
    _unreachable: ExitStatus.UNREACHABLE,
    _blocked: ExitStatus.BLOCKED,
    _drift: ExitStatus.DRIFT,
    _error: ExitStatus.ERROR,
    _unread: ExitStatus.ERROR,
    _unfinished: ExitStatus.ERROR,
    _browser: ExitStatus.BROWSER,
    _interrupted: ExitStatus.INTERRUPTED,  # or that of another signal
    _failed: ExitStatus.FAILED,
    _budget: ExitStatus.BUDGET,
}
"""What can be wrong with a run; the first that holds is the verdict, by the first it yields.

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
    held: list[Verdict] = []
    of_signal = ExitStatus(128 + Signals[run.signal or "SIGINT"])
    for check, status in (BY_SERIOUSNESS | {_interrupted: of_signal}).items():
        # That nothing was read follows from whatever is more serious.
        if (reason := next(check(run), None)) and not (held and check is _unread):
            held.append(Verdict.of(status, *reason))
    first, *others = held or [_fine(run)]
    also = dict.fromkeys(verdict.name for verdict in others if verdict.name != first.name)
    is_filling = run.is_filling and first.status is ExitStatus.BUDGET
    return replace(first, also=tuple(also), filling=is_filling)


def _fine(run: Evidence) -> Verdict:
    store, refusals = run.counts.store, run.counts.refusals
    new = ["new articles"] if store.articles else []
    changed = ["changes"] if store.revisions + store.deletions else []
    cause = f"{' and '.join(new + changed)} are stored" if new + changed else "nothing new"
    if looks := sorted(store.looks.items()):
        said = ", ".join(f"{number} {outcome.replace('_', ' ')}" for outcome, number in looks)
        cause += f"; articles looked at again: {said}"
    if bad := refusals.failed + refusals.pages.total() + store.incomplete:
        cause += f"; {bad} failed or incomplete (`kompascrawler failures` lists them)"
    if waiting := run.counts.publish.waiting:
        cause += f"; published files that later runs copy to PUBLISH_URL: {waiting}"
    if run.counts.discovery.index_replaced:
        cause += "; the index failed, the front page's own listings were read in its place"
    return Verdict.of(ExitStatus.FINE, cause)
