"""``kompascrawler status`` and ``failures``: look at a data folder, and decide what fails."""

import argparse
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Final

from kompascrawler.command import LazyCommand, program
from kompascrawler.identity import parse_address, published_at
from kompascrawler.outcome.status import status_of
from kompascrawler.outcome.status_text import failure_dicts, failure_parts, status_parts
from kompascrawler.outcome.terminal import counted, folder_line, put_json, show
from kompascrawler.sections import chosen_sections
from kompascrawler.store.model import Failure, NoStore
from kompascrawler.store.store import Store, open_reader

_ACTIONS: Final = ("retry", "drop")
_FILTERS: Final = ("waiting", "given_up", "dropped")


def status(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Show the latest runs and the state of the store; return the status of the latest run."""
    if args or opts.runs < 1:
        command.refuse("give no arguments, and --runs from 1")
    now, sections = datetime.now(UTC), chosen_sections(command.chosen["SECTION"]).names
    found = status_of(command.data_dir, runs=opts.runs, now=now, sections=sections)
    if opts.json:
        put_json(found.as_dict())
    else:
        show(*status_parts(found, now))
    return found.exit_status


def failures(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """List, retry or drop failed articles."""
    try:
        with open_reader(command.data_dir) as reader:
            known = reader.failures()
    except NoStore:
        known = []
    if args:
        _change(command, known, args[0], args[1:], opts)
    else:
        _list(command, known, opts)
    return 0


def _list(command: LazyCommand, known: Sequence[Failure], opts: argparse.Namespace) -> None:
    if opts.all:
        command.refuse("--all goes with retry")
    if opts.limit < 0:
        command.refuse(f"--limit {opts.limit}: give a number from 0")
    wanted = [state for state in _FILTERS if getattr(opts, state)] or ["waiting", "given_up"]
    shown = [failure for failure in known if failure.state in wanted]
    if opts.json:
        put_json(failure_dicts(shown))
    else:
        show(*failure_parts(shown, command.data_dir, datetime.now(UTC), opts.limit))


def _change(
    command: LazyCommand,
    known: Sequence[Failure],
    action: str,
    given: list[str],
    opts: argparse.Namespace,
) -> None:
    """Retry or drop; nothing is changed when any of the articles given cannot be."""
    if action not in _ACTIONS:
        command.refuse(f"{action}: accepted are {', '.join(_ACTIONS)}, or nothing for the list")
    if opts.json or any(getattr(opts, state) for state in _FILTERS):
        command.refuse("--json, --waiting, --given-up and --dropped go with the list only")
    if opts.all and (given or action == "drop"):
        command.refuse("--all goes with retry, and without articles")
    if not given and not opts.all:
        choice = " or --all" if action == "retry" else ""
        command.refuse(f"{action}: give the articles, as YYYY-MM-DD-<number> or address{choice}")
    ids = [_identity(command, text) for text in given]
    failed = {failure.link.id for failure in known}
    if unknown := [article_id for article_id in ids if article_id not in failed]:
        unchanged = "nothing was changed"
        command.refuse(f"{unknown[0]} is no failed article of {command.data_dir}: {unchanged}")
    show(folder_line(command.data_dir))
    count = 0
    if known:
        with closing(Store(command.data_dir, "failures")) as store:
            count = store.drop(ids) if action == "drop" else store.retry(None if opts.all else ids)
    if action == "drop":
        print(f"dropped: {counted(count, 'article')}; `{program()} failures --dropped` lists them")
    else:
        print(f"due now: {counted(count, 'article')}; the next run requests them")


def _identity(command: LazyCommand, text: str) -> str:
    if address := parse_address(text):
        return address.id
    if published_at(text) is None:
        command.refuse(f"{' '.join(text.split())} is no article: give YYYY-MM-DD-<number>")
    return text
