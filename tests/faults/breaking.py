"""Add-ons that break the crawler in one place, once, as an error of ours would."""

from typing import Any

from scrapy.settings import BaseSettings

from kompascrawler.items import Article
from kompascrawler.spiders import kompas_global


class RaisingCallback:
    """Lets the first article page that a callback reads raise."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Put a reader that raises once in front of the real one."""
        real, calls = kompas_global.article_page, []

        def article_page(*args: Any) -> Any:
            calls.append(args)
            if len(calls) == 1:
                raise RuntimeError("planted")
            return real(*args)

        kompas_global.article_page = article_page


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
