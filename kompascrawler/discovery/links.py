"""Sorting the links of a page: articles of the section, and what else they lead to."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from kompascrawler.identity import WIB, parse_address
from kompascrawler.sections import Section
from kompascrawler.store.interface import Link

AHEAD: Final = timedelta(days=366)
"""How far ahead of our clock an article's day may lie: years to come are no dates, and a few such
links together would count as the newest that was ever listed. So much, for clocks go wrong."""
MOST_ARTICLES: Final = 500
"""Articles that are taken from one page: front pages have some 85 links, the archive's pages 20."""


class SortedLinks(NamedTuple):
    """The links of a page, by what they are."""

    articles: list[Link]
    """Articles of the section, each once, in the page's order."""
    others: Counter[str]
    """How many led elsewhere: ``other_section``, ``video``, ``photo``, ``tag``, ``other``,
    ``future``, ``beyond`` (what a page lists after ``MOST_ARTICLES``)."""


def sort_links(hrefs: Iterable[str], section: Section, *, page: str | None = None) -> SortedLinks:
    """Tell the section's articles from other links, by address alone.

    ``page`` is the address of the page that they stand on.
    """
    latest = f"{datetime.now(WIB) + AHEAD:%Y-%m-%d-~}"
    articles: dict[str, Link] = {}
    others: Counter[str] = Counter()
    for href in hrefs:
        address = parse_address(href)
        if address is None:
            others[_kind(href)] += 1
        elif address.id > latest:
            others["future"] += 1
        elif section.holds(address) and len(articles) >= MOST_ARTICLES:
            others["beyond"] += address.id not in articles
        elif section.holds(address):
            articles.setdefault(address.id, Link(address.id, address.url, page))
        else:
            others["other_section"] += 1
    return SortedLinks(list(articles.values()), others)


def _kind(href: str) -> str:
    """Name what a link that is no article leads to (the sister sites of SITE.md section 7)."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return "other"
    host, first = parts.hostname or "", parts.path.split("/")[1:2]
    if host in ("video.kompas.com", "tv.kompas.com", "www.kompas.tv"):
        return "video"
    if host == "foto.kompas.com" or first == ["photo"]:
        return "photo"
    return "tag" if first in (["tag"], ["topik-pilihan"]) else "other"
