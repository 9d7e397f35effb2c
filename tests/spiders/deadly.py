"""Add-ons for a page that kills the process, or that takes for ever to be read."""

import os
import signal
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings

from kompascrawler.signals import page_read
from tests.bench.shapes import SHAPES

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


class EndlessPage:
    """Adds ``Replacer`` to the downloader middlewares."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Add it."""
        settings["DOWNLOADER_MIDDLEWARES"][Replacer] = 45


class Replacer:
    """Puts a page that takes minutes to be read in the place of an article's."""

    def process_response(self, request: Request, response: Response) -> Response:
        asked = request.cb_kwargs.get("asked")
        if asked is None or asked.id != os.environ[VARIABLE]:
            return response
        return response.replace(body=SHAPES["attributes, body"].page(1_500_000))
