"""``scrapy failures``: the articles that could not be had, and what a person decides of them.

Scrapy imports every command module for any command: what this one needs is imported when it is
used.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand

if TYPE_CHECKING:
    from kompascrawler.store.model import Failure
    from kompascrawler.store.store import Store

_ACTIONS = ("retry", "drop")
_FILTERS = ("waiting", "given_up", "dropped")


class _InputError(Exception):
    """What was given cannot be taken; the message is one line."""


class Command(ScrapyCommand):
    """List, retry or drop the articles of the retry queue."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Return what stands after ``scrapy failures`` in the usage line."""
        return "[options] [retry ID...|--all | drop ID...]"

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "List, retry or drop articles that could not be had"

    def long_desc(self) -> str:
        """Return what ``scrapy failures -h`` says."""
        return (
            "List the articles of the data folder (DATA_DIR) that could not be fetched, read or "
            "had whole, by cause: those that wait for another try and those given up. With "
            "retry they are due at once, tries counted anew; with drop they are never asked for "
            "again. An ID is YYYY-MM-DD-<number> or the article's address. Works beside a crawl."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("Failures")
        group.add_argument("--json", action="store_true", help="list as a JSON array")
        group.add_argument("--waiting", action="store_true", help="list those to be tried again")
        group.add_argument("--given-up", action="store_true", help="list those given up")
        group.add_argument("--dropped", action="store_true", help="list those dropped")
        group.add_argument(
            "--limit",
            type=int,
            default=10,
            metavar="N",
            help="articles listed for each cause (10; 0 lists all)",
        )
        group.add_argument("--all", action="store_true", help="retry all that are not dropped")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """List, retry or drop; the exit status is 2 for bad input, 3 for a store out of order."""
        from kompascrawler.store.model import StoreError  # noqa: PLC0415 - not for any command

        assert self.settings is not None
        try:
            data_dir = _folder(self.settings["DATA_DIR"])
            if args:
                _change(data_dir, args[0], args[1:], opts)
            else:
                _list(data_dir, opts)
        except (_InputError, StoreError) as error:
            print(f"scrapy failures: {error}", file=sys.stderr)
            self.exitcode = 2 if isinstance(error, _InputError) else 3


def _folder(data_dir: str) -> Path:
    if not data_dir:
        raise _InputError("DATA_DIR=: accepted is the folder for articles and state")
    return Path(data_dir)


def _failures(data_dir: Path) -> "list[Failure]":
    from kompascrawler.store.model import NoStore  # noqa: PLC0415 - as above
    from kompascrawler.store.store import open_reader  # noqa: PLC0415 - as above

    try:
        with open_reader(data_dir) as reader:
            return reader.failures()
    except NoStore:
        return []


def _list(data_dir: Path, opts: argparse.Namespace) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 - as above

    from kompascrawler.outcome.failures_text import (  # noqa: PLC0415 - as above
        failure_dicts,
        failure_parts,
    )
    from kompascrawler.outcome.terminal import put, show  # noqa: PLC0415 - as above

    if opts.all:
        raise _InputError("--all goes with retry")
    if opts.limit < 0:
        raise _InputError(f"--limit {opts.limit}: give a number from 0")
    wanted = [state for state in _FILTERS if getattr(opts, state)] or ["waiting", "given_up"]
    failures = [failure for failure in _failures(data_dir) if failure.state in wanted]
    if opts.json:
        put(json.dumps(failure_dicts(failures), ensure_ascii=False, indent=1), sys.stdout)
    else:
        show(*failure_parts(failures, data_dir, datetime.now(UTC), opts.limit))


def _change(data_dir: Path, action: str, given: list[str], opts: argparse.Namespace) -> None:
    """Retry or drop; nothing is changed when any of the articles given cannot be."""
    from kompascrawler.outcome.terminal import counted  # noqa: PLC0415 - as above

    if action not in _ACTIONS:
        raise _InputError(f"{action}: accepted are {', '.join(_ACTIONS)}, or nothing for the list")
    if opts.json or any(getattr(opts, state) for state in _FILTERS):
        raise _InputError("--json, --waiting, --given-up and --dropped go with the list only")
    if opts.all and (given or action == "drop"):
        raise _InputError("--all goes with retry, and without articles")
    if not given and not opts.all:
        choice = " or --all" if action == "retry" else ""
        raise _InputError(f"{action}: give the articles, as YYYY-MM-DD-<number> or address{choice}")
    ids = [_identity(text) for text in given]
    failed = {failure.link.id for failure in _failures(data_dir)}
    if unknown := [article_id for article_id in ids if article_id not in failed]:
        raise _InputError(f"{unknown[0]} is no failed article of {data_dir}: nothing was changed")
    if action == "drop":
        count = _write(data_dir, lambda store: store.drop(ids))
        print(f"dropped: {counted(count, 'article')}; `scrapy failures --dropped` lists them")
    else:
        wanted = None if opts.all else ids
        count = _write(data_dir, lambda store: store.retry(wanted)) if failed else 0
        print(f"due now: {counted(count, 'article')}; the next run asks for them")


def _write(data_dir: Path, change: "Callable[[Store], int]") -> int:
    from kompascrawler.store.store import Store  # noqa: PLC0415 - as above

    store = Store(data_dir, "failures")
    try:
        return change(store)
    finally:
        store.close()


def _identity(text: str) -> str:
    """Return the identity that an article's address, or the identity itself, means."""
    from kompascrawler.identity import parse_address, published_at  # noqa: PLC0415 - as above

    address = parse_address(text)
    if address is not None:
        return address.id
    if published_at(text) is None:
        raise _InputError(f"{' '.join(text.split())} is no article: give YYYY-MM-DD-<number>")
    return text
