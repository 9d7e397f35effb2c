"""Stores each record durably at once, and publishes records in batches."""

from datetime import UTC, datetime

from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from kompascrawler.dataset.compact import compact_if_many
from kompascrawler.items import Article
from kompascrawler.pipelines.record import KnownArticle
from kompascrawler.run.counting import Component, counts_of
from kompascrawler.run.shutdown import shutdown_of
from kompascrawler.run.storage import storage_of, using_store
from kompascrawler.store.kept import forget_rejected
from kompascrawler.store.model import AlreadyStored
from kompascrawler.store.store import Store


class StorePipeline(Component):
    """Stores each item and publishes after a number of items, after a time, and at the end.

    Outside a crawl (``scrapy parse``) items pass untouched.
    Settings: ``PUBLISH_EVERY_ITEMS``, ``PUBLISH_EVERY_SECONDS``, ``COMPACT_FILES``. Stats:
    ``store/articles`` (new ones), ``store/incomplete`` (those of them that lack something),
    ``store/revisions`` (better or changed records of earlier ones), ``store/deletions`` and
    ``store/published``, which count what is durable and nothing else; ``store/looks/<outcome>`` (at
    articles that were stored); ``store/given_up`` (articles that lacked something for the last
    time) and ``store/error``.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._storage = storage_of(crawler)
        self._counts = counts_of(crawler)
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
        self._counts.store.revisions += not is_new and item.deleted_at is None
        self._counts.store.deletions += item.deleted_at is not None
        self._counts.store.incomplete += is_new and item.halaman.complete is False
        self._waiting += 1
        if self._waiting >= self._batch_size:
            self._publish_waiting()
        return item

    def close_spider(self) -> None:
        """Publish the rest, including what an earlier run could not publish."""
        self._timer.stop()
        if self._storage.is_open:
            self._publish()
            self._compact()

    def _compact(self) -> None:
        """Make one file of the files of old days, where there is news and time."""
        has_time = shutdown_of(self.crawler).reason is None
        files = self._counts.store.published and has_time and self._files
        compact_if_many(self._storage.store(), files or 0, datetime.now(UTC))

    def _publish_waiting(self) -> None:
        if self._waiting:
            self._publish()

    def _publish(self) -> None:
        self._counts.store.published += self._storage.store().publish()
        self._waiting = 0


def _is_given_up(store: Store, item: Article) -> bool:
    """Whether an incomplete article was tried for the last time."""
    if item.halaman.complete is not False:
        return False
    history = store.history(item.id)
    return history is not None and history.state == "given_up"
