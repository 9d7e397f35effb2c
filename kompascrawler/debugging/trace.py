"""How the record of a page is made, step by step, or why there is none. Pure.

The code of pages, cleaning and checks notes what it does: no rule is written a second time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from os.path import commonprefix
from typing import Any, Final

from typing_extensions import override

from kompascrawler.cleaning import clean
from kompascrawler.cleaning.boilerplate import Cuts
from kompascrawler.debugging.fields import (
    FieldTrace,
    LayoutTrace,
    Suggestions,
    shown,
    trace_fields,
    trace_layouts,
)
from kompascrawler.halaman.assembly import Assembly, NextRequest, RouteChoice
from kompascrawler.halaman.completeness import TOLERANCE, missing_words, shortfall
from kompascrawler.items import Article, Block, Halaman, faults
from kompascrawler.pages import ArticlePage, PageRefused
from kompascrawler.pages.collect import Body
from kompascrawler.pages.layouts import layout_of, proven, survey_page
from kompascrawler.politeness.non_content import sign_of
from kompascrawler.run.requests import kind_of
from kompascrawler.sections import Scope
from kompascrawler.store.model import SimilarArticle

_LISTINGS: Final = {"front": "the section's front page", "index": "a page of the index"}
"""Kind of request (``run.requests``) → what has links, but no record."""
_STEPS: Final[dict[NextRequest, str]] = {
    "done": "no further request: the record is made from this response",
    "browser": "the browser opens the article's pages",
}
_TIDIED: Final = "characters"
"""Name of the rule for blocks of nothing but invisible characters."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Text that a rule removed from a block."""

    rule: str
    text: str


@dataclass(slots=True, kw_only=True)
class BlockTrace:
    """A block of the page; ``number`` is from 1, in reading order, without what is left out."""

    number: int
    page: int
    type: str
    raw: str
    text: str | None
    """Its text in the record; None if nothing is left."""
    cuts: list[Cut]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutTrace:
    """A part of the body that is not text."""

    name: str
    """The rule, as counted in ``removed``."""
    what: str
    """The element, or "text"."""
    text: str
    after: int
    """Number of the block before it, or 0."""


@dataclass(slots=True, kw_only=True)
class HalamanTrace(Halaman):
    """Pages and words, declared and found, and what a crawl does after this response."""

    pages_declared: int | None
    tolerance: int
    """By how many words declared and counted may differ."""
    words_missing: int | None
    """Words of the declared text that are not here, or out of order; None: none is declared."""
    words_read: int
    words_to_read: int
    """Fewest words that must be read from the body: broken markup would hide text."""
    verdict: str
    next_step: str


def in_words(halaman: Halaman) -> str:
    """Say whether an article is complete, and how that is known.

    >>> in_words(Halaman(pages_expected=2, pages_fetched=2, route="all", words_declared=300,
    ...                  words_counted=298, complete=True, proof="words"))
    'complete: 2 of 2 pages, 298 of 300 words (proven by words)'
    """
    if halaman.complete is None:
        return "unknown: the page declares neither pages nor words"
    said = shortfall(halaman)
    proof = f" (proven by {halaman.proof})" if halaman.proof else ""
    return said.removeprefix("in") + proof if halaman.complete else said


@dataclass(slots=True, kw_only=True)
class PageTrace:
    """What explains the record of a page."""

    url: str
    refused: str | None = None
    """Reason and message if no record is made."""
    layouts: list[LayoutTrace] = field(default_factory=list)
    near: dict[str, list[str]] = field(default_factory=dict)
    """If no layout fits: elements that may be title, time and body, by their text."""
    fields: list[FieldTrace] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Fields that every article has and this one lacks, or that contradict each other."""
    blocks: list[BlockTrace] = field(default_factory=list)
    left_out: list[LeftOutTrace] = field(default_factory=list)
    halaman: HalamanTrace | None = None
    faults: list[str] = field(default_factory=list)
    """Fields for which the record would be refused."""
    duplicates: list[SimilarArticle] | None = None
    """Stored articles with similar texts; None if the store was not asked."""
    no_store: str | None = None
    """Why the store was not asked."""
    record: Article | None = None
    """The record as it would be stored, without what only the store knows; None if refused."""

    def as_dict(self) -> dict[str, Any]:
        """Return the trace for JSON."""
        likes = None if self.duplicates is None else [like._asdict() for like in self.duplicates]
        return asdict(self) | {"duplicates": likes}


def trace_page(
    url: str,
    body: bytes,
    encoding: str | None,
    *,
    section: Scope,
    wish: RouteChoice = "auto",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> PageTrace:
    """Read a page as a crawl would, without asking the store.

    ``encoding`` is what the header declares, ``headers`` those that mark a non-content page.
    """
    trace = PageTrace(url=url)
    suggestions = page = None
    try:
        _check_content(body, status, headers)
        surveyed = survey_page(url, body, encoding)
        suggestions = Suggestions(surveyed)
        trace.layouts = trace_layouts(surveyed, suggestions)
        page = layout_of(surveyed)
        _trace_record(trace, page, section, wish)
    except PageRefused as refusal:
        trace.refused = f"{refusal.reason}: {refusal}"
    if suggestions and page:
        trace.fields = trace_fields(page, suggestions)
    elif suggestions and (listing := _LISTINGS.get(kind_of(url))):
        trace.refused = (
            f"{trace.refused}, but {listing}: links() in `kompascrawler shell` lists its links"
        )
    elif suggestions:
        trace.near = {name: suggestions.by_content(name) for name in ("title", "time", "body")}
    return trace


def _check_content(body: bytes, status: int, headers: Mapping[str, str] | None) -> None:
    if sign := sign_of(body, status=status, headers=headers):
        said = f"{sign.kind} page instead of content, recognised by {sign.mark}"
        raise PageRefused(sign.kind, said)
    if status >= 300:
        raise PageRefused(f"http {status}", "the status says that there is no content")


def _trace_record(trace: PageTrace, page: ArticlePage, section: Scope, wish: RouteChoice) -> None:
    proven(page)
    if not section.holds(page.address):
        raise PageRefused("other_section", f"{page.url} is an article of another section")
    declared, step = page.text_declared, Assembly(page.part(), wish).begin()
    trace.halaman = HalamanTrace(
        **asdict(page.halaman),
        pages_declared=page.pages_declared,
        tolerance=TOLERANCE,
        words_missing=None if declared is None else missing_words(declared, page.raw_text),
        words_read=page.words_read,
        words_to_read=page.words_to_read,
        verdict=in_words(page.halaman),
        next_step=_STEPS.get(step, f"request ?page={step}"),
    )
    trace.left_out = list(_trace_left_out(page.body))
    raw = page.to_item()
    trace.missing = page.missing
    trace.blocks = _trace_blocks(raw)
    trace.record = clean(raw)
    trace.faults = faults(trace.record)


class _Trace(Cuts):
    """Cuts by the number of their block, which replaces its page during cleaning."""

    def __init__(self) -> None:
        super().__init__()
        self.of_block: dict[int, list[Cut]] = {}

    @override
    def note(self, rule: str, block: Block, before: str, after: str, times: int = 1) -> None:
        super().note(rule, block, before, after, times)
        self.of_block.setdefault(block.page, []).append(Cut(rule, _taken(before, after)))

    @override
    def note_below(self, rule: str, blocks: Sequence[Block]) -> None:
        for block in blocks:
            self.of_block.setdefault(block.page, []).append(Cut(rule, block.text))


def _trace_blocks(raw: Article) -> list[BlockTrace]:
    trace = _Trace()
    numbered = [replace(block, page=number) for number, block in enumerate(raw.blocks, start=1)]
    cleaned = clean(replace(raw, blocks=numbered), trace)
    left = {block.page: block.text for block in cleaned.blocks}
    return [
        BlockTrace(
            number=number,
            page=block.page,
            type=block.type,
            raw=block.text,
            text=left.get(number),
            cuts=trace.of_block.get(number, [] if number in left else [Cut(_TIDIED, block.text)]),
        )
        for number, block in enumerate(raw.blocks, start=1)
    ]


def _trace_left_out(body: Body) -> Iterator[LeftOutTrace]:
    for part in body.left_out:
        if isinstance(part.what, str):
            what, text = "text", part.what
        else:
            what, text = shown(part.what), "".join(part.what.itertext())
        text = " ".join(text.split())
        yield LeftOutTrace(name=part.name, what=what, text=text, after=part.place)


def _taken(before: str, after: str) -> str:
    """Return what one text has between the beginning and end that both share.

    >>> _taken("Isi. Baca juga: Judul Lagi.", "Isi.   Lagi.")
    'Baca juga: Judul'
    """
    start = len(commonprefix([before, after]))  # noqa: RUF071 - characters are meant
    rest, left = before[start:][::-1], after[start:][::-1]
    end = len(commonprefix([rest, left]))  # noqa: RUF071 - as above
    return rest[end:][::-1].strip()
