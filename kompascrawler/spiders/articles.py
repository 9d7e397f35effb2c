"""How the page of an article is requested, in one form after the other, and read."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from kompascrawler.browser import PAGES
from kompascrawler.components import Component, counts_of
from kompascrawler.halaman.assembly import FIRST, RouteChoice
from kompascrawler.halaman.joining import Part
from kompascrawler.pages import ArticlePage, PageRefused, article_page
from kompascrawler.pages.article import is_ended
from kompascrawler.pages.layouts import FINAL, WholePage, read_shown, read_whole
from kompascrawler.pages.markup import is_odd
from kompascrawler.politeness.breaker import Breakers, Policy
from kompascrawler.politeness.crawl_breakers import BreakerOpen, probing
from kompascrawler.politeness.non_content import NON_CONTENT, REFUSING, NonContentServed
from kompascrawler.run.reader import Reader, ReaderFailed
from kompascrawler.run.requests import (
    HAS_NEXT_ROUTE,
    NOT_MODIFIED,
    WAITS,
    cause_of,
    declared_encoding,
    request_of,
)
from kompascrawler.run.shutdown import ShuttingDown, shutdown_of
from kompascrawler.run.storage import storage_of
from kompascrawler.spiders.ends import ALL, Ends, Results
from kompascrawler.store.model import Link, Validators

logger = logging.getLogger(__name__)

SOON: Final = 1
"""Priority of an article's further requests: finish it before others are started."""
NUMBERED: Final = "?page=2…"
_POLICY: Final = Policy(refusals=3, challenges=1, first_wait=6 * 3600, longest_wait=7 * 86400)
"""After 3 articles in a row that needed the next form (1 after a challenge or a login), a form
is tried again 6 hours later, then 12 hours, … 7 days at most."""
_READ: Final = "page_read_elsewhere"
"""Key in ``Request.meta``: what the other process has read of the answer, or its refusal."""


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
    which is kept by the store beside those of hosts. Setting: ``HALAMAN_ROUTE``.
    """

    def __init__(self, crawler: Crawler, callback: Callable[..., Any], ends: Ends) -> None:
        self._callback = callback
        self._ends = ends
        self._storage = storage_of(crawler)
        self._counts = counts_of(crawler).halaman
        self._route: RouteChoice = crawler.settings["HALAMAN_ROUTE"]

    @cached_property
    def _breakers(self) -> Breakers:
        store = self._storage.store()
        saved = [breaker for breaker in store.breakers() if breaker.host.endswith((ALL, NUMBERED))]
        found = Breakers(
            _POLICY,
            saved,
            save=store.set_breaker,
            forget=store.close_breaker,
            clock=lambda: datetime.now(UTC),
        )
        is_open = (breaker.host for breaker in saved if found.is_open(breaker.host))
        self._counts.closed_routes.extend(map(found.why, is_open))
        return found

    def first(self, asked: Link, known: Validators | None = None) -> Request:
        """Return the first request for an article: only for what has changed since, if possible.

        ``known`` is what an earlier answer said of itself.
        """
        form, *others = FIRST[self._route]
        if others and self.is_closed(asked.url, form):
            form, *others = others
        request = self._request(asked, Form(is_all=form == ALL, has_next=bool(others)))
        if known is None or known.url != request.url:
            return request
        conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        return request.replace(
            callback=self.parse_conditional,
            headers={name: value for name, value in conditions.items() if value},
            meta=request.meta | {"handle_httpstatus_list": [NOT_MODIFIED]},
        )

    def parse_conditional(self, response: Response, *, asked: Link, **work: Any) -> Results:
        """End a look at a page that is as it was; 304 says so."""
        if response.status != NOT_MODIFIED:
            yield from self._callback(response, asked=asked, **work)
            return
        self._ends.end("known", asked, response)
        self.worked(response.request)

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
        is_all = FIRST[self._route][-1] == ALL
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
            self.learn(request.cb_kwargs["asked"].url, ALL, form.failure, is_refused=is_refused)

    def is_closed(self, url: str, form: str) -> bool:
        """Tell whether a form of an article's address is not to be asked for."""
        return self._is_learning and self._breakers.may_ask(_key(url, form)) in ("no", "wait")

    @property
    def _is_learning(self) -> bool:
        return self._route == "auto" and self._storage.is_open

    def learn(
        self, url: str, form: str, failure: str | None = None, *, is_refused: bool = False
    ) -> None:
        """Note that a form worked, or failed where another one worked."""
        if not self._is_learning:
            return
        key = _key(url, form)
        if failure is None:
            if self._breakers.record_success(key):
                logger.info("Works again: %s", key)
            return
        failed = self._counts.all_failed if form == ALL else self._counts.numbered_failed
        failed[failure] += 1
        if self._breakers.record_failure(key, failure, is_challenge=is_refused):
            why = self._breakers.why(key)
            logger.warning("Not requested any more: %s", why)
            self._counts.closed_routes.append(why)

    def _request(self, asked: Link, form: Form, failed: Request | None = None) -> Request:
        return Request(
            f"{asked.url}{ALL}" if form.is_all else asked.url,
            callback=self._callback,
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


def page_of(response: Response) -> ArticlePage | WholePage:
    """Return an article's page; see ``article_page`` for what it raises."""
    read: WholePage | None = _read_elsewhere(response)
    return read or article_page(response.url, response.body, declared_encoding(response))


def parts_shown(response: Response, article_id: str) -> list[Part]:
    """Return the pages of the article that a browser has shown; skip anything else.

    Raises PageRefused where reading them takes too much.
    """
    read: list[WholePage] | None = _read_elsewhere(response)
    pages: Iterable[bytes | WholePage] = response.meta[PAGES] if read is None else read
    parts = []
    for one in pages:
        with suppress(PageRefused):
            page = one if isinstance(one, WholePage) else article_page(response.url, one, "utf-8")
            parts.append(of_article(page, article_id).part(is_rendered=True))
    return parts


def of_article(page: ArticlePage | WholePage, article_id: str) -> ArticlePage | WholePage:
    """Return a page of the article; raise PageRefused (``another_article``) for any other."""
    if page.address.id != article_id:
        raise PageRefused("another_article", f"{page.url} shows {page.address.id}")
    return page


def _read_elsewhere(response: Response) -> Any:
    read = response.meta.pop(_READ, None)
    if isinstance(read, PageRefused):
        raise read
    return read


class ReadingMiddleware(Component):
    """Has large and odd pages read by another process, one at a time, before the spider gets them.

    Setting: ``READ_MAX_SECONDS``. What takes longer is refused (``unreadable``): a page, or all
    that a browser has shown of an article. A page that was cut off is requested again, as often
    as Scrapy does, then refused (``cut_off``).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._reader = Reader(crawler.settings.getfloat("READ_MAX_SECONDS"))
        self._storage, self._shutdown = storage_of(crawler), shutdown_of(crawler)
        self._turn = asyncio.Lock()
        crawler.signals.connect(self._reader.close, signals.engine_stopped)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Read a page of an article that is large or odd, request one again that was cut off."""
        shown: list[bytes] | None = request.meta.get(PAGES)
        if request.cb_kwargs.get("asked") is None or response.status != 200:
            return response
        url, body, encoding = response.url, response.body, declared_encoding(response)
        if shown is None and not request.meta.get(NON_CONTENT) and not is_ended(body, encoding):
            spider, cause, level = self.crawler.spider, "cut_off", logging.INFO
            assert spider is not None
            again = get_retry_request(request, spider=spider, reason=cause, give_up_log_level=level)
            request.meta[_READ] = PageRefused(cause, f"{url} ends before its text does")
            return again or response
        if any(map(is_odd, shown or [body])):
            page: tuple[Any, ...] = (shown,) if shown else (body, encoding)
            read = read_shown if shown else read_whole
            request.meta[_READ] = await self._read(request, read, url, *page)
        return response

    async def _read(self, request: Request, read: Callable[..., Any], url: str, *page: Any) -> Any:
        asked: Link = request.cb_kwargs["asked"]

        async def send(_: Request) -> Any:
            async with self._turn:
                if self._storage.is_open:
                    self._storage.store().under_way.begin(asked)
                return await self._reader.call(read, url, *page)

        try:
            return await self._shutdown.cancellable(send, request)
        except PageRefused as refusal:
            return refusal
        except ReaderFailed as failure:
            return PageRefused("unreadable", f"{url} cannot be read: {failure}")
        except ShuttingDown:
            return PageRefused("unreadable", f"the run ended while {url} was read")
