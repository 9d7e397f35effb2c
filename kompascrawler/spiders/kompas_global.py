"""The spider of the Global section."""

from collections.abc import AsyncIterator
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.url import url_is_from_any_domain
from twisted.python.failure import Failure

from kompascrawler.discovery.arguments import parse_arguments
from kompascrawler.discovery.links import parse_index_url, sort_links
from kompascrawler.identity import parse_address
from kompascrawler.items import Article
from kompascrawler.pages import ArticlePage, PageRefused, article_page
from kompascrawler.pages.index import terkini
from kompascrawler.pipelines.refusals import asked_for
from kompascrawler.politeness.crawl_breakers import BreakerOpen
from kompascrawler.run.storage import stop_run, store_of
from kompascrawler.sections import SECTIONS
from kompascrawler.signals import article_failed, page_read
from kompascrawler.spiders.answers import declared_encoding, request_of
from kompascrawler.spiders.auditing import Results
from kompascrawler.spiders.discovering import DiscoveringSpider
from kompascrawler.store.model import Link, StoreError


class KompasGlobalSpider(DiscoveringSpider):
    """Articles of the Global section of Kompas.com that are not stored yet, newest first.

    Arguments (``-a NAME=VALUE``): ``start_urls`` article, section or archive addresses with
    commas between (default: the section's front page); ``max_articles`` new records wanted;
    ``since``, ``until`` first and last WIB day of publication, ``YYYY-MM-DD``, inclusive.

    Try: ``scrapy crawl kompas_global -a max_articles=3``
    """

    name = "kompas_global"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_: Any, **kwargs: Any) -> Self:
        """Build the spider; raise ``ArgumentError`` for an argument that cannot be taken."""
        section = SECTIONS[crawler.settings["SECTION"]]
        spider = cls(cls.name, section, parse_arguments(kwargs, section))
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.item_scraped, signals.item_scraped)
        crawler.signals.connect(spider.item_dropped, signals.item_dropped)
        crawler.signals.connect(spider.item_error, signals.item_error)
        crawler.signals.connect(spider.spider_idle, signals.spider_idle)
        return spider

    @classmethod
    def handles_request(cls, request: Request) -> bool:
        """Tell whether an address is one of the site's: ``scrapy parse`` asks who reads it."""
        return url_is_from_any_domain(request.url, SECTIONS["any"].hosts)

    # requests ------------------------------------------------------------------------------------
    async def start(self) -> AsyncIterator[Request]:
        """Ask for the start pages, and for what earlier runs left."""
        try:
            requests = self.first_requests(store_of(self.crawler))
        except StoreError as error:
            stop_run(self.crawler, error)
            return
        for request in requests:
            yield request

    # answers -------------------------------------------------------------------------------------
    def parse(self, response: Response, **_: Any) -> Results:
        """Parse any page of the section (``scrapy parse``), told by its address."""
        query = parse_index_url(response.url)
        if parse_address(response.url):
            yield from self.parse_article(response)
        elif query is not None:
            yield from self.parse_index(response, query=query)
        else:
            yield from self.parse_front(response)

    def parse_article(
        self, response: Response, *, asked: Link | None = None, is_start: bool = False
    ) -> Results:
        """Return the article of a page; follow its Terkini Lainnya block.

        @url https://www.kompas.com/global/read/2023/09/16/170000170/?page=all
        @returns items 1 1
        @complete description section editors tags images
        """
        try:
            page = article_page(response.url, response.body, declared_encoding(response))
            yield from self._read_article(page, asked, response)
        except PageRefused as refusal:
            self.refuse(refusal, asked, response)
        except StoreError:
            raise
        except Exception as error:
            # An error of ours: Scrapy logs and counts it, and the page is kept to look into it.
            kept = PageRefused("error", f"{type(error).__name__}: {error}")
            self.refuse(kept, asked, response)
            if is_start and self.agenda is not None:
                self.agenda.start_ended()
            raise
        yield from self.next_requests(is_start=is_start)

    def _read_article(self, page: ArticlePage, asked: Link | None, response: Response) -> Results:
        """Follow the page's listing, and get the article unless it is one of another section."""
        block = terkini(page.tree)
        found = sort_links(block.hrefs, self.section, page=page.url)
        pager = parse_index_url(block.pager) if block.pager and self.section.channels else None
        yield from self.follow(found, lambda agenda: agenda.newest_read(found, pager))
        if not self.section.holds(page.address):
            self.count("discovery/others/other_section")
            raise PageRefused("other_section", f"{page.url} is an article of another section")
        if asked is not None and page.address.id != asked.id:
            raise PageRefused("another_article", f"{asked.url} answers with {page.address.id}")
        page.part()  # an error of ours shows here: signals would swallow it
        links = len(block.hrefs)
        self.crawler.signals.send_catch_log(page_read, page=page, links=links, response=response)
        if not self.arguments.wants(page.address.id):
            self.end_article(asked)  # a start page outside the days asked for
        elif asked is None:  # `scrapy parse` shows what this page says
            yield self.finished(page.to_item())
        else:
            yield from self.assemble(page, asked)

    # ends ----------------------------------------------------------------------------------------
    def article_failed(self, failure: Failure) -> Results:
        """Remember that an article could not be fetched; it is tried again in a later run.

        One whose host is left alone was not tried.
        """
        request = request_of(failure)
        asked: Link = request.cb_kwargs["asked"]
        self.end_article(asked)
        if not isinstance(failure.value, BreakerOpen):
            self.crawler.signals.send_catch_log(article_failed, asked=asked, failure=failure)
        yield from self.next_requests(is_start=request.cb_kwargs["is_start"])

    def item_scraped(self, item: Article, response: Response | Failure) -> None:
        """Count an article as stored: as a new record, or as a better one than an earlier."""
        self.end_article(asked_for(response), stored=item.revision == 1)

    def item_dropped(self, response: Response | Failure) -> None:
        """Count an article as ended: known already, or refused."""
        self.end_article(asked_for(response))

    def item_error(self, response: Response | Failure) -> None:
        """Count an article as ended by an error of ours."""
        self.count("spider/item_errors")
        self.end_article(asked_for(response))
