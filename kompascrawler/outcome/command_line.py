"""``kompascrawler status``, ``failures`` and ``coverage``: look at a data folder, and decide."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from kompascrawler.command import LazyCommand, program
from kompascrawler.identity import WIB, day_of
from kompascrawler.outcome.status import status_of
from kompascrawler.outcome.status_text import failure_dicts, failure_parts, status_parts
from kompascrawler.sections import chosen_sections
from kompascrawler.store.ledger import OLDEST_DAY, Day, Ledger, days_of
from kompascrawler.store.model import Failure, NoStore
from kompascrawler.store.reader import Reader
from kompascrawler.store.store import Store, open_reader
from kompascrawler.terminal import (
    counted,
    folder_line,
    lines,
    moment,
    put_json,
    show,
    table,
    text,
)

if TYPE_CHECKING:
    from rich.text import Text

_ACTIONS: Final = ("retry", "drop")
_FILTERS: Final = ("waiting", "given_up", "dropped")


def status(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Show the latest runs and the state of the store; return the status of the latest run."""
    if args or opts.runs < 1:
        command.refuse("give no arguments, and --runs from 1")
    now, sections = datetime.now(UTC), chosen_sections(command.setting("SECTION")).names
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
        _change(command, known, args, opts)
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
    command: LazyCommand, known: Sequence[Failure], args: list[str], opts: argparse.Namespace
) -> None:
    """Retry or drop; nothing is changed when any of the articles given cannot be."""
    action, *given = args
    if action not in _ACTIONS:
        command.refuse(f"{action}: accepted are {', '.join(_ACTIONS)}, or nothing for the list")
    if opts.json or any(getattr(opts, state) for state in _FILTERS):
        command.refuse("--json, --waiting, --given-up and --dropped go with the list only")
    if opts.all and (given or action == "drop"):
        command.refuse("--all goes with retry, and without articles")
    if not given and not opts.all:
        choice = " or --all" if action == "retry" else ""
        command.refuse(f"{action}: give the articles, as YYYY-MM-DD-<number> or address{choice}")
    ids = command.articles(given)
    if unknown := set(ids).difference(failure.link.id for failure in known):
        said = f"{min(unknown)} is no failed article of {command.data_dir}"
        command.refuse(f"{said}: nothing was changed")
    show(folder_line(command.data_dir))
    count = 0
    if known:
        with closing(Store(command.data_dir, "failures")) as store:
            count = store.drop(ids) if action == "drop" else store.retry(None if opts.all else ids)
    what, then = "due now", "the next run requests them"
    if action == "drop":
        what, then = "dropped", f"`{program()} failures --dropped` lists them"
    print(f"{what}: {counted(count, 'article')}; {then}")


_HEAD: Final = ("section", "day (WIB)", "state", "looked at (UTC)", "listed", "have", "recall")
_LEFT: Final = 4
_SHOWN: Final = 20
"""Missing articles that are listed one by one; --json has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCoverage:
    """How much of a day is stored now."""

    day: str
    section: str
    listed: int
    have: int
    recall: float | None
    """Share of what is listed; None where nothing is listed, or nobody has looked."""
    missing: dict[str, str] = field(default_factory=dict)
    """Why each of the others is missing, by identity."""
    looked_at: str | None
    state: str
    """``closed``, ``open`` (read, to be read again a week later), ``doubted``, ``unread``."""
    doubt: str | None

    @classmethod
    def of(cls, line: Day, reader: Reader | None) -> "DayCoverage":
        """Return the coverage of a line of the ledger; what was fetched since counts."""
        missing = {one: why for one in line.missing if (why := _why(one, reader)) is not None}
        have = line.listed - len(missing)
        state = "closed" if line.closed else "doubted" if line.doubt else "open"
        return cls(
            day=line.day.isoformat(),
            section=line.section,
            listed=line.listed,
            have=have,
            recall=have / line.listed if line.listed else None,
            missing=missing,
            looked_at=line.looked_at,
            state=state if line.looked_at else "unread",
            doubt=line.doubt,
        )


def _why(article_id: str, reader: Reader | None) -> str | None:
    if reader is None:
        return "there is no store"
    if reader.is_stored(article_id):
        return None
    if (history := reader.history(article_id)) is None:
        return "not known to the store"
    said = "to be fetched" if history.state == "waiting" else history.state.replace("_", " ")
    return f"{said}: {history.cause}" if history.cause else said


def coverage(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Show the days' coverage, or mark days to be read."""
    if args:
        command.refuse(f"{args[0]}: it takes options only")
    since, until = _day(command, "since", opts.since), _day(command, "until", opts.until)
    if since and until and since > until:
        command.refuse(f"--since {since} lies after --until {until}")
    if opts.backfill:
        _mark(command, since, until, as_json=opts.json)
    else:
        _show(command, since or date.min, until or date.max, as_json=opts.json)
    return 0


def _day(command: LazyCommand, name: str, given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        command.refuse(f"--{name} {given}: write the day as YYYY-MM-DD")


def _mark(command: LazyCommand, since: date | None, until: date | None, *, as_json: bool) -> None:
    if since is None:
        command.refuse("--backfill: give the first day with --since")
    sections = chosen_sections(command.setting("SECTION")).names
    yesterday = datetime.now(WIB).date() - timedelta(days=1)
    with open_reader(command.data_dir) as reader:  # only a crawl begins a data folder
        oldest = {name: reader.oldest_asked(name) or str(OLDEST_DAY) for name in sections}
    begins = {name: day_of(day) for name, day in oldest.items()}
    begin = min(begins.values())
    first, last = max(since, begin), min(until or yesterday, yesterday)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if not days:
        bounds = f"the collection begins with {begin}, and yesterday is the last day"
        command.refuse(f"no day from {since} to {last} can be read: {bounds}")
    for name in sections:
        marked = [Day(day=day, section=name) for day in days if day >= begins[name]]
        Ledger(command.data_dir, name).append(marked)
    if as_json:
        put_json({"marked": [day.isoformat() for day in days]})
    else:
        said = f"marked: {counted(len(days), 'day')} from {first} to {last}; the next crawls"
        show(folder_line(command.data_dir), text(f"{said} read them, ten days a crawl"))


def _show(command: LazyCommand, since: date, until: date, *, as_json: bool) -> None:
    data_dir, sections = command.data_dir, chosen_sections(command.setting("SECTION")).names
    known = sorted(days_of(data_dir, sections), key=lambda line: line.day)
    found = [line for line in known if since <= line.day <= until]
    with ExitStack() as stack:
        try:
            reader = stack.enter_context(open_reader(data_dir))
        except NoStore:
            reader = None
        days = [DayCoverage.of(line, reader) for line in found]
    listed, have = sum(day.listed for day in days), sum(day.have for day in days)
    recall = have / listed if listed else None
    if as_json:
        still_open = [day.day for day in days if day.state != "closed"]
        total = {"listed": listed, "have": have, "recall": recall, "open": still_open}
        put_json({**total, "days": [asdict(day) for day in days]})
    elif days:
        sums = ("", "all", "", "", f"{listed:,}", f"{have:,}", _share(recall))
        start = int(len(sections) == 1)  # without the column of sections
        head, *rows = [row[start:] for row in (_HEAD, *map(_row, days), sums)]
        shown = table(rows, head=head, left=_LEFT - start)
        show(folder_line(data_dir), shown, *_notes(days))
    else:
        none = lines("Days", "none was read yet; --backfill marks days for the next crawl")
        show(folder_line(data_dir), none)


def _notes(days: Sequence[DayCoverage]) -> Iterator["Text"]:
    for day in days:
        if day.doubt:
            yield lines(day.day, f"not believed, and read again: {day.doubt}")
    missing = [item for day in days for item in day.missing.items()]
    for article_id, why in missing[:_SHOWN]:
        yield lines(f"Missing {article_id}", why)
    if (more := len(missing) - _SHOWN) > 0:
        yield lines("Missing", f"and {more:,} more (--json lists all)")


def _row(day: DayCoverage) -> tuple[str, ...]:
    looked = moment(day.looked_at) if day.looked_at else "-"
    figures = (f"{day.listed:,}", f"{day.have:,}", _share(day.recall))
    return (day.section, day.day, day.state, looked, *figures)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"
