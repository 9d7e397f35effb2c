"""``kompascrawler status`` and ``failures``: look at a data folder, and decide what fails."""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NoReturn

from scrapy.exceptions import UsageError

from kompascrawler.command import LazyCommand, fail, program
from kompascrawler.identity import parse_address, published_at
from kompascrawler.outcome.status import status_of
from kompascrawler.outcome.status_text import failure_dicts, failure_parts, status_parts
from kompascrawler.outcome.terminal import counted, folder_line, put, show
from kompascrawler.store.model import Failure, NoStore, StoreError
from kompascrawler.store.store import Store, open_reader

_ACTIONS: Final = ("retry", "drop")
_FILTERS: Final = ("waiting", "given_up", "dropped")
NO_FOLDER: Final = "DATA_DIR=: accepted is the folder for articles and state"


def status(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Show the latest runs and the state of the store; return the status of the latest run."""
    if args or opts.runs < 1 or not command.chosen["DATA_DIR"]:
        raise UsageError("give no arguments, --runs from 1 and a DATA_DIR")
    now, section = datetime.now(UTC), command.chosen["SECTION"]
    found = status_of(Path(command.chosen["DATA_DIR"]), runs=opts.runs, now=now, section=section)
    if opts.json:
        put(json.dumps(found.as_dict(), ensure_ascii=False, indent=1), sys.stdout)
    else:
        show(*status_parts(found, now))
    return found.exit_status


def _refuse(message: str) -> NoReturn:
    fail("failures", message)


def failures(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """List, retry or drop; return 2 for bad input, 3 for a store out of order."""
    try:
        data_dir = Path(command.chosen["DATA_DIR"] or _refuse(NO_FOLDER))
        if args:
            _change(data_dir, args[0], args[1:], opts)
        else:
            _list(data_dir, opts)
    except StoreError as error:
        fail("failures", str(error), 3)
    return 0


def _failed(data_dir: Path) -> list[Failure]:
    try:
        with open_reader(data_dir) as reader:
            return reader.failures()
    except NoStore:
        return []


def _list(data_dir: Path, opts: argparse.Namespace) -> None:
    if opts.all:
        _refuse("--all goes with retry")
    if opts.limit < 0:
        _refuse(f"--limit {opts.limit}: give a number from 0")
    wanted = [state for state in _FILTERS if getattr(opts, state)] or ["waiting", "given_up"]
    failures = [failure for failure in _failed(data_dir) if failure.state in wanted]
    if opts.json:
        put(json.dumps(failure_dicts(failures), ensure_ascii=False, indent=1), sys.stdout)
    else:
        show(*failure_parts(failures, data_dir, datetime.now(UTC), opts.limit))


def _change(data_dir: Path, action: str, given: list[str], opts: argparse.Namespace) -> None:
    """Retry or drop; nothing is changed when any of the articles given cannot be."""
    if action not in _ACTIONS:
        _refuse(f"{action}: accepted are {', '.join(_ACTIONS)}, or nothing for the list")
    if opts.json or any(getattr(opts, state) for state in _FILTERS):
        _refuse("--json, --waiting, --given-up and --dropped go with the list only")
    if opts.all and (given or action == "drop"):
        _refuse("--all goes with retry, and without articles")
    if not given and not opts.all:
        choice = " or --all" if action == "retry" else ""
        _refuse(f"{action}: give the articles, as YYYY-MM-DD-<number> or address{choice}")
    ids = [_identity(text) for text in given]
    failed = {failure.link.id for failure in _failed(data_dir)}
    if unknown := [article_id for article_id in ids if article_id not in failed]:
        _refuse(f"{unknown[0]} is no failed article of {data_dir}: nothing was changed")
    show(folder_line(data_dir))
    if action == "drop":
        count = _write(data_dir, lambda store: store.drop(ids))
        print(f"dropped: {counted(count, 'article')}; `{program()} failures --dropped` lists them")
    else:
        wanted = None if opts.all else ids
        count = _write(data_dir, lambda store: store.retry(wanted)) if failed else 0
        print(f"due now: {counted(count, 'article')}; the next run asks for them")


def _write(data_dir: Path, change: Callable[[Store], int]) -> int:
    with closing(Store(data_dir, "failures")) as store:
        return change(store)


def _identity(text: str) -> str:
    address = parse_address(text)
    if address is not None:
        return address.id
    if published_at(text) is None:
        _refuse(f"{' '.join(text.split())} is no article: give YYYY-MM-DD-<number>")
    return text
