"""``scrapy shell``: its helpers, the page that it opens on, and a shell amid a crawl."""

import argparse
import asyncio
import builtins
import json
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from scrapy import Spider, signals
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings
from scrapy.shell import Shell

from kompascrawler.browser import browser_request
from kompascrawler.browser.request import BrowserError
from kompascrawler.command import say
from kompascrawler.debugging.command_line import PageService, find, service_of
from kompascrawler.debugging.pages import NoSuchPage, link_lines
from kompascrawler.debugging.trace import PageTrace, trace_lines
from kompascrawler.debugging.why import why_lines
from kompascrawler.items import Article
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.pages import ArticlePage, PageRefused, article_page
from kompascrawler.politeness.non_content import telling_headers
from kompascrawler.run.log import quieten
from kompascrawler.run.requests import cause_of, declared_encoding
from kompascrawler.store.model import StoreError
from kompascrawler.terminal import printable

_EXPECTED: Final = (PageRefused, NoSuchPage, StoreError, BrowserError)
"""Errors shown in one line instead of a traceback."""


class Printable:
    """A result that the prompt shows as text; ``data`` is the same to work with."""

    def __init__(self, data: Any, lines: Iterable[str]) -> None:
        self.data = data
        self._text = "\n".join(lines)

    def __repr__(self) -> str:
        return self._text


class Record(Article):
    """An article that the prompt shows as JSON."""

    def __repr__(self) -> str:
        return printable(json.dumps(asdict(self), ensure_ascii=False, indent=2))


@dataclass(frozen=True, slots=True, repr=False)
class Helper:
    """A function of the shell; a dataclass, because ``shelp()`` lists those by their ``str``."""

    usage: str
    does: str
    function: Callable[..., Any]

    def __call__(self, *args: Any) -> Any:
        """Call the function; show expected errors in one line."""
        try:
            return self.function(*args)
        except _EXPECTED as error:
            reason = f"{error.reason}: " if isinstance(error, PageRefused) else ""
            return Printable(None, [f"{type(error).__name__}: {reason}{error}"])

    def __repr__(self) -> str:
        return f"{self.usage:<12}{self.does}"


class Helpers:
    """The helpers of one shell; every ``fetch`` changes its variables."""

    def __init__(self, service: PageService, variables: dict[str, Any]) -> None:
        self._service = service
        self._variables = variables

    def all(self) -> dict[str, Helper]:
        """Return the helpers by their names in the shell."""
        return {
            "article": Helper("(response)", "the record as it would be stored", self.article),
            "page": Helper("(response)", "the page object, a property a field", self.page),
            "links": Helper("(response)", "its links, and what a crawl does", self.links),
            "explain": Helper("(response)", "how its record is made", self.explain),
            "why": Helper("(id or url)", "the history of an article", self.why),
            "browser": Helper("(url)", "the page as the browser renders it", self.browser),
            "help": Helper("()", "this list; help(x): Python's own", self.help),
        }

    def article(self, response: Response | None = None) -> Article | Printable:
        """Return the record of a page, cleaned, checked and compared with the store."""
        trace = self._trace(response)
        if trace.record is None or trace.faults:
            return Printable(None, [f"refused: {trace.refused or ', '.join(trace.faults)}"])
        return Record(**{name: getattr(trace.record, name) for name in Article.__slots__})

    def page(self, response: Response | None = None) -> ArticlePage:
        """Return the page object in its layout."""
        return article_page(*self._page_of(response))

    def links(self, response: Response | None = None) -> Printable:
        """Return the links of a page, and what a crawl does about each."""
        found = self._service.links(*self._page_of(response))
        return Printable(found, link_lines(found))

    def explain(self, response: Response | None = None) -> Printable:
        """Return how the record of a page is made, or why there is none."""
        trace = self._trace(response)
        return Printable(trace, trace_lines(trace))

    def why(self, name: str | Response | None = None) -> Printable:
        """Return the history of an article; without an argument, of that of ``response``."""
        story = self._service.why(self._address(name))
        return Printable(story, why_lines(story, datetime.now(UTC)))

    def browser(self, url: str | Response | None = None) -> Response | Printable:
        """Return the page as the browser renders it; ``response`` does not change."""
        fetch = self._variables.get("fetch")
        if fetch is None:
            told = "not here: the crawl waits for this shell; use `kompascrawler shell`"
            return Printable(None, [told])
        request, response = self._variables["request"], self._variables["response"]
        try:
            fetch(browser_request(self._address(url)))
            rendered: Response | None = self._variables["response"]
        except BrowserError:
            raise
        except Exception as error:  # noqa: BLE001 - every failed download is shown
            return Printable(None, [f"failed: {cause_of(error)}"])
        finally:
            self._variables |= {"request": request, "response": response}
        return rendered or Printable(None, ["not requested: robots.txt forbids it"])

    def help(self, *about: Any) -> Printable | None:
        """Return the list of helpers, or call Python's ``help``."""
        if about and not isinstance(about[0], Helper):
            builtins.help(*about)
            return None
        if about:
            return Printable(None, [about[0].function.__doc__ or about[0].does])
        head = "About a page (without an argument: `response`), and what the store knows:"
        listed = [f"  {name:<8}{helper!r}" for name, helper in self.all().items()]
        end = "Scrapy's own, fetch() and view() among them: shelp()"
        return Printable(None, [head, *listed, end])

    def _trace(self, response: Response | None) -> PageTrace:
        answer = self._response(response)
        sent: dict[str, Any] = {"status": answer.status, "headers": telling_headers(answer)}
        return self._service.trace(*self._page_of(answer), **sent)

    def _page_of(self, response: Response | None) -> tuple[str, bytes, str | None]:
        response = self._response(response)
        return response.url, response.body, declared_encoding(response)

    def _address(self, given: str | Response | None) -> str:
        return given if isinstance(given, str) else self._response(given).url

    def _response(self, given: object = None) -> Response:
        """Return the response to use. Raises NoSuchPage."""
        response = self._variables.get("response") if given is None else given
        if response is None:
            raise NoSuchPage("there is no response: get one with fetch('https://…')")
        if not isinstance(response, Response):
            raise NoSuchPage(f"{response!r} is not a response; get one with fetch('https://…')")
        return response


class Console:
    """One console, and the page that it opens on."""

    def __init__(self, settings: BaseSettings, opts: argparse.Namespace, name: str = "") -> None:
        quieten()
        self._opts = opts
        self._service = service_of("shell", settings)
        self._found = find("shell", self._service, name, opts.revision) if name else None
        self._is_open = False

    def update(self, variables: dict[str, Any]) -> None:
        """Add the helpers; at the first call, get the page."""
        variables.update(Helpers(self._service, variables).all())
        if self._is_open:
            return
        self._is_open = True
        # Scrapy has it ignored. Its engine runs in another thread, where it harms nothing.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        parsed = self._service.robots.robots_parsed
        variables["crawler"].signals.connect(parsed, signals.robots_parsed)
        page = self._found
        if page is not None and page.body is None:
            self._fetch(variables, page.url)
        elif page is not None and page.body is not None:
            charset = f"; charset={page.encoding}" if page.encoding else ""
            headers = {"Content-Type": f"text/html{charset}"}
            variables["response"] = HtmlResponse(
                page.url, body=page.body, headers=headers, flags=["saved"]
            )

    def _fetch(self, variables: dict[str, Any], url: str) -> None:
        if not self._opts.code:
            say("shell", f"requesting {url} (Ctrl-C: open without it)")
        try:
            variables["fetch"](url, redirect=not self._opts.no_redirect)
            if variables["response"] is not None:
                return
            cause = "robots.txt forbids it"
        except KeyboardInterrupt:
            cause = "interrupted"
        except Exception as error:  # noqa: BLE001 - every failed download is shown
            cause = cause_of(error)
        say("shell", f"{url} was not received: {cause}")
        if self._opts.code:
            sys.exit(ExitStatus.UNREACHABLE)


def inspect_response(response: Response, spider: Spider) -> None:
    """Open a shell on a response from a callback; the crawl waits, so that it cannot fetch."""
    service = PageService(spider.crawler.settings)

    def update_vars(variables: dict[str, Any]) -> None:
        variables |= Helpers(service, variables).all()
        # Scrapy has it ignored: Ctrl-C could not interrupt what was typed.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    handler = signal.getsignal(signal.SIGINT)  # the shell replaces it
    has_reactor = spider.crawler.settings.getbool("TWISTED_REACTOR_ENABLED")
    loop = None if has_reactor else asyncio.get_running_loop()
    Shell(spider.crawler, update_vars, loop=loop).start(response=response, spider=spider)
    signal.signal(signal.SIGINT, handler)
