"""What the counts of a run say of the site, of the articles and of the run's end. Pure."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from kompascrawler.outcome.counts import RunCounts

REFUSALS = (401, 403, 407, 429, 451)
"""Statuses that say that we, and not the page, are the trouble."""
_NO_PAGE = {"robots", "browser"}
"""Kinds of requests whose answers are no pages."""


@dataclass(frozen=True)
class Evidence:
    """What a run counted."""

    counts: RunCounts
    max_failed_share: float
    """Share of the articles tried that may fail or stay incomplete."""

    # the site ------------------------------------------------------------------------------------
    @cached_property
    def answers(self) -> Counter[int]:
        """Answers to requests for pages, by HTTP status; redirects are none."""
        answers: Counter[int] = Counter()
        for (kind, status), count in self.counts.traffic.answers.items():
            if kind not in _NO_PAGE and not 300 <= status < 400:
                answers[status] += count
        return answers

    @cached_property
    def unanswered(self) -> int:
        """Requests for pages that nothing answered: no address, refused, cut, timed out."""
        unanswered = self.counts.traffic.unanswered.items()
        return sum(count for kind, count in unanswered if kind not in _NO_PAGE)

    @cached_property
    def refused(self) -> int:
        """Answers that turn us away, by status or content, and not only one form of an address."""
        by_status = sum(self.answers[status] for status in REFUSALS)
        by_page = self.counts.non_content.total() - self.counts.non_content["maintenance"]
        return by_status + by_page - self.counts.halaman.refused

    @cached_property
    def is_down(self) -> bool:
        """Whether nothing was read because the site was not there, for most of it."""
        errors = sum(count for status, count in self.answers.items() if status >= 500)
        down = errors + self.unanswered + self.counts.non_content["maintenance"]
        down += bool(self.counts.breaker.no_robots)
        return self.has_read_nothing and 2 * down > self.answers.total() + self.unanswered

    @cached_property
    def has_read_nothing(self) -> bool:
        """Whether something was requested, or was to be, and not one page could be read.

        Every page that is read is a listing: that of an article has its Terkini Lainnya.
        """
        wanted = self.counts.traffic.requests or self.counts.engine.forbidden
        looks = self.counts.store.looks
        return bool(wanted) and not self.counts.discovery.listings + looks.total() - looks["failed"]

    # the articles --------------------------------------------------------------------------------
    @cached_property
    def bad(self) -> int:
        """Articles that failed or are incomplete, without those that an earlier run reported."""
        refusals = self.counts.refusals
        bad = refusals.failed + refusals.pages.total() + self.counts.store.incomplete
        return bad - refusals.again

    @cached_property
    def shared_cause(self) -> str:
        """The cause of most of the articles that failed or are incomplete; empty without one."""
        refusals = self.counts.refusals
        causes = refusals.causes + refusals.pages
        causes["incomplete"] += self.counts.store.incomplete
        ((cause, number),) = causes.most_common(1)
        return f": {cause} ({number} of {causes.total()})" if 2 * number > causes.total() else ""

    @cached_property
    def tried(self) -> int:
        """Articles that came to an end in this run, good or bad; not those looked at again."""
        store, refusals = self.counts.store, self.counts.refusals
        again = store.looks["unchanged"] + store.looks["revised"]
        came = store.articles + store.revisions + self.counts.dedupe.known - again
        return came + refusals.failed + refusals.pages.total()

    # the end -------------------------------------------------------------------------------------
    @cached_property
    def signal(self) -> str | None:
        """Name of the signal that ended the run, or None."""
        is_interrupted = self.counts.engine.finish_reason == "shutdown"
        return self.counts.signal or ("SIGINT" if is_interrupted else None)

    @cached_property
    def scrapy_limit(self) -> str | None:
        """The limit of Scrapy's that ended the run, or None."""
        reason = str(self.counts.engine.finish_reason)
        if reason == "memusage_exceeded":
            return "MEMUSAGE_LIMIT_MB"
        return reason.upper() if reason.startswith("closespider_") else None

    @cached_property
    def is_filling(self) -> bool:
        """Whether a budget ended the run, which got further in the first reading of the index."""
        filling = self.counts.filling
        is_ahead = filling and (filling.advances or self.counts.store.articles)
        return bool(self.counts.budget_hit and is_ahead)
