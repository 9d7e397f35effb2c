"""How an article is requested, in one form after the other, and what became of it at last."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from kompascrawler.components import ArticleEnd, ArticleOutcome, article_ended, counts_of, tell
from kompascrawler.halaman.assembly import FIRST, RouteChoice
from kompascrawler.identity import parse_address
from kompascrawler.items import Article
from kompascrawler.pages import PageRefused
from kompascrawler.pages.layouts import FINAL
from kompascrawler.pipelines.record import InvalidArticle, KnownArticle
from kompascrawler.politeness.breaker import Breakers, Policy
from kompascrawler.politeness.crawl_breakers import BreakerOpen, probing
from kompascrawler.politeness.non_content import REFUSING, NonContentServed
from kompascrawler.run.requests import HAS_NEXT_ROUTE, WAITS, cause_of, is_gone, request_of
from kompascrawler.run.storage import storage_of
from kompascrawler.store.model import Link, StoreError
from kompascrawler.store.records import is_whole

logger = logging.getLogger(__name__)

Results = Iterator[Article | Request]
SOON: Final = 1
"""Priority of an article's further requests: finish it before others are started."""
_ALL: Final = FIRST["all"][0]
NUMBERED: Final = "?page=2…"
_CLOSED: Final = ("no", "wait")
_POLICY: Final = Policy(refusals=3, challenges=1, first_wait=6 * 3600, longest_wait=7 * 86400)
"""After 3 articles in a row that needed the next form (1 after a challenge or a login), a form
is tried again 6 hours later, then 12 hours, … 7 days at most."""


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

    def reading(self, asked: Link | None, results: Results) -> Results:
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
        if storage.is_open:
            with storage.guarded():
                under_way = storage.store().under_way
                under_way.begin(asked) if begins else under_way.end(asked.id)

    def end(
        self, outcome: ArticleOutcome, asked: Link | None, page: Response | None = None, **said: Any
    ) -> None:
        """Say how an article ended; ``left`` to a later run is no failure."""
        is_look = asked is not None and asked.id in self.looks
        end = ArticleEnd(outcome=outcome, asked=asked, response=page, is_look=is_look, **said)
        tell(self._crawler, article_ended, end=end)
        if asked is not None:
            self._read(asked, begins=False)

    # by the spider -------------------------------------------------------------------------------
    def refused(self, asked: Link | None, response: Response, refusal: PageRefused) -> None:
        """End an article whose page cannot be read."""
        self.end("refused", asked, response, reason=refusal.reason, message=str(refusal))

    def failed(self, asked: Link, failure: Failure) -> None:
        """End an article whose page was not received, or not requested (``BreakerOpen``)."""
        error = failure.value
        if isinstance(error, BreakerOpen):
            self.end("left", asked)
        elif isinstance(error, NonContentServed):
            self.end("refused", asked, error.response, reason=error.kind, message=str(error))
        else:
            form = _form_of(getattr(failure, "request", None))
            cause, is_all = cause_of(error), form is not None and form.is_all
            if is_all:
                cause = f"{_ALL}: {cause}"
            is_deleted = is_gone(error) and not is_all
            self.end("failed", asked, reason=cause, message=cause, is_gone=is_deleted)

    # by Scrapy -----------------------------------------------------------------------------------
    def item_scraped(self, item: Article, response: Response | Failure) -> None:
        """End an article that is stored: as a new record, or as a better one than an earlier."""
        outcome: ArticleOutcome = "stored" if item.revision == 1 else "revised"
        self.end(outcome, *_of(response), item=item)

    def item_dropped(
        self, item: Article, response: Response | Failure, exception: Exception
    ) -> None:
        """End an article that is known already, invalid, or not stored because the store failed."""
        of = _of(response)
        if isinstance(exception, InvalidArticle):
            self.end("refused", *of, reason=exception.reason, message=str(exception))
        elif isinstance(exception, KnownArticle):
            self.end("known", *of, reason="" if is_whole(item) else "incomplete")
        else:
            self.end("left", *of)

    def item_error(self, response: Response | Failure, failure: Failure) -> None:
        """End an article whose record raised an error in a pipeline."""
        counts_of(self._crawler).item_errors += 1
        self._raised(response, failure)

    def spider_error(self, response: Response | Failure | None, failure: Failure) -> None:
        """End an article whose page raised an error in a callback."""
        asked, page = _of(response)
        if asked or (page is not None and parse_address(page.url)):
            self._raised(response, failure)

    def _raised(self, response: Response | Failure | None, failure: Failure) -> None:
        """Refuse the page, so that it is saved; Scrapy logs and counts the error."""
        if isinstance(failure.value, StoreError):
            self.end("left", *_of(response))
        else:
            self.end("refused", *_of(response), reason="error", message=cause_of(failure.value))


def asked_for(answer: Response | Failure | None) -> Link | None:
    """Return the article that a response or failure belongs to, or None."""
    request: Request | None = getattr(answer, "request", None)  # Scrapy sets that of a failure
    return request.cb_kwargs.get("asked") if request else None


def _of(answer: Response | Failure | None) -> tuple[Link | None, Response | None]:
    return asked_for(answer), answer if isinstance(answer, Response) else None


class Form(NamedTuple):
    """In which form an article is requested."""

    is_all: bool
    """Whether all pages at once are requested, else page 1."""
    has_next: bool
    """Whether page 1 is requested where this fails."""
    failure: str | None = None
    """Why all pages at once were not received."""
    is_turned_away: bool = False
    """Whether the answer to that was a challenge, or demanded a login or consent."""


class Forms:
    """Chooses the form of first requests; learns which forms of addresses do not work.

    ``?page=all`` promises all pages in one request, single-page articles included. Nobody has
    seen an answer to it, nor to ``?page=2``. So each host of the section has a breaker for each,
    which is kept by the store beside those of hosts. Setting: ``HALAMAN_ROUTE``. Stats:
    ``halaman/all_failed/<cause>`` (articles that had page 1 instead), ``numbered_failed/<cause>``
    (that had all pages in another way), ``halaman/closed_routes``.
    """

    def __init__(self, crawler: Crawler, callback: Callable[..., Any], ends: Ends) -> None:
        self.callback = callback
        self._ends = ends
        self._storage = storage_of(crawler)
        self._counts = counts_of(crawler).halaman
        self._route: RouteChoice = crawler.settings["HALAMAN_ROUTE"]

    @cached_property
    def _breakers(self) -> Breakers:
        store = self._storage.store()
        saved = [breaker for breaker in store.breakers() if breaker.host.endswith((_ALL, NUMBERED))]
        found = Breakers(
            _POLICY,
            saved,
            save=store.set_breaker,
            forget=store.close_breaker,
            clock=lambda: datetime.now(UTC),
        )
        for breaker in saved:
            if found.is_open(breaker.host):
                self._counts.closed_routes.append(found.why(breaker.host))
        return found

    def first(self, asked: Link) -> Request:
        """Return the first request for an article."""
        form, *others = FIRST[self._route]
        if others and self.is_closed(asked.url, form):
            form, *others = others
        return self._request(asked, Form(is_all=form == _ALL, has_next=bool(others)))

    def next(self, failed: Request | None, error: BaseException | None) -> Request | None:
        """Return the request that follows one that has failed, or None if there is none.

        A host that asks us to wait, or that is left alone, is not asked in another form, and an
        article of another section in none.
        """
        form = _form_of(failed)
        if failed is None or form is None or not form.has_next or _is_final(error):
            return None
        cause = error.reason if isinstance(error, PageRefused) else cause_of(error)
        is_turned_away = isinstance(error, NonContentServed) and error.kind in REFUSING
        is_all = FIRST[self._route][-1] == _ALL
        following = Form(is_all, has_next=False, failure=cause, is_turned_away=is_turned_away)
        return self._request(failed.cb_kwargs["asked"], following, failed)

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Request an article in the next form where one was not received, or end it."""
        request = request_of(failure)
        if following := self.next(request, failure.value):
            yield following
        else:
            self._ends.failed(request.cb_kwargs["asked"], failure)

    def worked(self, request: Request | None) -> None:
        """Learn from an article of which page 1 was received."""
        form = _form_of(request)
        if request is not None and form is not None and (form.is_all or form.failure):
            is_refused = form.is_turned_away
            self.learn(request.cb_kwargs["asked"].url, _ALL, form.failure, is_refused=is_refused)

    def is_closed(self, url: str, form: str) -> bool:
        """Tell whether a form of an article's address is not to be asked for."""
        is_learning = self._route == "auto" and self._storage.is_open
        return is_learning and self._breakers.may_ask(_key(url, form)) in _CLOSED

    def learn(
        self, url: str, form: str, failure: str | None = None, *, is_refused: bool = False
    ) -> None:
        """Note that a form worked, or failed where another one worked."""
        if self._route != "auto" or not self._storage.is_open:
            return
        key = _key(url, form)
        if failure is None:
            if self._breakers.record_success(key):
                logger.info("Works again: %s", key)
            return
        failed = self._counts.all_failed if form == _ALL else self._counts.numbered_failed
        failed[failure] += 1
        if self._breakers.record_failure(key, failure, is_challenge=is_refused):
            why = self._breakers.why(key)
            logger.warning("Not requested any more: %s", why)
            self._counts.closed_routes.append(why)

    def _request(self, asked: Link, form: Form, failed: Request | None = None) -> Request:
        return Request(
            f"{asked.url}{_ALL}" if form.is_all else asked.url,
            callback=self.callback,
            errback=self.failed,
            cb_kwargs={"asked": asked, "form": form},
            meta={HAS_NEXT_ROUTE: form.has_next} | (probing(failed) if failed else {}),
            priority=SOON if failed else 0,
        )


def _key(url: str, form: str) -> str:
    return f"{urlsplit(url).hostname}{form}"


def _form_of(request: Request | None) -> Form | None:
    return request.cb_kwargs.get("form") if request else None


def _is_final(error: BaseException | None) -> bool:
    if isinstance(error, PageRefused):
        return error.reason in FINAL
    return is_to_wait(error) or isinstance(error, BreakerOpen)


def is_to_wait(error: BaseException | None) -> bool:
    """Tell whether a host has answered that we are to wait."""
    return isinstance(error, HttpError) and error.response.status in WAITS
