"""``doctor``: finds what would make a crawl fail, and says what to do.

Scrapy imports every command module for any command: what this one needs is imported when it is
used.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError


class Command(ScrapyCommand):
    """Check this machine, the store and, with ``--live``, the assumptions about the site."""

    requires_project = True
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Check what a crawl needs; with --live, what it assumes about the site"

    def long_desc(self) -> str:
        """Return what ``scrapy doctor -h`` says."""
        return (
            "Check programs, settings, data folder, clock, store, browser and robots.txt: each "
            "line says what was found and what to do. With --live, make at most ten requests and "
            "say which assumptions about the site hold. The exit status is 0, 1 if something "
            "failed, or 4 if --live cannot reach the site."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("Doctor")
        group.add_argument("--live", action="store_true", help="check the site, too")
        group.add_argument("--json", action="store_true", help="as one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Make the checks, print what they find, set the exit status."""
        from kompascrawler.doctor.report import examine  # noqa: PLC0415 - not for any command
        from kompascrawler.doctor.result import drawn  # noqa: PLC0415 - likewise
        from kompascrawler.outcome.terminal import folder_line, put, show, text  # noqa: PLC0415

        assert self.settings is not None
        assert self.crawler_process is not None
        if args:
            raise UsageError("no arguments are taken")
        if not opts.json:
            show(folder_line(Path(str(self.settings["DATA_DIR"]))))
        report = examine(
            self.crawler_process,
            self.settings,
            os.environ,
            is_live=opts.live,
            show=None if opts.json else lambda result: show(drawn(result)),
        )
        if opts.json:
            put(json.dumps(report.as_dict(), ensure_ascii=False, indent=1), sys.stdout)
        else:
            show(text(f"\n{report.summary}"))
        self.exitcode = int(report.exit_status)
