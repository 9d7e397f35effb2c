"""Cleans a record; refuses one that is not valid or changes nothing; labels republications."""

from dataclasses import fields

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from kompascrawler.cleaning import clean
from kompascrawler.items import Article, faults
from kompascrawler.run.counting import Component, counts_of
from kompascrawler.run.storage import storage_of, using_store

_FIELDS = [field.name for field in fields(Article)]


class CleanPipeline:
    """Cleans articles; other items pass through."""

    def process_item(self, item: object) -> object:
        """Return the item, cleaned in place: `scrapy parse` prints what it handed in."""
        if isinstance(item, Article):
            cleaned = clean(item)
            for name in _FIELDS:
                setattr(item, name, getattr(cleaned, name))
        return item


class InvalidArticle(DropItem):
    """A record that is not stored; ``reason`` names the fields at fault, comma-separated."""

    def __init__(self, reason: str, article: Article) -> None:
        # Scrapy would log the whole record; the refusals extension logs one line.
        super().__init__(
            f"{article.url or article.id or 'an article'} lacks or has wrong: {reason}",
            log_level="DEBUG",
        )
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
