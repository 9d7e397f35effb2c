"""What the store is told and what it answers. Knows nothing of Scrapy and of SQLite.

Times that are text are RFC 3339, UTC.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""What names a run, in records and in the names of published files."""


class StoreError(Exception):
    """The memory or the data folder cannot be used; the message says why and what to do."""

    status: ClassVar = 3
    """With which it ends a command."""


class NoStore(StoreError):  # noqa: N818 - a StoreError by its base; this is what there is
    """No crawl has used the data folder yet."""


class OlderStore(StoreError):  # noqa: N818 - likewise
    """The store is of an older version; the next crawl brings it up to date."""


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
    section: str = "global"
    """Of whose listings."""


class Failing(NamedTuple):
    """Articles that the site has not deleted and that are not settled, by the last cause."""

    given_up: Counter[str]
    """Recent ones, not tried again."""
    waiting: Counter[str]
    """Recent ones, tried again later."""
    has_stored: bool
    """Whether any article was ever stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What reading one page of links teaches; remembered as a whole or not at all."""

    links: Sequence[Link] = ()
    """Links to articles of the section, in the page's order."""
    section: str = "global"
    """Whose listing was read: each has bounds and gaps of its own."""
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
    """What of a discovery was new."""

    new: list[Link]
    """The links that no run had found before, in the page's order."""
    gap: Gap | None
    """The gap that was opened, with its number."""


ArticleState = Literal["waiting", "stored", "given_up", "dropped"]
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
    state: ArticleState


class Attempt(NamedTuple):
    """A try of an article that did not give its whole record."""

    at: str
    run_id: str
    outcome: Literal["failed", "incomplete"]
    cause: str


LookOutcome = Literal["unchanged", "revised", "gone", "failed"]
"""What a look at a stored article has shown: the record as it is, another, that there is no such
page any more, or nothing that says something of it."""


class Look(NamedTuple):
    """A look at an article that was stored whole."""

    at: str
    run_id: str
    outcome: LookOutcome
    cause: str | None
    """Why it failed."""


class Validators(NamedTuple):
    """What an answer says of itself, so that the same one need not come again (RFC 9110, 13)."""

    url: str
    """The address that was asked for."""
    etag: str | None
    modified: str | None
    """``Last-Modified``, as it came."""


class Revisit(NamedTuple):
    """An article that is to be looked at again."""

    link: Link
    validators: Validators | None
    """Those of the last answer that held all of it."""


class Revision(NamedTuple):
    """A record of an article that was stored."""

    number: int
    """From 1."""
    stored_at: str | None
    """None, as ``run_id``, where a program before version 3 of the store stored it."""
    run_id: str | None
    file: str | None
    """Published file, below the data folder; None where it waits to be published."""
    is_whole: bool
    pages: int
    content_hash: str
    duplicate_of: str | None
    deleted_at: str | None
    """When the site was found to have deleted the article; None: it has not."""


class ArticleHistory(NamedTuple):
    """All that is remembered of an article, lists oldest first."""

    id: str
    url: str
    found_on: str | None
    """The page of links that it was found on; None where it was asked for by its address."""
    first_seen_at: str
    state: ArticleState
    tries: int
    cause: str | None
    """Of the last failure; None where it never failed."""
    next_try: str | None
    """None where it is not tried again."""
    attempts: list[Attempt]
    revisions: list[Revision]
    looks: list[Look]
    next_look: str | None
    """When it is looked at next; None: never, unless a person asks for it."""


class Breaker(NamedTuple):
    """A host that is asked for nothing but a probe from time to time."""

    host: str
    cause: str
    opened_at: str
    probes: int
    """Those that failed since."""
    next_probe: str


class StoreCounts(NamedTuple):
    """How much a store holds."""

    articles: int
    """With a record, whole or not."""
    revisions: int
    """Records beside the first of each article."""
    incomplete: int
    """Articles whose latest record lacks pages."""
    waiting: int
    """Articles to be fetched (again)."""
    given_up: int
    dropped: int
    outbox: int
    gaps: int
    deletions: int
    """Revisions that say that an article was deleted."""
    revisits: int
    """Articles that are to be looked at again."""


class SimilarArticle(NamedTuple):
    """An earlier article with the same content, or nearly."""

    id: str
    similarity: float
