"""``scrapy shell``: Scrapy's own, on saved pages and articles too, with helpers that explain.

Scrapy imports every command module for any command: what this one needs is imported when it is
used.
"""

import argparse
import signal
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import signals
from scrapy.commands import shell
from scrapy.exceptions import UsageError
from scrapy.http import HtmlResponse

from kompascrawler.outcome.exit_status import ExitStatus

if TYPE_CHECKING:
    from kompascrawler.debugging.page_service import PageService
    from kompascrawler.debugging.sources import SavedPage, ToFetch


class Command(shell.Command):
    """Open a console on a page; nothing is written to the data folder."""

    default_settings: ClassVar[dict[str, Any]] = {
        **shell.Command.default_settings,
        "RETRY_TIMES": 0,  # a person looks at the answer, and asks again
    }

    _found: "SavedPage | ToFetch | None" = None
    _is_open = False

    def syntax(self) -> str:
        """Return what stands after ``scrapy shell`` in the usage line."""
        return "[url|file|id]"

    def long_desc(self) -> str:
        """Return what ``scrapy shell -h`` says."""
        return (
            "Console on a page: an address, a saved page (.html, .html.gz), or the id of an "
            "article, which stands for its refused page in the data folder (DATA_DIR) or for the "
            "address that the store knows. help() lists what is there to look into it."
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Keep off the terminal what a crawl would show there."""
        super().process_options(args, opts)
        assert self.settings is not None
        self.settings.set("PROGRESS_ENABLED", value=False, priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Find the page, and open the console on it."""
        from kompascrawler.debugging.command_line import find, service_of  # noqa: PLC0415 - see above
        from kompascrawler.run.log import quieten  # noqa: PLC0415 - likewise

        assert self.settings is not None
        if len(args) > 1:
            raise UsageError("give one page at most: an address, a file or the id of an article")
        quieten()
        self._service: PageService = service_of("shell", self.settings)
        self._opts = opts
        if args:
            self._found = find("shell", self._service, args[0])
        # The page is got where the console begins (update_vars): Scrapy would end with a
        # traceback where it cannot be had, and takes no page that is at hand.
        super().run([], opts)

    def update_vars(self, vars: dict[str, Any]) -> None:  # noqa: A002 - Scrapy's name
        """Add the helpers; at the first call, get the page."""
        from kompascrawler.debugging.shell import Helpers  # noqa: PLC0415 - as in run

        vars.update(Helpers(self._service, vars).all())
        if not self._is_open:
            self._is_open = True
            # Scrapy has it ignored. Its engine runs in another thread, where it harms nothing.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            vars["crawler"].signals.connect(
                self._service.robots.robots_parsed, signals.robots_parsed
            )
            self._open_page(vars)

    def _open_page(self, variables: dict[str, Any]) -> None:
        from kompascrawler.debugging.sources import ToFetch  # noqa: PLC0415 - as in run

        if isinstance(self._found, ToFetch):
            self._fetch(variables, self._found.url)
        elif self._found is not None:
            variables["response"] = response_of(self._found)

    def _fetch(self, variables: dict[str, Any], url: str) -> None:
        from kompascrawler.run.causes import cause_of  # noqa: PLC0415 - as in run

        if not self._opts.code:
            print(f"scrapy shell: asking for {url} (Ctrl-C: open without it)", file=sys.stderr)
        try:
            variables["fetch"](url, redirect=not self._opts.no_redirect)
            cause = "robots.txt forbids it" if variables["response"] is None else None
        except KeyboardInterrupt:
            cause = "interrupted"
        except Exception as error:  # noqa: BLE001 - whatever a download ends with is told
            cause = cause_of(error)
        if cause is None:
            return
        print(f"scrapy shell: {url} was not had: {cause}", file=sys.stderr)
        if self._opts.code:
            sys.exit(ExitStatus.UNREACHABLE)


def response_of(page: "SavedPage") -> HtmlResponse:
    """Return a page that is at hand as the answer that it was."""
    charset = f"; charset={page.encoding}" if page.encoding else ""
    return HtmlResponse(
        page.url,
        body=page.body,
        headers={"Content-Type": f"text/html{charset}"},
        flags=["saved"],
    )
