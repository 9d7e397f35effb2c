"""Which pages are looked at, and in which order. Knows no HTTP: whoever calls it asks."""

from collections.abc import Awaitable, Iterator
from typing import Final, Protocol

from kompascrawler.discovery.links import IndexQuery
from kompascrawler.doctor.answer import Answer
from kompascrawler.doctor.live.seen import ArticleSeen, Listing, Seen
from kompascrawler.sections import Section
from kompascrawler.store.model import Link

MOST_REQUESTS: Final = 10
"""Requests of a visit, robots.txt of every host and redirects included."""
OTHER_HOST: Final = "internasional.kompas.com"
"""The second host of Global articles (SITE.md section 1)."""
_MOST_ARTICLES: Final = 3
"""Articles looked at until one has several pages: 31 % have one only (SITE.md section 2)."""


class Ask(Protocol):
    """Asks the site for an address."""

    def __call__(self, url: str, *, follow: bool = True) -> Awaitable[Answer]:
        """Return the answer; never raises. ``follow``: where a redirect leads, too."""


async def visit(ask: Ask, section: Section) -> Seen:
    """Look at the section; stop early where nothing answers.

    With robots.txt of three hosts these are nine requests where the first article has several
    pages; what does not fit into ``MOST_REQUESTS`` is refused by ``ask`` and not checked.
    """
    seen = Seen(section=section)
    seen.front = Listing(await ask(section.front), section, is_front=True)
    own, *others = section.index_sites
    seen.index = await _archive(ask, own, section)
    if seen.is_unreachable:
        return seen
    if OTHER_HOST not in seen.front.answer.url:
        address = f"https://{OTHER_HOST}/"
        seen.other_front = Listing(await ask(address, follow=False), section, is_front=True)
    await _look_at_articles(ask, seen)
    if others and seen.index.answer.is_page and not seen.index.links.articles:
        seen.fallback = await _archive(ask, others[0], section)
    return seen


async def _archive(ask: Ask, site: str, section: Section) -> Listing:
    # Page 2 shows that the parameter is known and that pages go on, in one request.
    url = IndexQuery(site=site, page=2).url
    return Listing(await ask(url), section, is_front=False)


async def _look_at_articles(ask: Ask, seen: Seen) -> None:
    for _, link in zip(range(_MOST_ARTICLES), _candidates(seen), strict=False):
        article = ArticleSeen(await ask(link.url))
        seen.articles.append(article)
        if article.is_paged:
            seen.all_pages = ArticleSeen(await ask(f"{link.url}?page=all"))
            seen.second = ArticleSeen(await ask(f"{link.url}?page=2"))
            return


def _candidates(seen: Seen) -> Iterator[Link]:
    """Yield the articles that were found, the newest first."""
    listings = [one for one in (seen.front, seen.index, seen.other_front) if one]
    found = {link.id: link for listing in listings for link in listing.links.articles}
    yield from sorted(found.values(), reverse=True)
