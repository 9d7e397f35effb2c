"""Second pipeline: no record without what makes it one."""

from datetime import datetime

from scrapy.exceptions import DropItem

from kompascrawler.identity import parse_address
from kompascrawler.items import REQUIRED, Article


class InvalidArticle(DropItem):
    """A record that is not stored; ``reason`` names the fields at fault, comma-separated."""

    def __init__(self, reason: str, article: Article) -> None:
        # Scrapy would log the whole record; the extension that keeps the page says it in a line.
        super().__init__(
            f"{article.url or article.id or 'an article'} lacks or has wrong: {reason}",
            log_level="DEBUG",
        )
        self.reason = reason


def faults(article: Article) -> list[str]:
    """Return the names of the required fields that are missing or impossible, in field order.

    ``published_at`` must be a time with an offset, and ``url`` the address of the article that
    ``id`` names.

    >>> from kompascrawler.items import Halaman
    >>> halaman = Halaman(pages_expected=1, pages_fetched=1, route="single",
    ...                   words_declared=None, words_counted=9, complete=None)
    >>> faults(Article(id="2020-10-17-160000470", url="", title="Judul",
    ...                published_at="kemarin", text="Isi.", halaman=halaman))
    ['url', 'published_at']
    """
    found = {name for name in REQUIRED if not getattr(article, name).strip()}
    address = parse_address(article.url)
    if address is None or address.id != article.id:
        found.add("url")
    if not _is_time(article.published_at):
        found.add("published_at")
    return [name for name in REQUIRED if name in found]


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


class ValidatePipeline:
    """Refuses records without identity, address, title, time or text."""

    def process_item(self, item: object) -> object:
        """Return the item, or raise InvalidArticle."""
        if isinstance(item, Article) and (wrong := faults(item)):
            raise InvalidArticle(", ".join(wrong), item)
        return item
