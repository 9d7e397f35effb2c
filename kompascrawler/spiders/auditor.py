"""Compares a sample of articles with what the browser shows."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from kompascrawler.browser import WALK, browser_request
from kompascrawler.browser.request import BrowserMissing
from kompascrawler.halaman import Part, shortfall
from kompascrawler.halaman.completeness import first_difference, is_sampled
from kompascrawler.halaman.joining import distinct, join
from kompascrawler.items import Article
from kompascrawler.pages import PageRefused
from kompascrawler.run.counting import counts_of
from kompascrawler.run.requests import cause_of, request_of
from kompascrawler.spiders.reading import parts_shown
from kompascrawler.store.model import Link

logger = logging.getLogger(__name__)

Results = Iterator[Article | Request]

SOON: Final = 1
"""Priority of an article's further requests: finish it before others are started."""


class Auditor:
    """Yields finished articles, a sample of them after an audit in the browser.

    Setting: ``HALAMAN_BROWSER_AUDIT``. Stats: ``halaman/<route>`` and ``halaman/incomplete``
    (articles), ``halaman/audited``, ``halaman/agreed``, ``halaman/agreement``,
    ``halaman/audits_failed``, ``halaman/browser_failed``, ``halaman/browser_missing``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._counts = counts_of(crawler).halaman
        self._has_browser = True

    def finish(self, article: Article, asked: Link) -> Results:
        """Yield an article, or request it in the browser if it belongs to the sample."""
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

    def finished(self, article: Article) -> Article:
        """Return an article for the pipelines, counted by its route."""
        article.crawled_at = datetime.now(UTC).isoformat(timespec="seconds")
        self._counts.routes[article.halaman.route] += 1
        if article.halaman.complete is False:
            self._counts.incomplete += 1
            logger.warning("%s: %s", shortfall(article.halaman), article.url)
        return article

    def _is_audited(self, article: Article) -> bool:
        halaman = article.halaman
        is_of_interest = halaman.route in ("all", "numbered") and halaman.complete
        share = self._crawler.settings.getfloat("HALAMAN_BROWSER_AUDIT")
        return bool(is_of_interest and self._has_browser and is_sampled(article.id, share))

    def parse_audit(self, response: Response, *, article: Article, **_: Any) -> Results:
        """Compare an article with what the browser shows; yield it unchanged.

        A walk that was cut short proves nothing.
        """
        parts: list[Part] = []
        with suppress(PageRefused):
            parts = distinct(parts_shown(response, article.id))
        if parts and response.meta[WALK]["is_whole"]:
            shown = join(dict(enumerate(parts, start=1))).record
            self._note_agreement(article, first_difference(article, shown))
        else:
            self._counts.audits_failed += 1
        yield self.finished(article)

    def audit_failed(self, failure: Failure) -> Results:
        """Yield an article that could not be audited."""
        self.warn_of_browser(failure)
        self._counts.audits_failed += 1
        yield self.finished(request_of(failure).cb_kwargs["article"])

    def _note_agreement(self, article: Article, difference: int | None) -> None:
        self._counts.audited += 1
        if difference is None:
            self._counts.agreed += 1
        else:
            logger.warning(
                "The browser shows another text from paragraph %d on: %s", difference, article.url
            )

    def warn_of_browser(self, failure: Failure) -> None:
        """Log why the browser gave nothing; a missing browser is logged once per run."""
        if not isinstance(failure.value, BrowserMissing):
            self._counts.browser_failed += 1
            logger.warning("Not walked: %s (%s)", request_of(failure).url, cause_of(failure.value))
            return
        self._counts.browser_missing += 1
        if self._has_browser:
            self._has_browser = False
            logger.error("Articles that need a browser stay incomplete: %s", failure.value)
