"""Whether the clock is right, and Jakarta's time what we take it for."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kompascrawler.doctor.finding import Finding, Subject
from kompascrawler.identity import WIB, published_at
from kompascrawler.outcome.cards import read_cards
from kompascrawler.outcome.terminal import span
from kompascrawler.store.model import StoreError
from kompascrawler.store.store import open_reader

TOLERANCE: Final = timedelta(minutes=2)
"""By how much clocks may differ."""
_SET = "set the clock, for example: timedatectl set-ntp true"


def clock(subject: Subject) -> Iterator[Finding]:
    """Compare the clock with whatever has a time that must have passed."""
    marks = _marks(subject)
    ahead = [(what, when) for what, when in marks if when > subject.now + TOLERANCE]
    said = f"{subject.now:%Y-%m-%d %H:%M:%S} UTC"
    if ahead:
        what, when = max(ahead, key=lambda mark: mark[1])
        found = f"{said}, but {what} is of {when:%Y-%m-%d %H:%M:%S} UTC: the clock is behind"
        yield Finding.fail("clock", found, _SET)
        return
    latest = max(marks, key=lambda mark: mark[1], default=None)
    if latest:
        said += f"; {latest[0]} is {span((subject.now - latest[1]).total_seconds())} old"
    yield Finding.ok("clock", said)


def _marks(subject: Subject) -> list[tuple[str, datetime]]:
    """Return what happened at which time (UTC): the newest run, file and article."""
    marks: list[tuple[str, datetime]] = []
    with suppress(StoreError):  # the store's own check says so
        marks += [
            (f"run {card.run_id}", datetime.fromisoformat(card.ended_at))
            for card in read_cards(subject.data_dir, limit=1)
        ]
    files = (subject.data_dir / "articles").glob("*/*.jsonl")
    if times := [file.stat().st_mtime for file in files]:
        marks.append(("the newest published file", datetime.fromtimestamp(max(times), UTC)))
    with suppress(StoreError), open_reader(subject.data_dir) as reader:
        when = published_at(reader.newest_listed() or "")
        if when is not None:
            marks.append(("the newest article", when.astimezone(UTC)))
    return marks


def zone(subject: Subject) -> Iterator[Finding]:
    """Tell which zone logs of cron are in, and whether WIB is still seven hours ahead of UTC."""
    local = subject.now.astimezone()
    said = f"{local:%Z, UTC%z} here; all that is stored is UTC or carries its offset"
    try:
        jakarta = subject.now.astimezone(ZoneInfo("Asia/Jakarta")).utcoffset()
    except ZoneInfoNotFoundError:
        advice = "apt install tzdata (or pip install tzdata), to have that checked"
        yield Finding.warn("time zone", f"{said}; no time zone data for Jakarta's time", advice)
        return
    if jakarta != subject.now.astimezone(WIB).utcoffset():
        found = f"Jakarta is {jakarta} ahead of UTC, and the crawler reads its times as UTC+07:00"
        yield Finding.fail("time zone", found, "upgrade kompascrawler: WIB in identity.py is wrong")
    else:
        yield Finding.ok("time zone", said)
