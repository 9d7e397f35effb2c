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
from kompascrawler.store.store import Reader, open_reader


class PageService:
    """Answers what a debugger asks, by the settings of the project.

    The store is opened for each question and only read, so that a crawl may run meanwhile. Its
    methods raise StoreError where it cannot be read; where there is none, it knows nothing.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.data_dir = Path(settings["DATA_DIR"])
        self.section = SECTIONS[settings["SECTION"]]
        self.robots = Robots(settings["USER_AGENT"])
        self._wish: RouteChoice = settings["HALAMAN_ROUTE"]

    def find(self, name: str) -> SavedPage | ToFetch:
        """Return the page that an address, a file or an id stands for. Raises NoSuchPage.

        An id is asked for as a crawl would: with all its pages, where it begins so.
        """
        found = find_page(name, data_dir=self.data_dir, section=self.section, story=self.story)
        if isinstance(found, ToFetch) and found.url != name and self._wish in ("auto", "all"):
            return replace(found, url=f"{found.url}?page=all") if "/read/" in found.url else found
        return found

    def story(self, article_id: str) -> ArticleHistory | None:
        """Return what the store knows of an article, nothing where there is none."""
        with suppress(NoStore), open_reader(self.data_dir) as reader:
            return reader.history(article_id)
        return None

    def trace(
        self,
        url: str,
        body: bytes,
        encoding: str | None,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> PageTrace:
        """Return why the record of a page is as it is; a store that cannot be read is noted."""
        trace = trace_page(
            url, body, encoding,
            section=self.section, wish=self._wish, status=status, headers=headers,
        )  # fmt: skip
        if trace.record is not None:
            try:
                with open_reader(self.data_dir) as reader:
                    trace.duplicates = reader.similar(trace.record)
                    _label(trace.record, reader)
            except StoreError as error:
                trace.no_store = str(error)
        return trace

    def links(self, url: str, body: bytes, encoding: str | None) -> list[PageLink]:
        """Return every link of a page that a crawl looks at. Raises PageRefused."""
        return list(Guide(self.section, self.robots, self.story).links_of(url, body, encoding))

    def why(self, name: str) -> Why:
        """Return the story of an article. Raises NoSuchPage, and NoStore where there is none."""
        now = datetime.now(UTC)
        with open_reader(self.data_dir) as reader:
            return why(name, reader, data_dir=self.data_dir, section=self.section, now=now)


def _label(record: Article, reader: Reader) -> None:
    """Fill in what storing a record would: duplicate, first finding, revision."""
    if match := reader.find_duplicate(record):
        record.duplicate_of, record.similarity = match
    if story := reader.history(record.id):
        record.first_seen_at = story.first_seen_at
        record.revision = len(story.revisions) + 1
