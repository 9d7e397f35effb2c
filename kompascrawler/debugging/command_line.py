"""What the debugger's commands have in common: settings, errors and how they end."""

import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

from scrapy.settings import BaseSettings, Settings

from kompascrawler.configuration.table import SettingError, check_settings
from kompascrawler.debugging.desk import Desk
from kompascrawler.debugging.fetching import NotFetched, fetch
from kompascrawler.debugging.sources import NoSuchPage, SavedPage, ToFetch
from kompascrawler.outcome.exit_status import ExitStatus
from kompascrawler.spiders.answers import declared_encoding
from kompascrawler.store.model import NoStore, StoreError

T = TypeVar("T")


def desk_of(command: str, settings: BaseSettings) -> Desk:
    """Return the desk of a project; end with status 2 where a setting cannot be taken."""
    try:
        check_settings(settings)
    except SettingError as error:
        fail(command, str(error), ExitStatus.USAGE)
    return Desk(settings)


def asked(command: str, question: Callable[[], T]) -> T:
    """Return an answer; end with status 2 where there is nothing such, 3 by the store."""
    try:
        return question()
    except (NoSuchPage, NoStore) as error:
        fail(command, str(error), ExitStatus.USAGE)
    except StoreError as error:
        fail(command, str(error), ExitStatus.STORE)


def find(command: str, desk: Desk, name: str) -> SavedPage | ToFetch:
    """Return what a person named; ends as ``asked``."""
    found = asked(command, lambda: desk.find(name))
    if isinstance(found, ToFetch):
        remark = found.remark
    else:
        remark = f"{found.path} was kept because: {found.refused}" if found.refused else None
    if remark:
        print(f"scrapy {command}: {remark}", file=sys.stderr)
    return found


def page_of(
    command: str, desk: Desk, settings: Settings, name: str
) -> tuple[str, bytes, str | None]:
    """Return address, bytes and declared encoding of what a person named, fetched if need be.

    Ends with status 4 where it does not come, else as ``find``.
    """
    found = find(command, desk, name)
    if isinstance(found, SavedPage):
        return found.url, found.body, found.encoding
    try:
        response = fetch(found.url, settings)
    except NotFetched as error:
        fail(command, str(error), ExitStatus.UNREACHABLE)
    if response.url != found.url:
        print(f"scrapy {command}: {found.url} leads to {response.url}", file=sys.stderr)
    return response.url, response.body, declared_encoding(response)


def show(answer: dict[str, Any] | Iterable[str]) -> None:
    """Print an answer, as JSON or in lines; who reads only its beginning has seen enough.

    What the terminal's encoding lacks is shown as a question mark.
    """
    is_json = isinstance(answer, dict)
    text = json.dumps(answer, ensure_ascii=False, indent=1) if is_json else "\n".join(answer)
    encoding = sys.stdout.encoding or "utf-8"
    try:
        print(text.encode(encoding, "replace").decode(encoding), flush=True)
    except BrokenPipeError:
        # Python flushes standard output once more as it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(command: str, message: str, status: ExitStatus) -> NoReturn:
    """End a command with one line."""
    print(f"scrapy {command}: {message}", file=sys.stderr)
    sys.exit(status)
