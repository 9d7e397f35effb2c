"""Keeps articles that did not become records, with the cause, for another try in a later run."""

import logging
from datetime import datetime, timedelta
from typing import Final

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from kompascrawler.identity import WIB, parse_address
from kompascrawler.outcome.verdict import FEWEST_BAD
from kompascrawler.run.counting import Component, counts_of
from kompascrawler.run.storage import storage_of
from kompascrawler.signals import ArticleEnd, article_ended
from kompascrawler.store.kept import Rejection, save_rejected
from kompascrawler.store.links import MOST_TRIES
from kompascrawler.store.model import Failing, Link

logger = logging.getLogger(__name__)

RECENT: Final = timedelta(days=30)
"""Age of articles that are missed where they are given up."""


class RefusalsExtension(Component):
    """Saves refused pages with their reason, and puts every failed article into the retry queue.

    Outside a crawl (``scrapy parse``) they are only logged.
    Stats: ``refusals/pages``, ``refusals/pages/<reason>``, ``refusals/failed``;
    ``refusals/again`` (those of both that are gone or refused as before), ``refusals/given_up``.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._storage = storage_of(crawler)
        self._counts = counts_of(crawler).refusals
        crawler.signals.connect(self.article_ended, article_ended)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    def article_ended(self, end: ArticleEnd) -> None:
        """Handle an article that was refused or failed; other outcomes need nothing."""
        if end.is_look:
            return
        if end.outcome == "refused":
            self._refused(end)
        elif end.outcome == "failed":
            self._failed(end)

    def _refused(self, end: ArticleEnd) -> None:
        self._counts.pages[end.reason] += 1
        place = end.response.url if end.response else end.asked and end.asked.url
        logger.warning("Refused: %s (%s)", place, end.message)
        if not self._storage.is_open:
            return
        link = _article_of(end)
        if end.response is not None:
            self._keep(end, end.response, link)
        if link is not None:
            self._add_failure(link, end.reason, is_own=True)

    def _keep(self, end: ArticleEnd, response: Response, link: Link | None) -> None:
        rejection = Rejection(
            article_id=link.id if link else None,
            url=response.url,
            reason=end.reason,
            message=end.message,
            encoding=getattr(response, "encoding", "utf-8"),
            run_id=self._storage.run_id,
        )
        with self._storage.guarded():
            save_rejected(self._storage.data_dir, rejection, response.body)

    def _failed(self, end: ArticleEnd) -> None:
        assert end.asked is not None
        self._counts.failed += 1
        self._counts.causes[end.reason] += 1
        event = "Not fetched"
        if self._storage.is_open:
            tries = self._add_failure(end.asked, end.reason, is_own=end.is_gone)
            event = f"Not fetched, try {tries}"
        logger.warning("%s: %s (%s)", event, end.asked.url, end.message)

    def spider_closed(self) -> None:
        """Look for a cause that lasts."""
        if self._storage.is_open and not counts_of(self.crawler).store.error:
            recent = (datetime.now(WIB) - RECENT).date().isoformat()
            self._counts.lasting = lasting_cause(self._storage.store().failing(recent))

    def _add_failure(self, link: Link, cause: str, *, is_own: bool) -> int:
        """Put an article into the retry queue; return the number of tries so far.

        A fault of the article itself (``is_own``) repeats at every try, so only the first try says
        something about the run.
        """
        tries = self._storage.store().add_failure(link, cause)
        if is_own and tries > 1:
            self._counts.again += 1
        if tries >= MOST_TRIES:
            self._counts.given_up += 1
        return tries


def lasting_cause(failing: Failing) -> str | None:
    """Say why nothing is ever stored, or recent articles are given up, where one cause is shared.

    Articles that the site has deleted do not count.

    >>> from collections import Counter
    >>> lasting_cause(Failing(Counter({"http 500": 4, "login": 1}), Counter(), has_stored=True))
    '4 articles of the last 30 days are given up: http 500'
    >>> lasting_cause(Failing(Counter(), Counter({"no_body": 2}), has_stored=False))
    'no article was ever stored, and 2 failed: no_body (2)'
    """
    for cause, number in failing.given_up.most_common(1):
        if number >= FEWEST_BAD and 2 * number > failing.given_up.total():
            return f"{number} articles of the last {RECENT.days} days are given up: {cause}"
    every = failing.given_up + failing.waiting
    if failing.has_stored or not every:
        return None
    ((cause, number),) = every.most_common(1)
    return f"no article was ever stored, and {every.total()} failed: {cause} ({number})"


def _article_of(end: ArticleEnd) -> Link | None:
    """Return the article that a page was asked for, or that its address names."""
    if end.asked is not None or end.response is None:
        return end.asked
    address = parse_address(end.response.url)
    return Link(address.id, address.url) if address else None
