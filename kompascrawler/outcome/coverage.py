"""``kompascrawler coverage``: the days of the ledger for people and programs, and marks in it."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from kompascrawler.command import LazyCommand, fail
from kompascrawler.identity import WIB
from kompascrawler.outcome.filling import OLDEST_DAY
from kompascrawler.outcome.terminal import counted, folder_line, lines, moment, put, show, table
from kompascrawler.store.ledger import Day, Ledger
from kompascrawler.store.model import NoStore, StoreError
from kompascrawler.store.reader import Reader
from kompascrawler.store.store import open_reader

if TYPE_CHECKING:
    from kompascrawler.outcome.terminal import Part

_HEAD: Final = ("day (WIB)", "state", "looked at (UTC)", "listed", "have", "recall")
_LEFT: Final = 3
_SHOWN: Final = 20
"""Missing articles that are listed one by one; --json has all."""


def _refuse(message: str) -> NoReturn:
    fail("coverage", message)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCoverage:
    """How much of a day is stored now."""

    day: str
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
            listed=line.listed,
            have=have,
            recall=have / line.listed if line.listed else None,
            missing=missing,
            looked_at=line.looked_at,
            state=state if line.looked_at else "unread",
            doubt=line.doubt,
        )


def _why(article_id: str, reader: Reader | None) -> str | None:
    """Say why an article is missing; None: it is stored."""
    if reader is None:
        return "there is no store"
    if reader.is_stored(article_id):
        return None
    history = reader.history(article_id)
    if history is None:
        return "not known to the store"
    states = {"waiting": "to be fetched", "given_up": "given up", "dropped": "dropped"}
    said = states.get(history.state, history.state)
    return f"{said}: {history.cause}" if history.cause else said


def coverage(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Show the days' coverage or mark days; return 0, 2 for bad input, 3 for a bad folder."""
    try:
        ledger, since, until = _given(command.chosen, args, opts)
        if opts.backfill:
            _mark(ledger, since, until, as_json=opts.json)
        else:
            _show(ledger, since or date.min, until or date.max, as_json=opts.json)
    except StoreError as error:
        fail("coverage", str(error), 3)
    return 0


def _given(
    settings: Mapping[str, Any], args: list[str], opts: argparse.Namespace
) -> tuple[Ledger, date | None, date | None]:
    if args:
        _refuse(f"{args[0]}: it takes options only")
    if not settings["DATA_DIR"]:
        _refuse("DATA_DIR=: accepted is the folder for articles and state")
    since, until = _day("--since", opts.since), _day("--until", opts.until)
    if since and until and since > until:
        _refuse(f"--since {since} lies after --until {until}")
    return Ledger(Path(settings["DATA_DIR"]), settings["SECTION"]), since, until


def _day(name: str, given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        _refuse(f"{name} {given}: write the day as YYYY-MM-DD")


def _mark(ledger: Ledger, since: date | None, until: date | None, *, as_json: bool) -> None:
    yesterday = datetime.now(WIB).date() - timedelta(days=1)
    if since is None:
        _refuse("--backfill: give the first day with --since")
    last = min(until or yesterday, yesterday)
    with open_reader(ledger.data_dir) as reader:  # only a crawl begins a data folder
        floor = reader.oldest_asked()
    first = max(since, date.fromisoformat(floor[:10]) if floor else OLDEST_DAY)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if not days:
        _refuse(
            f"no day from {since} to {last} can be read: the collection begins with "
            f"{floor[:10] if floor else OLDEST_DAY}, and yesterday is the last day"
        )
    ledger.append(Day(day=day, section=ledger.section) for day in days)
    if as_json:
        put(json.dumps({"marked": [day.isoformat() for day in days]}), sys.stdout)
    else:
        show(folder_line(ledger.data_dir))
        said = f"marked: {counted(len(days), 'day')} from {first} to {last}"
        put(f"{said}; the next crawls read them, ten days a crawl", sys.stdout)


def _show(ledger: Ledger, since: date, until: date, *, as_json: bool) -> None:
    found = [line for day, line in sorted(ledger.read().items()) if since <= day <= until]
    with ExitStack() as stack:
        try:
            reader = stack.enter_context(open_reader(ledger.data_dir))
        except NoStore:
            reader = None
        days = [DayCoverage.of(line, reader) for line in found]
    total = summed(days)
    if as_json:
        told = {**total, "days": [asdict(day) for day in days]}
        put(json.dumps(told, ensure_ascii=False, indent=1), sys.stdout)
    else:
        show(*_parts(ledger.data_dir, days, total))


def summed(days: Sequence[DayCoverage]) -> dict[str, Any]:
    """Return the figures of a range of days together."""
    listed, have = sum(day.listed for day in days), sum(day.have for day in days)
    return {
        "listed": listed,
        "have": have,
        "recall": have / listed if listed else None,
        "open": [day.day for day in days if day.state != "closed"],
    }


def _parts(data_dir: Path, days: Sequence[DayCoverage], total: dict[str, Any]) -> Iterator["Part"]:
    yield folder_line(data_dir)
    if not days:
        yield lines("Days", "none was read yet; --backfill marks days for the next crawl")
        return
    sums = ("all", "", "", f"{total['listed']:,}", f"{total['have']:,}", _share(total["recall"]))
    yield table([*map(_row, days), sums], head=_HEAD, left=_LEFT)
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
    return (day.day, day.state, looked, f"{day.listed:,}", f"{day.have:,}", _share(day.recall))


def _share(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"
