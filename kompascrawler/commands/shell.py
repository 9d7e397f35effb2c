"""Open a console on a page, a saved page or an article.

The page is an address, a saved page (.html, .html.gz), or the id of an article, which stands for
its refused page in the data folder (DATA_DIR), its page in a WARC file or the address that the
store knows. help() lists what is there to look into it.
"""

import argparse
from pkgutil import resolve_name
from typing import Any, ClassVar

from scrapy.commands import shell
from scrapy.exceptions import UsageError
from typing_extensions import override

from kompascrawler.command import REVISION, OurCommand, name_data_folder


class Command(OurCommand, shell.Command):
    requires_project = False
    usage = "[url|file|id]"
    default_settings: ClassVar[dict[str, Any]] = {
        **shell.Command.default_settings,
        "RETRY_TIMES": 0,  # a person looks at the answer, and asks again
    }

    @override
    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(REVISION.name, help=REVISION.help, **REVISION.about)

    @override
    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        # What a crawl shows on the terminal would disturb.
        self.chosen.set("PROGRESS_ENABLED", value=False, priority="cmdline")

    @override
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) > 1:
            raise UsageError("give one page at most: an address, a file or the id of an article")
        name_data_folder(self.chosen)
        console = resolve_name("kompascrawler.debugging.shell:Console")
        self._console = console(self.chosen, opts, *args)
        # The page is got where the console begins (update_vars): Scrapy would end with a
        # traceback where it cannot be had, and accepts no page that is at hand.
        super().run([], opts)

    @override
    def update_vars(self, vars: dict[str, Any]) -> None:
        self._console.update(vars)
