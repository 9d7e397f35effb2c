"""The status of a data folder as people read it: a table of the runs, and a line for each thing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kompascrawler.outcome.card import RunCard
from kompascrawler.outcome.exit_status import NOT_DONE, ExitStatus
from kompascrawler.outcome.status import DayCounts, Lock, Status, StoreState
from kompascrawler.outcome.terminal import (
    folder_line,
    lines,
    moment,
    since,
    size,
    span,
    table,
    text,
)
from kompascrawler.store.model import Gap

if TYPE_CHECKING:
    from kompascrawler.outcome.terminal import Part

_INDENT: Final = 14
_SHOWN: Final = 5
"""Gaps that are listed one by one."""
_HEAD: Final = (
    "start (UTC)", "took", "verdict", "new", "known", "failed", "incompl", "requests", "MB"
)  # fmt: skip
_LEFT: Final = 3
"""Columns with text; the others hold figures."""


def status_parts(status: Status, now: datetime) -> Iterator["Part"]:
    """Return what ``kompascrawler status`` shows, one part below the other."""
    yield folder_line(Path(status.data_dir))
    if status.message:
        yield lines("Note", status.message, indent=_INDENT)
    if status.runs:
        styles = [_style(card.verdict.status) for card in status.runs]
        yield text("")
        yield table(map(_row, status.runs), head=_HEAD, left=_LEFT, styles=styles)
        yield text("")
    for label, said in _entries(status, now):
        yield lines(label, said, indent=_INDENT)


def _style(status: ExitStatus) -> str:
    return "yellow" if status in NOT_DONE else "red" if status else "green"


def _row(card: RunCard) -> tuple[str, ...]:
    began, ended = map(datetime.fromisoformat, (card.started_at, card.ended_at))
    counts, verdict = card.counts, card.verdict
    return (
        moment(card.started_at),
        span((ended - began).total_seconds()),
        f"{verdict.status.value} {verdict.name}",
        str(counts.new),
        str(counts.known),
        str(counts.failed + counts.refused),
        str(counts.incomplete),
        str(card.requests.total),
        f"{card.bytes / 1e6:.1f}",
    )


def _entries(status: Status, now: datetime) -> Iterator[tuple[str, str]]:
    if status.runs:
        yield from _of_verdict(status.runs[0])
        repeated = next((card.repeated_lines for card in status.runs if card.repeated_lines), ())
        yield from (("Repeated", line) for line in repeated)
    if status.sizes is None:
        return
    success, sizes = status.last_success, status.sizes
    yield "Last success", since(success.ended_at, now) if success else "none on record"
    if status.lock:
        yield from _of_lock(status.lock)
    if status.next_due:
        due = since(status.next_due, now)
        is_late = datetime.fromisoformat(status.next_due) < now
        overdue = "expected " if is_late else ""
        yield "Next run", f"{overdue}{due} (an estimate: the latest runs began that far apart)"
    if status.store:
        yield from _of_store(status.store, now)
    if status.days:
        yield "Days", _days(status.days)
    yield (
        "Disk",
        f"state {size(sizes.state)}, articles {size(sizes.articles)}, "
        f"rejected {size(sizes.rejected)}; free {size(sizes.free)}",
    )


def _of_verdict(card: RunCard) -> Iterator[tuple[str, str]]:
    """Return why the latest run ended as it did, where something is to be said of it."""
    verdict = card.verdict
    if not verdict.status:
        return
    yield "Why", verdict.cause
    if verdict.also:
        yield "Also", ", ".join(verdict.also)
    if verdict.advice:
        yield "What to do", verdict.advice


def _of_lock(lock: Lock) -> Iterator[tuple[str, str]]:
    if lock.vanished:
        what = "it was killed, or its card could not be kept"
        yield "Vanished", f"{lock.vanished} has left no card: {what}"
    if lock.problem:
        yield "Running", f"not known: {lock.problem}"
    else:
        yield "Running", str(lock.holder) if lock.holder else "no crawl now"


def _of_store(store: StoreState, now: datetime) -> Iterator[tuple[str, str]]:
    counts, queue = store.counts, store.queue
    yield (
        "Store",
        f"{counts.articles} articles ({counts.incomplete} incomplete), "
        f"{counts.revisions} revisions, {counts.outbox} records unpublished",
    )
    yield (
        "To fetch",
        f"{counts.waiting - queue.waiting} articles not tried yet; retry queue: "
        f"{queue.waiting} waiting, {queue.due} due now",
    )
    if counts.given_up or counts.dropped:
        given_up = f"{counts.given_up} articles (`kompascrawler failures` lists them)"
        yield "Given up", f"{given_up}; {counts.dropped} dropped"
    for breaker in store.breakers:
        yield (
            "Route closed" if "?" in breaker.host else "Breaker open",
            f"{breaker.host}: {breaker.cause}, since {moment(breaker.opened_at)} UTC; "
            f"{breaker.probes} probes failed, the next {since(breaker.next_probe, now)}",
        )
    if not store.breakers:
        yield "Breaker open", "for no host"
    yield "Gaps", _gaps(store.gaps)


def _days(days: DayCounts) -> str:
    said = f"{days.closed} closed by their own listing, {days.open} open"
    look = "`kompascrawler coverage` names them"
    return f"{said}; {days.missing} articles missing ({look})" if days.missing else said


def _gaps(gaps: Sequence[Gap]) -> str:
    shown = [
        f"{gap.high[:10]} down to {gap.low[:10] if gap.low else 'the beginning'}"
        for gap in gaps[:_SHOWN]
    ]
    more = [f"and {len(gaps) - _SHOWN} more"] if len(gaps) > _SHOWN else []
    return "; ".join(shown + more) or "none"
