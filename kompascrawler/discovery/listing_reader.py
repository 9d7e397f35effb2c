"""Which listing to read next, and what it tells.

Three kinds of listing are read: the newest articles (the "Terkini Lainnya" block of any article
page, or the first index page), the pages of a walk (walk.py), and an index page that a person
names. The section's front page is no listing: it is a selection, so it only says whether there is
news.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from kompascrawler.discovery.coverage import Days, News, silence
from kompascrawler.discovery.tasks import Arguments, FrontPage, IndexQuery, Task, is_front
from kompascrawler.discovery.walk import Walk, first_day, is_ordered, span
from kompascrawler.sections import Section, SortedLinks
from kompascrawler.store.ledger import Doubtful, late_for
from kompascrawler.store.model import Discovery, Gap, Link
from kompascrawler.store.store import Store


class ListingReader:
    """Decides where to look for articles; remembers in the store what it has read.

    ``today`` is the present WIB day. A run whose ``until`` lies before it reads the index pages of
    its days and leaves the newest articles alone.
    """

    def __init__(
        self, store: Store, section: Section, arguments: Arguments, today: date, doubtful: Doubtful
    ) -> None:
        """``doubtful`` is what the readers of several sections have together."""
        self._store = store
        self.section = section
        self.front = FrontPage(section.front)
        self._arguments = arguments
        # The front page's own pager and archive by day stand in where the index fails.
        self._sites = (*section.index_sites, section.front)
        self._sitemaps = section.sitemaps
        self._days = Days(store, section, self._sites)
        self._today = today
        self._walks: list[Walk] = []
        self._pages: list[IndexQuery] = []
        self._last_page: frozenset[str] = frozenset()
        self._seen: set[str] = set()
        self._doubtful = doubtful
        self._mark = self._first_mark = store.newest_listed(section.name)
        self._oldest_asked = store.oldest_asked(section.name)
        # Nothing below it is wanted, in this run or a later one.
        self._floor = arguments.oldest if self._mark is None else self._oldest_asked
        if self._floor and arguments.oldest:
            self._floor = min(self._floor, arguments.oldest)
        self._wants_newest = self._saw_newest = False
        self._may_be_late = True
        self._front_newest = ""
        self._is_window = arguments.until is not None and arguments.until < today

    @property
    def starts(self) -> Sequence[Task]:
        """The pages that this run begins with."""
        return (self.front,) if self.reads_newest else self._arguments.starts

    @property
    def reads_newest(self) -> bool:
        """Whether this run looks for what is newest, and not at pages or days that were named."""
        return self._arguments.wants_newest and not self._is_window

    def begin(self) -> list[Link]:
        """Resume what earlier runs left; return the articles that may be requested now."""
        gaps = filter(self._arguments.reach, self._store.gaps(self.section.name))
        self._walks += map(self._walk, gaps)
        oldest, newest = self._arguments.oldest, self._arguments.newest
        if self.reads_newest:
            lowest = max(filter(None, (oldest, self._floor)), default=None)
            self._days.begin(self._today, lowest, self._mark)
        if self._is_window and newest is not None:
            # What is left of the same window by a run that was cut short is a gap already.
            if not any(walk.gap.low == oldest and walk.gap.high <= newest for walk in self._walks):
                self._tell(Discovery(opened=(oldest, newest)))
        elif oldest and self._oldest_asked and oldest < self._oldest_asked:
            self._tell(Discovery(oldest=oldest, opened=(oldest, self._oldest_asked)))
        return self._store.due(self.section.owns, oldest=oldest, newest=newest)

    def begin_last(self) -> list[Link]:
        """Return the articles that runs died on, to be requested when nothing else is left."""
        bounds, owns = self._arguments, self.section.owns
        return self._store.due(owns, oldest=bounds.oldest, newest=bounds.newest, deadly=True)

    @property
    def reaches(self) -> str:
        """The upper bound of the newest gap that is left to read, "" without one."""
        return max((walk.gap.high for walk in self._walks), default="")

    def read_front(self, page: SortedLinks) -> list[Link]:
        """Read the front page; return the articles that are new."""
        news = self._learn(page.articles, self.front.url, self._first_mark)
        # Its headlines come first, and old articles that it recommends stand among the others.
        shown = span(sorted((link.id for link in page.articles), reverse=True))
        self._front_newest = shown.newest if shown else ""
        # What is known may have been found for another section (`any`): the bound tells. A front
        # page without any article of the section tells nothing: the index is asked.
        is_ahead = self._mark is None or self._front_newest > self._mark
        self._wants_newest = self._wants_newest or bool(news) or is_ahead or not page.articles
        return news

    def read_newest(self, page: SortedLinks, pager: IndexQuery | None = None) -> list[Link]:
        """Read a Terkini Lainnya block; return the articles that are new.

        Its ``pager`` leads to page 2 of the index. The block has 15 articles and a page of the
        index 20, so that 5 would be missed there: page 1 of the same listing comes first.
        """
        if not self.section.channels:  # the block has the newest of one channel, not of all
            news = self._learn(page.articles, "newest", self._first_mark)
            self._wants_newest = self._wants_newest or bool(news)
            return news
        following = IndexQuery(site=self._sites[0])
        # A page without the block does not tell what is newest: the index is asked.
        self._wants_newest = self._wants_newest or not page.articles
        return self._read_newest(page.articles, replace(pager, page=1) if pager else following)

    def read_index(
        self, query: IndexQuery, page: SortedLinks, listed: frozenset[str]
    ) -> list[Link]:
        """Read an index page that lists ``listed``; return the articles that are new."""
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
            self._pages.append(IndexQuery(site=self.front.url))
            return True
        return False

    def finish(self, now: datetime) -> News:
        """Write down days and what is doubtful; tell of the last news. Raises StoreError."""
        self._days.finish(now)
        self._doubtful.save()
        times = self._store.news_times(self.section.name, self.section.owns)
        silent = silence(times, now.timestamp()) if self.reads_newest else None
        doubtful = self._doubtful
        return News(max(times, default=None), silent, doubtful.added, doubtful.confirmed)

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
            return self._tell(replace(finding, opened=(low, oldest)), following)
        news = self._tell(finding)
        if self._is_late(oldest):
            # Published late, among articles that are known: more of the kind may stand below.
            self._may_be_late = False
            self._tell(Discovery(opened=(oldest, oldest)), following)
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
        self._store.learn(walk.read(page.articles, listed=listed, has_news=bool(news)))
        if walk.answered and walk.query.site in self._sites[1:]:  # a pager may lead elsewhere
            # The other walks of this run begin with the site parameter that answers.
            at = self._sites.index(walk.query.site)
            self._sites = self._sites[at:] + self._sites[:at]
        return news

    def _walk(self, gap: Gap, query: IndexQuery | None = None) -> Walk:
        by_day, oldest = IndexQuery(site=self._sites[0], day=first_day(gap)), self._arguments.oldest
        return Walk(gap=gap, query=query or by_day, sites=self._sites, oldest=oldest)

    def _learn(self, links: Sequence[Link], listing: str, lowest: str | None) -> list[Link]:
        untold = self._untold(links, listing, lowest)
        return self._tell(Discovery(links=untold)) if untold else []

    def _tell(self, finding: Discovery, following: IndexQuery | None = None) -> list[Link]:
        """Have the store learn; return the new articles that are wanted.

        A gap that this opens is read from ``following`` on, or by day.
        """
        learned = self._store.learn(replace(finding, section=self.section.name))
        if learned.gap is not None:
            self._walks.insert(0, self._walk(learned.gap, following))
        return [link for link in learned.new if self._arguments.wants(link.id)]

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
        if lowest is None or link.id in self._seen or link.id >= late_for(lowest):
            return True
        if link.id < (self._floor or "") or self._store.is_found(link.id):
            return True  # it is not queued anyway
        return self._doubtful.confirms(link.id, listing)
