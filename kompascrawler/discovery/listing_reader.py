"""Which listing to read next, and what it tells.

Three kinds of listing are read: the newest articles (the "Terkini Lainnya" block of any article
page, or the first index page), the pages of a walk (walk.py), and an index page that a person
names. The section's front page is no listing: it is a selection, so it only says whether there is
news.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from kompascrawler.discovery.arguments import Arguments
from kompascrawler.discovery.coverage import Days
from kompascrawler.discovery.links import FrontPage, IndexQuery, SortedLinks, Task, is_front
from kompascrawler.discovery.order import is_ordered, span
from kompascrawler.discovery.silence import News
from kompascrawler.discovery.walk import Walk, first_day
from kompascrawler.sections import Section
from kompascrawler.store.doubtful import Doubtful
from kompascrawler.store.ledger import Ledger
from kompascrawler.store.model import Discovery, Gap, Link
from kompascrawler.store.store import Store

_LATEST: Final = 7
"""How many days older than what a listing is asked for an article may be that it alone shows, since
some are published late. The listing of a day is read again a week later."""


class ListingReader:
    """Decides where to look for articles; remembers in the store what it has read.

    ``today`` is the present WIB day. A run whose ``until`` lies before it reads the index pages of
    its days and leaves the newest articles alone.
    """

    def __init__(
        self, store: Store, section: Section, arguments: Arguments, *, today: date
    ) -> None:
        self._store = store
        self._front = FrontPage(section.front)
        self._arguments = arguments
        # The front page's own pager and archive by day stand in where the index fails.
        self._sites = (*section.index_sites, section.front)
        self._sitemaps = section.sitemaps
        self._days = Days(store, Ledger(store.data_dir, section.name), self._sites)
        self._today = today
        self._walks: list[Walk] = []
        self._pages: list[IndexQuery] = []
        self._last_page: frozenset[str] = frozenset()
        self._seen: set[str] = set()
        self._doubtful = Doubtful(store.data_dir)
        self._floor = arguments.floor(store.newest_listed(), store.oldest_asked())
        self._wants_newest = False
        self._saw_newest = False
        self._may_be_late = True
        self._mark = self._first_mark = store.newest_listed()
        self._front_newest = ""
        self._is_window = arguments.until is not None and arguments.until < today

    @property
    def starts(self) -> Sequence[Task]:
        """The pages that this run begins with."""
        if not self.reads_newest:
            return self._arguments.starts
        return (self._front,)

    @property
    def reads_newest(self) -> bool:
        """Whether this run looks for what is newest, and not at pages or days that were named."""
        return self._arguments.wants_newest and not self._is_window

    def begin(self) -> list[Link]:
        """Resume what earlier runs left; return the articles that may be requested now."""
        for gap in self._store.gaps():
            if self._is_wanted(gap):
                self._walks.append(self._walk(gap))
        oldest, newest = self._arguments.oldest, self._arguments.newest
        floor = self._store.oldest_asked()
        if self.reads_newest:
            lowest = max(filter(None, (oldest, self._floor)), default=None)
            self._days.begin(self._today, lowest, self._mark)
        if self._is_window and newest is not None:
            # What is left of the same window by a run that was cut short is a gap already.
            if not any(walk.gap.low == oldest and walk.gap.high <= newest for walk in self._walks):
                self._open(oldest, newest)
        elif oldest is not None and floor is not None and oldest < floor:
            self._open(oldest, floor, Discovery(oldest=oldest))
        return self._store.due(oldest=oldest, newest=newest)

    def begin_last(self) -> list[Link]:
        """Return the articles that runs died on, to be requested when nothing else is left."""
        bounds = self._arguments
        return self._store.due_last(oldest=bounds.oldest, newest=bounds.newest)

    def read_front(self, page: SortedLinks) -> list[Link]:
        """Read the front page; return the articles that are new."""
        news = self._learn(page.articles, self._front.url, self._first_mark)
        # Its headlines come first, and old articles that it recommends stand among the others.
        shown = span(sorted((link.id for link in page.articles), reverse=True))
        self._front_newest = shown.newest if shown else ""
        # A front page without any article of the section tells nothing: the index is asked.
        self._wants_newest = self._wants_newest or bool(news) or not page.articles
        return news

    def read_newest(self, page: SortedLinks, pager: IndexQuery | None = None) -> list[Link]:
        """Read a Terkini Lainnya block; return the articles that are new.

        Its ``pager`` leads to page 2 of the index. The block has 15 articles and a page of the
        index 20, so that 5 would be missed there: page 1 of the same listing comes first.
        """
        following = IndexQuery(site=self._sites[0])
        # A page without the block does not tell what is newest: the index is asked.
        self._wants_newest = self._wants_newest or not page.articles
        return self._read_newest(page.articles, replace(pager, page=1) if pager else following)

    def read_index(self, query: IndexQuery, page: SortedLinks, hrefs: Iterable[str]) -> list[Link]:
        """Read an index page that lists ``hrefs``; return the articles that are new."""
        listed = frozenset(hrefs)
        for walk in self._walks:
            if walk.query == query:
                return self._read_walk(walk, page, listed)
        if self._days.holds(query):
            lowest = query.day.isoformat() if query.day else None
            news = self._learn(page.articles, query.url, lowest)
            self._days.read(page.articles, listed)
            return news
        return self._read_page(query, page, listed)

    def next_query(self, *, may_ask_newest: bool) -> IndexQuery | None:
        """Return the index page to read next, or None when all is read.

        ``may_ask_newest`` allows to read the first index page in place of a Terkini Lainnya block,
        when the front page told of news and no article page is coming that has one.
        """
        self._walks = [walk for walk in self._walks if not walk.is_over]
        if self._pages:
            return self._pages.pop(0)
        if self._walks:
            return self._walks[0].query
        if may_ask_newest and self._wants_newest and not self._saw_newest:
            self._wants_newest = False
            return IndexQuery(site=self._sites[0])
        return self._days.query

    def abandon(self, query: IndexQuery) -> bool:
        """Do without an index page; tell whether another listing is read in its place."""
        if not is_front(query.site):  # the other listings of this run are not looked for there
            self._sites = tuple(filter(is_front, self._sites))
        elif query.kind != "sitemap":  # what is left are links of two days, without any order
            self._pages += [IndexQuery(site=sitemap) for sitemap in self._sitemaps]
            self._sitemaps = ()
        for walk in self._walks:
            if walk.query == query:
                return walk.fail()
        if self._days.holds(query):
            return self._days.fail()
        if query.is_newest and self.reads_newest and not is_front(query.site):
            self._pages.append(IndexQuery(site=self._front.url))
            return True
        return False

    def finish(self, now: datetime) -> News:
        """Write down days and what is doubtful; tell of the last news. Raises StoreError."""
        self._days.finish(now)
        self._doubtful.save()
        news = News.of(self._store.news_times(), now.timestamp(), is_sought=self.reads_newest)
        return news._replace(doubtful=self._doubtful.added, confirmed=self._doubtful.confirmed)

    def _read_newest(self, articles: Sequence[Link], following: IndexQuery) -> list[Link]:
        ids = [link.id for link in articles]
        reached = span(ids)
        if self._is_window or reached is None or not is_ordered(ids):
            return self._learn(articles, "newest", self._first_mark)
        # One that is older than the front page tells less than the index.
        self._saw_newest = self._saw_newest or reached.newest >= self._front_newest
        mark, newest, oldest = self._mark, reached.newest, reached.oldest
        is_known = self._seen.issuperset(link.id for link in articles)
        if is_known and mark is not None and newest <= mark and not self._is_late(oldest):
            return []
        self._mark = max(newest, mark or newest)
        low = self._arguments.oldest if mark is None else mark
        finding = Discovery(
            links=self._untold(articles, "newest", self._first_mark),
            newest=self._mark,
            oldest=self._arguments.oldest if mark is None else None,
        )
        if low is None or oldest > low:
            return self._open(low, oldest, finding, following)
        news = self._tell(finding)
        if self._is_late(oldest):
            # Published late, among articles that are known: more of the kind may stand below.
            self._may_be_late = False
            self._open(oldest, oldest, Discovery(), following)
        return news

    def _is_late(self, oldest: str) -> bool:
        """Whether a listing ends, for the first time, with an article that earlier runs missed."""
        return (
            self._may_be_late
            and self._first_mark is not None
            and oldest < self._first_mark
            and not self._store.is_stored(oldest)
        )

    def _read_page(
        self, query: IndexQuery, page: SortedLinks, listed: frozenset[str]
    ) -> list[Link]:
        """Read a page outside any walk: a start page, or the newest articles."""
        is_repeated = listed == self._last_page
        self._last_page = listed
        if query.is_newest and page.articles:
            return self._read_newest(page.articles, query.next_page())
        news = self._learn(page.articles, query.url, None)  # a person has named it
        if not listed and query.is_newest and query.site in self._sites[:-1]:
            site = self._sites[self._sites.index(query.site) + 1]
            self._pages.append(replace(query, site=site))
        elif listed and not is_repeated and query.kind != "sitemap" and (news or not page.articles):
            self._pages.append(query.next_page())
        return news

    def _read_walk(self, walk: Walk, page: SortedLinks, listed: frozenset[str]) -> list[Link]:
        news = self._learn(page.articles, walk.query.url, walk.gap.low)
        self._store.learn(
            walk.read(
                page.articles,
                listed=listed,
                has_news=bool(news),
                oldest_wanted=self._arguments.oldest,
            )
        )
        if walk.answered and walk.query.site in self._sites[1:]:  # a pager may lead elsewhere
            # The other walks of this run begin with the site parameter that answers.
            at = self._sites.index(walk.query.site)
            self._sites = self._sites[at:] + self._sites[:at]
        return news

    def _open(
        self,
        low: str | None,
        high: str,
        finding: Discovery | None = None,
        following: IndexQuery | None = None,
    ) -> list[Link]:
        """Open a gap and start to read it, at ``following`` or by day."""
        learned = self._store.learn(replace(finding or Discovery(), opened=(low, high)))
        if learned.gap is not None:
            self._walks.insert(0, self._walk(learned.gap, following))
        return self._wanted(learned.new)

    def _walk(self, gap: Gap, query: IndexQuery | None = None) -> Walk:
        by_day = IndexQuery(site=self._sites[0], day=first_day(gap))
        return Walk(gap=gap, query=query or by_day, sites=self._sites)

    def _learn(self, links: Sequence[Link], listing: str, lowest: str | None) -> list[Link]:
        untold = self._untold(links, listing, lowest)
        return self._tell(Discovery(links=untold)) if untold else []

    def _tell(self, finding: Discovery) -> list[Link]:
        return self._wanted(self._store.learn(finding).new)

    def _untold(self, links: Sequence[Link], listing: str, lowest: str | None) -> list[Link]:
        """Return the links of a page that the store has not been given yet.

        ``lowest`` is about the oldest that the listing is asked for: what is much older waits for
        a second one to show it, since one may make addresses up. Those outside this run's days
        are remembered too, because a listing that has been read is not read again.
        """
        believed = [link for link in links if self._is_believed(link, listing, lowest)]
        untold = [
            link
            for link in believed
            if link.id not in self._seen and (self._floor is None or link.id >= self._floor)
        ]
        self._seen.update(link.id for link in believed)
        return untold

    def _is_believed(self, link: Link, listing: str, lowest: str | None) -> bool:
        if lowest is None or link.id in self._seen or link.id >= _late_for(lowest):
            return True
        if link.id < (self._floor or "") or self._store.is_found(link.id):
            return True  # it is not queued anyway
        return self._doubtful.confirms(link.id, listing)

    def _wanted(self, links: Sequence[Link]) -> list[Link]:
        return [link for link in links if self._arguments.wants(link.id)]

    def _is_wanted(self, gap: Gap) -> bool:
        newest, oldest = self._arguments.newest, self._arguments.oldest
        is_above = newest is not None and gap.low is not None and gap.low >= newest
        return not is_above and not (oldest is not None and gap.high <= oldest)


def _late_for(bound: str) -> str:
    """Return the bound that what is published late still lies above."""
    day = date.fromisoformat(bound[:10]).toordinal() - _LATEST
    return date.fromordinal(max(1, day)).isoformat()
