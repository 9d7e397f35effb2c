"""First pipeline: the text as an editor would want it."""

from kompascrawler.cleaning import clean
from kompascrawler.items import Article


class CleanPipeline:
    """Cleans articles; other items pass through."""

    def process_item(self, item: object) -> object:
        """Return the item, cleaned."""
        return clean(item) if isinstance(item, Article) else item
