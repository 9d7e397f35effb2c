"""A change of the markup as it is told: in the log, on the run card, in the verdict. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple


class Cause(NamedTuple):
    """Something that has drifted."""

    text: str
    """What, in one line."""
    command: str | None
    """The command that opens a page that shows it; None where no page was kept."""

    @property
    def line(self) -> str:
        """Say both."""
        end = "" if self.text.endswith("?") else "."
        look = f"See `{self.command}`" if self.command else "No page of it was kept"
        return f"{self.text}{end} {look}"


REFUSALS = (401, 403, 407, 429, 451)
"""Statuses that say that we, and not the page, are the trouble."""
_NO_PAGE = {"robots", "browser"}
"""Kinds of requests whose answers are no pages."""


@dataclass(frozen=True)
class Evidence:
    """What a run counted."""

    stats: Mapping[str, Any]
    """Scrapy's statistics of the run."""
    max_failed_share: float
    """Share of the articles tried that may fail or stay incomplete."""

    def count(self, *names: str) -> int:
        """Return the sum of some counters."""
        return sum(self.stats.get(name, 0) for name in names)

    def counts(self, prefix: str) -> Counter[str]:
        """Return the counters whose names begin so, by the rest of the name."""
        return Counter(
            {
                name.removeprefix(prefix): count
                for name, count in self.stats.items()
                if name.startswith(prefix)
            }
        )

    # the site ------------------------------------------------------------------------------------
    @cached_property
    def requests(self) -> int:
        """Requests that were sent, of every kind."""
        return self.count("wire/requests")

    @cached_property
    def has_answers(self) -> bool:
        """Whether anything answered, robots.txt included."""
        return any(self.counts("wire/answers/").values())

    @cached_property
    def answers(self) -> Counter[int]:
        """Answers to requests for pages, by HTTP status; redirects are none."""
        answers: Counter[int] = Counter()
        for name, count in self.counts("wire/answers/").items():
            kind, _, status = name.partition("/")
            if kind not in _NO_PAGE and not status.startswith("3"):
                answers[int(status)] += count
        return answers

    @cached_property
    def unanswered(self) -> int:
        """Requests for pages that nothing answered: no address, refused, cut, timed out."""
        unanswered = self.counts("wire/unanswered/")
        return sum(count for kind, count in unanswered.items() if kind not in _NO_PAGE)

    @cached_property
    def imposters(self) -> Counter[str]:
        """Pages that are no content though they came with status 200, by kind."""
        return self.counts("imposters/")

    @cached_property
    def refused(self) -> int:
        """Answers that turn us away: by their status, or by what they show."""
        by_status = sum(self.answers[status] for status in REFUSALS)
        return by_status + self.imposters.total() - self.imposters["maintenance"]

    @cached_property
    def down(self) -> int:
        """Requests for pages that the site was not up for, or not made for want of robots.txt."""
        errors = sum(count for status, count in self.answers.items() if status >= 500)
        return errors + self.unanswered + self.imposters["maintenance"] + bool(self.no_robots)

    @cached_property
    def is_down(self) -> bool:
        """Whether nothing was read because the site was not there, for most of it."""
        pages = self.answers.total() + self.unanswered
        return self.has_read_nothing and 2 * self.down > pages

    @cached_property
    def no_robots(self) -> str | None:
        """A host whose robots.txt could not be had, and why not, or None."""
        return self.stats.get("breaker/no_robots")

    @cached_property
    def has_read_nothing(self) -> bool:
        """Whether something was asked for, or was to be, and not one page could be read.

        Every page that is read is a listing: that of an article has its Terkini Lainnya.
        """
        wanted = self.requests or self.count("robotstxt/forbidden")
        return bool(wanted) and not self.count("discovery/listings")

    # the articles --------------------------------------------------------------------------------
    @cached_property
    def bad(self) -> int:
        """Articles that failed or are incomplete, without those told of by an earlier run."""
        bad = self.count("refusals/failed", "refusals/pages", "store/incomplete")
        return bad - self.count("refusals/again")

    @cached_property
    def tried(self) -> int:
        """Articles that came to an end in this run, good or bad."""
        came = self.count("store/articles", "store/revisions", "dedupe/known")
        return came + self.count("refusals/failed", "refusals/pages")

    # the end -------------------------------------------------------------------------------------
    @cached_property
    def signal(self) -> str | None:
        """Name of the signal that ended the run, or None."""
        if self.stats.get("finish_reason") == "shutdown":
            return str(self.stats.get("run/signal", "SIGINT"))
        signal: str | None = self.stats.get("run/signal")
        return signal

    @cached_property
    def budget(self) -> str | None:
        """The budget that ended the run, ours or one of Scrapy's, or None."""
        if "budget/hit" in self.stats:
            return str(self.stats["budget/hit"])
        reason = str(self.stats.get("finish_reason"))
        if reason == "memusage_exceeded":
            return "MEMUSAGE_LIMIT_MB"
        return reason.upper() if reason.startswith("closespider_") else None
