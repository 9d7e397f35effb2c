"""The requests that bring an article's pages together, for spiders that read articles."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from kompascrawler.breakers import BreakerOpen
from kompascrawler.browser import WALK, browser_request
from kompascrawler.browser.errors import BrowserMissing
from kompascrawler.causes import cause_of
from kompascrawler.extensions.drift import page_failed
from kompascrawler.extensions.refusals import article_failed, page_refused
from kompascrawler.halaman import shortfall
from kompascrawler.halaman.assembly import Assembly, Step, Wish
from kompascrawler.halaman.audit import first_difference, is_sampled
from kompascrawler.halaman.joining import distinct, join
from kompascrawler.identity import parse_address
from kompascrawler.items import Article
from kompascrawler.pages import ArticlePage, PageRefused, article_page
from kompascrawler.pages.signs import UNREAD
from kompascrawler.spiders.answers import declared_encoding, of_article, parts_shown, request_of
from kompascrawler.store.interface import Link

Results = Iterator[Article | Request]

_SOON = 1
"""Priority of an article's further pages: it is finished before others are begun."""
_NO_SUCH_PAGE = (404, 410)


class AssemblingSpider(Spider):
    """A spider whose articles may need several requests each.

    Which request comes next is decided by ``halaman.assembly``; here are the requests and what
    their answers are taken for. Settings: ``HALAMAN_ROUTE``, ``HALAMAN_BROWSER_AUDIT``. Stats:
    ``halaman/<route>`` and ``halaman/incomplete`` (articles), ``halaman/page_one_again``,
    ``halaman/missing_pages``, ``halaman/audited``, ``halaman/agreed``, ``halaman/agreement``,
    ``halaman/audits_failed``, ``halaman/browser_failed``, ``halaman/browser_missing``.
    """

    _has_browser = True

    @cached_property
    def _wish(self) -> Wish:
        wish: Wish = self.settings["HALAMAN_ROUTE"]
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

    def _go_on(self, step: Step, work: dict[str, Any]) -> Results:
        link: Link = work["link"]
        if step == "done":
            yield from self._finish(work["assembly"], work["asked"])
        elif step == "browser":
            yield browser_request(
                link.url,
                callback=self.parse_browsed,
                errback=self.browser_failed,
                cb_kwargs=work,
                priority=_SOON,
            )
        else:
            yield Request(
                f"{link.url}?page={step}",
                callback=self.parse_halaman,
                errback=self.halaman_failed,
                cb_kwargs=work | {"number": step},
                priority=_SOON,
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
    ) -> Step:
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
        self._warn_of_browser(failure)
        self._tell_of_failure(work)
        if assembly.has_text:
            yield from self._go_on("done", work)
            return
        self.crawler.signals.send_catch_log(article_failed, asked=work["asked"], failure=failure)
        self.end_article(work["asked"])
        yield from self.next_requests()

    def _warn_of_browser(self, failure: Failure) -> None:
        """Log why the browser gave nothing; that there is none at all once a run."""
        if not isinstance(failure.value, BrowserMissing):
            self.count("halaman/browser_failed")
            self.logger.warning(
                "Not walked: %s (%s)", request_of(failure).url, cause_of(failure.value)
            )
            return
        self.count("halaman/browser_missing")
        if self._has_browser:
            self._has_browser = False
            self.logger.error("Articles that need a browser stay incomplete: %s", failure.value)

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

    # the article -------------------------------------------------------------------------------
    def _finish(self, assembly: Assembly, asked: Link) -> Results:
        """Hand the article on, after the browser's word on it where it is one of the sample."""
        article = assembly.record()
        self.count("halaman/page_one_again", assembly.repeats)
        if self._is_audited(article):
            yield browser_request(
                article.url,
                callback=self.parse_audit,
                errback=self.audit_failed,
                cb_kwargs={"asked": asked, "article": article},
                priority=_SOON,
            )
        else:
            yield self.finished(article)
            yield from self.next_requests()

    def finished(self, article: Article) -> Article:
        """Return an article as it goes to the pipelines, counted by how it was had."""
        article.crawled_at = datetime.now(UTC).isoformat(timespec="seconds")
        self.count(f"halaman/{article.halaman.route}")
        if article.halaman.complete is False:
            self.count("halaman/incomplete")
            self.logger.warning("%s: %s", shortfall(article.halaman), article.url)
        return article

    def _is_audited(self, article: Article) -> bool:
        halaman = article.halaman
        is_of_interest = halaman.route in ("all", "numbered") and halaman.complete
        share = self.settings.getfloat("HALAMAN_BROWSER_AUDIT")
        return bool(is_of_interest and self._has_browser and is_sampled(article.id, share))

    def parse_audit(self, response: Response, *, article: Article, **_: Any) -> Results:
        """Compare an article with what the browser shows; hand it on as it was.

        A walk that did not come to its end says nothing.
        """
        parts = distinct(parts_shown(response, article.id))
        if parts and response.meta[WALK]["is_whole"]:
            shown = join(dict(enumerate(parts, start=1))).record
            self._note_agreement(article, first_difference(article, shown))
        else:
            self.count("halaman/audits_failed")
        yield self.finished(article)
        yield from self.next_requests()

    def audit_failed(self, failure: Failure) -> Results:
        """Hand an article on that the browser could not be asked about."""
        self._warn_of_browser(failure)
        self.count("halaman/audits_failed")
        yield self.finished(request_of(failure).cb_kwargs["article"])
        yield from self.next_requests()

    def _note_agreement(self, article: Article, difference: int | None) -> None:
        assert self.crawler.stats is not None
        self.count("halaman/audited")
        self.count("halaman/agreed", difference is None)
        stats = self.crawler.stats.get_value
        share = stats("halaman/agreed", 0) / stats("halaman/audited")
        self.crawler.stats.set_value("halaman/agreement", share)
        if difference is not None:
            self.logger.warning(
                "The browser shows another text from paragraph %d on: %s", difference, article.url
            )

    # what a spider adds ------------------------------------------------------------------------
    def next_requests(self, *, is_start: bool = False) -> Iterator[Request]:
        """Return what may be asked for now that an answer has been dealt with."""
        raise NotImplementedError

    def end_article(self, asked: Link | None, *, stored: bool = False) -> None:
        """Take note that an article has come to its end, as a new record or not."""
        raise NotImplementedError

    def count(self, stat: str, count: int = 1) -> None:
        """Add to a statistic of the run; nothing for 0, as what has not happened has none."""
        assert self.crawler.stats is not None
        if count:
            self.crawler.stats.inc_value(stat, int(count))
