"""``scrapy why``: the whole story of an article.

Scrapy imports every command module for any command: what this one needs is imported when it is
used.
"""

import argparse
import sys
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError


class Command(ScrapyCommand):
    """Tell what is known of an article; asks the site nothing and writes nothing."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Return what stands after ``scrapy why`` in the usage line."""
        return "[options] <id|url>"

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Tell the whole story of an article: found, fetched, stored, and what comes next"

    def long_desc(self) -> str:
        """Return what ``scrapy why -h`` says."""
        return (
            "Tell where an article was found, every try of it, its records and their files, why "
            "it was refused or dropped, and what happens next and when; or, where no run has "
            "found it, what would. Exit status: 0 told, 2 no article or no store, 3 the store "
            "cannot be read."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("Why")
        group.add_argument("--json", action="store_true", help="as one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Tell the story."""
        from datetime import UTC, datetime  # noqa: PLC0415 - with the rest

        from kompascrawler.debugging.command_line import asked, service_of, show  # noqa: PLC0415
        from kompascrawler.debugging.paint import Paint  # noqa: PLC0415
        from kompascrawler.debugging.why import why_lines  # noqa: PLC0415

        assert self.settings is not None
        if len(args) != 1:
            raise UsageError("give one article: its id or its address")
        service = service_of("why", self.settings)
        story = asked("why", lambda: service.why(args[0]))
        lines = why_lines(story, datetime.now(UTC), Paint.for_stream(sys.stdout))
        show(story.as_dict() if opts.json else lines)
