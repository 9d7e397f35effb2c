"""The requests that find articles: start pages, the section's listings, what the agenda says."""

from collections.abc import Callable, Iterator
from datetime import datetime

from scrapy import Request
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from kompascrawler.discovery.agenda import Agenda, Frontier
from kompascrawler.discovery.arguments import Arguments, Start
from kompascrawler.discovery.links import IndexQuery, SortedLinks, parse_index_url, sort_links
from kompascrawler.discovery.navigator import Navigator
from kompascrawler.identity import WIB, ArticleAddress
from kompascrawler.pages import PageRefused
from kompascrawler.pages.index import front_hrefs, index_hrefs
from kompascrawler.pages.markup import parse
from kompascrawler.politeness.crawl_breakers import BreakerOpen, breakers_of
from kompascrawler.run.causes import cause_of
from kompascrawler.sections import Section
from kompascrawler.signals import listing_read
from kompascrawler.spiders.answers import declared_encoding, request_of
from kompascrawler.spiders.assembling import AssemblingSpider
from kompascrawler.spiders.auditing import Results
from kompascrawler.store.model import Link
from kompascrawler.store.store import Store


class DiscoveringSpider(AssemblingSpider):
    """A spider that finds a section's articles by its listings, and asks for them in order.

    What comes next is decided by ``discovery.agenda``; here are the requests and what their
    answers are taken for. Stats: ``discovery/listings``, ``discovery/new`` and
    ``discovery/known`` (articles linked to, each once a run), ``discovery/others/<kind>``,
    ``discovery/front_failed``, ``discovery/index_failed``.
    """

    agenda: Agenda | None = None
    """What to ask for next; None where nobody wants it known (``scrapy parse``, ``check``)."""

    def __init__(self, name: str, section: Section, arguments: Arguments) -> None:
        super().__init__(name)
        self.section = section
        self.arguments = arguments
        self.allowed_domains = list(section.hosts)
        self._shown: set[str] = set()
        """Articles that listings of this run have shown."""

    # requests ----------------------------------------------------------------------------------
    def first_requests(self, store: Store) -> list[Request]:
        """Return what a run begins with: start pages, and what earlier runs left."""
        today = datetime.now(WIB).date()
        self.agenda = Agenda(
            Navigator(store, self.section, self.arguments, today=today),
            Frontier(self.arguments.max_articles),
            # Half of what may be under way: a host that has us wait does not keep the others'
            # requests out of the downloader.
            window=max(1, self.crawler.settings.getint("CONCURRENT_REQUESTS") // 2),
        )
        starts: tuple[Start, ...] = self.arguments.starts
        if not starts and self.agenda.needs_front:
            starts = (self.section.front,)
        requests = [request for start in starts if (request := self._start_request(start))]
        self.agenda.begin(starts=len(requests))
        return [*requests, *self.next_requests()]

    def _start_request(self, start: Start) -> Request | None:
        if isinstance(start, ArticleAddress):
            link = Link(start.id, start.url)
            is_new = self.agenda is None or self.agenda.ask_by_name(link)
            return self._article_request(link, is_start=True) if is_new else None
        if isinstance(start, IndexQuery):
            return self._index_request(start, is_start=True)
        return Request(
            start,
            callback=self.parse_front,
            errback=self.front_failed,
            cb_kwargs={"is_start": True},
        )

    def _article_request(self, link: Link, *, is_start: bool = False) -> Request:
        return Request(
            self.first_address(link.url),
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"asked": link, "is_start": is_start},
        )

    def _index_request(self, query: IndexQuery, *, is_start: bool = False) -> Request:
        return Request(
            query.url,
            callback=self.parse_index,
            errback=self.index_failed,
            cb_kwargs={"query": query, "is_start": is_start},
        )

    def next_requests(self, *, is_start: bool = False) -> Iterator[Request]:
        """Ask for what the agenda hands out now, but for what is on hosts that are left alone."""
        agenda, breakers = self.agenda, breakers_of(self.crawler)
        if agenda is None:
            return
        if is_start:
            agenda.start_ended()
        if breakers.is_open(self.section.front):
            agenda.read_no_more()
        while tasks := list(agenda.next()):
            held_back = [task for task in tasks if breakers.is_open(task.url)]
            yield from (self._request(task) for task in tasks if task not in held_back)
            for task in held_back:
                agenda.held_back(task)
            if not held_back:
                return

    def _request(self, task: Link | IndexQuery) -> Request:
        if isinstance(task, IndexQuery):
            return self._index_request(task)
        return self._article_request(task)

    def spider_idle(self) -> None:
        """Ask for what has become possible since the last answer (the limit of new records)."""
        requests = list(self.next_requests())
        for request in requests:
            assert self.crawler.engine is not None
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    # answers -----------------------------------------------------------------------------------
    def parse_front(self, response: Response, *, is_start: bool = False) -> Results:
        """Follow the articles of the section's front page.

        @url https://www.kompas.com/global
        @returns requests 1
        """
        try:
            hrefs = front_hrefs(parse(response.body, declared_encoding(response)))
        except PageRefused as refusal:
            self._warn_of_refusal("discovery/front_failed", response, refusal)
            found = sort_links((), self.section)
        else:
            found = sort_links(hrefs, self.section, page=response.url)
            self._tell_of_listing("front", len(found.articles), response)
        yield from self.follow(found, lambda agenda: agenda.front_read(found))
        yield from self.next_requests(is_start=is_start)

    def parse_index(
        self, response: Response, *, query: IndexQuery | None = None, is_start: bool = False
    ) -> Results:
        """Follow the articles that a page of the archive lists.

        @url https://indeks.kompas.com/?site=global&page=1
        @returns requests 1
        """
        asked = query or parse_index_url(response.url)
        try:
            hrefs = index_hrefs(parse(response.body, declared_encoding(response)))
        except PageRefused as refusal:
            self._warn_of_refusal("discovery/index_failed", response, refusal)
            if self.agenda is not None and asked is not None:
                self.agenda.index_failed(asked)
        else:
            self._tell_of_listing("index", len(hrefs), response)
            found = sort_links(hrefs, self.section, page=response.url)
            for kind, count in found.others.items():
                self.count(f"discovery/others/{kind}", count)
            if asked is not None:
                yield from self.follow(found, lambda agenda: agenda.index_read(asked, found, hrefs))
        yield from self.next_requests(is_start=is_start)

    def follow(self, found: SortedLinks, learn: Callable[[Agenda], list[Link]]) -> Results:
        """Put the articles of a listing on the agenda; without one, show where they lead."""
        self.count("discovery/listings")
        if self.agenda is None:
            yield from map(self._article_request, found.articles)
            return
        news = learn(self.agenda)
        shown = {link.id for link in found.articles} - self._shown
        self._shown |= shown
        self.count("discovery/new", len(news))
        self.count("discovery/known", len(shown - {link.id for link in news}))

    def _tell_of_listing(self, kind: str, items: int, response: Response) -> None:
        self.crawler.signals.send_catch_log(listing_read, kind=kind, items=items, response=response)

    def index_failed(self, failure: Failure) -> Results:
        """Leave the gap open that a page of the archive was to close."""
        request = request_of(failure)
        self._warn_of_failure("discovery/index_failed", failure)
        if self.agenda:
            self.agenda.index_failed(request.cb_kwargs["query"])
        yield from self.next_requests(is_start=request.cb_kwargs["is_start"])

    def front_failed(self, failure: Failure) -> Results:
        """Go on to the archive without the front page."""
        self._warn_of_failure("discovery/front_failed", failure)
        if self.agenda:
            self.agenda.front_read(sort_links((), self.section))
        yield from self.next_requests(is_start=True)

    def end_article(self, asked: Link | None, *, stored: bool = False) -> None:
        """Tell the agenda that an article came to its end, as a new record or not."""
        if self.agenda is not None and asked is not None:
            self.agenda.article_ended(asked.id, stored=stored)

    def _warn_of_failure(self, stat: str, failure: Failure) -> None:
        self.count(stat)
        if not isinstance(failure.value, BreakerOpen):  # its host was told of
            self.logger.warning("%s: %s", request_of(failure).url, cause_of(failure.value))

    def _warn_of_refusal(self, stat: str, response: Response, refusal: PageRefused) -> None:
        self.count(stat)
        self.logger.warning("%s: %s", response.url, refusal)

    # what a spider adds ------------------------------------------------------------------------
    def parse_article(
        self, response: Response, *, asked: Link | None = None, is_start: bool = False
    ) -> Results:
        """Take the first answer of an article that was ``asked`` for."""
        raise NotImplementedError

    def article_failed(self, failure: Failure) -> Results:
        """Take note that the first request of an article failed."""
        raise NotImplementedError
