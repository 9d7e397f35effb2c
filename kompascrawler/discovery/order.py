"""How far a listing reaches, told from its order.

A listing shows the newest articles first, but not all of it can be trusted: a story of years ago
that was updated ("Diperbarui") may stand among those of today, and so may an address with a wrong
date. Such strangers must not say how far the listing was read.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

NEIGHBOURS = timedelta(days=2)
"""Two articles further apart than this are no neighbours; Global publishes 31 to 42 articles a
day (docs/site.md, section 8)."""
COMPANY = 3
"""So many neighbours among themselves are no strangers, however far they are from the rest."""
ORDERED = 0.6
"""Share of a page that is in order at least: the front page has its headlines first, and pages of
another order (by readers, by topic) stay far below."""
STRANGERS = 2
"""So many are never too many."""


class Span(NamedTuple):
    """The newest and the oldest identity that a listing reaches."""

    newest: str
    oldest: str


def span(ids: Sequence[str]) -> Span | None:
    """Return how far a listing reaches; None where it lists nothing.

    Where in doubt the span is too small, which costs a page read twice and loses nothing.

    >>> span(["2026-11-20-7", "2021-02-17-5", "2026-11-20-3", "2026-11-19-9", "2020-01-01-1"])
    Span(newest='2026-11-20-7', oldest='2026-11-19-9')
    """
    groups = _neighbours(_descending(ids))
    if not groups:
        return None
    enough = min(COMPANY, max(map(len, groups)))
    kept = [group for group in groups if len(group) >= enough]
    return Span(kept[0][0], kept[-1][-1])


def is_ordered(ids: Sequence[str]) -> bool:
    """Tell whether a listing goes from newer to older, a few strangers left out."""
    return len(ids) - len(_descending(ids)) <= max(STRANGERS, (1 - ORDERED) * len(ids))


def _descending(ids: Sequence[str]) -> list[str]:
    """Return the longest part of ``ids`` that goes from newer to older, strangers left out."""
    ends: list[int] = []  # index of the last member of the best part of each length, from below
    previous: list[int | None] = []
    keys: list[str] = []  # the same members, ascending, because the list is read backwards
    for place in range(len(ids) - 1, -1, -1):
        length = bisect_right(keys, ids[place])
        previous.append(ends[length - 1] if length else None)
        keys[length : length + 1] = [ids[place]]
        ends[length : length + 1] = [place]
    part: list[str] = []
    place_or_none = ends[-1] if ends else None
    while place_or_none is not None:
        part.append(ids[place_or_none])
        place_or_none = previous[len(ids) - 1 - place_or_none]
    return part


def _neighbours(ids: Sequence[str]) -> list[list[str]]:
    """Part descending identities where two are no neighbours."""
    groups = [[article] for article in ids[:1]]
    for newer, older in pairwise(ids):
        if day_of(newer) - day_of(older) > NEIGHBOURS:
            groups.append([])
        groups[-1].append(older)
    return groups


def day_of(article_id: str) -> date:
    """Return the WIB day of an identity, or of a bound that is a bare day."""
    return date.fromisoformat(article_id[:10])
