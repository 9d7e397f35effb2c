"""What the doctor requests of the site, and what came back. The caller gives what requests."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Final

from protego import Protego

from kompascrawler.discovery.tasks import IndexQuery
from kompascrawler.doctor.machine import CLOCK_TOLERANCE, SET_CLOCK
from kompascrawler.doctor.result import Result, checked
from kompascrawler.halaman.completeness import falls_short
from kompascrawler.outcome.verdict import REFUSALS
from kompascrawler.pages import ArticlePage, PageRefused, article_page
from kompascrawler.pages.index import front_hrefs, listing_hrefs, look
from kompascrawler.pages.markup import parse
from kompascrawler.politeness.non_content import REFUSING, NonContentKind
from kompascrawler.sections import SECTIONS, Section, sort_links
from kompascrawler.store.model import Link
from kompascrawler.terminal import span

MOST_REQUESTS: Final = 16
"""Requests of a visit, including robots.txt of every host and redirects."""
OTHER_HOST: Final = "internasional.kompas.com"
"""The second host of Global articles (docs/site.md, section 1)."""
SITEMAPS: Final = SECTIONS["global"].sitemaps
_MOST_ARTICLES: Final = 3
"""Articles fetched until one has several pages: 31 % have only one (docs/site.md, section 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response, or why there is none."""

    url: str
    """Address after redirects; without a response, the requested one."""
    status: int | None = None
    body: bytes = b""
    encoding: str | None = None
    """What the header declares."""
    leads_to: str | None = None
    """Target of a redirect that was not followed."""
    date: str | None = None
    non_content: NonContentKind | None = None
    problem: str | None = None
    """Why there is no response, in a few words."""
    is_ours: bool = False
    """Whether we made no request: robots.txt forbids it, or the limit was reached."""

    @property
    def is_page(self) -> bool:
        """Whether it can be read."""
        return self.status == 200 and not self.non_content

    @property
    def is_forbidden(self) -> bool:
        """Whether robots.txt forbids it."""
        return self.is_ours and "robots.txt" in (self.problem or "")

    @property
    def refuses_us(self) -> bool:
        """Whether the site refuses us, or asks for a proof that we are human."""
        return self.status in REFUSALS or self.non_content in REFUSING

    def __str__(self) -> str:
        if self.non_content:
            return f"{self.non_content} page instead of content"
        return self.problem or f"status {self.status}"


class Listing:
    """A reply that should be a page of links; it has none if it cannot be read."""

    def __init__(self, reply: Reply, section: Section, query: IndexQuery | None = None) -> None:
        """``query`` is what was asked for; None: the front page."""
        self.reply = reply
        self.hrefs: list[str] = []
        """Every link that a crawl looks at."""
        self.look: str | None = None
        """Which known look it has."""
        if reply.is_page:
            with suppress(PageRefused):
                tree = parse(reply.body, reply.encoding)
                self.look = look(tree)
                self.hrefs = [] if query else front_hrefs(tree)
                if query:
                    self.hrefs = listing_hrefs(reply.body, reply.encoding, query.kind)
        self.links = sort_links(self.hrefs, section)


class ArticleReply:
    """A reply that should be an article."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.page: ArticlePage | None = None
        self.problem = "" if reply.is_page else str(reply)
        """Why the crawler cannot read it."""
        if reply.is_page:
            try:
                page = article_page(reply.url, reply.body, reply.encoding)
                page.part()  # reads every field
                self.page = page
            except PageRefused as refusal:
                self.problem = str(refusal)

    @property
    def is_paged(self) -> bool:
        """Whether it declares several pages, or more words than it has."""
        page = self.page
        return bool(page and ((page.pages_declared or 1) > 1 or falls_short(page.halaman)))


@dataclass(kw_only=True)
class Visit:
    """The replies of a visit; None where nothing was requested."""

    section: Section
    robots: dict[str, Reply] = field(default_factory=dict)
    """Host → reply to robots.txt."""
    front: Listing | None = None
    other_front: Listing | None = None
    """The front page on the section's second host, redirects not followed."""
    index: Listing | None = None
    """Page 2 of the index with the section's own ``site`` parameter."""
    fallback: Listing | None = None
    """The same with the next parameter, if the first lists nothing."""
    others: dict[str, Listing] = field(default_factory=dict)
    """Listings that close a day or stand in for the index: ``day``, ``pager``, ``archive``,
    and the addresses of sitemaps."""
    articles: list[ArticleReply] = field(default_factory=list)
    """Articles under their plain address; the last one may be paged."""
    all_pages: ArticleReply | None = None
    second: ArticleReply | None = None
    """The paged one with ``?page=all`` and with ``?page=2``."""

    @property
    def listings(self) -> list[Listing]:
        """The listings that were requested, the most informative first."""
        return [one for one in (self.front, self.index, self.other_front, self.fallback) if one]

    @property
    def articles_linked(self) -> dict[str, Link]:
        """The links of the listings to articles of the section, by identity."""
        return {link.id: link for listing in self.listings for link in listing.links.articles}

    @property
    def replies(self) -> list[Reply]:
        """Every reply but those to robots.txt."""
        pages = (*self.articles, self.all_pages, self.second)
        return [one.reply for one in (*self.listings, *self.others.values(), *pages) if one]

    @property
    def is_unreachable(self) -> bool:
        """Whether only failures of the site's servers or of the network came."""
        came = [*self.robots.values(), *self.replies]
        return not any(reply.is_ours or (reply.status or 500) < 500 for reply in came)


Ask = Callable[..., Awaitable[Reply]]
"""Asks the site for an address (``url``, ``follow=True`` redirects); never raises."""


async def visit(ask: Ask, section: Section) -> Visit:
    """Look at the section; stop early if nothing answers.

    With robots.txt of three hosts these are fourteen requests if the first article has several
    pages. ``ask`` refuses what exceeds ``MOST_REQUESTS``.
    """

    async def index(site: str) -> Listing:
        # Page 2 shows that the parameter is known and that pages go on, in one request.
        query = IndexQuery(site=site, page=2)
        return Listing(await ask(query.url), section, query)

    seen = Visit(section=section)
    seen.front = Listing(await ask(section.front), section)
    own, *others = section.index_sites
    seen.index = await index(own)
    if seen.is_unreachable:
        return seen
    if OTHER_HOST not in seen.front.reply.url:
        seen.other_front = Listing(await ask(f"https://{OTHER_HOST}/", follow=False), section)
    await _ask_for_articles(ask, seen)
    if others and seen.index.reply.is_page and not seen.index.links.articles:
        seen.fallback = await index(others[0])
    await _ask_for_others(ask, seen)
    return seen


async def _ask_for_others(ask: Ask, seen: Visit) -> None:
    section, newest = seen.section, max(seen.articles_linked, default=None)
    queries = {"pager": IndexQuery(site=section.front, page=2)}
    if newest is not None:
        day = date.fromisoformat(newest[:10])
        queries["day"] = IndexQuery(site=section.index_sites[0], day=day)
        queries["archive"] = IndexQuery(site=section.front, day=day)
    queries |= {site: IndexQuery(site=site) for site in section.sitemaps}
    for name, query in queries.items():
        seen.others[name] = Listing(await ask(query.url), section, query)


async def _ask_for_articles(ask: Ask, seen: Visit) -> None:
    found = seen.articles_linked
    for link in sorted(found.values(), reverse=True)[:_MOST_ARTICLES]:
        article = ArticleReply(await ask(link.url))
        seen.articles.append(article)
        if article.is_paged:
            seen.all_pages = ArticleReply(await ask(f"{link.url}?page=all"))
            seen.second = ArticleReply(await ask(f"{link.url}?page=2"))
            return


_SAMPLES: Final = (
    *("/", "/global", "/global/read/2026/11/01/120000170/x?page=all", "/?site=global&page=2"),
)
"""Paths of every kind that a crawl requests, on any host."""


def robots(host: str, reply: Reply | None, user_agent: str, most: float) -> Result:
    """Judge a host's robots.txt; ``most`` is ``CRAWL_DELAY_MAX_SECONDS``."""
    warn = partial(Result, "robots.txt", "warn")
    if reply is None or reply.status is None:
        found = f"no response from {host}: {reply.problem if reply else 'not asked'}"
        return warn(found, "check the network and http_proxy/https_proxy")
    if reply.status == 429 or reply.status >= 500:
        found = f"{host} responds with status {reply.status}: a crawl would request nothing of it"
        return warn(found, "wait: each crawl tries again")
    if reply.refuses_us:
        advice = "open it in a browser; the site may not want us now: run less often"
        return warn(f"{host} refuses us: {reply}", advice)
    rules = Protego.parse(reply.body.decode("utf-8", "replace") if reply.is_page else "")
    urls = {path: f"https://{host}{path}" for path in _SAMPLES}
    if forbidden := [path for path, url in urls.items() if not rules.can_fetch(url, user_agent)]:
        found = f"{host} forbids {', '.join(forbidden)}"
        return Result("robots.txt", "fail", found, "the crawler obeys: ask the site's owner")
    wanted = rules.crawl_delay(user_agent)
    if wanted and wanted > most:
        found = f"{host} permits the section, and wants {wanted:g} s between two requests"
        advice = "set CRAWL_DELAY_MAX_SECONDS to that; a crawl waits no longer than it says"
        return warn(found, advice)
    said = "permits the section" if reply.is_page else f"has none (status {reply.status})"
    return Result("robots.txt", "ok", f"{host} {said}")


def site_clock(replies: Mapping[str, Reply], now: datetime) -> Result | None:
    """Compare our clock with the site's; None if the site states no time."""
    for host, reply in replies.items():
        with suppress(ValueError):
            theirs = parsedate_to_datetime(reply.date or "")
            apart = (now - theirs).total_seconds() if theirs.tzinfo else 0.0
            side = "ahead of" if apart > 0 else "behind"
            is_wrong = abs(apart) > CLOCK_TOLERANCE.total_seconds()
            problem = is_wrong and f"ours is {span(abs(apart))} {side} that of {host}"
            return checked("site's clock", f"the same as ours ({host})", problem, SET_CLOCK)
    return None
