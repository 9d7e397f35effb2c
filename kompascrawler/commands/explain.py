"""``scrapy explain``: why the record of a page is as it is, or why there is none.

Scrapy imports every command module for any command: what this one needs is imported when it is
used.
"""

import argparse
import sys
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError


class Command(ScrapyCommand):
    """Tell how a page is read, step by step; nothing is written to the data folder."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Return what stands after ``scrapy explain`` in the usage line."""
        return "[options] <url|file|id>"

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Tell where the record of a page comes from, or why it has none"

    def long_desc(self) -> str:
        """Return what ``scrapy explain -h`` says."""
        return (
            "Tell how a page is read: layout, fields with every place looked at, text block by "
            "block with the rules that cut, Halaman, validation, duplicates. The page is an "
            "address, a saved page (.html, .html.gz), or the id of an article, which stands for "
            "its refused page in the data folder (DATA_DIR) or for the address that the store "
            "knows. Exit status: 0 told, 2 nothing such, 3 the store cannot be read, 4 the page "
            "could not be had."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("Explain")
        group.add_argument("--json", action="store_true", help="as one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Find the page, tell of it."""
        from kompascrawler.debugging.command_line import page_of, service_of, show  # noqa: PLC0415
        from kompascrawler.debugging.paint import Paint  # noqa: PLC0415
        from kompascrawler.debugging.trace_text import trace_lines  # noqa: PLC0415 - see above

        assert self.settings is not None
        if len(args) != 1:
            raise UsageError("give one page: an address, a file or the id of an article")
        service = service_of("explain", self.settings)
        trace = service.trace(*page_of("explain", service, self.settings, args[0]))
        lines = trace_lines(trace, Paint.for_stream(sys.stdout))
        show(trace.as_dict() if opts.json else lines)
