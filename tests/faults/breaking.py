"""Add-ons that break the crawler in one place, once, as an error of ours would."""

from scrapy.settings import BaseSettings

from kompascrawler.items import Article
from kompascrawler.pages import ArticlePage
from kompascrawler.spiders.assembler import Assembler
from kompascrawler.spiders.ends import Results
from kompascrawler.store.model import Link


class RaisingCallback:
    """Lets the first article page that a callback reads raise."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Put a method that raises once in front of the real one."""
        real, calls = Assembler.begin, []

        def begin(assembler: Assembler, page: ArticlePage, asked: Link) -> Results:
            calls.append(asked)
            if len(calls) == 1:
                raise RuntimeError("planted")
            return real(assembler, page, asked)

        setattr(Assembler, "begin", begin)  # noqa: B010 - mypy forbids the plain form


class RaisingPipeline:
    """Lets a pipeline raise for the first article."""

    def __init__(self) -> None:
        self._items = 0

    def update_settings(self, settings: BaseSettings) -> None:
        """Put this very class among the pipelines, before the store."""
        settings["ITEM_PIPELINES"][RaisingPipeline] = 350

    def process_item(self, item: Article) -> Article:
        """Raise once."""
        self._items += 1
        if self._items == 1:
            raise RuntimeError("planted")
        return item
