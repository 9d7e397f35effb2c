"""What the crawler asks of its memory. SQLite answers today (``sqlite.py``); another may later.

Nothing here knows of Scrapy. Every method that changes something has changed it durably when
it returns (it survives SIGKILL and power loss), or raises ``StoreError`` and changed nothing.
Identities sort by time of first publication, so bounds between articles are identities too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

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
