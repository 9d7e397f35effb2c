"""Requests the further pages of an article, joins them, and audits a sample in the browser."""

import logging
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.contracts import Contract
from scrapy.crawler import Crawler
from scrapy.exceptions import ContractFail
from scrapy.http import Response
from twisted.python.failure import Failure

from kompascrawler.browser import WALK, browser_request
from kompascrawler.browser.request import BrowserMissing
from kompascrawler.cleaning import clean
from kompascrawler.components import counts_of, page_failed, tell
from kompascrawler.halaman.assembly import Assembly, NextRequest, RouteChoice
from kompascrawler.halaman.completeness import first_difference, is_sampled, shortfall
from kompascrawler.halaman.joining import NAMED, Part, distinct, join, without_headlines
from kompascrawler.identity import parse_address
from kompascrawler.items import Article, faults
from kompascrawler.pages import ArticlePage, PageRefused
from kompascrawler.pages.checks import UNREAD
from kompascrawler.pages.layouts import WholePage
from kompascrawler.politeness.crawl_breakers import BreakerOpen
from kompascrawler.politeness.non_content import REFUSING, NonContentServed
from kompascrawler.run.requests import HAS_NEXT_ROUTE, cause_of, request_of
from kompascrawler.run.storage import storage_of
from kompascrawler.spiders.articles import (
    NUMBERED,
    SOON,
    Forms,
    is_to_wait,
    of_article,
    page_of,
    parts_shown,
)
from kompascrawler.spiders.ends import Ends, Results
from kompascrawler.store.model import Link

logger = logging.getLogger(__name__)

Work = dict[str, Any]
"""The ``cb_kwargs`` of an article's further requests: ``asked``, ``link`` (its address after
redirects), ``assembly``."""


class Assembler:
    """Requests what the first page of an article lacks; yields the article when it is complete.

    A sample of what plain requests give is compared with what the browser shows. The next page is
    chosen by ``halaman.assembly``. Settings: ``HALAMAN_ROUTE``, ``HALAMAN_BROWSER_AUDIT``. Stats:
    ``halaman/…``, as ``outcome.counts.HalamanTally`` describes them, ``pages/missing/<field>``.
    """

    def __init__(self, crawler: Crawler, ends: Ends, forms: Forms) -> None:
        self._crawler = crawler
        self._forms = forms
        self._storage = storage_of(crawler)
        self._counts = counts_of(crawler)
        self._ends = ends
        self._route: RouteChoice = crawler.settings["HALAMAN_ROUTE"]
        self._has_browser = True

    def begin(self, page: ArticlePage | WholePage, asked: Link) -> Results:
        """Start with an article's first page.

        Raises PageRefused if it has no text and no other page can have any.
        """
        assembly = Assembly(page.part(), self._route)
        self._counts.missing_fields.update(page.missing)
        step = assembly.begin()
        if step == "done":
            page.to_item()  # refuses a page without text
        address = parse_address(page.url) or page.address
        link = Link(page.address.id, address.url)
        if isinstance(step, int) and self._forms.is_closed(link.url, NUMBERED):
            step = assembly.skip_numbers()
        yield from self._go_on(step, {"asked": asked, "link": link, "assembly": assembly})

    def _go_on(self, step: NextRequest, work: Work) -> Results:
        link: Link = work["link"]
        if step == "done":
            yield from self._finish(**work)
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
                meta={HAS_NEXT_ROUTE: self._route == "auto"},
                priority=SOON,
            )

    def _finish(self, assembly: Assembly, asked: Link, link: Link) -> Results:
        self._counts.halaman.page_one_again += assembly.repeats
        record = assembly.record()
        if record.halaman.route == "declared" and self._storage.is_open:
            record = without_headlines(record, self._storage.store().newest_addresses(NAMED))
        if record.halaman.route == "numbered" and assembly.error is None:
            self._forms.learn(link.url, NUMBERED)
        elif assembly.error and record.halaman.complete:
            self._forms.learn(link.url, NUMBERED, assembly.error)
        if self._is_audited(record):
            yield browser_request(
                record.url,
                callback=self.parse_audit,
                errback=self.audit_failed,
                cb_kwargs={"asked": asked, "article": record},
                priority=SOON,
            )
        else:
            yield self.finished(record)

    def _is_audited(self, article: Article) -> bool:
        halaman = article.halaman
        is_of_interest = halaman.route in ("all", "numbered") and halaman.complete
        share = self._crawler.settings.getfloat("HALAMAN_BROWSER_AUDIT")
        return bool(is_of_interest and self._has_browser and is_sampled(article.id, share))

    def finished(self, article: Article) -> Article:
        """Return an article for the pipelines, counted by its route."""
        article.crawled_at = datetime.now(UTC).isoformat(timespec="seconds")
        self._counts.halaman.routes[article.halaman.route] += 1
        if article.halaman.complete is False:
            self._counts.halaman.incomplete += 1
            logger.warning("%s: %s", shortfall(article.halaman), article.url)
        return article

    def parse_halaman(self, response: Response, *, number: int, **work: Any) -> Results:
        """Add a page that was requested by its number."""
        self._ends.begin(work["asked"])
        assembly: Assembly = work["assembly"]
        try:
            step = assembly.add(number, of_article(page_of(response), work["link"].id).part())
        except PageRefused as refusal:
            self._note_lack(work, response.url, refusal.reason)
            step = assembly.lack(number, refusal.reason)
        yield from self._go_on(step, work)

    def halaman_failed(self, failure: Failure) -> Results:
        """Continue without a page that was not received."""
        request, error = request_of(failure), failure.value
        work = dict(request.cb_kwargs)
        number = work.pop("number")
        if isinstance(error, BreakerOpen):
            self._ends.failed(work["asked"], failure)
            return
        assembly, cause = work["assembly"], cause_of(error)
        self._note_lack(work, request.url, cause)
        is_refused = isinstance(error, NonContentServed) and error.kind in REFUSING
        if is_refused and self._route == "auto":  # else the breaker of the host is open by it
            step = assembly.skip_numbers(cause)
        else:
            step = assembly.lack(number, cause, is_to_wait=is_to_wait(error))
        yield from self._go_on(step, work)

    def parse_browsed(self, response: Response, **work: Any) -> Results:
        """Add the pages that the browser has shown."""
        self._ends.begin(work["asked"])
        assembly: Assembly = work["assembly"]
        walk = response.meta[WALK]
        refusal = PageRefused("no_body", f"{response.url} holds no text, in the browser neither")
        parts: list[Part] = []
        try:
            parts = parts_shown(response, work["link"].id)
        except PageRefused as unread:
            refusal = unread
        step = assembly.add_browsed(parts, walked=walk["pages"], ended=walk["is_whole"])
        if assembly.has_text:
            yield from self._go_on(step, work)
        else:
            self._ends.refused(work["asked"], response, refusal)

    def browser_failed(self, failure: Failure) -> Results:
        """Continue without the browser, with what plain requests gave."""
        work = request_of(failure).cb_kwargs
        if not isinstance(failure.value, BreakerOpen):
            if not work["assembly"].is_last_resort:
                self._warn_of_browser(failure)
            self._tell_of_failure(work)
            if work["assembly"].has_text:
                yield from self._go_on("done", work)
                return
        self._ends.failed(work["asked"], failure)

    def parse_audit(self, response: Response, *, article: Article, **_: Any) -> Results:
        """Compare an article with what the browser shows; yield it unchanged.

        A walk that was cut short proves nothing.
        """
        parts: list[Part] = []
        with suppress(PageRefused):
            parts = distinct(parts_shown(response, article.id))
        if parts and response.meta[WALK]["is_whole"]:
            shown = join(dict(enumerate(parts, start=1))).record
            self._counts.halaman.audited += 1
            if place := first_difference(article, shown):
                said = "The browser shows another text from paragraph %d on: %s"
                logger.warning(said, place, article.url)
            else:
                self._counts.halaman.agreed += 1
        else:
            self._counts.halaman.audits_failed += 1
        yield self.finished(article)

    def audit_failed(self, failure: Failure) -> Results:
        """Yield an article that could not be audited."""
        self._warn_of_browser(failure)
        self._counts.halaman.audits_failed += 1
        yield self.finished(request_of(failure).cb_kwargs["article"])

    def _note_lack(self, work: Work, url: str, cause: str) -> None:
        if cause not in UNREAD:
            self._tell_of_failure(work)
        self._counts.halaman.missing_pages += 1
        logger.warning("Page not had: %s (%s)", url, cause)

    def _tell_of_failure(self, work: Work) -> None:
        tell(self._crawler, page_failed, article_id=work["link"].id)

    def _warn_of_browser(self, failure: Failure) -> None:
        """Log why the browser gave nothing; a missing browser is logged once per run."""
        if not isinstance(failure.value, BrowserMissing):
            self._counts.halaman.browser_failed += 1
            logger.warning("Not walked: %s (%s)", request_of(failure).url, cause_of(failure.value))
            return
        self._counts.halaman.browser_missing += 1
        if self._has_browser:
            self._has_browser = False
            logger.error("Articles that need a browser stay incomplete: %s", failure.value)


class CompleteContract(Contract):
    """Checks that every article of a callback is a complete record once it is cleaned.

    It is valid, no page is known to be missing, and the fields named hold something::

        @complete title tags
    """

    name = "complete"

    def post_process(self, output: list[Any]) -> None:
        """Raise ContractFail for the first article that is not complete."""
        for article in output:
            if isinstance(article, Article):
                self._check(clean(article))

    def _check(self, article: Article) -> None:
        wrong = faults(article)
        wrong += [name for name in self.args if name not in wrong and not getattr(article, name)]
        if wrong:
            raise ContractFail(f"{article.id} lacks or has wrong: {', '.join(wrong)}")
        if article.halaman.complete is False:
            raise ContractFail(f"{article.id} is {shortfall(article.halaman)}")
