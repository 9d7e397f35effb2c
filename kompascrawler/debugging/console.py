"""What ``scrapy shell`` adds to Scrapy's console: the helpers, and the page that was named."""

import argparse
import signal
import sys
from typing import Any

from scrapy import signals
from scrapy.http import HtmlResponse
from scrapy.settings import BaseSettings

from kompascrawler.command import program
from kompascrawler.debugging.command_line import find, service_of
from kompascrawler.debugging.shell import Helpers
from kompascrawler.debugging.sources import SavedPage, ToFetch
from kompascrawler.outcome.exit_status import ExitStatus
from kompascrawler.run.causes import cause_of
from kompascrawler.run.log import quieten


class Console:
    """One console, and the page that it opens on."""

    def __init__(
        self, settings: BaseSettings, opts: argparse.Namespace, name: str | None = None
    ) -> None:
        quieten()
        self._opts = opts
        self._service = service_of("shell", settings)
        self._found = find("shell", self._service, name) if name else None
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
        if isinstance(self._found, ToFetch):
            self._fetch(variables, self._found.url)
        elif self._found is not None:
            variables["response"] = response_of(self._found)

    def _fetch(self, variables: dict[str, Any], url: str) -> None:
        if not self._opts.code:
            say = f"{program()} shell: asking for {url} (Ctrl-C: open without it)"
            print(say, file=sys.stderr)
        try:
            variables["fetch"](url, redirect=not self._opts.no_redirect)
            cause = "robots.txt forbids it" if variables["response"] is None else None
        except KeyboardInterrupt:
            cause = "interrupted"
        except Exception as error:  # noqa: BLE001 - whatever a download ends with is told
            cause = cause_of(error)
        if cause is None:
            return
        print(f"{program()} shell: {url} was not had: {cause}", file=sys.stderr)
        if self._opts.code:
            sys.exit(ExitStatus.UNREACHABLE)


def response_of(page: SavedPage) -> HtmlResponse:
    """Return a page that is at hand as the answer that it was."""
    charset = f"; charset={page.encoding}" if page.encoding else ""
    return HtmlResponse(
        page.url,
        body=page.body,
        headers={"Content-Type": f"text/html{charset}"},
        flags=["saved"],
    )
