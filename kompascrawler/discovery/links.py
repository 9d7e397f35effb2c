"""Sorting the links of a page: articles of the section, and what else they lead to."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from kompascrawler.identity import parse_address
from kompascrawler.sections import Section
from kompascrawler.store.interface import Link


class SortedLinks(NamedTuple):
    """The links of a page, by what they are."""

    articles: list[Link]
    """Articles of the section, each once, in the page's order."""
    others: Counter[str]
    """How many led elsewhere: ``other_section``, ``video``, ``photo``, ``tag``, ``other``."""


def sort_links(hrefs: Iterable[str], section: Section, *, page: str | None = None) -> SortedLinks:
    """Tell the section's articles from other links, by address alone.

    ``page`` is the address of the page that they stand on.
    """
    articles: dict[str, Link] = {}
    others: Counter[str] = Counter()
    for href in hrefs:
        address = parse_address(href)
        if address is None:
            others[_kind(href)] += 1
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
