"""The requests that bring an article's pages together, for spiders that read articles."""

from functools import cached_property
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from kompascrawler.browser import WALK, browser_request
from kompascrawler.halaman.assembly import Assembly, NextRequest, RouteChoice
from kompascrawler.identity import parse_address
from kompascrawler.pages import ArticlePage, PageRefused, article_page
from kompascrawler.pages.checks import UNREAD
from kompascrawler.politeness.crawl_breakers import BreakerOpen
from kompascrawler.run.causes import cause_of
from kompascrawler.signals import article_failed, page_failed, page_refused
from kompascrawler.spiders.answers import declared_encoding, of_article, parts_shown, request_of
from kompascrawler.spiders.auditing import SOON, AuditingSpider, Results
from kompascrawler.store.model import Link

_NO_SUCH_PAGE = (404, 410)


class AssemblingSpider(AuditingSpider):
    """A spider whose articles may need several requests each.

    Which request comes next is decided by ``halaman.assembly``; here are the requests and what
    their answers are taken for. Setting: ``HALAMAN_ROUTE``. Stats: ``halaman/page_one_again``,
    ``halaman/missing_pages``, ``pages/missing/<field>``.
    """

    @cached_property
    def _wish(self) -> RouteChoice:
        wish: RouteChoice = self.settings["HALAMAN_ROUTE"]
        return wish

    # requests ----------------------------------------------------------------------------------
    def first_address(self, url: str) -> str:
        """Return what an article is asked for by first; ``url`` is its address without a query.

        ``?page=all`` promises all pages in one request, single-page articles included.
        """
        return f"{url}?page=all" if self._wish in ("auto", "all") else url

    def assemble(self, page: ArticlePage, asked: Link) -> Results:
        """Ask for what an article's first answer lacks; hand the article on when all is here.

        Raises PageRefused where it holds no text and nothing promises any.
        """
        assembly = Assembly(page.part(), self._wish)
        for name in page.missing:
            self.count(f"pages/missing/{name}")
        step = assembly.begin()
        if step == "done":
            page.to_item()  # refuses a page without text
        address = parse_address(page.url) or page.address
        link = Link(page.address.id, address.url)
        yield from self._go_on(step, {"asked": asked, "link": link, "assembly": assembly})

    def _go_on(self, step: NextRequest, work: dict[str, Any]) -> Results:
        link: Link = work["link"]
        if step == "done":
            assembly: Assembly = work["assembly"]
            article = assembly.record()
            self.count("halaman/page_one_again", assembly.repeats)
            yield from self.finish(article, work["asked"])
        elif step == "browser":
            yield browser_request(
                link.url,
                callback=self.parse_browsed,
                errback=self.browser_failed,
                cb_kwargs=work,
                priority=SOON,
            )
        else:
            yield Request(
                f"{link.url}?page={step}",
                callback=self.parse_halaman,
                errback=self.halaman_failed,
                cb_kwargs=work | {"number": step},
                priority=SOON,
            )

    # answers -----------------------------------------------------------------------------------
    def parse_halaman(self, response: Response, *, number: int, **work: Any) -> Results:
        """Take a page that was asked for by its number."""
        assembly: Assembly = work["assembly"]
        try:
            page = article_page(response.url, response.body, declared_encoding(response))
            step = assembly.add(number, of_article(page, work["link"].id).part())
        except PageRefused as refusal:
            if refusal.reason not in UNREAD:
                self._tell_of_failure(work)
            step = self._lack(assembly, number, refusal.reason, response.url)
        yield from self._go_on(step, work)

    def halaman_failed(self, failure: Failure) -> Results:
        """Do without a page that could not be had."""
        work = dict(request_of(failure).cb_kwargs)
        number = work.pop("number")
        error = failure.value
        if isinstance(error, BreakerOpen):
            yield from self.give_back(work["asked"])
            return
        is_absent = isinstance(error, HttpError) and error.response.status in _NO_SUCH_PAGE
        url, cause = request_of(failure).url, cause_of(failure.value)
        self._tell_of_failure(work)
        step = self._lack(work["assembly"], number, cause, url, is_absent=is_absent)
        yield from self._go_on(step, work)

    def _lack(
        self, assembly: Assembly, number: int, cause: str, url: str, *, is_absent: bool = False
    ) -> NextRequest:
        self.count("halaman/missing_pages")
        self.logger.warning("Page not had: %s (%s)", url, cause)
        return assembly.lack(number, is_absent=is_absent)

    def parse_browsed(self, response: Response, **work: Any) -> Results:
        """Take the pages that the browser has walked."""
        assembly: Assembly = work["assembly"]
        walk = response.meta[WALK]
        parts = parts_shown(response, work["link"].id)
        step = assembly.add_browsed(parts, walked=walk["pages"], ended=walk["is_whole"])
        if assembly.has_text:
            yield from self._go_on(step, work)
            return
        refusal = PageRefused("no_body", f"{response.url} holds no text, in the browser neither")
        self.refuse(refusal, work["asked"], response)
        yield from self.next_requests()

    def browser_failed(self, failure: Failure) -> Results:
        """Do without the browser: with what plain requests gave, if that is anything."""
        work = request_of(failure).cb_kwargs
        assembly: Assembly = work["assembly"]
        if isinstance(failure.value, BreakerOpen):
            yield from self.give_back(work["asked"])
            return
        self.warn_of_browser(failure)
        self._tell_of_failure(work)
        if assembly.has_text:
            yield from self._go_on("done", work)
            return
        self.crawler.signals.send_catch_log(article_failed, asked=work["asked"], failure=failure)
        self.end_article(work["asked"])
        yield from self.next_requests()

    def give_back(self, asked: Link | None) -> Results:
        """Leave an article to a later run, none the worse: its host is left alone in this one."""
        self.end_article(asked)
        yield from self.next_requests()

    def _tell_of_failure(self, work: dict[str, Any]) -> None:
        self.crawler.signals.send_catch_log(page_failed, article_id=work["link"].id)

    def refuse(self, refusal: PageRefused, asked: Link | None, response: Response) -> None:
        """Have a page kept that is not read, and end its article."""
        self.end_article(asked)
        self.crawler.signals.send_catch_log(
            page_refused, asked=asked, response=response, refusal=refusal
        )

    # what a spider adds ------------------------------------------------------------------------
    def end_article(self, asked: Link | None, *, stored: bool = False) -> None:
        """Take note that an article has come to its end, as a new record or not."""
        raise NotImplementedError
