"""``scrapy status``: how the crawler of a data folder is doing.

Scrapy imports every command module for any command: what this one needs is imported when it is
used.
"""

import argparse
import json
import sys
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError


class Command(ScrapyCommand):
    """Show the latest runs and the state of the store."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Show the latest runs and the state of the store"

    def long_desc(self) -> str:
        """Return what ``scrapy status -h`` says."""
        return (
            "Show the latest runs, the retry queue, the gaps and the sizes of the data folder "
            "(DATA_DIR). Never writes, and waits for no crawl. The exit status is that of the "
            "latest run: 0 before the first, 1 where it was killed and left no card, 3 where "
            "the data folder cannot be read."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("Status")
        group.add_argument("--json", action="store_true", help="as one JSON object")
        group.add_argument("--runs", type=int, default=10, metavar="N", help="runs shown (10)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the status, set the exit status."""
        from datetime import UTC, datetime  # noqa: PLC0415 - with the rest
        from pathlib import Path  # noqa: PLC0415

        from kompascrawler.outcome.status import status_of  # noqa: PLC0415 - not for any command
        from kompascrawler.outcome.terminal import put, show  # noqa: PLC0415

        assert self.settings is not None
        if args or opts.runs < 1 or not self.settings["DATA_DIR"]:
            raise UsageError("give no arguments, --runs from 1 and a DATA_DIR")
        now = datetime.now(UTC)
        status = status_of(Path(self.settings["DATA_DIR"]), runs=opts.runs, now=now)
        if opts.json:
            put(json.dumps(status.as_dict(), ensure_ascii=False, indent=1), sys.stdout)
        else:
            from kompascrawler.outcome.status_text import status_parts  # noqa: PLC0415 - rich

            show(*status_parts(status, now))
        self.exitcode = status.exit_status
