"""The run card: what one run did and what it amounts to, as one JSON document."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from kompascrawler.outcome.exit_status import Verdict

CARD_VERSION = 1
"""Version of the card's form; a reader refuses a newer one."""


class CardError(ValueError):
    """A text that is no run card of ours; the message is one line that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the articles of a run."""

    found: int = 0
    """Articles of the section that listings linked to, each once."""
    known: int = 0
    """Those of them that earlier runs had found."""
    new: int = 0
    """Articles stored for the first time."""
    revised: int = 0
    """Articles stored again because they are whole now, or hold more."""
    refused: int = 0
    """Pages that gave no valid record; kept in ``rejected/``."""
    failed: int = 0
    """Articles that could not be fetched."""
    incomplete: int = 0
    """Articles that lack pages or words of what the site declares."""
    duplicates: int = 0
    """Articles with the content of an earlier one, under another id."""
    published: int = 0
    """Records written to published files."""
    given_up: int = 0
    """Articles that failed, or were incomplete, for the last time: listed, not asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """What the run asked the site for, tries and redirects included."""

    total: int = 0
    by_status: Mapping[str, int] = field(default_factory=dict)
    """Answers by HTTP status (``"200"``); ``"none"`` are requests without an answer."""
    by_kind: Mapping[str, int] = field(default_factory=dict)
    """Requests by what for: robots, front, index, article, halaman, browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCard:
    """What one run did. Field order is the order in the file."""

    card_version: int = CARD_VERSION
    run_id: str
    started_at: str
    """When the run began, RFC 3339 in UTC."""
    ended_at: str
    """When it had ended, RFC 3339 in UTC."""
    spider: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    """Arguments of the spider (``-a``), as given."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """What ran: kompascrawler, python, scrapy, … ; the browser only where one was used."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings that differ from settings.py, secrets masked."""
    verdict: Verdict
    counts: Counts = field(default_factory=Counts)
    requests: Requests = field(default_factory=Requests)
    bytes: int = 0
    """Bytes of all answers as they came (headers included where they are known)."""
    routes: Mapping[str, int] = field(default_factory=dict)
    """Articles by how their pages were had: single, all, numbered, browser."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds by what for."""
    peak_memory_mb: float | None = None
    """The most memory that this process and its children held, MiB."""
    drift: tuple[str, ...] = ()
    """Changes of the site's markup, one line each."""
    drift_waiting: int = 0
    """Pages of articles, too few to be judged, that wait to be judged with those of later runs."""

    def to_json(self) -> str:
        """Return the card as JSON, with a line end."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def read_card(text: str | bytes) -> RunCard:
    """Return the card of a text; raise ``CardError`` for anything but a whole card.

    Fields that this program does not know are passed over; missing or mistyped ones are not.
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


_COUNTS = {
    "known": "discovery/known",
    "new": "store/articles",
    "revised": "store/revisions",
    "refused": "refusals/pages",
    "failed": "refusals/failed",
    "incomplete": "halaman/incomplete",
    "duplicates": "dedupe/duplicates",
    "published": "store/published",
}
_GIVEN_UP = ("refusals/given_up", "store/given_up")
"""Articles that could not be had for the last time, and those that lacked something."""
_ROUTES = ("single", "all", "numbered", "browser")

Stats = Mapping[str, Any]


def counts(stats: Stats) -> Counts:
    """Return what became of the articles."""
    found = stats.get("discovery/new", 0) + stats.get("discovery/known", 0)
    given_up = sum(stats.get(stat, 0) for stat in _GIVEN_UP)
    counted = {name: stats.get(stat, 0) for name, stat in _COUNTS.items()}
    return Counts(found=found, given_up=given_up, **counted)


def requests(stats: Stats) -> Requests:
    """Return what was asked for, as the wire counted it."""
    by_kind: Counter[str] = Counter()
    by_status: Counter[str] = Counter()
    for name, count in stats.items():
        match name.split("/"):
            case ["wire", "answers", kind, status]:
                by_kind[kind] += count
                by_status[status] += count
            case ["wire", "unanswered" | "cancelled", kind]:
                by_kind[kind] += count
                by_status["none"] += count
    return Requests(
        total=stats.get("wire/requests", 0),
        by_status=dict(sorted(by_status.items())),
        by_kind=dict(sorted(by_kind.items())),
    )


def routes(stats: Stats) -> dict[str, int]:
    """Return how many articles were had in which way."""
    return {route: stats[f"halaman/{route}"] for route in _ROUTES if f"halaman/{route}" in stats}
