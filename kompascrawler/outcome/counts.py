"""What a run counts: one object that the components write and the verdict is read from. Pure.

Each part becomes statistics of Scrapy in the end: ``counts.store.articles`` is ``store/articles``.
What did not happen is no statistic.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple, Self

from typing_extensions import override

from kompascrawler.store.ledger import Filling


class DriftCause(NamedTuple):
    """A change of the site's markup."""

    text: str
    """One line: what has changed, the figures, and what may have happened."""
    command: str | None = None
    """Opens a page that shows it; None where no page was kept."""
    measure: str = ""

    @property
    def line(self) -> str:
        """Text and command, in one line."""
        end = "" if self.text.endswith("?") else "."
        look = f"See `{self.command}`" if self.command else "No page of it was kept"
        return f"{self.text}{end} {look}"


@dataclass(slots=True)
class Tally:
    """The counts of one component."""

    def stats(self) -> dict[str, Any]:
        """Return what happened, by name; of a counter each key, a tuple being a path."""
        found: dict[str, Any] = {}
        for each in fields(self):
            value, name = getattr(self, each.name), each.metadata.get("stat", each.name)
            if isinstance(value, Tally | Counter):
                for key, count in (value.stats() if isinstance(value, Tally) else value).items():
                    path = "/".join(map(str, key)) if isinstance(key, tuple) else key
                    found[f"{name}/{path}".removeprefix("/")] = count
            elif name and (value or (each.default is None and value is not None)):
                found[name] = value  # also 0, where None is nothing
        return found


@dataclass(slots=True)
class DiscoveryTally(Tally):
    """Listings, and the articles that they link to."""

    listings: int = 0
    """Pages that were read as listings: every article page is one."""
    new: int = 0
    """Articles that no earlier run had found."""
    known: int = 0
    """Articles that an earlier run had found, each once."""
    others: Counter[str] = field(default_factory=Counter)
    """Links that are not followed, by what they are instead of an article of the section."""
    index_failed: int = 0
    """Index pages that could not be read, and nothing in their place."""
    index_replaced: int = 0
    """Index pages in whose place the front page's own listings were read."""
    front_failed: int = 0
    silence: str | None = None
    """Why it is doubtful that there is nothing new; None: it is not."""
    last_news: int | None = None
    """When a run found something new last, seconds since 1970."""
    doubtful: int = 0
    confirmed: int = 0
    """Articles that one listing alone has shown: not queued; and those that a second one shows."""


@dataclass(slots=True)
class HalamanTally(Tally):
    """Articles by how their pages were fetched."""

    routes: Counter[str] = field(default_factory=Counter, metadata={"stat": ""})
    incomplete: int = 0
    all_failed: Counter[str] = field(default_factory=Counter)
    """Articles that ``?page=all`` did not give and page 1 did, by cause."""
    numbered_failed: Counter[str] = field(default_factory=Counter)
    """Articles that ``?page=2…`` did not give and another way did, by cause."""
    closed_routes: list[str] = field(default_factory=list)
    """Forms of addresses that are requested no more, each with its cause and its next probe."""
    refused: int = 0
    """Refusals of a form of an article's address that has a next one."""
    missing_pages: int = 0
    page_one_again: int = 0
    audited: int = 0
    """Articles whose text in the browser was compared."""
    agreed: int = 0
    audits_failed: int = 0
    browser_failed: int = 0
    browser_missing: int = 0

    @override
    def stats(self) -> dict[str, Any]:
        agreement = {"agreement": self.agreed / self.audited} if self.audited else {}
        return Tally.stats(self) | agreement


@dataclass(slots=True)
class DedupeTally(Tally):
    """Articles that were compared with the store."""

    known: int = 0
    duplicates: int = 0


@dataclass(slots=True)
class StoreTally(Tally):
    """What is durable. ``looks``: at stored articles, by outcome (304: ``not_modified``)."""

    articles: int = 0
    sections: Counter[str] = field(default_factory=Counter)
    """The same by section."""
    incomplete: int = 0
    revisions: int = 0
    published: int = 0
    deletions: int = 0
    looks: Counter[str] = field(default_factory=Counter)
    given_up: int = 0
    error: str | None = None


@dataclass(slots=True)
class PublishTally(Tally):
    """Copies to ``PUBLISH_URL``, counted in files."""

    copied: int = 0
    waiting: int = 0
    """Those that later runs are to copy."""
    cause: str | None = None
    """Why they, or something else, could not be copied."""


@dataclass(slots=True)
class RefusalsTally(Tally):
    """Articles that became no record."""

    pages: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    causes: Counter[str] = field(default_factory=Counter)
    lasting: str | None = None
    """A cause for which articles are given up, or nothing was ever stored."""
    again: int = 0
    """Refused pages and missing articles that an earlier run has reported already."""
    given_up: int = 0

    @override
    def stats(self) -> dict[str, Any]:
        return Tally.stats(self) | ({"pages": self.pages.total()} if self.pages else {})


@dataclass(slots=True)
class TrafficTally(Tally):
    """Requests and answers. Kinds: ``run/requests.py``, and ``browser``."""

    requests: int = 0
    bytes: int = 0
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By kind and HTTP status; the others by kind."""
    unanswered: Counter[str] = field(default_factory=Counter)
    cancelled: Counter[str] = field(default_factory=Counter)
    """Requests that the run's end cut off."""


@dataclass(slots=True)
class BreakerTally(Tally):
    """Circuit breakers."""

    opened: int = 0
    closed: int = 0
    probes: int = 0
    held_back: int = 0
    open: str | None = None
    """Hosts that refuse us, and until when they are left alone."""
    down: str | None = None
    """Hosts that are not up, and until when they are left alone."""
    no_robots: str | None = None
    """A host whose robots.txt cannot be fetched, and why."""


@dataclass(slots=True)
class RetryAfterTally(Tally):
    """Waits that a host asked for."""

    waits: int = 0
    seconds: int = 0


@dataclass(slots=True)
class BrowserTally(Tally):
    """The browser."""

    started: int = 0
    version: str | None = None
    peak_memory: int = 0
    """Bytes, measured after each article."""
    pages_open: int | None = None
    """Pages that are open now; None if no browser was wanted."""
    unusable: str | None = None
    articles: int = 0
    pages: int = 0
    bytes: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    blocked: Counter[str] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)
    """Walks that did not come to their end, by reason."""
    failed: Counter[str] = field(default_factory=Counter)
    tries_lost: Counter[str] = field(default_factory=Counter)
    deaths: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class DriftTally(Tally):
    """Changes of the site's markup."""

    measured: Counter[tuple[str, str]] = field(default_factory=Counter, metadata={"stat": ""})
    """Pages by measure and ``pages`` (looked at) or ``hits`` (with what is measured)."""
    judged: int = 0
    """Pages, those of earlier runs included."""
    too_few: int = 0
    """Pages that wait for those of later runs."""
    causes: list[DriftCause] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    """Paragraphs that many articles share, as lines."""
    accepted: list[str] | None = None
    """Measures whose change was accepted; None if none was to be."""

    @override
    def stats(self) -> dict[str, Any]:
        causes = {"causes": [cause.line for cause in self.causes]} if self.causes else {}
        return Tally.stats(self) | causes


@dataclass(slots=True)
class Engine:
    """What Scrapy says of the crawl; its statistics have their own names for it."""

    has_started: bool = False
    finish_reason: str | None = None
    """Why the crawl ended; None if it broke off."""
    seconds: float = 0.0
    forbidden: int = 0
    exceptions: int = 0
    feeds_failed: int = 0
    """Files of ``-o`` and ``FEEDS`` that were not written."""

    @classmethod
    def of(cls, stats: Mapping[str, Any]) -> Self:
        """Read Scrapy's statistics."""
        failed = [name for name in stats if name.startswith("feedexport/failed_count/")]
        return cls(
            has_started="start_time" in stats,
            finish_reason=stats.get("finish_reason"),
            seconds=stats.get("elapsed_time_seconds", 0.0),
            forbidden=stats.get("robotstxt/forbidden", 0),
            exceptions=stats.get("spider_exceptions/count", 0),
            feeds_failed=sum(stats[name] for name in failed),
        )


@dataclass(slots=True)
class RunCounts(Tally):
    """Everything that one run counts."""

    discovery: DiscoveryTally = field(default_factory=DiscoveryTally)
    halaman: HalamanTally = field(default_factory=HalamanTally)
    dedupe: DedupeTally = field(default_factory=DedupeTally)
    store: StoreTally = field(default_factory=StoreTally)
    publish: PublishTally = field(default_factory=PublishTally)
    refusals: RefusalsTally = field(default_factory=RefusalsTally)
    traffic: TrafficTally = field(default_factory=TrafficTally)
    non_content: Counter[str] = field(default_factory=Counter)
    """Pages without content that came with status 200, by kind."""
    breaker: BreakerTally = field(default_factory=BreakerTally)
    retry_after: RetryAfterTally = field(default_factory=RetryAfterTally)
    browser: BrowserTally = field(default_factory=BrowserTally)
    drift: DriftTally = field(default_factory=DriftTally)
    missing_fields: Counter[str] = field(
        default_factory=Counter, metadata={"stat": "pages/missing"}
    )
    """Articles by the field that their first page lacks."""
    item_errors: int = field(default=0, metadata={"stat": "spider/item_errors"})
    budget_hit: str | None = field(default=None, metadata={"stat": "budget/hit"})
    feeds_error: str | None = field(default=None, metadata={"stat": "feeds/error"})
    errors: int = field(default=0, metadata={"stat": "errors/count"})
    first_error: str | None = field(default=None, metadata={"stat": "errors/first"})
    signal: str | None = field(default=None, metadata={"stat": "run/signal"})
    filling: Filling | None = field(default=None, metadata={"stat": None})
    """How far a first reading of the index has come; None if it is complete."""
    engine: Engine = field(default_factory=Engine, metadata={"stat": None})
    """Filled in when the crawl has ended."""
