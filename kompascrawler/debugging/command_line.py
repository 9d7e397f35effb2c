"""``kompascrawler explain`` and ``why``, and what the shell shares with them. Writes nothing."""

import argparse
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.http import Response
from scrapy.settings import BaseSettings, Settings
from twisted.python.failure import Failure
from typing_extensions import override

from kompascrawler.command import LazyCommand, fail, say
from kompascrawler.configuration.setting import SettingError
from kompascrawler.configuration.table import check_settings
from kompascrawler.debugging.pages import (
    FoundPage,
    Guide,
    NoSuchPage,
    PageLink,
    Robots,
    find_page,
)
from kompascrawler.debugging.trace import PageTrace, trace_lines
from kompascrawler.debugging.tracing import trace_page
from kompascrawler.debugging.why import Why, history_of, why_lines
from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.identity import ID
from kompascrawler.items import Article
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.politeness.non_content import non_content_in
from kompascrawler.replay.article import encoding_of
from kompascrawler.replay.differences import read_kept
from kompascrawler.run.requests import cause_of, declared_encoding
from kompascrawler.sections import chosen_sections
from kompascrawler.store.model import ArticleHistory, NoStore, StoreError
from kompascrawler.store.reader import Reader
from kompascrawler.store.store import open_reader
from kompascrawler.terminal import put_json, write


class PageService:
    """Answers the debugger's questions, with the project's settings.

    Each question opens the store to read it, so that a crawl may run meanwhile. Methods raise
    StoreError if it cannot be read; without a store, nothing is known.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.data_dir = Path(settings["DATA_DIR"])
        self.section = chosen_sections(settings["SECTION"])
        self.robots = Robots(settings["USER_AGENT"])
        self._route: RouteChoice = settings["HALAMAN_ROUTE"]

    def find(self, name: str, revision: int | None = None) -> FoundPage:
        """Return the page that an address, a file or an id stands for. Raises NoSuchPage.

        A page of a revision that was kept is read, not fetched.
        """
        if revision is not None:
            if kept := self._kept(name, revision):
                return kept
            raise NoSuchPage(
                f"no page of revision {revision} of {name} is kept: `kompascrawler why {name}`"
                " lists what is; WARC_ENABLED keeps pages, and the extra `warc` reads them"
                if ID.fullmatch(name)
                else f"--revision is for the id of an article, not for {name}"
            )
        found = find_page(name, data_dir=self.data_dir, section=self.section, history=self.history)
        if found.body is None and (kept := self._kept(name)):
            return kept
        # An id is fetched as a crawl would do: with all pages, if the route begins so.
        if found.body is None and found.url != name and self._route in ("auto", "all"):
            return replace(found, url=f"{found.url}?page=all") if "/read/" in found.url else found
        return found

    def _kept(self, name: str, revision: int | None = None) -> FoundPage | None:
        """Return the page in a WARC file that a revision was made of; None: the latest with one."""
        made_of = []
        with suppress(NoStore), open_reader(self.data_dir) as reader:
            made_of = [
                (one.article, one.role == "article", file, one)
                for file, one in reader.captures(name, revision)
                if one.article is not None and one.role in ("article", "rendered")
            ]
        if not made_of or find_spec("fastwarc") is None:
            return None
        *_, file, page = max(made_of, key=lambda one: one[:2])
        answer = read_kept(self.data_dir, file, page)
        at = answer.at.isoformat() if answer.at else "an unknown day"
        remark = f"as received on {at}, from {self.data_dir / file.file}"
        encoding = encoding_of(answer)
        return FoundPage(url=answer.url, body=answer.body, encoding=encoding, remark=remark)

    def history(self, article_id: str) -> ArticleHistory | None:
        """Return what the store knows about an article."""
        with suppress(NoStore), open_reader(self.data_dir) as reader:
            return reader.history(article_id)
        return None

    def trace(self, url: str, body: bytes, encoding: str | None, **sent: Any) -> PageTrace:
        """Return how the record of a page is made; ``sent`` are status and headers."""
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
    # As storing does.
    if match := reader.find_duplicate(record):
        record.duplicate_of, record.similarity = match
    if history := reader.history(record.id):
        record.first_seen_at = history.first_seen_at
        record.revision = len(history.revisions) + 1


class NotFetched(Exception):  # noqa: N818 - what happened; the message says why
    """The page did not come, or not as a page; one line says why."""


class _OnePage(Spider):
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
    """Return the response of one address, once in a process. Raises NotFetched."""
    answers: list[Response | Failure] = []
    process = CrawlerProcess(settings)
    process.crawl(_OnePage, url=url, answers=answers)
    process.start()
    cause = "no response"
    for answer in answers:
        if isinstance(answer, Failure):
            cause = cause_of(answer.value)
        elif answer.status < 400:
            return answer
        else:
            kind = non_content_in(answer)
            cause = f"status {answer.status}" + (f", a {kind} page" if kind else "")
    raise NotFetched(f"{url}: {cause}")


def explain(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Find a page and show how it is read."""
    if len(args) != 1:
        raise UsageError("give one page: an address, a file or the id of an article")
    service = service_of("explain", command.chosen)
    found = find("explain", service, args[0], opts.revision)
    if found.body is not None:
        trace = service.trace(found.url, found.body, found.encoding)
    else:
        with _failing("explain"):
            response = fetch(found.url, command.chosen)
        if response.url != found.url:
            say("explain", f"{found.url} leads to {response.url}")
        trace = service.trace(response.url, response.body, declared_encoding(response))
    show(trace.as_dict() if opts.json else trace_lines(trace))
    return ExitStatus.FINE


def why(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Show the history of an article."""
    if len(args) != 1:
        raise UsageError("give one article: its id or its address")
    service = service_of("why", command.chosen)
    with _failing("why"):
        history = service.why(args[0])
    lines = why_lines(history, datetime.now(UTC))
    show(history.as_dict() if opts.json else lines)
    return ExitStatus.FINE


def service_of(command: str, settings: BaseSettings) -> PageService:
    """Return the service of a project; end with status 2 where a setting cannot be taken."""
    try:
        check_settings(settings)
    except SettingError as error:
        fail(command, str(error), ExitStatus.USAGE)
    return PageService(settings)


@contextmanager
def _failing(command: str) -> Iterator[None]:
    try:
        yield
    except NotFetched as error:
        fail(command, str(error), ExitStatus.UNREACHABLE)
    except (NoSuchPage, NoStore) as error:
        fail(command, str(error), ExitStatus.USAGE)
    except StoreError as error:
        fail(command, str(error), ExitStatus.STORE)


def find(command: str, service: PageService, name: str, revision: int | None = None) -> FoundPage:
    """Return what a person named; ends with status 2 or 3 where there is nothing such."""
    with _failing(command):
        found = service.find(name, revision)
    if found.remark:
        say(command, found.remark)
    return found


def show(answer: dict[str, Any] | Iterable[str]) -> None:
    """Print an answer, as JSON or in painted lines; a reader may stop at its beginning."""
    if isinstance(answer, dict):
        put_json(answer)
    else:
        write("\n".join(answer), sys.stdout)
