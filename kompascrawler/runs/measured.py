"""A run's statistics as the figures of its card. Pure."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from kompascrawler.runs.card import Counts, Requests

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
