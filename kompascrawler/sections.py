"""Which articles belong to the sections that are crawled, and which links lead to them. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Final, NamedTuple, Self
from urllib.parse import urlsplit

from kompascrawler.identity import WIB, ArticleAddress, parse_address
from kompascrawler.store.model import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of the site: how its articles are told and where they are listed."""

    name: str
    """In the setting ``SECTION``."""
    front: str
    """The section's front page, the default start of a crawl."""
    front_forms: frozenset[str]
    """Host and path (without a slash at the end) of every address that means the front page."""
    hosts: tuple[str, ...]
    """Domains its pages stand on, sub-domains included; nothing else is asked for."""
    channels: frozenset[str]
    """Channels (first path part, or sub-domain) its articles stand under; empty: every one."""
    suffix: str
    """How the numbers of its articles end since the nine-digit scheme of 2020."""
    index_sites: tuple[str, ...]
    """Values of the index's ``site`` parameter that list it, the best first."""
    sitemaps: tuple[str, ...] = ()
    """Its news sitemaps, which have the last two days."""

    def holds(self, address: ArticleAddress) -> bool:
        """Tell whether the article belongs to the section, by host, by path and by number.

        Older numbers, of seven and eight digits, do not tell the channel (docs/site.md, section 1).
        """
        return (
            any(f".{address.host}".endswith(f".{host}") for host in self.hosts)
            and address.channel in (self.channels or {address.channel})
            and (len(address.number) < 9 or address.number.endswith(self.suffix))
        )

    def lists(self, site: str) -> bool:
        """Tell whether a listing shows the section, by the ``site`` of an index page."""
        return site in (*self.index_sites, self.front)

    def owns(self, url: str) -> bool:
        """Tell whether an address is one of an article of the section."""
        address = parse_address(url)
        return address is not None and self.holds(address)

    @property
    def parts(self) -> tuple[Self, ...]:
        """The section itself, as ``Sections`` have several."""
        return (self,)

    def address_of(self, article_id: str) -> str | None:
        """Return an address of an article by its id, None where the id does not tell.

        The site takes any slug or none (docs/site.md, section 1); the channel is that of the
        front page, where the id belongs to the section.

        >>> SECTIONS["global"].address_of("2023-09-16-170000170")
        'https://www.kompas.com/global/read/2023/09/16/170000170'
        """
        day, _, number = article_id.rpartition("-")
        url = f"{self.front.rstrip('/')}/read/{day.replace('-', '/')}/{number}"
        address = parse_address(url)
        is_told = address is not None and self.channels and self.holds(address)
        return url if is_told else None


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections that the runs of a folder crawl. Asked like one; no two hold an article."""

    parts: tuple[Section, ...]

    @property
    def name(self) -> str:
        """The names, in the order of the table, with commas between."""
        return ",".join(self.names)

    @property
    def names(self) -> list[str]:
        """The name of each section."""
        return [section.name for section in self.parts]

    @property
    def hosts(self) -> tuple[str, ...]:
        """All hosts, each once."""
        return tuple(dict.fromkeys(host for section in self.parts for host in section.hosts))

    def holds(self, address: ArticleAddress) -> bool:
        """Tell whether the article belongs to one of the sections."""
        return self.of(address) is not None

    def of(self, address: ArticleAddress) -> Section | None:
        """Return the section that the article belongs to."""
        return next((section for section in self.parts if section.holds(address)), None)

    def listed_by(self, site: str) -> Section:
        """Return the section that a listing is read for; the first where none has it."""
        return next((section for section in self.parts if section.lists(site)), self.parts[0])

    def owns(self, url: str) -> bool:
        """Tell whether an address is one of an article of the sections."""
        return any(section.owns(url) for section in self.parts)

    def address_of(self, article_id: str) -> str | None:
        """See ``Section.address_of``; None, too, where several sections may have the article."""
        urls = [url for section in self.parts if (url := section.address_of(article_id))]
        return urls[0] if len(urls) == 1 else None


Scope = Section | Sections
"""What is crawled: one section, or several."""


def _channel(
    name: str, suffix: str, *, on_www: bool = False, others: Sequence[str] = ()
) -> Section:
    """Return the section of a channel; it stands on a host of its own, or on www below a path.

    Which of both is a matter of the year (docs/site.md, section 1), so that both are accepted.
    """
    own, below = f"{name}.kompas.com", f"www.kompas.com/{name}"
    front = f"https://{below}" if on_www else f"https://{own}/"
    names = (name, *others)
    return Section(
        name=name,
        front=front,
        front_forms=frozenset({own, below, f"kompas.com/{name}"}),
        hosts=("www.kompas.com", *(f"{each}.kompas.com" for each in names), "indeks.kompas.com"),
        channels=frozenset(names),
        suffix=suffix,
        index_sites=(name, "all"),
        sitemaps=(f"{front.removesuffix(name).rstrip('/')}/sitemap-news-{name}.xml",),
    )


SECTIONS = {
    section.name: section
    for section in (
        # www.kompas.com/global and internasional.kompas.com were both in use in 2021 and 2026.
        # `site=global` is what article pages link to; whether the index answers it is not
        # known, `news` and `all` are (docs/site.md, sections 1 and 8).
        Section(
            name="global",
            front="https://www.kompas.com/global",
            front_forms=frozenset(
                {"www.kompas.com/global", "kompas.com/global", "internasional.kompas.com"}
            ),
            hosts=("www.kompas.com", "internasional.kompas.com", "indeks.kompas.com"),
            channels=frozenset({"global", "internasional"}),
            suffix="70",
            index_sites=("global", "news", "all"),
            sitemaps=(
                "https://www.kompas.com/sitemap-news-global.xml",
                "https://internasional.kompas.com/sitemap-news-internasional.xml",
            ),
        ),
        # The last digits of their numbers: docs/site.md, section 1. Of `nasional` and the like
        # they are too few to tell.
        _channel("nasional", ""),
        _channel("megapolitan", ""),
        _channel("regional", ""),
        _channel("bola", "", others=("sports", "motogp")),
        _channel("tekno", ""),
        _channel("money", "26", others=("ekonomi",)),
        _channel("otomotif", "15"),
        _channel("lifestyle", "20"),
        _channel("properti", "21", on_www=True),
        _channel("sains", "23", on_www=True),
        _channel("travel", "27"),
        _channel("tren", "65", on_www=True),
        _channel("hype", "66", on_www=True, others=("entertainment",)),
        _channel("health", "68"),
        _channel("skola", "69", on_www=True),
        _channel("edu", "71", on_www=True, others=("edukasi",)),
        _channel("food", "75", on_www=True),
        _channel("lestari", "86"),
        Section(
            name="any",
            front="https://www.kompas.com/",
            front_forms=frozenset({"www.kompas.com", "kompas.com"}),
            hosts=("kompas.com",),
            channels=frozenset(),
            suffix="",
            index_sites=("all",),
        ),
    )
}
"""The sections that can be crawled: channels, and ``any`` for every channel of kompas.com."""
_EVERY: Final = "any"
_LIKENESS: Final = 0.7
_BETWEEN: Final = re.compile(r"[\s,;]+")


def chosen_sections(given: str | Iterable[str]) -> Sections:
    """Return the sections of the setting ``SECTION``: names with commas or blanks between.

    Raises ValueError, with a word on what is wrong.

    >>> chosen_sections("sains, global").name
    'global,sains'
    """
    names = [name for name in _BETWEEN.split(given) if name] if isinstance(given, str) else given
    names = list(map(str, names))
    if not names:
        raise ValueError("none is named")
    if unknown := [name for name in names if name not in SECTIONS]:
        near = get_close_matches(unknown[0].lower(), SECTIONS, n=1, cutoff=_LIKENESS)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"there is no section {unknown[0]!r}{meant}")
    if _EVERY in names and len(set(names)) > 1:
        raise ValueError(f"{_EVERY!r} has all of them: give it alone")
    return Sections(tuple(section for section in SECTIONS.values() if section.name in names))


AHEAD: Final = timedelta(days=366)
"""How far an article's day may lie in the future. A few wrong dates together would count as the
newest articles ever listed. The margin is large because clocks can be wrong."""
MOST_ARTICLES: Final = 500
"""Articles that are taken from one page: front pages have some 85 links, index pages 20."""


class SortedLinks(NamedTuple):
    """The links of a page, by kind."""

    articles: list[Link]
    """Articles of the section, each once, in the page's order."""
    others: Counter[str]
    """How many led elsewhere: ``other_section``, ``video``, ``photo``, ``tag``, ``other``,
    ``future``, ``beyond`` (what a page lists after ``MOST_ARTICLES``)."""

    def of(self, section: Scope) -> Self:
        """Return them without the articles of other sections."""
        return self._replace(articles=[link for link in self.articles if section.owns(link.url)])


def sort_links(hrefs: Iterable[str], section: Scope, *, page: str | None = None) -> SortedLinks:
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
    """Name what a link that is no article leads to (docs/site.md, section 7)."""
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
