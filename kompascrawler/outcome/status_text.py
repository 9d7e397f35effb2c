"""The state of a data folder, and its failed articles, as people read them, and as JSON."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kompascrawler.outcome.cards import NOT_DONE, RunCard
from kompascrawler.outcome.status import Lock, Status, StoreState
from kompascrawler.store.database import rfc3339_of
from kompascrawler.store.model import Failure, Gap
from kompascrawler.terminal import (
    counted,
    first_of,
    folder_line,
    lines,
    moment,
    since,
    size,
    span,
    table,
    text,
)

if TYPE_CHECKING:
    from kompascrawler.terminal import Drawn

_INDENT: Final = 14
_SHOWN: Final = 5
"""Gaps, and articles that runs died on, that are listed one by one."""
_HEAD: Final = (
    "start (UTC)", "took", "verdict", "new", "known", "failed", "incompl", "requests", "MB"
)  # fmt: skip
_LEFT: Final = 3
"""Columns with text; the others hold figures."""


def status_parts(status: Status, now: datetime) -> Iterator["Drawn"]:
    """Return what ``kompascrawler status`` shows, one part below the other."""
    yield folder_line(Path(status.data_dir))
    if status.message:
        yield lines("Note", status.message, indent=_INDENT)
    if status.runs:
        statuses = [card.verdict.status for card in status.runs]
        styles = ["yellow" if one in NOT_DONE else "red" if one else "green" for one in statuses]
        yield text("")
        yield table(map(_row, status.runs), head=_HEAD, left=_LEFT, styles=styles)
        yield text("")
    for label, said in _entries(status, now):
        yield lines(label, said, indent=_INDENT)


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
        verdict = status.runs[0].verdict
        told = {"Why": verdict.cause, "Also": ", ".join(verdict.also), "What to do": verdict.advice}
        yield from ((label, text) for label, text in told.items() if verdict.status and text)
        repeated = next((card.repeated_lines for card in status.runs if card.repeated_lines), ())
        yield from (("Repeated", line) for line in repeated)
    if status.sizes is None:
        return
    success, sizes = status.last_success, status.sizes
    yield "Last success", since(success.ended_at, now) if success else "none on record"
    if status.lock:
        yield from _of_lock(status.lock)
    if status.next_due:
        late = "expected " if datetime.fromisoformat(status.next_due) < now else ""
        due = f"{late}{since(status.next_due, now)}"
        yield "Next run", f"{due} (an estimate: the latest runs began that far apart)"
    if status.store:
        yield from _of_store(status.store, status.sections, now)
    is_one = len(status.sections) == 1
    for name, days in status.sections.items():
        said = f"{days.closed} closed by their own listing, {days.open} open"
        look = f"; {days.missing} articles missing (`kompascrawler coverage` names them)"
        own = None if is_one or status.store is None else status.store.queues[name]
        queue = f"; retry queue: {own.waiting} waiting, {own.given_up} given up" if own else ""
        yield "Days" if is_one else name, f"{said}{look if days.missing else ''}{queue}"
    if bucket := status.bucket:
        how = f"; failing since {since(bucket.failing_since, now)}" if bucket.failing_since else ""
        why = f": {bucket.cause}" if bucket.cause else ""
        far = f"up to number {bucket.number} of {bucket.last}"
        yield "Bucket", f"{bucket.url} has the files {far}{how}{why}"
    yield (
        "Disk",
        f"state {size(sizes.state)}, articles {size(sizes.articles)}, "
        f"rejected {size(sizes.rejected)}; free {size(sizes.free)}",
    )


def _of_lock(lock: Lock) -> Iterator[tuple[str, str]]:
    if lock.vanished:
        what = "it was killed, or its card could not be kept"
        yield "Vanished", f"{lock.vanished} has left no card: {what}"
    unknown = f"not known: {lock.problem}"
    yield "Running", unknown if lock.problem else str(lock.holder or "no crawl now")


def _of_store(
    store: StoreState, sections: Collection[str], now: datetime
) -> Iterator[tuple[str, str]]:
    counts, queue = store.counts, store.queue
    revisions = f"{counts.revisions} revisions ({counts.deletions} of them deletions)"
    articles = f"{counts.articles} articles ({counts.incomplete} incomplete)"
    yield "Store", f"{articles}, {revisions}, {counts.outbox} records unpublished"
    again = f"retry queue: {queue.waiting} waiting, {queue.due} due now"
    yield "To fetch", f"{counts.waiting - queue.waiting} articles not tried yet; {again}"
    yield "To look at", f"{counts.revisits} recent articles, for changes (REVISIT_AFTER)"
    if counts.given_up or counts.dropped:
        given_up = f"{counts.given_up} articles (`kompascrawler failures` lists them)"
        yield "Given up", f"{given_up}; {counts.dropped} dropped"
    if queue.died_on:
        look = "(see `kompascrawler why`; they are tried last, and three times at most)"
        yield "Died on", f"{first_of(queue.died_on, _SHOWN)} {look}"
    for breaker in store.breakers:
        yield (
            "Route closed" if "?" in breaker.host else "Breaker open",
            f"{breaker.host}: {breaker.cause}, since {moment(breaker.opened_at)} UTC; "
            f"{breaker.probes} probes failed, the next {since(breaker.next_probe, now)}",
        )
    if not store.breakers:
        yield "Breaker open", "for no host"
    yield "Gaps", first_of([_gap(gap, sections) for gap in store.gaps], _SHOWN, "; ") or "none"


def _gap(gap: Gap, sections: Collection[str]) -> str:
    of = "" if [gap.section] == list(sections) else f"{gap.section} "
    return f"{of}{gap.high[:10]} down to {gap.low[:10] if gap.low else 'the beginning'}"


_MOST_CAUSES: Final = 20
"""Causes that are shown, the most frequent first, without ``--limit 0``."""
_STATES: Final = {"waiting": "to be tried again", "given_up": "given up", "dropped": "dropped"}


def failure_parts(
    failures: Collection[Failure], data_dir: Path, now: datetime, limit: int
) -> Iterator["Drawn"]:
    """Return failed articles grouped by cause; ``now`` has a zone.

    ``limit``: articles listed for each cause; 0 lists all, of all causes.
    """
    yield folder_line(data_dir)
    if not failures:
        yield text("no failed articles")
        return
    states: Counter[str] = Counter(failure.state for failure in failures)
    said = ", ".join(f"{states[state]} {name}" for state, name in _STATES.items() if states[state])
    yield lines(f"{counted(len(failures), 'failed article')}:", said)
    by_cause: dict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        by_cause[failure.cause].append(failure)
    groups = sorted(by_cause.items(), key=lambda group: -len(group[1]))
    listed = 0
    for cause, group in islice(groups, _MOST_CAUSES if limit else None):
        shown = group[: limit or None]
        listed += len(shown)
        yield text("")
        yield lines(f"{len(group):,} ×", cause)
        yield table([_failure_row(failure, now) for failure in shown], head=[""] * 4, left=4)
    if more := len(failures) - listed:
        yield text("")
        yield text(f"… and {more:,} more (--limit 0 lists all, --json for programs)")


def _failure_row(failure: Failure, now: datetime) -> tuple[str, ...]:
    when = _STATES[failure.state]
    if failure.next_try is not None:
        is_due = failure.next_try <= now.timestamp()
        when = "due now" if is_due else f"next {moment(rfc3339_of(failure.next_try))} UTC"
    return ("", failure.link.id, counted(failure.tries, "try", "tries"), when)


def failure_dicts(failures: Iterable[Failure]) -> list[dict[str, Any]]:
    """Return failed articles as JSON takes them; ``next_try`` is RFC 3339, UTC, or null."""
    return [
        {
            "id": failure.link.id,
            "url": failure.link.url,
            "state": failure.state,
            "tries": failure.tries,
            "cause": failure.cause,
            "next_try": None if failure.next_try is None else rfc3339_of(failure.next_try),
        }
        for failure in failures
    ]
