"""``scrapy doctor``: looks for what keeps a crawl from going well, and says what to do.

Scrapy imports every command module for any command: what this one needs is imported when it is
used.
"""

import argparse
import json
import os
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError


class Command(ScrapyCommand):
    """Check this machine, the store and, with ``--live``, what is assumed about the site."""

    requires_project = True
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Check what a crawl needs, and what it takes the site for (--live)"

    def long_desc(self) -> str:
        """Return what ``scrapy doctor -h`` says."""
        return (
            "Check programs, settings, data folder, clock, store, browser and robots.txt: each "
            "line says what was found and what to do. With --live, make ten requests at most and "
            "say which assumptions about the site hold. The exit status is 0, 1 where something "
            "failed, or 4 where --live cannot reach the site."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("Doctor")
        group.add_argument("--live", action="store_true", help="look at the site, too")
        group.add_argument("--json", action="store_true", help="as one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Make the checks, print what they find, set the exit status."""
        from kompascrawler.doctor.report import examine  # noqa: PLC0415 - not for any command
        from kompascrawler.doctor.show import Screen  # noqa: PLC0415 - likewise

        assert self.settings is not None
        assert self.crawler_process is not None
        if args:
            raise UsageError("no arguments are taken")
        screen = None if opts.json else Screen()
        report = examine(
            self.crawler_process,
            self.settings,
            os.environ,
            is_live=opts.live,
            show=screen.result if screen else None,
        )
        if screen:
            screen.summary(report.summary)
        else:
            print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
        self.exitcode = int(report.exit_status)
