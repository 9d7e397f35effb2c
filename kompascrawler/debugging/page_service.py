"""What the debugger's tools need of the settings and the store, in one place. Writes nothing."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kompascrawler.debugging.links import Guide, PageLink, Robots
from kompascrawler.debugging.sources import SavedPage, ToFetch, find_page
from kompascrawler.debugging.trace import PageTrace, trace_page
from kompascrawler.debugging.why import Why, why
from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.items import Article
from kompascrawler.sections import SECTIONS
from kompascrawler.store.model import ArticleHistory, NoStore, StoreError
from kompascrawler.store.reader import Reader
from kompascrawler.store.store import open_reader


class PageService:
    """Answers the debugger's questions, with the project's settings.

    Each question opens the store to read it, so that a crawl may run meanwhile. Methods raise
    StoreError if it cannot be read; without a store, nothing is known.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.data_dir = Path(settings["DATA_DIR"])
        self.section = SECTIONS[settings["SECTION"]]
        self.robots = Robots(settings["USER_AGENT"])
        self._route: RouteChoice = settings["HALAMAN_ROUTE"]

    def find(self, name: str) -> SavedPage | ToFetch:
        """Return the page that an address, a file or an id stands for. Raises NoSuchPage.

        An id is fetched as a crawl would do: with all pages, if the route begins so.
        """
        found = find_page(name, data_dir=self.data_dir, section=self.section, history=self.history)
        if isinstance(found, ToFetch) and found.url != name and self._route in ("auto", "all"):
            return replace(found, url=f"{found.url}?page=all") if "/read/" in found.url else found
        return found

    def history(self, article_id: str) -> ArticleHistory | None:
        """Return what the store knows about an article."""
        with suppress(NoStore), open_reader(self.data_dir) as reader:
            return reader.history(article_id)
        return None

    def trace(self, url: str, body: bytes, encoding: str | None, **sent: Any) -> PageTrace:
        """Return how the record of a page is made; note a store that cannot be read.

        ``sent`` are status and headers, as for ``trace_page``.
        """
        trace = trace_page(url, body, encoding, section=self.section, wish=self._route, **sent)
        if trace.record is not None:
            try:
                with open_reader(self.data_dir) as reader:
                    trace.duplicates = reader.similar(trace.record)
                    _label(trace.record, reader)
            except StoreError as error:
                trace.no_store = str(error)
        return trace

    def links(self, url: str, body: bytes, encoding: str | None) -> list[PageLink]:
        """Return the links of a page that a crawl looks at. Raises PageRefused."""
        return list(Guide(self.section, self.robots, self.history).links_of(url, body, encoding))

    def why(self, name: str) -> Why:
        """Return the history of an article. Raises NoSuchPage, and NoStore."""
        now = datetime.now(UTC)
        with open_reader(self.data_dir) as reader:
            return why(name, reader, data_dir=self.data_dir, section=self.section, now=now)


def _label(record: Article, reader: Reader) -> None:
    """Fill in what storing would: duplicate, time of discovery, revision."""
    if match := reader.find_duplicate(record):
        record.duplicate_of, record.similarity = match
    if history := reader.history(record.id):
        record.first_seen_at = history.first_seen_at
        record.revision = len(history.revisions) + 1
