"""``python -m tests.replica``: a Kompas on this machine, for the demo and for trying things."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from tests.replica import SavedPages, Site
from tests.replica.article_answers import ALL_ANSWERS
from tests.replica.behaviours import BEHAVIOURS
from tests.replica.kcm import LAYOUT as OF_2015
from tests.replica.layouts import LAYOUTS
from tests.replica.listing import Markup

_PROGRAM = "python -m tests.replica"
_DESCRIPTION = """
Play a small generated Kompas (or saved pages) as a forward proxy on loopback, for the real host
names. With a command after --, run it with the proxy in its environment and exit with its status;
without one, print the environment and serve until interrupted. While it runs, its control address
(REPLICA_CONTROL) publishes, revises and deletes: /control?publish=5, ?revise=ID, ?delete=ID.
"""


def main(arguments: Sequence[str]) -> int:
    """Play the site for a command, or until interrupted; return the exit status."""
    ours, command = _split(arguments)
    parser = _parser()
    options = parser.parse_args(ours)
    site = _site(parser, options)
    if not 0 <= options.port <= 65535:
        parser.error("--port: 0 to 65535")
    if options.publish_every is not None and not options.publish_every > 0:
        parser.error("--publish-every: more than 0 seconds")
    try:
        from tests.replica.session import perform
    except ModuleNotFoundError as error:
        print(f"{_PROGRAM} needs {error.name}: make setup", file=sys.stderr)
        return 2
    try:
        return perform(
            site, port=options.port, command=command, publish_every=options.publish_every
        )
    except OSError as error:
        print(f"{_PROGRAM}: port {options.port}: {error.strerror}", file=sys.stderr)
        return 1


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return our own arguments and the command that stands after ``--``."""
    if "--" not in arguments:
        return arguments, []
    end = arguments.index("--")
    return arguments[:end], arguments[end + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_PROGRAM, usage=f"{_PROGRAM} [options] [-- COMMAND ...]", description=_DESCRIPTION
    )
    add = parser.add_argument
    add("--articles", type=int, default=500, help="Global articles (500)")
    add("--start-visible", type=int, metavar="N", help="of them, how many are out at the start")
    add("--publish-every", type=float, metavar="SECONDS", help="publish one more each time")
    add("--seed", type=int, default=1, help="another seed, another site (1)")
    add("--pages", type=Path, metavar="DIR", help="play saved pages instead")
    add("--port", type=int, default=0, help="port on 127.0.0.1 (any free one)")
    add("--markup", choices=get_args(Markup), default="2020", help="of listings (2020)")
    add("--layout", choices=("mix", *LAYOUTS, OF_2015), default="mix", help="of article pages")
    add(
        "--halaman",
        choices=("mix", *BEHAVIOURS),
        default="normal",
        help="how the pages of articles can be had",
    )
    add("--all-answers", choices=tuple(ALL_ANSWERS), help="what every ?page=all answers instead")
    add("--short-addresses", action="store_true", help="addresses like /read/26I07143200270/slug")
    return parser


def _site(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Site | SavedPages:
    if options.pages is not None:
        try:
            return SavedPages(options.pages)
        except (OSError, ValueError) as error:
            parser.error(f"--pages: {error}")
    if options.articles < 1:
        parser.error("--articles: at least 1")
    if options.start_visible is not None and not 1 <= options.start_visible <= options.articles:
        parser.error("--start-visible: from 1 to --articles")
    if options.layout == OF_2015 and options.halaman != "normal":
        parser.error("--halaman: articles of 2015 have one page")
    return Site(
        seed=options.seed,
        articles=options.articles,
        start_visible=options.start_visible,
        layout=options.layout,
        halaman=options.halaman,
        all_answers=options.all_answers,
        short_addresses=options.short_addresses,
        markup=options.markup,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
