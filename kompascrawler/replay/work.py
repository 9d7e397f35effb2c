"""What the ways of ``kompascrawler replay`` share: what is chosen, read with care, and written."""

import argparse
import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from kompascrawler.command import LazyCommand
from kompascrawler.dataset.command_line import parse_day
from kompascrawler.identity import ID, parse_address
from kompascrawler.pages.markup import is_odd
from kompascrawler.run.reader import Reader
from kompascrawler.store.errors import explained
from kompascrawler.store.files import make_folder, replace

MOST_MESSAGES: Final = 20
"""Damaged and refused articles that are listed; ``--json`` has all."""
Call = Callable[..., Any]
"""Is given bodies, a function and its arguments; returns what that returns."""


def chosen_articles(
    command: LazyCommand, opts: argparse.Namespace
) -> tuple[set[str], date | None, date | None]:
    """Return the identities that are chosen, and the first and last day."""
    ids = {address.id if (address := parse_address(name)) else name for name in opts.ids}
    if wrong := next((name for name in ids if not ID.fullmatch(name)), None):
        command.refuse(f"{' '.join(wrong.split())} is no article: give YYYY-MM-DD-<number>")
    return ids, parse_day("--since", opts.since), parse_day("--until", opts.until)


def write_day(out: Path, day: str, lines: Iterable[bytes]) -> None:
    """Write the lines of a day, durably, in place of earlier ones. Raises StoreError."""
    with explained("write what was read again", out):
        make_folder(out)
        replace(out / f"{day}.jsonl", b"".join(lines))


@contextmanager
def reading(command: LazyCommand) -> Iterator[Call]:
    """Give what calls functions on pages; for large and odd ones as in a crawl.

    That raises ReaderFailed.
    """
    reader = Reader(command.chosen.getfloat("READ_MAX_SECONDS"))

    def call(bodies: Iterable[bytes], function: Callable[..., Any], *arguments: Any) -> Any:
        if any(map(is_odd, bodies)):
            return runner.run(reader.call(function, *arguments))
        return function(*arguments)

    with asyncio.Runner() as runner:
        try:
            yield call
        finally:
            runner.run(reader.close())
