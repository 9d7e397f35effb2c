"""The run card: what one run did and what it amounts to, as one JSON document."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from kompascrawler.outcome.counts import RunCounts
from kompascrawler.outcome.verdict import Verdict

CARD_VERSION = 1
"""Version of the card's form; a reader refuses a newer one."""


class CardError(ValueError):
    """A text is no valid run card; the message is one line that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the articles of a run."""

    found: int = 0
    known: int = 0
    """Those of them that earlier runs had found."""
    new: int = 0
    revised: int = 0
    """Articles stored again because they are whole now, hold more, or have changed."""
    deleted: int = 0
    """Articles that the site has deleted."""
    looks: int = 0
    """Looks at articles that were stored whole."""
    refused: int = 0
    """Pages that gave no valid record; kept in ``rejected/``."""
    failed: int = 0
    incomplete: int = 0
    duplicates: int = 0
    """Articles with the content of an earlier one, under another id."""
    published: int = 0
    given_up: int = 0
    """Articles that failed, or were incomplete, for the last time: listed, not requested again."""

    @classmethod
    def of(cls, run: RunCounts) -> Self:
        """Return what became of the articles."""
        return cls(
            found=run.discovery.new + run.discovery.known,
            known=run.discovery.known,
            new=run.store.articles,
            revised=run.store.revisions,
            deleted=run.store.deletions,
            looks=run.store.looks.total(),
            refused=run.refusals.pages.total(),
            failed=run.refusals.failed,
            incomplete=run.halaman.incomplete,
            duplicates=run.dedupe.duplicates,
            published=run.store.published,
            given_up=run.refusals.given_up + run.store.given_up,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """What the run asked the site for, tries and redirects included."""

    total: int = 0
    by_status: Mapping[str, int] = field(default_factory=dict)
    """Answers by HTTP status (``"200"``); ``"none"`` are requests without an answer."""
    by_kind: Mapping[str, int] = field(default_factory=dict)
    """Requests by what for: robots, front, index, article, halaman, browser."""

    @classmethod
    def of(cls, run: RunCounts) -> Self:
        """Return what was requested."""
        by_kind = run.traffic.unanswered + run.traffic.cancelled
        by_status = Counter({"none": by_kind.total()})
        for (kind, status), count in run.traffic.answers.items():
            by_kind[kind] += count
            by_status[str(status)] += count
        return cls(
            total=run.traffic.requests,
            by_status=dict(sorted((+by_status).items())),
            by_kind=dict(sorted(by_kind.items())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCard:
    """What one run did. Field order is the order in the file."""

    card_version: int = CARD_VERSION
    run_id: str
    started_at: str
    """RFC 3339 in UTC, as all times of a card."""
    ended_at: str
    spider: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    """What ran: kompascrawler, python, scrapy, …; the browser only where one was used."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings that differ from settings.py, secrets masked."""
    verdict: Verdict
    counts: Counts = field(default_factory=Counts)
    requests: Requests = field(default_factory=Requests)
    bytes: int = 0
    """Bytes of all answers as they came (headers included where they are known)."""
    routes: Mapping[str, int] = field(default_factory=dict)
    """Articles by how their pages were fetched: single, all, numbered, browser, declared."""
    closed_routes: tuple[str, ...] = ()
    """Forms of addresses that fail and are only probed, with cause and next probe."""
    timings: Mapping[str, float] = field(default_factory=dict)
    peak_memory_mb: float | None = None
    """The most memory that this process and its children held, MiB."""
    drift: tuple[str, ...] = ()
    """Changes of the site's markup, one line each."""
    drift_waiting: int = 0
    """Pages of articles that wait to be judged with those of later runs."""
    repeated_lines: tuple[str, ...] = ()
    """Paragraphs that many of the new articles share."""
    not_copied: int = 0
    """Published files that are not at ``PUBLISH_URL`` yet."""
    last_news_at: str | None = None
    """When a run found an article newer than all before, RFC 3339 in UTC."""

    def to_json(self) -> str:
        """Return the card as JSON, with a line end."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def read_card(text: str | bytes) -> RunCard:
    """Return the card of a text; raise ``CardError`` for anything but a whole card.

    Unknown fields are ignored; missing or mistyped ones are errors.
    """
    import msgspec  # noqa: PLC0415 - costs 30 ms; a crawl without notifications reads no card

    try:
        card = msgspec.json.decode(text, type=RunCard)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CardError(f"no run card: {error}") from error
    if card.card_version > CARD_VERSION:
        raise CardError(
            f"a card of version {card.card_version}; this program knows {CARD_VERSION}: upgrade it"
        )
    return card
