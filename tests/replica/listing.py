"""Lists of links: macros of ``templates/listing.html.j2``. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from tests.replica.story import Channel
from tests.replica.templating import macro

Markup = Literal["2020", "2024"]
"""Which of the two known looks listings have: ``article__list`` or ``articleItem``."""
_TEMPLATE = "listing.html.j2"


class Entry(NamedTuple):
    """An article as a listing shows it."""

    url: str
    title: str
    section: str
    published: datetime
    updated: datetime | None = None
    """When it was revised as "Diperbarui"; how listings show that was never seen."""


def terkini(entries: Sequence[Entry], channel: Channel) -> str:
    """Return the "Terkini Lainnya" block of a channel's article pages."""
    return macro(_TEMPLATE, "terkini", entries, channel)


def index_pager(site: str) -> str:
    """Return the pager that leads from a list of the newest to the index."""
    return macro(_TEMPLATE, "index_pager", site)


def missed(entries: Sequence[Entry]) -> str:
    """Return the box of the right column, which uses the classes of Terkini Lainnya again."""
    return macro(_TEMPLATE, "missed", entries)


def index_list(entries: Sequence[Entry], markup: Markup) -> str:
    """Return the list of an index page; empty beyond the end."""
    return macro(_TEMPLATE, "list", entries, markup)


def front_list(headlines: Sequence[Entry], newest: Sequence[Entry], markup: Markup) -> str:
    """Return the middle of a front page: headlines and the newest articles."""
    return macro(_TEMPLATE, "front", headlines, newest, markup)
