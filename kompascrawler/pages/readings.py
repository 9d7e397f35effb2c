"""Where each field of a page was looked for, what stood there, and what was taken. Pure data.

Noted as the fields are read, so that what is told of a page later (``scrapy explain``) is what
was done.
"""

from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Candidate(NamedTuple):
    """A place where a field may stand."""

    place: str
    """A selector (``.read__title``), a meta element (``meta content_tags``), or in words."""
    value: Any
    """What stands there, as the field would have it; empty or None: nothing."""


class Reading(NamedTuple):
    """How a field was read."""

    candidates: tuple[Candidate, ...]
    """The places in order of trust."""
    taken: str | None
    """The place whose value is the field's; None where the field is missing."""
    reason: str
    """Why that one, where order alone does not tell; else empty."""


class Readings(dict[str, Reading]):
    """Name of a field → how it was read, of those that have been read."""

    def take(self, field: str, *candidates: tuple[str, T]) -> T | None:
        """Note a field's candidates; return the first value that is something, else None."""
        found = next((pair for pair in candidates if pair[1]), None)
        self.note(field, *candidates, taken=found[0] if found else None)
        return found[1] if found else None

    def note(
        self, field: str, *candidates: tuple[str, Any], taken: str | None, reason: str = ""
    ) -> None:
        """Note a field's candidates, where another rule than their order decides."""
        named = tuple(Candidate(*candidate) for candidate in candidates)
        self[field] = Reading(named, taken, reason)
