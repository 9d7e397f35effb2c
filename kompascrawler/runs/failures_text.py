"""The retry queue for people and programs. Pure."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from kompascrawler.runs.wording import moment, table
from kompascrawler.store.interface import Failure

_HEAD: Final = ("article", "tries", "next try (UTC)", "cause")
_STATES: Final = {"given_up": "given up", "dropped": "dropped"}


def failure_lines(failures: Collection[Failure], now: datetime) -> list[str]:
    """Return failed articles as a table, or a line that there are none; ``now`` has a zone."""
    if not failures:
        return ["no failed articles"]
    return table(_HEAD, [_row(failure, now) for failure in failures], left=4)


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


def _row(failure: Failure, now: datetime) -> tuple[str, ...]:
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
