"""Drops records that change nothing of what is stored; labels republications."""

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from kompascrawler.items import Article
from kompascrawler.run.counting import Component, counts_of
from kompascrawler.run.storage import storage_of, using_store


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
