"""Which layout a page has, and where each of its fields comes from."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from kompascrawler.debugging.near import Sought
from kompascrawler.pages import ArticlePage, PageRefused
from kompascrawler.pages.layouts import LAYOUTS, Surveyed
from kompascrawler.pages.readings import Candidate, Reading

_PROPERTIES: Final = {
    "url": "address",
    **{
        name: name
        for name in (
            *("title", "description", "published_at", "updated_at", "authors", "editors"),
            *("sources", "section", "topic", "tags", "lead_image"),
            *("pages_declared", "number_stated", "words_declared"),
        )
    },
    "body": "body_element",
}
"""Name of a reading → the page's property that makes it; in the order of telling."""
_SELDOM: Final = frozenset({"updated_at", "topic", "pages_declared", "number_stated"})
"""Fields that most pages rightly lack: nothing is sought in their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutAccount:
    """A known layout, and whether the page has it."""

    name: str
    is_chosen: bool
    told_by: dict[str, int]
    """The marks that tell it → how often each is on the page; one is enough."""
    near: dict[str, list[str]]
    """Marks that are not there → what on the page is like them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateAccount:
    """A place where a field was looked for."""

    place: str
    state: str
    """``taken``, ``passed over`` (something better was there), ``empty`` or ``not there``."""
    value: Any
    near: list[str]
    """Where the place is not there: what on the page is like it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAccount:
    """A field of the page, and where it comes from."""

    name: str
    value: Any
    """As the page gives it, before cleaning."""
    candidates: list[CandidateAccount]
    """In order of trust."""
    reason: str
    """Why that one was taken, where the order does not tell."""
    near: list[str]
    """Where the field is missing: what may be it, by what is written there."""


def account_of_layouts(page: Surveyed, sought: Sought) -> list[LayoutAccount]:
    """Tell which layout a page has, and by which marks."""
    chosen = next((layout for layout in LAYOUTS if layout.fits(page.landmarks)), None)
    return [
        LayoutAccount(
            name=layout.__name__,
            is_chosen=layout is chosen,
            told_by={mark: len(page.landmarks.all(mark)) for mark in layout.TOLD_BY},
            near={
                mark: sought.near(f".{mark}")
                for mark in layout.TOLD_BY
                if chosen is None and page.landmarks.first(mark) is None
            },
        )
        for layout in LAYOUTS
    ]


def account_of_fields(page: ArticlePage, sought: Sought) -> list[FieldAccount]:
    """Tell of every field that the page's layout reads."""
    for name in _PROPERTIES.values():
        with suppress(PageRefused):
            getattr(page, name)
    return [
        _field(name, page.readings[name], sought) for name in _PROPERTIES if name in page.readings
    ]


def _field(name: str, reading: Reading, sought: Sought) -> FieldAccount:
    values = {candidate.place: candidate.value for candidate in reading.candidates}
    is_missing = reading.taken is None and name not in _SELDOM
    return FieldAccount(
        name=name,
        value=values[reading.taken] if reading.taken else None,
        candidates=[
            _candidate(candidate, reading.taken, sought, is_sought=name not in _SELDOM)
            for candidate in reading.candidates
        ],
        reason=reading.reason,
        near=sought.by_content(name) if is_missing else [],
    )


def _candidate(
    candidate: Candidate, taken: str | None, sought: Sought, *, is_sought: bool
) -> CandidateAccount:
    place, value = candidate
    if place == taken:
        state = "taken"
    elif value:
        state = "passed over"
    elif sought.is_there(place):
        state = "empty"
    else:
        state = "not there"
    near = sought.near(place) if is_sought and state == "not there" else []
    return CandidateAccount(place=place, state=state, value=value, near=near)
