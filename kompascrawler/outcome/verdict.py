"""What can be wrong with a run, by its counts; what to do, and in which order it counts. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from signal import Signals
from typing import Final

from kompascrawler.outcome.cards import ExitStatus, Verdict
from kompascrawler.outcome.counts import RunCounts
from kompascrawler.store.disk import parted

REFUSALS: Final = (401, 403, 407, 429, 451)
"""Statuses that say that we, and not the page, are the trouble."""
FEWEST_BAD: Final = 3
"""Bad articles from which on their share counts: a run of cron brings one to five articles, and one
in thirty is bad by itself (gone again, a page of its own kind). Three in one run are no chance."""
FEWEST_REFUSED: Final = 3
"""Refusals from which on their share counts, where other answers are no refusals."""
_NO_PAGE: Final = {"robots", "browser"}
"""Kinds of requests whose answers are no pages."""


@dataclass(frozen=True)
class Evidence:
    """What the counts of a run say."""

    counts: RunCounts
    max_failed_share: float
    """Share of the articles tried that may fail or stay incomplete."""

    @cached_property
    def answers(self) -> Counter[int]:
        """Answers to requests for pages, by HTTP status; redirects are none."""
        answers: Counter[int] = Counter()
        for (kind, status), count in self.counts.traffic.answers.items():
            if kind not in _NO_PAGE and not 300 <= status < 400:
                answers[status] += count
        return answers

    @cached_property
    def refused(self) -> int:
        """Answers that turn us away, by status or content, and not only one form of an address."""
        by_status = sum(self.answers[status] for status in REFUSALS)
        by_page = self.counts.non_content.total() - self.counts.non_content["maintenance"]
        return by_status + by_page - self.counts.halaman.refused

    @cached_property
    def is_down(self) -> bool:
        """Whether nothing was read because the site was not there, for most of it."""
        lost = self.counts.traffic.unanswered
        unanswered = sum(lost[kind] for kind in lost.keys() - _NO_PAGE)
        errors = sum(count for status, count in self.answers.items() if status >= 500)
        down = errors + unanswered + self.counts.non_content["maintenance"]
        down += bool(self.counts.breaker.no_robots)
        return self.has_read_nothing and 2 * down > self.answers.total() + unanswered

    @cached_property
    def has_read_nothing(self) -> bool:
        """Whether something was requested, or was to be, and not one page could be read.

        Every page that is read is a listing: that of an article has its Terkini Lainnya.
        """
        wanted = self.counts.traffic.requests or self.counts.engine.forbidden
        looks = self.counts.store.looks
        return bool(wanted) and not self.counts.discovery.listings + looks.total() - looks["failed"]

    @cached_property
    def signal(self) -> str | None:
        """Name of the signal that ended the run, or None."""
        is_interrupted = self.counts.engine.finish_reason == "shutdown"
        return self.counts.signal or ("SIGINT" if is_interrupted else None)

    @cached_property
    def is_filling(self) -> bool:
        """Whether a budget ended the run, which got further in the first reading of the index."""
        filling = self.counts.filling
        is_ahead = filling and (filling.advances or self.counts.store.articles)
        return bool(self.counts.budget_hit and is_ahead)


Reasons = Iterator[tuple[str, str | None]]
"""Cause and what to do, if anything: a line each."""


def _store(run: Evidence) -> Reasons:
    if error := run.counts.store.error:
        cause, advice = parted(error)
        yield f"the store failed: {cause}", advice
    if error := run.counts.feeds_error:
        place = "name another place, or let the crawler's user write there"
        advice = f"{place}; what was fetched is in the store"
        yield f"what -o or FEEDS name cannot be written: {error}", advice
    if run.counts.engine.feeds_failed:
        cause = "what -o or FEEDS name could not be written; the store has everything"
        yield cause, "look at the log; check the path and the disk"


def _unreachable(run: Evidence) -> Reasons:
    no_robots = run.counts.breaker.no_robots
    passes = "nothing, if it passes: the next run tries again"
    if run.is_down and not run.counts.traffic.answers.total():
        why = f" ({no_robots})" if no_robots else ""
        asked = f"requests {run.counts.traffic.requests}, answers 0{why}"
        demo = "`make demo` shows the same job without a network"
        advice = f"check the network and http_proxy/https_proxy; {demo}"
        yield f"the site cannot be reached from here: {asked}", advice
    if down := run.counts.breaker.down:
        advice = "nothing, if it passes: the first run after that time tries again"
        yield f"the site is down, and gets no request but a probe: {down}", advice
    if run.is_down and no_robots:
        cause = f"robots.txt cannot be fetched ({no_robots}), and without it nothing is requested"
        advice = f"{passes}; else see `kompascrawler doctor`"
        yield f"the site does not answer: {cause}", advice
    if run.is_down:
        kind = "a maintenance page" if run.counts.non_content["maintenance"] else "server errors"
        cause = f"no page came but {kind} and broken connections"
        yield f"the site does not answer: {cause}", passes


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
        advice = f"{look} and mend its layout, or accept the change (docs/drift.md)"
        said = "; ".join(cause.text for cause in causes)
        yield f"the site's markup has changed: {said}", advice


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
    limit = "memusage_limit_mb" if reason == "memusage_exceeded" else str(reason)
    if limit.startswith(("closespider_", "memusage_limit")):
        ours = "MAX_RUN_SECONDS, MAX_RUN_REQUESTS and max_articles end a run in order"
        yield f"a limit of Scrapy's ended the run: {limit.upper()}", f"see the log; {ours}"
    yield "the run ended in the middle" + (f" ({reason})" if reason else ""), "see the log"


def _browser(run: Evidence) -> Reasons:
    halaman, cause = run.counts.halaman, run.counts.browser.unusable
    if cause and halaman.browser_failed + halaman.browser_missing:
        look = "`kompascrawler doctor` says what is missing (docs/browser.md)"
        yield f"no browser for articles that need one: {cause}", f"{look}; they are tried again"


def _interrupted(run: Evidence) -> Reasons:
    if run.signal:
        yield f"interrupted by {run.signal}; the next run goes on from here", None


def _failed(run: Evidence) -> Reasons:
    store, refusals = run.counts.store, run.counts.refusals
    failed = refusals.failed + refusals.pages.total()
    # Those that an earlier run reported are no news; those looked at again were not tried.
    bad = failed + store.incomplete - refusals.again
    looked_at = store.looks["unchanged"] + store.looks["revised"]
    tried = failed + store.articles + store.revisions + run.counts.dedupe.known - looked_at
    if bad >= FEWEST_BAD and bad > run.max_failed_share * tried:
        cause = f"{bad} of {tried} articles failed or are incomplete{_shared_cause(run)}"
        yield cause, "see the log; they are tried again (`kompascrawler failures` lists them)"
    if lasting := refusals.lasting:
        again = "`kompascrawler failures retry --all` has them tried again"
        look = "look at one in a browser; `kompascrawler failures` lists them"
        yield lasting, f"{look}, and {again}"


def _shared_cause(run: Evidence) -> str:
    """Return the cause of most of the articles that failed or are incomplete, if there is one."""
    causes = run.counts.refusals.causes + run.counts.refusals.pages
    causes["incomplete"] += run.counts.store.incomplete
    ((cause, number),) = causes.most_common(1)
    return f": {cause} ({number} of {causes.total()})" if 2 * number > causes.total() else ""


def _behind(run: Evidence) -> Reasons:
    """Look whether the bucket or the listings lag behind."""
    if cause := run.counts.publish.cause:
        cause, advice = parted(cause)
        waiting = run.counts.publish.waiting
        files = f" (published files that are not there: {waiting})" if waiting else ""
        advice = f"{advice or 'see the log'}; nothing is lost, and the next run tries again"
        yield f"PUBLISH_URL was not brought up to date{files}: {cause}", advice
    failed, silence = run.counts.discovery.index_failed, run.counts.discovery.silence
    if failed and not run.has_read_nothing:
        pages = "1 page" if failed == 1 else f"{failed} pages"
        left = "what only it lists is left to the next run"
        advice = "nothing, if it passes; else see the log; `kompascrawler status` shows the gaps"
        yield f"{pages} of the index could not be read: {left}", advice
    if silence and not run.has_read_nothing:
        cause = f"{silence}: the front page and the index may be old ones that a cache keeps"
        checks = "`kompascrawler doctor --live` checks its listings"
        yield cause, f"look at the section in a browser; {checks}"


def _budget(run: Evidence) -> Reasons:
    hit, filling = run.counts.budget_hit, run.counts.filling
    if filling and run.is_filling:
        cause = f"{filling.describe(run.counts.engine.seconds)} (ended by {hit})"
        yield cause, "nothing, if runs follow: each one goes on from there"
    elif hit:
        cause = f"ended by {hit}; what is left is for the next run"
        yield cause, "nothing, if runs follow; else raise the budget"


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
    _behind: ExitStatus.FAILED,
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
