"""The spider of the Global section."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.url import url_is_from_any_domain
from twisted.python.failure import Failure
from typing_extensions import override

from kompascrawler.components import (
    ArticleEnd,
    article_ended,
    counts_of,
    listing_read,
    page_read,
    tell,
)
from kompascrawler.discovery.scheduler import Frontier, Scheduler, readers_of
from kompascrawler.discovery.tasks import (
    FrontPage,
    IndexQuery,
    Task,
    parse_arguments,
    parse_index_url,
)
from kompascrawler.identity import WIB, parse_address
from kompascrawler.items import Article
from kompascrawler.pages import PageRefused
from kompascrawler.pages.index import front_hrefs, listing_hrefs, listing_tree, terkini
from kompascrawler.pages.layouts import WholePage
from kompascrawler.politeness.crawl_breakers import BreakerOpen, breakers_of
from kompascrawler.run.requests import cause_of, declared_encoding, request_of
from kompascrawler.run.storage import storage_of, store_of
from kompascrawler.sections import SECTIONS, SortedLinks, chosen_sections, sort_links
from kompascrawler.spiders.articles import Forms, page_of
from kompascrawler.spiders.assembler import Assembler
from kompascrawler.spiders.ends import Ends, Results, Revisits
from kompascrawler.store.model import Link, StoreError
from kompascrawler.store.store import Store


class KompasGlobalSpider(Spider):
    """Articles of the Global section of Kompas.com that are not stored yet, newest first.

    Arguments (``-a NAME=VALUE``): ``start_urls`` article, section or index addresses with
    commas between (default: the section's front page); ``max_articles`` new records wanted;
    ``since``, ``until`` first and last WIB day of publication, ``YYYY-MM-DD``, inclusive;
    ``refresh`` stored articles to look at again: ids, addresses, or a number of days (``7d``).

    Stats: ``discovery/…``, as ``outcome.counts.DiscoveryTally`` describes them.
    """

    name = "kompas_global"

    scheduler: Scheduler | None = None
    """None outside a crawl (``scrapy parse``, ``check``)."""

    def __init__(self, crawler: Crawler, **given: str | None) -> None:
        """Raise ``ArgumentError`` for an argument that cannot be taken."""
        super().__init__()
        self._set_crawler(crawler)
        self.sections = chosen_sections(crawler.settings["SECTION"])
        self.arguments = parse_arguments(given, self.sections)
        self.allowed_domains = list(self.sections.hosts)
        self._counts = counts_of(crawler).discovery
        self.ends = Ends(crawler)
        self.forms = Forms(crawler, self.parse_article, self.ends)
        self.assembler = Assembler(crawler, self.ends, self.forms)
        self.revisits = Revisits(crawler, self.ends)
        self._shown: set[str] = set()
        """Articles that listings of this run have shown."""
        self._last_block: object = None
        """The list of newest articles that was read last, and of which section."""

    @classmethod
    @override
    def from_crawler(cls, crawler: Crawler, *_: Any, **kwargs: Any) -> Self:
        spider = cls(crawler, **kwargs)
        crawler.signals.connect(spider.article_ended, article_ended)
        crawler.signals.connect(spider.spider_closed, signals.spider_closed)
        return spider

    @classmethod
    @override
    def handles_request(cls, request: Request) -> bool:
        return url_is_from_any_domain(request.url, SECTIONS["any"].hosts)

    @override
    async def start(self) -> AsyncIterator[Request | Article]:
        try:
            scheduler = self.scheduler = self._begin(store_of(self.crawler))
            starts = scheduler.begin()
        except StoreError:  # the run has been ended
            return
        for start in starts:
            yield self._request(start)
        is_left_alone = breakers_of(self.crawler).is_open
        while True:
            requests = [self._request(task) for task in scheduler.next(is_left_alone)]
            for request in requests:
                yield request
            if not requests and self._is_idle():
                break
            await self.crawler.signals.wait_for(signals.scheduler_empty)
        for tombstone in self.revisits.tombstones():
            yield tombstone

    def _begin(self, store: Store) -> Scheduler:
        self.revisits.begin(store, self.arguments, self.sections)
        return Scheduler(
            readers_of(store, self.sections, self.arguments, today=datetime.now(WIB).date()),
            Frontier(self.arguments.max_articles, never=store.taken_down()),
            # Half of the downloader: a slow host must not keep requests to other hosts out of it.
            window=max(1, self.settings.getint("CONCURRENT_REQUESTS") // 2),
            next_look=self.revisits.next,
        )

    def _is_idle(self) -> bool:
        """Whether nothing is in progress that could lead to more requests."""
        engine = self.crawler.engine
        assert engine.scheduler is not None
        assert engine.scraper.slot is not None
        has_requests = engine.downloader.active or engine.scheduler.has_pending_requests()
        return not has_requests and engine.scraper.slot.is_idle()

    def _request(self, task: Task) -> Request:
        if isinstance(task, Link):
            return self.forms.first(task, self.revisits.validators.pop(task.id, None))
        is_front = isinstance(task, FrontPage)
        return Request(
            task.url,
            callback=self.parse_front if is_front else self.parse_index,
            errback=self.front_failed if is_front else self.index_failed,
            cb_kwargs={"front" if is_front else "query": task},
        )

    @override
    def parse(self, response: Response, **_: Any) -> Results:
        query = parse_index_url(response.url)
        if parse_address(response.url):
            yield from self.parse_article(response)
        elif query is not None:
            yield from self.parse_index(response, query=query)
        else:
            yield from self.parse_front(response)

    def parse_front(self, response: Response, *, front: FrontPage | None = None) -> Results:
        """Follow the articles of the section's front page.

        @url https://www.kompas.com/global
        @returns requests 1
        """
        front = front or FrontPage(response.url)
        section = self.sections.listed_by(front.url)
        try:
            hrefs = front_hrefs(listing_tree(response.body, declared_encoding(response)))
        except PageRefused as refusal:
            self._counts.front_failed += 1
            self.logger.warning("%s: %s", response.url, refusal)
            found = sort_links((), section)
        else:
            found = sort_links(hrefs, section, page=response.url)
            about = {"section": section, "items": len(found.articles), "response": response}
            tell(self.crawler, listing_read, kind="front", **about)
        yield from self._follow(found, lambda scheduler: scheduler.front_read(front, found))

    def parse_index(self, response: Response, *, query: IndexQuery | None = None) -> Results:
        """Follow the articles that an index page lists.

        @url https://indeks.kompas.com/?site=global&page=1
        @returns requests 1
        """
        asked = query or parse_index_url(response.url)
        kind = asked.kind if asked else "index"
        try:
            hrefs = listing_hrefs(response.body, declared_encoding(response), kind)
        except PageRefused as refusal:
            self.logger.warning("%s: %s", response.url, refusal)
            self._do_without(asked)
            return
        if kind == "index":
            section = self.sections.listed_by(asked.site if asked else "")
            about = {"section": section, "items": len(hrefs), "response": response}
            tell(self.crawler, listing_read, kind="index", **about)
        found = sort_links(hrefs, self.sections, page=response.url)
        self._counts.others.update(found.others)
        if asked is not None:
            yield from self._follow(found, lambda s: s.index_read(asked, found, hrefs))

    def parse_article(self, response: Response, *, asked: Link | None = None, **_: Any) -> Results:
        """Yield the article of a page; follow its Terkini Lainnya block.

        @url https://www.kompas.com/global/read/2023/09/16/170000170/?page=all
        @returns items 1 1
        @complete description section editors tags images
        """
        self.ends.begin(asked)
        try:
            yield from self._read_article(asked, response)
        except PageRefused as refusal:
            if following := self.forms.next(response.request, refusal):
                yield following
            else:
                self.ends.refused(asked, response, refusal)

    def _read_article(self, asked: Link | None, response: Response) -> Results:
        """Follow the page's listing, and get the article unless it is one of another section."""
        page = page_of(response)
        block = page.block if isinstance(page, WholePage) else terkini(page.trees)
        section = self.sections.of(page.address) or self.sections.parts[0]
        if block.hrefs and (block, section) == self._last_block:
            self._counts.listings += 1  # as on most pages: all of it is known
        else:
            found = sort_links(block.hrefs, section, page=page.url)
            pager = parse_index_url(block.pager) if block.pager else None
            yield from self._follow(found, lambda s: s.newest_read(section, found, pager))
            self._last_block = self.scheduler and (block, section)
        if not section.holds(page.address):
            self._counts.others["other_section"] += 1
            raise PageRefused("other_section", f"{page.url} is an article of another section")
        if asked is not None and page.address.id != asked.id:
            raise PageRefused("another_article", f"{asked.url} answers with {page.address.id}")
        links = len(block.hrefs)
        tell(self.crawler, page_read, page=page, links=links, response=response)
        if not self.arguments.wants(page.address.id):
            self.ends.end("left", asked)  # a start page outside the days asked for
        elif asked is None:  # `scrapy parse` shows what this page says
            yield self.assembler.finished(page.to_item())
        else:
            yield from self.assembler.begin(page, asked)
            self.forms.worked(response.request)

    def _follow(self, found: SortedLinks, learn: Callable[[Scheduler], list[Link]]) -> Results:
        """Schedule the articles of a listing; outside a crawl, yield their requests."""
        self._counts.listings += 1
        if self.scheduler is None:
            yield from map(self._request, found.articles)
            return
        news = learn(self.scheduler)
        shown = {link.id for link in found.articles} - self._shown
        self._shown |= shown
        self._counts.new += len(news)
        self._counts.known += len(shown - {link.id for link in news})

    def front_failed(self, failure: Failure) -> None:
        """Continue with the index, without the front page."""
        self._counts.front_failed += 1
        self._warn_of(failure)
        if self.scheduler is not None:
            front = request_of(failure).cb_kwargs["front"]
            self.scheduler.front_read(front, sort_links((), self.sections))

    def index_failed(self, failure: Failure) -> None:
        """Read another listing in place of an index page, or leave its gap open."""
        self._warn_of(failure)
        self._do_without(request_of(failure).cb_kwargs["query"])

    def _do_without(self, query: IndexQuery | None) -> None:
        if self.scheduler is not None and query is not None and self.scheduler.index_failed(query):
            self._counts.index_replaced += 1
        else:
            self._counts.index_failed += 1

    def article_ended(self, end: ArticleEnd) -> None:
        """Make room for another article."""
        if self.scheduler is not None and end.asked is not None:
            self.scheduler.article_ended(end.asked, stored=end.outcome == "stored")

    def spider_closed(self) -> None:
        """Write down how far whole days are covered, and tell how long nothing new came."""
        if self.scheduler is not None and not counts_of(self.crawler).store.error:
            with suppress(StoreError), storage_of(self.crawler).guarded():
                news = self.scheduler.finish(datetime.now(UTC))
                for name, value in news._asdict().items():
                    setattr(self._counts, name, value)

    def _warn_of(self, failure: Failure) -> None:
        if not isinstance(failure.value, BreakerOpen):  # its host was told of
            self.logger.warning("%s: %s", request_of(failure).url, cause_of(failure.value))
