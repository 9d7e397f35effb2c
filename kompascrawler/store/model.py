"""What the crawler asks of its memory. SQLite answers today (``sqlite.py``); another may later.

Nothing here knows of Scrapy. Every method that changes something has changed it durably when
it returns (it survives SIGKILL and power loss), or raises ``StoreError`` and changed nothing.
Identities sort by time of first publication, so bounds between articles are identities too.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from kompascrawler.items import Article

RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""What names a run, in records and in the names of published files."""


class StoreError(Exception):
    """The memory or the data folder cannot be used; the message says why and what to do."""


class AlreadyStored(Exception):  # noqa: N818 - what happened; the caller decides if it is an error
    """The store holds a record of the article that this one does not better; that one stays."""


class Link(NamedTuple):
    """A link to an article of the section, found on a page."""

    id: str
    url: str
    found_on: str | None = None
    """Address of that page; None where it does not matter."""


class Gap(NamedTuple):
    """A stretch of the site's listing that no run has read to its end yet.

    It reaches from ``high`` (inclusive) down to ``low`` (exclusive); no ``low`` means down to
    the first article the site lists.
    """

    number: int
    low: str | None
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What reading one page of links teaches; remembered as a whole or not at all."""

    links: Sequence[Link] = ()
    """Links to articles of the section, in the page's order."""
    newest: str | None = None
    """New answer of ``newest_listed``; None leaves it as it is."""
    oldest: str | None = None
    """New answer of ``oldest_asked``; None leaves it as it is."""
    opened: tuple[str | None, str] | None = None
    """``low`` and ``high`` of a gap to open."""
    lowered: Gap | None = None
    """An open gap, with its new and lower ``high``."""
    closed: Gap | None = None
    """A gap that has been read to its end."""


class Learned(NamedTuple):
    """What of a finding was news."""

    new: list[Link]
    """The links that no run had found before, in the finding's order."""
    gap: Gap | None
    """The gap that was opened, with its number."""


State = Literal["waiting", "stored", "given_up", "dropped"]
"""What became of an article that was found: to be fetched (again), stored whole, failed so often
that it is left alone, or taken off by a person."""


class Failure(NamedTuple):
    """An article that could not be fetched, parsed or had whole."""

    link: Link
    tries: int
    """How often it failed since it was found, or since a person had it tried again."""
    cause: str
    """Of the last failure."""
    next_try: float | None
    """Seconds since 1970; None where it is not tried again."""
    state: State


class Attempt(NamedTuple):
    """A try of an article that did not give its whole record."""

    at: str
    """RFC 3339, UTC."""
    run_id: str
    outcome: Literal["failed", "incomplete"]
    cause: str


class Revision(NamedTuple):
    """A record of an article that was stored."""

    number: int
    """From 1."""
    stored_at: str | None
    """RFC 3339, UTC; None where a program before version 3 of the store stored it."""
    run_id: str | None
    """The run that stored it; None as above."""
    file: str | None
    """Published file, below the data folder; None where it waits to be published."""
    is_whole: bool
    """Whether no page is known to be missing."""
    pages: int
    content_hash: str
    duplicate_of: str | None


class Story(NamedTuple):
    """All that is remembered of an article."""

    id: str
    url: str
    found_on: str | None
    """The page of links that it was found on; None where it was asked for by its address."""
    first_seen_at: str
    """RFC 3339, UTC."""
    state: State
    tries: int
    cause: str | None
    """Of the last failure; None where it never failed."""
    next_try: str | None
    """RFC 3339, UTC; None where it is not tried again."""
    attempts: list[Attempt]
    """Oldest first."""
    revisions: list[Revision]
    """Oldest first."""


class Breaker(NamedTuple):
    """A host that is asked for nothing but a probe from time to time."""

    host: str
    cause: str
    opened_at: str
    """RFC 3339, UTC."""
    probes: int
    """How many probes failed since."""
    next_probe: str
    """RFC 3339, UTC."""


class Counts(NamedTuple):
    """How much a store holds."""

    articles: int
    """Articles with a record, whole or not."""
    revisions: int
    """Records beside the first of each article."""
    incomplete: int
    """Articles whose latest record lacks pages."""
    waiting: int
    """Articles to be fetched, or fetched again."""
    given_up: int
    dropped: int
    outbox: int
    """Records not yet published."""
    gaps: int


Measures = Mapping[str, tuple[int, int]]
"""What a run measured: of how many (second) how many had it (first), by name."""


class Match(NamedTuple):
    """An earlier article with the same content."""

    id: str
    similarity: float


class Store(Protocol):
    """Everything that must survive between runs."""

    # what is known ---------------------------------------------------------------------------
    def is_stored(self, article_id: str) -> bool:
        """Tell whether a record of the article is in the store (published or in the outbox)."""

    def is_settled(self, article_id: str) -> bool:
        """Tell whether a record of the article is stored that is not known to lack pages."""

    def learn(self, finding: Finding) -> Learned:
        """Remember links and how far the listing has been read, in one transaction."""

    def due(self, *, oldest: str | None = None, newest: str | None = None) -> list[Link]:
        """Return what was found but is not settled and may be tried now, newest first.

        ``oldest`` and ``newest`` bound the identities, inclusive. An article that failed, or
        was stored without some of its pages, is due again when its waiting time is over.
        """

    def add_failure(self, link: Link, cause: str) -> int:
        """Remember that fetching or parsing failed; return the number of tries so far."""

    def failures(self) -> list[Failure]:
        """Return every article that failed and is not settled, in whatever state, newest first."""

    def retry(self, ids: Collection[str] | None = None) -> int:
        """Make failed articles due at once, tries counted anew; return how many.

        None: all of them, except what was dropped; that is taken up again by its id only.
        """

    def drop(self, ids: Collection[str]) -> int:
        """Have articles that are not settled never asked for again; return how many."""

    def story(self, article_id: str) -> Story | None:
        """Return all that is remembered of an article, or None where it was never found."""

    def counts(self) -> Counts:
        """Return how much the store holds."""

    # the site ---------------------------------------------------------------------------------
    def breakers(self) -> list[Breaker]:
        """Return the hosts that are left alone, by name."""

    def set_breaker(self, breaker: Breaker) -> None:
        """Have a host left alone, or change what is remembered of one that is."""

    def close_breaker(self, host: str) -> bool:
        """Have a host asked again; tell whether it was left alone."""

    def add_measures(self, measures: Measures) -> None:
        """Remember what this run measured, in place of what it said before."""

    def measures(self, runs: int = 50) -> list[dict[str, tuple[int, int]]]:
        """Return what the latest runs measured, newest first; 200 runs are remembered."""

    # where the listing has been read ----------------------------------------------------------
    def newest_listed(self) -> str | None:
        """Return the newest identity that a listing has shown, or None before the first run."""

    def oldest_asked(self) -> str | None:
        """Return the bound below which listings were never asked for, or None: no bound."""

    def gaps(self) -> list[Gap]:
        """Return the open gaps, newest first."""

    # records -----------------------------------------------------------------------------------
    def find_duplicate(self, article: Article) -> Match | None:
        """Return the first stored article with the same or nearly the same content.

        Never the article itself, and never one that is a republication itself: of all articles
        with one content the first that was stored is the original of all others.
        """

    def put(self, article: Article) -> None:
        """Store a record and put it into the outbox; from here on it counts as seen.

        A record that is not ``halaman.complete`` is stored too, counts as a failed try, and is
        due again later. A better one of the same article becomes its next revision: one that
        holds every page, or more of them than before, and another content. ``revision`` is
        filled in, and ``first_seen_at`` from what ``learn`` remembered: now, where the article
        was never found on a page.

        Raises AlreadyStored where a record is stored that this one does not better; where that
        one lacks pages and this one does too, it counts as one more failed try. Raises
        ValueError for a record that no line can hold or whose identity has no date.
        """

    def publish(self) -> int:
        """Write the outbox to the published files; return the number of records written."""

    def close(self) -> None:
        """Release files; nothing is lost without it."""
