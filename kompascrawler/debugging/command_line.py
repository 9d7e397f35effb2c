"""``kompascrawler explain`` and ``why``, and what the shell shares: pages, errors, output."""

import argparse
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime
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
from kompascrawler.debugging.page_service import PageService
from kompascrawler.debugging.paint import Paint
from kompascrawler.debugging.sources import NoSuchPage, SavedPage, ToFetch
from kompascrawler.debugging.trace_text import trace_lines
from kompascrawler.debugging.why import why_lines
from kompascrawler.outcome.exit_status import ExitStatus
from kompascrawler.outcome.terminal import put, write
from kompascrawler.politeness.non_content import non_content_in
from kompascrawler.run.causes import cause_of
from kompascrawler.run.requests import declared_encoding
from kompascrawler.store.model import NoStore, StoreError


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
