"""What the debugger's commands have in common: settings, errors and how they end."""

import os
import sys
from typing import NoReturn

from scrapy.settings import BaseSettings

from kompascrawler.configuration import SettingError, check_settings
from kompascrawler.debugging.desk import Desk
from kompascrawler.debugging.sources import NoSuchPage, SavedPage, ToFetch
from kompascrawler.store.interface import StoreError
from kompascrawler.verdict import ExitStatus


def desk_of(command: str, settings: BaseSettings) -> Desk:
    """Return the desk of a project; end with status 2 where a setting cannot be taken."""
    try:
        check_settings(settings)
    except SettingError as error:
        fail(command, str(error), ExitStatus.USAGE)
    return Desk(settings)


def find(command: str, desk: Desk, name: str) -> SavedPage | ToFetch:
    """Return what a person named; end with status 2 where there is nothing such, 3 by the store."""
    try:
        found = desk.find(name)
    except NoSuchPage as error:
        fail(command, str(error), ExitStatus.USAGE)
    except StoreError as error:
        fail(command, str(error), ExitStatus.STORE)
    if isinstance(found, ToFetch):
        remark = found.remark
    else:
        remark = f"{found.path} was kept because: {found.refused}" if found.refused else None
    if remark:
        print(f"scrapy {command}: {remark}", file=sys.stderr)
    return found


def show(text: str) -> None:
    """Print an answer; who reads only its beginning (``| head``) has seen enough."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # Python flushes standard output once more as it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(command: str, message: str, status: ExitStatus) -> NoReturn:
    """End a command with one line."""
    print(f"scrapy {command}: {message}", file=sys.stderr)
    sys.exit(status)
