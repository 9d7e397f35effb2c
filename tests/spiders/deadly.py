"""An add-on for a page that kills the process."""

import os
import signal
from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from kompascrawler.components import page_read

VARIABLE = "DEADLY_ARTICLE"


class DeadlyPage:
    """Adds ``Killer`` to the extensions."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Add it."""
        settings["EXTENSIONS"][Killer] = 1


class Killer:
    """Kills the process when the page of an article is read, which the environment names."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Killer":
        extension = cls()
        crawler.signals.connect(extension.page_read, page_read)
        return extension

    def page_read(self, page: Any) -> None:
        if page.address.id == os.environ[VARIABLE]:
            os.kill(os.getpid(), signal.SIGKILL)
