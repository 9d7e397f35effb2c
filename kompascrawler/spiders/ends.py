"""What becomes of articles: each end is told; those that are stored are looked at again."""

import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from math import inf
from typing import Any, Final

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from kompascrawler.browser import PAGES
from kompascrawler.components import (
    ArticleEnd,
    ArticleOutcome,
    article_ended,
    counts_of,
    listing_read,
    page_read,
    tell,
)
from kompascrawler.discovery.tasks import Arguments
from kompascrawler.halaman.assembly import FIRST
from kompascrawler.identity import parse_address
from kompascrawler.items import Article
from kompascrawler.pages import ArticlePage, PageRefused
from kompascrawler.pages.index import updated_items
from kompascrawler.pages.layouts import WholePage
from kompascrawler.pipelines.record import InvalidArticle, KnownArticle
from kompascrawler.politeness.crawl_breakers import BreakerOpen
from kompascrawler.politeness.non_content import NonContentServed
from kompascrawler.run.requests import NOT_MODIFIED, cause_of, declared_encoding, is_gone
from kompascrawler.run.storage import storage_of
from kompascrawler.sections import Sections
from kompascrawler.store.model import Link, LookOutcome, Revisit, StoreError, Validators
from kompascrawler.store.records import is_whole
from kompascrawler.store.store import Store

logger = logging.getLogger(__name__)

Results = Iterator[Article | Request]
ALL: Final = FIRST["all"][0]
"""What is added to an address to get all pages at once."""
_MOST: Final = 12
"""Requests of a look: the longest article seen has 10 pages."""
_LONGEST: Final = 200
"""Characters of a validator that is kept."""


class Ends:
    """Sends the end of every article, whether the spider or a pipeline ends it.

    Stats: ``spider/item_errors``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._storage = crawler, storage_of(crawler)
        self.looks: set[str] = set()
        """Articles that were stored whole before this run requested them."""
        crawler.signals.connect(self.request_scheduled, signals.request_scheduled)
        crawler.signals.connect(self.item_scraped, signals.item_scraped)
        crawler.signals.connect(self.item_dropped, signals.item_dropped)
        crawler.signals.connect(self.item_error, signals.item_error)
        crawler.signals.connect(self.spider_error, signals.spider_error)

    def begin(self, asked: Link | None) -> None:
        """Note that the page of an article is read, until the article ends or waits for an answer.

        What is noted when the process dies is what it died on.
        """
        if asked is not None and self._storage.is_open:
            with self._storage.guarded():
                self._storage.store().under_way.begin(asked)

    def request_scheduled(self, request: Request) -> None:
        """Note that an article waits for an answer."""
        self._rest(request.cb_kwargs.get("asked"))

    def _rest(self, asked: Link | None) -> None:
        if asked is not None and self._storage.is_open:
            with self._storage.guarded():
                self._storage.store().under_way.end(asked.id)

    def end(
        self, outcome: ArticleOutcome, asked: Link | None, page: Response | None = None, **said: Any
    ) -> None:
        """Say how an article ended; ``left`` to a later run is no failure."""
        is_look = asked is not None and asked.id in self.looks
        end = ArticleEnd(outcome=outcome, asked=asked, response=page, is_look=is_look, **said)
        tell(self._crawler, article_ended, end=end)
        self._rest(asked)

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
            request = getattr(failure, "request", None)
            form = request.cb_kwargs.get("form") if request else None
            is_all = form is not None and form.is_all
            cause = f"{ALL}: {cause_of(error)}" if is_all else cause_of(error)
            is_deleted = is_gone(error) and not is_all
            self.end("failed", asked, reason=cause, message=cause, is_gone=is_deleted)

    def item_scraped(self, item: Article, response: Response | Failure) -> None:
        """End an article that is stored: as a new record, or as a better one than an earlier."""
        self.end("stored" if item.revision == 1 else "revised", *about(response), item=item)

    def item_dropped(
        self, item: Article, response: Response | Failure, exception: Exception
    ) -> None:
        """End an article that is known already, invalid, or not stored because the store failed."""
        of = about(response)
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
        asked, page = about(response)
        if asked or (page is not None and parse_address(page.url)):
            self._raised(response, failure)

    def _raised(self, response: Response | Failure | None, failure: Failure) -> None:
        """Refuse the page, so that it is saved; Scrapy logs and counts the error."""
        if isinstance(failure.value, StoreError):
            self.end("left", *about(response))
        else:
            self.end("refused", *about(response), reason="error", message=cause_of(failure.value))


def about(answer: Response | Failure | None) -> tuple[Link | None, Response | None]:
    """Return the article that a response or failure belongs to, and the response; None for none."""
    request: Request | None = getattr(answer, "request", None)  # Scrapy sets that of a failure
    asked = request.cb_kwargs.get("asked") if request else None
    return asked, answer if isinstance(answer, Response) else None


class Revisits:
    """Hands out stored articles one after the other; remembers what came of each look.

    Setting: ``REVISIT_MAX_REQUESTS``; what a person asks for is not bound by it. Stats:
    ``store/looks/<outcome>``.
    """

    def __init__(self, crawler: Crawler, ends: Ends) -> None:
        self._ends = ends
        self._storage = storage_of(crawler)
        self._counts, self._traffic = counts_of(crawler).store, counts_of(crawler).traffic
        self._requests = 0
        self._budget = crawler.settings.getint("MAX_RUN_REQUESTS") or inf
        self._most = crawler.settings.getint("REVISIT_MAX_REQUESTS")
        self._wanted: Iterator[Revisit] = iter(())
        self._due: deque[Revisit] = deque()
        self._looks_at_news = False
        self.validators: dict[str, Validators | None] = {}
        """What the last answer for an article said of itself, by its id."""
        self._deleted: list[str] = []
        crawler.signals.connect(self.request_reached_downloader, signals.request_reached_downloader)
        crawler.signals.connect(self.article_ended, article_ended)
        crawler.signals.connect(self.listing_read, listing_read)
        crawler.signals.connect(self.page_read, page_read)

    def begin(self, store: Store, arguments: Arguments, sections: Sections) -> None:
        """Find out what is to be looked at: what is due, or what a person asks for."""
        named = [start.id for start in arguments.starts if isinstance(start, Link)]
        self._ends.looks.update(filter(store.is_settled, named))
        for article_id in store.taken_down().keys() & named:
            logger.warning("%s was taken down: it is not requested", article_id)

        def is_wanted(one: Revisit) -> bool:
            return arguments.wants(one.link.id) and sections.owns(one.link.url)

        if arguments.refresh_from is not None:
            self._wanted = filter(is_wanted, store.settled(arguments.refresh_from))
        elif arguments.wants_newest and self._most:
            self._looks_at_news = True
            self._due.extend(store.due_looks(self._most, is_wanted))

    def next(self) -> Link | None:
        """Return the next article to look at; a look that has begun may end over the limit.

        None where it might use up the budget of the run: that is for news.
        """
        revisit = next(self._wanted, None)
        has_room = self._requests < self._most and self._traffic.requests + _MOST < self._budget
        if revisit is None and self._due and has_room:
            revisit = self._due.popleft()
        if revisit is None:
            return None
        self._ends.looks.add(revisit.link.id)
        self.validators[revisit.link.id] = revisit.validators
        return revisit.link

    def tombstones(self) -> Iterator[Article]:
        """Yield a revision for each article that the site has certainly deleted."""
        while self._deleted:
            article_id = self._deleted.pop()
            record = self._storage.store().record(article_id)
            if record is None:
                logger.warning("%s is deleted, and its record cannot be read", article_id)
            elif record.deleted_at is None:
                now = datetime.now(UTC).isoformat(timespec="seconds")
                empty = replace(record, text="", blocks=[], duplicate_of=None, similarity=None)
                yield replace(empty, deleted_at=now, crawled_at=now, capture=None)

    def request_reached_downloader(self, request: Request) -> None:
        """Count a request of a look."""
        asked: Link | None = request.cb_kwargs.get("asked")
        self._requests += asked is not None and asked.id in self._ends.looks

    def listing_read(self, response: Response) -> None:
        """Look first at what a listing marks as updated since."""
        self._read_listing(response.body, declared_encoding(response))

    def page_read(self, page: ArticlePage | WholePage, response: Response) -> None:
        """Do the same with the listing of an article page, which may be updated itself."""
        if isinstance(page, ArticlePage):
            self._read_listing(page.trees.tail, "utf-8")
        else:
            self.listing_read(response)

    def _read_listing(self, body: bytes, encoding: str | None) -> None:
        if not self._looks_at_news:
            return
        store = self._storage.store()
        for href, time in updated_items(body, encoding).items():
            address = parse_address(href)
            revisit = address and store.bring_forward(address.id, time)
            if revisit and revisit not in self._due:
                self._due.appendleft(revisit)

    def article_ended(self, end: ArticleEnd) -> None:
        """Remember what came of a look, and what the answer said of itself for the next one."""
        if end.asked is None or not self._storage.is_open:
            return
        if end.is_look and end.outcome != "left":
            self._end_look(end, end.asked)
        validators = _validators(end.response) if end.response is not None else None
        if validators and end.outcome in ("stored", "revised", "known") and not end.reason:
            self._storage.store().keep_validators(end.asked.id, validators)

    def _end_look(self, end: ArticleEnd, asked: Link) -> None:
        outcome: LookOutcome = "gone" if end.is_gone else "failed"
        if not end.reason:
            outcome = "revised" if end.outcome == "revised" else "unchanged"
        is_same = end.response is not None and end.response.status == NOT_MODIFIED
        self._counts.looks["not_modified" if is_same else outcome] += 1
        cause = end.reason if outcome == "failed" else None
        if cause:
            logger.warning("Looked at again in vain: %s (%s)", asked.url, end.message or cause)
        if self._storage.store().end_look(asked.id, outcome, cause):
            self._deleted.append(asked.id)


def _validators(response: Response) -> Validators | None:
    """Return what an answer says of itself, if it held all of the article."""
    request = response.request
    if request is None or "form" not in request.cb_kwargs or PAGES in request.meta:
        return None
    etag, modified = (_printable(response.headers.get(name)) for name in ("ETag", "Last-Modified"))
    url = request.meta.get("redirect_urls", [request.url])[0]
    return Validators(url, etag, modified) if etag or modified else None


def _printable(value: bytes | None) -> str | None:
    """Return a header that can be sent back as it came, or None."""
    said = value.decode("latin-1") if value else ""
    return said if said.isascii() and said.isprintable() and 0 < len(said) <= _LONGEST else None
