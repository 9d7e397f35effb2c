"""``scrapy shell``: Scrapy's own, on saved pages and articles too, with helpers that explain."""

import argparse
from typing import Any, ClassVar

from scrapy.commands import shell
from scrapy.exceptions import UsageError
from typing_extensions import override

from kompascrawler.command import load, name_data_folder, refuse_misspelt


class Command(shell.Command):
    """Open a console on a page; nothing is written to the data folder."""

    default_settings: ClassVar[dict[str, Any]] = {
        **shell.Command.default_settings,
        "RETRY_TIMES": 0,  # a person looks at the answer, and asks again
    }

    @override
    def syntax(self) -> str:
        return "[url|file|id]"

    @override
    def short_desc(self) -> str:
        return "Open a console on a page, a saved page or an article"

    @override
    def long_desc(self) -> str:
        return (
            "Console on a page: an address, a saved page (.html, .html.gz), or the id of an "
            "article, which stands for its refused page in the data folder (DATA_DIR) or for the "
            "address that the store knows. help() lists what is there to look into it."
        )

    @override
    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        known = set(self.settings)
        super().process_options(args, opts)
        refuse_misspelt("shell", self.settings, known)
        # What a crawl shows on the terminal would disturb.
        self.settings.set("PROGRESS_ENABLED", value=False, priority="cmdline")

    @override
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) > 1:
            raise UsageError("give one page at most: an address, a file or the id of an article")
        assert self.settings is not None
        name_data_folder(self.settings)
        console = load("kompascrawler.debugging.shell:Console")
        self._console = console(self.settings, opts, *args)
        # The page is got where the console begins (update_vars): Scrapy would end with a
        # traceback where it cannot be had, and accepts no page that is at hand.
        super().run([], opts)

    @override
    def update_vars(self, vars: dict[str, Any]) -> None:
        self._console.update(vars)
