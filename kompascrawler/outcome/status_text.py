"""The status of a data folder as lines for a terminal of 80 columns. Pure."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from kompascrawler.outcome.card import RunCard
from kompascrawler.outcome.status import Lock, Status, StoreState
from kompascrawler.outcome.terminal import entry, moment, since, size, span, table
from kompascrawler.store.model import Failure

_INDENT: Final = 14
_SHOWN: Final = 5
"""Gaps that are listed one by one."""
_HEAD: Final = (
    "start (UTC)", "took", "verdict", "new", "known", "failed", "incompl", "requests", "MB"
)  # fmt: skip


def status_lines(status: Status, now: datetime) -> list[str]:
    """Return the lines of ``scrapy status``."""
    lines = [status.message] if status.message else []
    if status.runs:
        lines += [*table(_HEAD, [_row(card) for card in status.runs], left=3), ""]
        lines += _verdict(status.runs[0])
    if status.sizes is None:
        return lines
    for label, text in _entries(status, now):
        lines += entry(label, text, indent=_INDENT)
    return lines


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


def _verdict(card: RunCard) -> list[str]:
    """Return why the latest run ended as it did, where something is to be said of it."""
    verdict = card.verdict
    if not verdict.status:
        return []
    lines = entry("Why", verdict.cause, indent=_INDENT)
    if verdict.also:
        lines += entry("Also", ", ".join(verdict.also), indent=_INDENT)
    if verdict.advice:
        lines += entry("What to do", verdict.advice, indent=_INDENT)
    return lines


def _entries(status: Status, now: datetime) -> Iterator[tuple[str, str]]:
    success, sizes = status.last_success, status.sizes
    yield "Last success", since(success.ended_at, now) if success else "none that is remembered"
    if status.lock:
        yield from _of_lock(status.lock)
    if status.next_due:
        due = since(status.next_due, now)
        is_late = datetime.fromisoformat(status.next_due) < now
        overdue = "expected " if is_late else ""
        yield "Next run", f"{overdue}{due} (an estimate: the latest runs began that far apart)"
    if status.store:
        yield from _of_store(status.store, now)
    assert sizes is not None
    yield (
        "Disk",
        f"state {size(sizes.state)}, articles {size(sizes.articles)}, "
        f"rejected {size(sizes.rejected)}; free {size(sizes.free)}",
    )


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
        text = (
            f"{counts.given_up} articles (`scrapy failures` lists them); {counts.dropped} dropped"
        )
        yield "Given up", text
    for breaker in store.breakers:
        yield (
            "Breaker open",
            f"{breaker.host}: {breaker.cause}, since {moment(breaker.opened_at)} UTC; "
            f"{breaker.probes} probes failed, the next {since(breaker.next_probe, now)}",
        )
    if not store.breakers:
        yield "Breaker open", "for no host"
    yield "Gaps", _gaps(store)


def _gaps(store: StoreState) -> str:
    """Say which stretches of the archive are still to be read."""
    if not store.gaps:
        return "none"
    shown = [
        f"{gap.high[:10]} down to {gap.low[:10] if gap.low else 'the beginning'}"
        for gap in store.gaps[:_SHOWN]
    ]
    more = len(store.gaps) - len(shown)
    return "; ".join([*shown, f"and {more} more"] if more else shown)


_FAILURES_HEAD: Final = ("article", "tries", "next try (UTC)", "cause")
_STATES: Final = {"given_up": "given up", "dropped": "dropped"}


def failure_lines(failures: Collection[Failure], now: datetime) -> list[str]:
    """Return failed articles as a table, or a line that there are none; ``now`` has a zone."""
    if not failures:
        return ["no failed articles"]
    return table(_FAILURES_HEAD, [_failure_row(failure, now) for failure in failures], left=4)


def failure_dicts(failures: Iterable[Failure]) -> list[dict[str, Any]]:
    """Return failed articles as JSON takes them; ``next_try`` is RFC 3339, UTC, or null."""
    return [
        {
            "id": failure.link.id,
            "url": failure.link.url,
            "state": failure.state,
            "tries": failure.tries,
            "cause": failure.cause,
            "next_try": _next_try(failure),
        }
        for failure in failures
    ]


def _failure_row(failure: Failure, now: datetime) -> tuple[str, ...]:
    next_try = _next_try(failure)
    if next_try is None:
        when = _STATES[failure.state]
    else:
        is_due = datetime.fromisoformat(next_try) <= now
        when = "now" if is_due else moment(next_try)
    return (failure.link.id, str(failure.tries), when, failure.cause)


def _next_try(failure: Failure) -> str | None:
    if failure.next_try is None:
        return None
    return datetime.fromtimestamp(failure.next_try, UTC).isoformat(timespec="seconds")
