"""First pipeline: the text as an editor would want it."""

from dataclasses import fields

from kompascrawler.cleaning import clean
from kompascrawler.items import Article

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
