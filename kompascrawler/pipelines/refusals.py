"""Articles that did not become records: kept with their cause, and tried again in a later run."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from kompascrawler.identity import parse_address
from kompascrawler.pages import PageRefused
from kompascrawler.pipelines.validate import InvalidArticle
from kompascrawler.politeness.non_content import ImposterServed
from kompascrawler.run.causes import cause_of, is_gone
from kompascrawler.run.storage import stop_run, storage_of
from kompascrawler.signals import article_failed, page_refused
from kompascrawler.store.kept import Rejection, save_rejected
from kompascrawler.store.links import MOST_TRIES
from kompascrawler.store.model import Link, StoreError

logger = logging.getLogger(__name__)


def asked_for(answer: Response | Failure) -> Link | None:
    """Return the article that an answer, or its failure, was asked for; None where none was."""
    request: Request | None = getattr(answer, "request", None)  # Scrapy sets that of a failure
    return request.cb_kwargs.get("asked") if request else None


class RefusalsExtension:
    """Keeps refused pages with their reason, and remembers every article that failed.

    Outside a crawl (``scrapy parse``) they are logged and not kept.
    Stats: ``refusals/pages``, ``refusals/pages/<reason>``, ``refusals/failed``;
    ``refusals/again`` (those of both that are gone or refused as before), ``refusals/given_up``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._storage = storage_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connect to what the spider and the pipelines tell."""
        extension = cls(crawler)
        crawler.signals.connect(extension.page_refused, page_refused)
        crawler.signals.connect(extension.article_failed, article_failed)
        crawler.signals.connect(extension.item_dropped, signals.item_dropped)
        crawler.signals.connect(extension.item_error, signals.item_error)
        return extension

    def page_refused(self, asked: Link | None, response: Response, refusal: PageRefused) -> None:
        """Keep a page that no layout fits."""
        self._keep(asked, response, refusal.reason, str(refusal))

    def item_dropped(self, response: Response | Failure, exception: Exception) -> None:
        """Keep the page of a record that is not valid.

        ``response`` is a failure where the last page of the article could not be had.
        """
        if not isinstance(exception, InvalidArticle):
            return
        asked = asked_for(response)
        if isinstance(response, Response):
            self._keep(asked, response, exception.reason, str(exception))
        elif asked is not None:
            self._count("refusals/pages")
            self._count(f"refusals/pages/{exception.reason}")
            logger.warning("Refused: %s", exception)
            with self._stopping():
                self._add_failure(asked, exception.reason, is_own=True)

    def item_error(self, response: Response | Failure, failure: Failure) -> None:
        """Keep the page of a record that a pipeline of ours could not take."""
        if isinstance(response, Response):
            self._keep(asked_for(response), response, "error", cause_of(failure.value))

    def article_failed(self, asked: Link, failure: Failure) -> None:
        """Remember an article that could not be fetched; keep the page that came instead."""
        error = failure.value
        if isinstance(error, ImposterServed):
            self._keep(asked, error.response, error.kind, str(error))
            return
        cause = cause_of(failure.value)
        self._count("refusals/failed")
        event = "Not fetched"
        if self._storage.is_open:
            with self._stopping():
                tries = self._add_failure(asked, cause, is_own=is_gone(error))
                event = f"Not fetched, try {tries}"
        logger.warning("%s: %s (%s)", event, asked.url, cause)

    def _keep(self, asked: Link | None, response: Response, reason: str, message: str) -> None:
        self._count("refusals/pages")
        self._count(f"refusals/pages/{reason}")
        logger.warning("Refused: %s (%s)", response.url, message)
        if not self._storage.is_open:
            return
        address = asked or parse_address(response.url)
        rejection = Rejection(
            article_id=address.id if address else None,
            url=response.url,
            reason=reason,
            message=message,
            encoding=getattr(response, "encoding", "utf-8"),
            run_id=self._storage.run_id,
        )
        with self._stopping():
            save_rejected(self._storage.data_dir, rejection, response.body)
            if address:
                self._add_failure(Link(address.id, address.url), reason, is_own=True)

    def _add_failure(self, link: Link, cause: str, *, is_own: bool) -> int:
        """Put an article into the retry queue; return the number of tries so far.

        A fault that is the article's own, not the site's, is the same at every try: only the
        first one says something of a run.
        """
        tries = self._storage.store().add_failure(link, cause)
        if is_own and tries > 1:
            self._count("refusals/again")
        if tries >= MOST_TRIES:
            self._count("refusals/given_up")
        return tries

    @contextmanager
    def _stopping(self) -> Iterator[None]:
        """End the run when the store fails: signals would swallow the error."""
        try:
            yield
        except StoreError as error:
            stop_run(self._crawler, error)

    def _count(self, stat: str) -> None:
        self._crawler.stats.inc_value(stat)
