"""What ``kompascrawler export`` is given and what it says."""

import argparse
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from kompascrawler.command import LazyCommand, fail, say
from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.export import Export, format_of
from kompascrawler.dataset.selection import Refused, Selection
from kompascrawler.outcome.exit_status import ExitStatus
from kompascrawler.outcome.terminal import counted
from kompascrawler.store.model import StoreError


def export(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Export; return 0. Raises StoreError (status 3)."""
    if len(args) != 1:
        command.refuse("give one OUT")
    if opts.append and opts.as_of is not None:
        command.refuse("--as-of: what is appended ends with the last file; leave one of them out")
    out = Path(args[0])
    try:
        form = format_of(out, opts.format)
        export = Export(Dataset(command.data_dir), out, form, _selection(opts), _tracked)
        done = export.run(append=opts.append)
    except Refused as error:
        command.refuse(str(error))
    except (OSError, sqlite3.Error) as error:
        cause = getattr(error, "strerror", None) or error
        raise StoreError(f"cannot write {out}: {cause}. Mend that, and export again") from error
    except KeyboardInterrupt:
        fail(command.name, "interrupted: export again", ExitStatus.INTERRUPTED)
    say(command.name, f"{counted(done.rows, 'row')} to {out}; as of number {done.number}")
    return ExitStatus.FINE


def _selection(opts: argparse.Namespace) -> Selection:
    return Selection(
        since=_day("--since", opts.since),
        until=_day("--until", opts.until),
        complete=opts.complete,
        revisions=opts.revisions,
        deleted=opts.revisions,
        as_of=opts.as_of,
    )


def _day(name: str, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise Refused(f"{name} {value}: give a day as YYYY-MM-DD") from None


def _tracked(days: Sequence[str]) -> Iterable[str]:
    """Pass days on, with a bar on a terminal."""
    if not sys.stderr.isatty():
        return days
    from rich.console import Console  # noqa: PLC0415 - on a terminal only
    from rich.progress import track  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    return track(days, description="Days", console=console, transient=True)
