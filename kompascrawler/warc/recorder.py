"""Keeps every answer of a crawl as it was received: Scrapy's adapter of ``writing``."""

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response
from twisted.web.http import RESPONSES

from kompascrawler import __version__
from kompascrawler.components import Component, answer_received, page_rendered
from kompascrawler.run.shutdown import ShuttingDown
from kompascrawler.run.storage import storage_of
from kompascrawler.store.kept import BROKEN
from kompascrawler.store.model import StoreError

if TYPE_CHECKING:
    from kompascrawler.warc.writing import Archive


class RecorderExtension(Component):
    """Hands each answer and rendered document to the archive, before anybody reads it.

    Outside a crawl (``scrapy parse``, a shell) nothing is kept. Settings: ``WARC_ENABLED``,
    ``WARC_MAX_MB``, ``WARC_KEEP_DAYS``.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("WARC_ENABLED"):
            raise NotConfigured("WARC_ENABLED is off")
        super().__init__(crawler)
        self._storage = storage_of(crawler)
        self._most = crawler.settings.getint("WARC_MAX_MB") << 20
        self._days = crawler.settings.getfloat("WARC_KEEP_DAYS")
        self._has_begun = False
        crawler.signals.connect(self.answered, answer_received)
        crawler.signals.connect(self.rendered, page_rendered)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    @cached_property
    def _archive(self) -> "Archive":
        from kompascrawler.warc.writing import Archive  # noqa: PLC0415 - of the extra

        store = self._storage.store()
        with self._storage.guarded():
            archive = Archive(store, self._most, f"kompascrawler/{__version__}")
        store.archive = archive
        self._has_begun = True
        return archive

    def answered(self, request: Request, response: Response, kind: str, broken: str | None) -> None:
        """Keep an answer. Raises ShuttingDown where that fails: the run is ending then."""
        from kompascrawler.warc.writing import Exchange  # noqa: PLC0415 - of the extra

        status, article_id = response.status, _article_id(request)
        notes = {"run": self._storage.run_id, "kind": kind, "article": article_id, "broken": broken}
        role = [kind, *([] if status == 200 else [str(status)]), *([BROKEN] if broken else [])]
        exchange = Exchange(
            url=response.url,
            method=request.method,
            asked=[("Host", request.url.split("/")[2]), *_headers(request.headers)],
            status=f"{status} {RESPONSES.get(status, b'').decode()}".strip(),
            answered=_headers(response.headers),
            body=response.body,
            notes={name: value for name, value in notes.items() if value},
            role=" ".join(role),
            article_id=article_id,
            is_part="dataloss" in response.flags,
        )
        self._keep("add", exchange)

    def rendered(self, request: Request, documents: Sequence[bytes], walk: str) -> None:
        """Keep what a browser has rendered. Raises ShuttingDown."""
        self._keep("add_rendered", request.url, documents, walk, _article_id(request))

    def _keep(self, action: str, *what: Any) -> None:
        if self._storage.is_open:
            try:
                with self._storage.guarded():
                    getattr(self._archive, action)(*what)
            except StoreError as error:
                raise ShuttingDown(str(error)) from error

    def spider_closed(self) -> None:
        """Enter what no article was made of, and remove what is old."""
        if self._has_begun:
            with suppress(StoreError), self._storage.guarded():
                self._archive.close()
                if self._days:
                    self._archive.remove_older(self._days)


def _article_id(request: Request) -> str | None:
    asked = request.cb_kwargs.get("asked")
    return asked.id if asked else None


def _headers(headers: Headers) -> list[tuple[str, str]]:
    """Return headers as they were sent, without a proxy's password."""
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
        if name != b"Proxy-Authorization"
    ]
