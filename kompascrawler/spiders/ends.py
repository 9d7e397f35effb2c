"""Says once what became of each article, with the signal ``article_ended``."""

from collections.abc import Iterator
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from kompascrawler.identity import parse_address
from kompascrawler.items import Article
from kompascrawler.pages import PageRefused
from kompascrawler.pipelines.record import InvalidArticle, KnownArticle
from kompascrawler.politeness.crawl_breakers import BreakerOpen
from kompascrawler.politeness.non_content import NonContentServed
from kompascrawler.run.counting import counts_of
from kompascrawler.run.requests import cause_of, is_gone
from kompascrawler.run.storage import storage_of
from kompascrawler.signals import ArticleEnd, ArticleOutcome, article_ended, tell
from kompascrawler.store.model import Link, StoreError
from kompascrawler.store.records import is_whole


class Ends:
    """Sends the end of every article, whether the spider or a pipeline ends it.

    Stats: ``spider/item_errors``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.looks: set[str] = set()
        """Articles that were stored whole before this run requested them."""
        crawler.signals.connect(self.item_scraped, signals.item_scraped)
        crawler.signals.connect(self.item_dropped, signals.item_dropped)
        crawler.signals.connect(self.item_error, signals.item_error)
        crawler.signals.connect(self.spider_error, signals.spider_error)

    def reading(
        self, asked: Link | None, results: Iterator[Article | Request]
    ) -> Iterator[Article | Request]:
        """Yield what the page of an article gives; note that it is being read.

        Until the article ends, or waits for an answer: what is noted when the process dies is
        what it died on.
        """
        if asked is not None:
            self._read(asked, begins=True)
        for result in results:
            if asked is not None and isinstance(result, Request):
                self._read(asked, begins=False)
            yield result

    def _read(self, asked: Link, *, begins: bool) -> None:
        storage = storage_of(self._crawler)
        if not storage.is_open:
            return
        with storage.guarded():
            under_way = storage.store().under_way
            if begins:
                under_way.begin(asked)
            else:
                under_way.end(asked.id)

    # by the spider -------------------------------------------------------------------------------
    def left(self, asked: Link | None) -> None:
        """Leave an article to a later run; it does not count as failed."""
        self._tell("left", asked)

    def known(self, asked: Link | None, response: Response) -> None:
        """End an article that is as it was."""
        self._tell("known", asked, response)

    def refused(self, asked: Link | None, response: Response, refusal: PageRefused) -> None:
        """End an article whose page cannot be read."""
        self._tell("refused", asked, response, reason=refusal.reason, message=str(refusal))

    def failed(self, asked: Link, failure: Failure) -> None:
        """End an article whose page was not received, or not requested (``BreakerOpen``)."""
        error = failure.value
        if isinstance(error, BreakerOpen):
            self.left(asked)
        elif isinstance(error, NonContentServed):
            self._tell("refused", asked, error.response, reason=error.kind, message=str(error))
        else:
            cause, is_all = cause_of(error), _is_of_all(failure)
            if is_all:
                cause = f"?page=all: {cause}"
            is_deleted = is_gone(error) and not is_all
            self._tell("failed", asked, reason=cause, message=cause, is_gone=is_deleted)

    # by Scrapy -----------------------------------------------------------------------------------
    def item_scraped(self, item: Article, response: Response | Failure) -> None:
        """End an article that is stored: as a new record, or as a better one than an earlier."""
        outcome: ArticleOutcome = "stored" if item.revision == 1 else "revised"
        self._tell(outcome, asked_for(response), _page(response), item=item)

    def item_dropped(
        self, item: Article, response: Response | Failure, exception: Exception
    ) -> None:
        """End an article that is known already, invalid, or not stored because the store failed."""
        asked, page = asked_for(response), _page(response)
        if isinstance(exception, InvalidArticle):
            reason = exception.reason
            self._tell("refused", asked, page, reason=reason, message=str(exception))
        elif isinstance(exception, KnownArticle):
            reason = "" if is_whole(item) else "incomplete"
            self._tell("known", asked, page, reason=reason)
        else:
            self._tell("left", asked, page)

    def item_error(self, response: Response | Failure, failure: Failure) -> None:
        """End an article whose record raised an error in a pipeline."""
        counts_of(self._crawler).item_errors += 1
        self._raised(response, failure)

    def spider_error(self, response: Response | Failure | None, failure: Failure) -> None:
        """End an article whose page raised an error in a callback."""
        page = _page(response)
        if asked_for(response) or (page is not None and parse_address(page.url)):
            self._raised(response, failure)

    def _raised(self, response: Response | Failure | None, failure: Failure) -> None:
        """Refuse the page, so that it is saved; Scrapy logs and counts the error."""
        asked, page = asked_for(response), _page(response)
        if isinstance(failure.value, StoreError):
            self._tell("left", asked, page)
        else:
            self._tell("refused", asked, page, reason="error", message=cause_of(failure.value))

    def _tell(
        self, outcome: ArticleOutcome, asked: Link | None, page: Response | None = None, **said: Any
    ) -> None:
        is_look = asked is not None and asked.id in self.looks
        end = ArticleEnd(outcome=outcome, asked=asked, response=page, is_look=is_look, **said)
        tell(self._crawler, article_ended, end=end)
        if asked is not None:
            self._read(asked, begins=False)


def asked_for(answer: Response | Failure | None) -> Link | None:
    """Return the article that a response or failure belongs to, or None."""
    request: Request | None = getattr(answer, "request", None)  # Scrapy sets that of a failure
    return request.cb_kwargs.get("asked") if request else None


def _is_of_all(failure: Failure) -> bool:
    request: Request | None = getattr(failure, "request", None)
    form = request.cb_kwargs.get("form") if request else None
    return form is not None and form.is_all


def _page(answer: Response | Failure | None) -> Response | None:
    return answer if isinstance(answer, Response) else None
