"""What becomes of a record: cleaned, checked, compared with the store, stored, published."""

from dataclasses import fields
from datetime import UTC, datetime

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.asyncio import create_looping_call

from kompascrawler.cleaning import clean
from kompascrawler.identity import parse_address
from kompascrawler.items import Article, faults
from kompascrawler.run.counting import Component, counts_of
from kompascrawler.run.shutdown import shutdown_of
from kompascrawler.run.storage import storage_of, using_store
from kompascrawler.sections import chosen_sections
from kompascrawler.store.kept import forget_rejected
from kompascrawler.store.model import AlreadyStored
from kompascrawler.store.outbox import GRACE, closed_before
from kompascrawler.store.store import Store


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
    ``store/articles`` (new ones) and ``store/sections/<name>``, ``store/incomplete`` (those of them
    that lack something), ``store/revisions`` (better or changed records of earlier ones),
    ``store/deletions`` and ``store/published``, which count what is durable and nothing else;
    ``store/looks/<outcome>`` (at articles that were stored); ``store/given_up`` (articles that
    lacked something for the last time) and ``store/error``.
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
        """Store the item; it is durable on return. Raises KnownArticle and NotStored."""
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
