"""Why the record of a page is as it is, or why there is none: what was done, step by step.

Pure. Everything here is taken from the pages, the cleaning and the checks themselves as they ran
on the page; nothing is worked out a second time.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from kompascrawler.cleaning import clean
from kompascrawler.debugging.blocks import (
    BlockAccount,
    LeftOutAccount,
    account_of_blocks,
    account_of_left_out,
)
from kompascrawler.debugging.near import Sought
from kompascrawler.debugging.pages_held import HalamanAccount, account_of_halaman
from kompascrawler.halaman.assembly import Wish
from kompascrawler.items import Article
from kompascrawler.pages import ArticlePage, PageRefused
from kompascrawler.pages.imposters import sign_of
from kompascrawler.pages.layouts import LAYOUTS, Surveyed, layout_of, proven, survey_page
from kompascrawler.pages.readings import Candidate, Reading
from kompascrawler.pipelines.validate import faults
from kompascrawler.runs.kinds import kind_of
from kompascrawler.sections import Section
from kompascrawler.store.interface import Match

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
_LISTINGS: Final = {"front": "the section's front page", "index": "a page of the archive"}
"""What an address may be of that is no article's (``runs.kinds``)."""
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


@dataclass(slots=True, kw_only=True)
class Account:
    """Everything that is to be told of a page."""

    url: str
    refused: str | None = None
    """Why no record is made of the page: reason and message; None where one is."""
    layouts: list[LayoutAccount] = field(default_factory=list)
    near: dict[str, list[str]] = field(default_factory=dict)
    """Where no layout fits: what may be title, time and body, by what is written there."""
    fields: list[FieldAccount] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """What every article has and this one has not, or what contradicts itself."""
    blocks: list[BlockAccount] = field(default_factory=list)
    left_out: list[LeftOutAccount] = field(default_factory=list)
    halaman: HalamanAccount | None = None
    faults: list[str] = field(default_factory=list)
    """Fields for which the record would be refused; empty where it is valid."""
    duplicates: list[Match] | None = None
    """Stored articles that it is compared with, and how alike; None: not asked."""
    no_store: str | None = None
    """Why the store could not be asked."""
    record: Article | None = None
    """The record as it would be stored, but for what the store fills in; None where refused."""

    def as_dict(self) -> dict[str, Any]:
        """Return the account as JSON has it: objects with named keys throughout."""
        likes = None if self.duplicates is None else [like._asdict() for like in self.duplicates]
        return asdict(self) | {"duplicates": likes}


def account_of(
    url: str,
    body: bytes,
    encoding: str | None,
    *,
    section: Section,
    wish: Wish = "auto",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Account:
    """Read a page as a crawl would, and tell how that went, what the store would say left out.

    ``encoding`` is what the header declares; ``headers`` are those that may tell an imposter.
    """
    account = Account(url=url)
    account.refused = _no_content(body, status, headers)
    if account.refused:
        return account
    try:
        surveyed = survey_page(url, body, encoding)
    except PageRefused as refusal:
        account.refused = _said(refusal)
        return account
    sought = Sought(surveyed)
    account.layouts = _layouts(surveyed, sought)
    try:
        page = layout_of(surveyed)
    except PageRefused as refusal:
        account.refused = _said(refusal)
        if listing := _LISTINGS.get(kind_of(url)):
            account.refused += f", but {listing}: links() in `scrapy shell` tells where it leads"
        else:
            account.near = {name: sought.by_content(name) for name in ("title", "time", "body")}
        return account
    _tell_of_page(account, page, section, wish)
    account.fields = _fields(page, sought)
    return account


def _no_content(body: bytes, status: int, headers: Mapping[str, str] | None) -> str | None:
    """Say why an answer is not even looked into; None where it is."""
    if sign := sign_of(body, status=status, headers=headers):
        return f"{sign.kind}: {sign.kind} page instead of content, told by {sign.mark}"
    return None if status < 300 else f"http {status}: the answer says itself that it is no content"


def _tell_of_page(account: Account, page: ArticlePage, section: Section, wish: Wish) -> None:
    """Go on until the page is refused, or to its record."""
    try:
        proven(page)
        _check_section(page, section)
        account.halaman = account_of_halaman(page, wish)
        account.left_out = account_of_left_out(page.body)
        raw = page.to_item()
    except PageRefused as refusal:
        account.refused = _said(refusal)
        return
    account.missing = page.missing
    account.blocks = account_of_blocks(raw)
    account.record = clean(raw)
    account.faults = faults(account.record)


def _check_section(page: ArticlePage, section: Section) -> None:
    if not section.holds(page.address):
        raise PageRefused("other_section", f"{page.url} is an article of another section")


def _said(refusal: PageRefused) -> str:
    return f"{refusal.reason}: {refusal}"


def _layouts(page: Surveyed, sought: Sought) -> list[LayoutAccount]:
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


def _fields(page: ArticlePage, sought: Sought) -> list[FieldAccount]:
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
