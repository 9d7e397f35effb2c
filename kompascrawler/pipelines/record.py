"""Cleans a record, and refuses it if a required field is missing or wrong."""

from dataclasses import fields

from scrapy.exceptions import DropItem

from kompascrawler.cleaning import clean
from kompascrawler.items import Article, faults

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
