"""Failed articles as people read them: how many, and why; and as JSON."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kompascrawler.outcome.terminal import counted, folder_line, lines, moment, table, text
from kompascrawler.store.links import rfc3339_of
from kompascrawler.store.model import Failure

if TYPE_CHECKING:
    from kompascrawler.outcome.terminal import Part

_MOST_CAUSES: Final = 20
"""Causes that are shown, the most frequent first, unless all is asked for."""
_STATES: Final = {"waiting": "to be tried again", "given_up": "given up", "dropped": "dropped"}


def failure_parts(
    failures: Collection[Failure], data_dir: Path, now: datetime, limit: int
) -> Iterator["Part"]:
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
        yield table([_row(failure, now) for failure in shown], head=[""] * 4, left=4)
    if more := len(failures) - listed:
        yield text("")
        yield text(f"… and {more:,} more (--limit 0 lists all, --json for programs)")


def _row(failure: Failure, now: datetime) -> tuple[str, ...]:
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
