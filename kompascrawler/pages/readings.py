"""Where each field of a page was looked for, what stood there, and what was taken. Pure data.

Noted as the fields are read, so that ``kompascrawler explain`` tells what was done.
"""

from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Reading(NamedTuple):
    """How a field was read."""

    candidates: tuple[tuple[str, Any], ...]
    """Each place in order of trust, with what stands there as the field would have it.

    A place is a selector (``.read__title``), a meta element (``meta content_tags``), or in words.
    """
    taken: str | None
    """The place whose value is the field's; None where the field is missing."""
    reason: str
    """Why that one, where order alone does not tell; else empty."""


class Readings(dict[str, Reading]):
    """Name of a field → how it was read, of those that have been read."""

    def take(self, field: str, *candidates: tuple[str, T]) -> T | None:
        """Note a field's candidates; return the first value that is something, else None."""
        for place, value in candidates:
            if value:
                self[field] = Reading(candidates, place, "")
                return value
        self[field] = Reading(candidates, None, "")
        return None

    def note(
        self, field: str, *candidates: tuple[str, Any], taken: str | None, reason: str = ""
    ) -> None:
        """Note a field's candidates, where another rule than their order decides."""
        self[field] = Reading(candidates, taken, reason)
