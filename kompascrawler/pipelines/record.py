"""What becomes of a record: cleaned, checked, compared with the store, stored, published.

An article without one is kept with the cause, for another try in a later run.
"""

import logging
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Final

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call

from kompascrawler.cleaning import clean
from kompascrawler.components import ArticleEnd, Component, article_ended, counts_of
from kompascrawler.identity import WIB, parse_address
from kompascrawler.items import Article, faults
from kompascrawler.outcome.verdict import FEWEST_BAD
from kompascrawler.run.shutdown import shutdown_of
from kompascrawler.run.storage import storage_of, using_store
from kompascrawler.sections import chosen_sections
from kompascrawler.store.kept import Rejection, forget_rejected, save_rejected
from kompascrawler.store.links import MOST_TRIES
from kompascrawler.store.model import AlreadyStored, Failing, Link
from kompascrawler.store.publishing import GRACE, closed_before
from kompascrawler.store.store import Store

logger = logging.getLogger(__name__)

RECENT: Final = timedelta(days=30)
"""Age of articles that are missed where they are given up."""


class CleanPipeline:
    """Cleans articles; other items pass through."""

    def process_item(self, item: object) -> object:
        """Return the item, cleaned in place: `scrapy parse` prints what it handed in."""
        if isinstance(item, Article):
            cleaned = clean(item)
            for field in fields(Article):
                setattr(item, field.name, getattr(cleaned, field.name))
        return item


class InvalidArticle(DropItem):
    """A record that is not stored; ``reason`` names the fields at fault, comma-separated."""

    def __init__(self, reason: str, article: Article) -> None:
        # Scrapy would log the whole record; the refusals extension logs one line.
        name = article.url or article.id or "an article"
        super().__init__(f"{name} lacks or has wrong: {reason}", log_level="DEBUG")
        self.reason = reason


class ValidatePipeline:
    """Refuses records without identity, address, title, time or text."""

    def process_item(self, item: object) -> object:
        """Return the item, or raise InvalidArticle."""
        if isinstance(item, Article) and (wrong := faults(item)):
            raise InvalidArticle(", ".join(wrong), item)
        return item


class KnownArticle(DropItem):
    """The store has a record of the article that is as good or better."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} is stored as well or better", log_level="DEBUG")


class DedupePipeline(Component):
    """Drops records that change nothing of what is stored; labels the content of another article.

    Outside a crawl (``scrapy parse``) items pass untouched.
    Stats: ``dedupe/known``, ``dedupe/duplicates``.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._storage = storage_of(crawler)
        self._counts = counts_of(crawler).dedupe

    def process_item(self, item: Article) -> Article:
        """Return the item, ``duplicate_of`` and ``similarity`` filled in. Raises KnownArticle."""
        if not self._storage.is_open:
            return item
        with using_store(self.crawler) as store:
            if store.is_known(item):
                self._counts.known += 1
                raise KnownArticle(item.id)
            match = None if item.deleted_at else store.find_duplicate(item)
        if match:
            item.duplicate_of, item.similarity = match
            self._counts.duplicates += 1
        return item


class StorePipeline(Component):
    """Stores each item and publishes after a number of items, after a time, and at the end.

    Outside a crawl (``scrapy parse``) items pass untouched.
    Settings: ``PUBLISH_EVERY_ITEMS``, ``PUBLISH_EVERY_SECONDS``, ``COMPACT_FILES``. Stats:
    ``store/…``, of what is durable: ``articles`` are new ones, ``incomplete`` those of them that
    lack something, ``given_up`` what lacked it for the last time, ``revisions`` better records.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._storage = storage_of(crawler)
        self._counts = counts_of(crawler)
        self._sections = chosen_sections(crawler.settings.get("SECTION", "global"))
        self._batch_size = crawler.settings.getint("PUBLISH_EVERY_ITEMS", 100)
        self._seconds = crawler.settings.getfloat("PUBLISH_EVERY_SECONDS", 300.0)
        self._files = crawler.settings.getint("COMPACT_FILES", 0)
        self._waiting = 0

    def open_spider(self) -> None:
        """Start the clock of publishing."""
        self._timer = create_looping_call(self._publish_waiting)
        self._timer.start(self._seconds, now=False)

    def process_item(self, item: Article) -> Article:
        """Store the item, durable on return. Raises KnownArticle; DropItem if the store fails."""
        if not self._storage.is_open:
            return item
        item.run_id = self._storage.run_id
        with using_store(self.crawler) as store:
            forget_rejected(self._storage.data_dir, item.id)
            try:
                store.put(item)
            except AlreadyStored:  # an incomplete one got no better, or another process was first
                self._counts.dedupe.known += 1
                raise KnownArticle(item.id) from None
            finally:
                self._counts.store.given_up += _is_given_up(store, item)
        is_new = item.revision == 1
        self._counts.store.articles += is_new
        address = parse_address(item.url) if is_new else None
        if address and (section := self._sections.of(address)):
            self._counts.store.sections[section.name] += 1
        self._counts.store.revisions += not is_new and item.deleted_at is None
        self._counts.store.deletions += item.deleted_at is not None
        self._counts.store.incomplete += is_new and item.halaman.complete is False
        self._waiting += 1
        if self._waiting >= self._batch_size:
            self._publish_waiting()
        return item

    def close_spider(self) -> None:
        """Publish the rest, also of an earlier run; compact where there is news and time."""
        self._timer.stop()
        if self._storage.is_open:
            self._publish()
            self._storage.store().remove_replaced(GRACE)
            if self._counts.store.published and shutdown_of(self.crawler).reason is None:
                compact_if_many(self._storage.store(), self._files, datetime.now(UTC))

    def _publish_waiting(self) -> None:
        if self._waiting:
            self._publish()

    def _publish(self) -> None:
        self._counts.store.published += self._storage.store().publish()
        self._waiting = 0


def compact_if_many(store: Store, files: int, now: datetime) -> int:
    """Compact some closed days with more files than one each, by so many; return how many.

    ``files``: 0 for never.
    """
    before = closed_before(now)
    return store.compact(before) if files and store.spare_files(before) > files else 0


def _is_given_up(store: Store, item: Article) -> bool:
    """Whether an incomplete article was tried for the last time."""
    history = store.history(item.id) if item.halaman.complete is False else None
    return history is not None and history.state == "given_up"


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
