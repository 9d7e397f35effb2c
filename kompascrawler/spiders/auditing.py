"""The browser's word on articles that plain requests gave, for spiders that read articles."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from kompascrawler.browser import WALK, browser_request
from kompascrawler.browser.errors import BrowserMissing
from kompascrawler.halaman import shortfall
from kompascrawler.halaman.completeness import first_difference, is_sampled
from kompascrawler.halaman.joining import distinct, join
from kompascrawler.items import Article
from kompascrawler.run.causes import cause_of
from kompascrawler.spiders.answers import parts_shown, request_of
from kompascrawler.store.model import Link

Results = Iterator[Article | Request]

SOON = 1
"""Priority of an article's further requests: it is finished before others are begun."""


class AuditingSpider(Spider):
    """A spider that hands articles on, a sample of them after a look at them in the browser.

    Setting: ``HALAMAN_BROWSER_AUDIT``. Stats: ``halaman/<route>`` and ``halaman/incomplete``
    (articles), ``halaman/audited``, ``halaman/agreed``, ``halaman/agreement``,
    ``halaman/audits_failed``, ``halaman/browser_failed``, ``halaman/browser_missing``.
    """

    _has_browser = True

    def finish(self, article: Article, asked: Link) -> Results:
        """Hand an article on, after the browser's word on it where it is one of the sample."""
        if self._is_audited(article):
            yield browser_request(
                article.url,
                callback=self.parse_audit,
                errback=self.audit_failed,
                cb_kwargs={"asked": asked, "article": article},
                priority=SOON,
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
        self.warn_of_browser(failure)
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

    def warn_of_browser(self, failure: Failure) -> None:
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

    # what a spider adds ------------------------------------------------------------------------
    def next_requests(self, *, is_start: bool = False) -> Iterator[Request]:
        """Return what may be asked for now that an answer has been dealt with."""
        raise NotImplementedError

    def count(self, stat: str, count: int = 1) -> None:
        """Add to a statistic of the run; nothing for 0, as what has not happened has none."""
        assert self.crawler.stats is not None
        if count:
            self.crawler.stats.inc_value(stat, int(count))
