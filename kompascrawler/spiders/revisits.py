"""Looks again at articles that are stored: at which, when, and what came of it."""

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

from kompascrawler.browser import PAGES
from kompascrawler.components import ArticleEnd, article_ended, counts_of, listing_read, page_read
from kompascrawler.discovery.arguments import Arguments
from kompascrawler.identity import parse_address
from kompascrawler.items import Article
from kompascrawler.pages.index import updated_items
from kompascrawler.run.requests import NOT_MODIFIED, declared_encoding
from kompascrawler.run.storage import storage_of
from kompascrawler.sections import Sections
from kompascrawler.spiders.articles import Ends, Forms, Results
from kompascrawler.store.model import Link, LookOutcome, Revisit, Validators
from kompascrawler.store.store import Store

logger = logging.getLogger(__name__)

_MOST: Final = 12
"""Requests of a look: the longest article seen has 10 pages."""
_LONGEST: Final = 200
"""Characters of a validator that is kept."""


class Revisits:
    """Hands out stored articles one after the other; remembers what came of each look.

    Setting: ``REVISIT_MAX_REQUESTS``; what a person asks for is not bound by it. Stats:
    ``store/looks/<outcome>``.
    """

    def __init__(self, crawler: Crawler, ends: Ends, forms: Forms) -> None:
        self._ends, self._forms = ends, forms
        self._storage = storage_of(crawler)
        self._counts = counts_of(crawler).store
        self._requests = 0
        self._traffic = counts_of(crawler).traffic
        self._budget = crawler.settings.getint("MAX_RUN_REQUESTS") or inf
        self._most = crawler.settings.getint("REVISIT_MAX_REQUESTS")
        self._wanted: Iterator[Revisit] = iter(())
        self._due: deque[Revisit] = deque()
        self._looks_at_news = False
        self._validators: dict[str, Validators | None] = {}
        self._deleted: list[str] = []
        crawler.signals.connect(self.request_reached_downloader, signals.request_reached_downloader)
        crawler.signals.connect(self.article_ended, article_ended)
        for signal in (listing_read, page_read):
            crawler.signals.connect(self.listing_read, signal)

    def begin(self, store: Store, arguments: Arguments, sections: Sections) -> None:
        """Find out what is to be looked at: what is due, or what a person asks for."""
        named = [start.id for start in arguments.starts if isinstance(start, Link)]
        self._ends.looks.update(filter(store.is_settled, named))
        for article_id in store.taken_down().keys() & named:
            logger.warning("%s was taken down: it is not requested", article_id)

        def is_wanted(one: Revisit) -> bool:
            return arguments.wants(one.link.id) and sections.owns(one.link.url)

        if arguments.refresh_from is not None:
            asked = store.settled(arguments.refresh_from)
            self._wanted = filter(is_wanted, asked)
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
        self._validators[revisit.link.id] = revisit.validators
        return revisit.link

    def conditional(self, request: Request) -> Request:
        """Return the first request for an article: only for what has changed since, if possible."""
        known = self._validators.pop(request.cb_kwargs["asked"].id, None)
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
            yield from self._forms.callback(response, asked=asked, **work)
            return
        self._ends.end("known", asked, response)
        self._forms.worked(response.request)

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

    # events --------------------------------------------------------------------------------------
    def request_reached_downloader(self, request: Request) -> None:
        """Count a request of a look."""
        asked: Link | None = request.cb_kwargs.get("asked")
        self._requests += asked is not None and asked.id in self._ends.looks

    def listing_read(self, response: Response) -> None:
        """Look first at what a listing, or that of an article page, marks as updated since."""
        if not self._looks_at_news:
            return
        store = self._storage.store()
        for href, time in updated_items(response.body, declared_encoding(response)).items():
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
