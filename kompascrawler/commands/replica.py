"""``scrapy replica``: a Kompas on this machine, for the demo, for tests and for trying things.

Scrapy imports every command module for any command: the replica itself is imported when it is
used (it would add 48 ms to each run of cron).
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, get_args

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    from tests.replica import SavedPages, Site

_INSTALL = "pip install 'kompascrawler[replica]'"


class Command(ScrapyCommand):
    """Play a small generated Kompas, or saved pages, as a forward proxy on loopback."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Return what stands after ``scrapy replica`` in the usage line."""
        return "[options] [-- COMMAND ...]"

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Play a small generated Kompas on this machine"

    def long_desc(self) -> str:
        """Return what ``scrapy replica -h`` says."""
        return (
            "Play a small generated Kompas (or saved pages) as a forward proxy on loopback, for "
            "the real host names. With a command after --, run it with the proxy in its "
            "environment and exit with its status; without one, print the environment and serve "
            "until interrupted."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options to Scrapy's."""
        from tests.replica.behaviours import BEHAVIOURS  # noqa: PLC0415  # not for any
        from tests.replica.kcm import LAYOUT as OF_2015  # noqa: PLC0415  # command
        from tests.replica.layouts import LAYOUTS  # noqa: PLC0415
        from tests.replica.listing import Markup  # noqa: PLC0415

        super().add_options(parser)
        group = parser.add_argument_group("Replica")
        group.add_argument("--articles", type=int, default=500, help="Global articles (500)")
        group.add_argument("--seed", type=int, default=1, help="another seed, another site (1)")
        group.add_argument("--pages", type=Path, metavar="DIR", help="play saved pages instead")
        group.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (any free one)")
        group.add_argument("--markup", choices=get_args(Markup), default="2020", help="of listings")
        group.add_argument(
            "--layout",
            choices=("mix", *LAYOUTS, OF_2015),
            default="mix",
            help="of article pages",
        )
        group.add_argument(
            "--halaman",
            choices=("mix", *BEHAVIOURS),
            default="normal",
            help="how the pages of articles can be had",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Play the site for a command, or until interrupted."""
        command = _command(args)
        site = _site(opts)
        if not 0 <= opts.port <= 65535:
            raise UsageError("--port: 0 to 65535")
        try:
            from tests.replica.session import perform  # noqa: PLC0415  # needs the extra
        except ModuleNotFoundError as error:
            print(f"scrapy replica needs {error.name}: {_INSTALL}", file=sys.stderr)
            self.exitcode = 2
            return
        try:
            self.exitcode = perform(site, port=opts.port, command=command)
        except OSError as error:
            print(f"scrapy replica: port {opts.port}: {error.strerror}", file=sys.stderr)
            self.exitcode = 1


def _command(args: list[str]) -> list[str]:
    """Return the command to run: what stands after ``--``.

    Scrapy hands on whatever its parser does not know, the ``--`` included.
    """
    if not args:
        return []
    if args[0] != "--":
        raise UsageError(f"unknown: {args[0]} (a command to run stands after --)")
    return args[1:]


def _site(opts: argparse.Namespace) -> "Site | SavedPages":
    from tests.replica import SavedPages, Site  # noqa: PLC0415  # not for any command
    from tests.replica.kcm import LAYOUT as OF_2015  # noqa: PLC0415

    if opts.pages is None:
        if opts.articles < 1:
            raise UsageError("--articles: at least 1")
        if opts.layout == OF_2015 and opts.halaman != "normal":
            raise UsageError("--halaman: articles of 2015 have one page")
        return Site(
            seed=opts.seed,
            articles=opts.articles,
            layout=opts.layout,
            halaman=opts.halaman,
            markup=opts.markup,
        )
    try:
        return SavedPages(opts.pages)
    except (OSError, ValueError) as error:
        raise UsageError(f"--pages: {error}") from error
