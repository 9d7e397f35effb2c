"""Which articles belong to the section that is crawled. Pure data and one rule."""

from dataclasses import dataclass

from kompascrawler.identity import ArticleAddress, parse_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of the site: how its articles are told and where they are listed."""

    name: str
    """Value of the setting ``SECTION``."""
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

    def address_of(self, article_id: str) -> str | None:
        """Return an address of an article by its id, None where the id does not tell.

        The site takes any slug or none (docs/site.md, section 1); the channel is that of the
        front page, where the id belongs to the section.

        >>> SECTIONS["global"].address_of("2023-09-16-170000170")
        'https://www.kompas.com/global/read/2023/09/16/170000170'
        """
        day, _, number = article_id.rpartition("-")
        url = f"{self.front}/read/{day.replace('-', '/')}/{number}"
        address = parse_address(url)
        is_told = address is not None and self.channels and self.holds(address)
        return url if is_told else None


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
"""The sections that can be crawled: ``global``, and ``any`` for every channel of kompas.com."""
