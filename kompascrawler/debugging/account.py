"""Why the record of a page is as it is, or why there is none: what was done, step by step.

Pure. Everything here is taken from the pages, the cleaning and the checks themselves as they ran
on the page; nothing is worked out a second time.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from kompascrawler.cleaning import clean
from kompascrawler.debugging.blocks import (
    BlockAccount,
    LeftOutAccount,
    account_of_blocks,
    account_of_left_out,
)
from kompascrawler.debugging.fields import (
    FieldAccount,
    LayoutAccount,
    account_of_fields,
    account_of_layouts,
)
from kompascrawler.debugging.near import Sought
from kompascrawler.debugging.pages_held import HalamanAccount, account_of_halaman
from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.items import Article, faults
from kompascrawler.pages import ArticlePage, PageRefused
from kompascrawler.pages.layouts import layout_of, proven, survey_page
from kompascrawler.politeness.non_content import sign_of
from kompascrawler.run.requests import kind_of
from kompascrawler.sections import Section
from kompascrawler.store.model import SimilarArticle

_LISTINGS: Final = {"front": "the section's front page", "index": "a page of the archive"}
"""What an address may be of that is no article's (``runs.kinds``)."""


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
    duplicates: list[SimilarArticle] | None = None
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
    wish: RouteChoice = "auto",
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
    account.layouts = account_of_layouts(surveyed, sought)
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
    account.fields = account_of_fields(page, sought)
    return account


def _no_content(body: bytes, status: int, headers: Mapping[str, str] | None) -> str | None:
    """Say why an answer is not even looked into; None where it is."""
    if sign := sign_of(body, status=status, headers=headers):
        return f"{sign.kind}: {sign.kind} page instead of content, told by {sign.mark}"
    return None if status < 300 else f"http {status}: the answer says itself that it is no content"


def _tell_of_page(account: Account, page: ArticlePage, section: Section, wish: RouteChoice) -> None:
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
