"""What the debugger's tools need of the settings and the store, in one place. Writes nothing."""

import argparse
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.http import Response
from scrapy.settings import BaseSettings, Settings
from twisted.python.failure import Failure
from typing_extensions import override

from kompascrawler.command import LazyCommand, fail, say
from kompascrawler.configuration.table import SettingError, check_settings
from kompascrawler.debugging.links import Guide, PageLink, Robots
from kompascrawler.debugging.paint import Paint
from kompascrawler.debugging.sources import NoSuchPage, SavedPage, ToFetch, find_page
from kompascrawler.debugging.trace import PageTrace, trace_page
from kompascrawler.debugging.trace_text import trace_lines
from kompascrawler.debugging.why import Why, history_of, why_lines
from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.items import Article
from kompascrawler.outcome.exit_status import ExitStatus
from kompascrawler.outcome.terminal import put, write
from kompascrawler.politeness.non_content import non_content_in
from kompascrawler.run.requests import cause_of, declared_encoding
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
            return history_of(name, reader, data_dir=self.data_dir, section=self.section, now=now)


def _label(record: Article, reader: Reader) -> None:
    """Fill in what storing would: duplicate, time of discovery, revision."""
    if match := reader.find_duplicate(record):
        record.duplicate_of, record.similarity = match
    if history := reader.history(record.id):
        record.first_seen_at = history.first_seen_at
        record.revision = len(history.revisions) + 1


class NotFetched(Exception):  # noqa: N818 - named for what happened; the message says why
    """The page did not come, or not as a page; one line says why."""


class _OnePage(Spider):
    """Fetches one address and keeps the response."""

    name = "one_page"
    # A person waits and can try again.
    custom_settings: dict[str, Any] | None = {  # noqa: RUF012 - as Scrapy declares it
        "PROGRESS_ENABLED": False,
        "RETRY_TIMES": 0,
    }
    url: str
    answers: list[Response | Failure]

    @override
    async def start(self) -> AsyncIterator[Any]:
        meta = {"handle_httpstatus_all": False, "handle_httpstatus_list": [*range(400, 600)]}
        keep = self.answers.append
        yield Request(self.url, keep, errback=keep, meta=meta, dont_filter=True)


def fetch(url: str, settings: Settings) -> Response:
    """Return the response of one address, after redirects; call it once in a process.

    Raises NotFetched if there is none, or its status is an error.
    """
    answers: list[Response | Failure] = []
    process = CrawlerProcess(settings)
    process.crawl(_OnePage, url=url, answers=answers)
    process.start()
    if not answers:
        raise NotFetched(f"{url}: no response")
    answer = answers[0]
    if isinstance(answer, Failure):
        raise NotFetched(f"{url}: {cause_of(answer.value)}")
    if answer.status >= 400:
        named = f", a {kind} page" if (kind := non_content_in(answer)) else ""
        raise NotFetched(f"{url}: status {answer.status}{named}")
    return answer


T = TypeVar("T")


def explain(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Find a page and show how it is read."""
    if len(args) != 1:
        raise UsageError("give one page: an address, a file or the id of an article")
    service = service_of("explain", command.chosen)
    trace = service.trace(*page_of("explain", service, command.chosen, args[0]))
    show(trace.as_dict() if opts.json else trace_lines(trace, Paint.for_stream(sys.stdout)))
    return ExitStatus.FINE


def why(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Show the history of an article."""
    if len(args) != 1:
        raise UsageError("give one article: its id or its address")
    service = service_of("why", command.chosen)
    history = asked("why", lambda: service.why(args[0]))
    lines = why_lines(history, datetime.now(UTC), Paint.for_stream(sys.stdout))
    show(history.as_dict() if opts.json else lines)
    return ExitStatus.FINE


def service_of(command: str, settings: BaseSettings) -> PageService:
    """Return the service of a project; end with status 2 where a setting cannot be taken."""
    try:
        check_settings(settings)
    except SettingError as error:
        fail(command, str(error), ExitStatus.USAGE)
    return PageService(settings)


def asked(command: str, question: Callable[[], T]) -> T:
    """Return an answer; end with status 2 where there is nothing such, 3 by the store."""
    try:
        return question()
    except (NoSuchPage, NoStore) as error:
        fail(command, str(error), ExitStatus.USAGE)
    except StoreError as error:
        fail(command, str(error), ExitStatus.STORE)


def find(command: str, service: PageService, name: str) -> SavedPage | ToFetch:
    """Return what a person named; ends as ``asked``."""
    found = asked(command, lambda: service.find(name))
    if found.remark:
        say(command, found.remark)
    return found


def page_of(
    command: str, service: PageService, settings: Settings, name: str
) -> tuple[str, bytes, str | None]:
    """Return address, bytes and declared encoding of what a person named, fetched if need be.

    Ends with status 4 where it does not come, else as ``find``.
    """
    found = find(command, service, name)
    if isinstance(found, SavedPage):
        return found.url, found.body, found.encoding
    try:
        response = fetch(found.url, settings)
    except NotFetched as error:
        fail(command, str(error), ExitStatus.UNREACHABLE)
    if response.url != found.url:
        say(command, f"{found.url} leads to {response.url}")
    return response.url, response.body, declared_encoding(response)


def show(answer: dict[str, Any] | Iterable[str]) -> None:
    """Print an answer, as JSON or in painted lines; a reader may stop at its beginning."""
    if isinstance(answer, dict):
        put(json.dumps(answer, ensure_ascii=False, indent=1), sys.stdout)
    else:
        write("\n".join(answer), sys.stdout)
