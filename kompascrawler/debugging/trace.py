"""The trace of a page: how its record is made, or why there is none; as data and in lines."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from os.path import commonprefix
from typing import Any, Final, Self

from lxml import etree

from kompascrawler.halaman.completeness import TOLERANCE, in_words, missing_words
from kompascrawler.items import Article, Halaman, Image
from kompascrawler.pages import ArticlePage
from kompascrawler.pages.collect import LeftOut
from kompascrawler.store.model import SimilarArticle
from kompascrawler.terminal import WIDTH, Row, Style, row_lines

_INDENT: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutTrace:
    """A known layout, and whether the page has it."""

    name: str
    is_chosen: bool
    told_by: dict[str, int]
    """Mark of the layout → how often it is on the page; one is enough."""
    near: dict[str, list[str]]
    """Missing mark → what on the page resembles it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateTrace:
    """A place where a field may be, and what resembles it if it is not there."""

    place: str
    state: str
    """``taken``, ``passed over`` (something better was there), ``empty`` or ``not there``."""
    value: Any
    near: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTrace:
    """A field of the page before cleaning, and where it comes from."""

    name: str
    value: Any
    candidates: list[CandidateTrace]
    """In order of trust."""
    reason: str
    """Why that one was taken, if the order does not tell."""
    near: list[str]
    """What may be the field, by its text, if it is missing."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Text that a rule removed from a block."""

    rule: str
    text: str

    @classmethod
    def between(cls, rule: str, before: str, after: str) -> Self:
        """Return what one text has between the beginning and end that both share.

        >>> Cut.between("pointers", "Isi. Baca juga: Judul Lagi.", "Isi.   Lagi.").text
        'Baca juga: Judul'
        """
        start = len(commonprefix([before, after]))  # noqa: RUF071 - characters are meant
        rest, left = before[start:][::-1], after[start:][::-1]
        end = len(commonprefix([rest, left]))  # noqa: RUF071 - as above
        return cls(rule, rest[end:][::-1].strip())


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

    @classmethod
    def of(cls, part: LeftOut) -> Self:
        """Return a part with its text, one blank between words."""
        if isinstance(part.what, str):
            what, text = "text", part.what
        else:
            what, text = shown(part.what), "".join(part.what.itertext())
        return cls(name=part.name, what=what, text=" ".join(text.split()), after=part.place)


def shown(element: etree._Element) -> str:
    """Return an element's tag with class and id.

    >>> shown(etree.fromstring('<div class="photo wide" data-x="1"><p>Isi</p></div>'))
    '<div class="photo wide">'
    """
    named = [f' {name}="{value}"' for name in ("id", "class") if (value := element.get(name))]
    return f"<{element.tag!s}{''.join(named)}>"


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

    @classmethod
    def of(cls, page: ArticlePage, next_step: str) -> Self:
        """Return what a page tells, beside what is asked for after it."""
        declared = page.text_declared
        return cls(
            **asdict(page.halaman),
            pages_declared=page.pages_declared,
            tolerance=TOLERANCE,
            words_missing=None if declared is None else missing_words(declared, page.raw_text),
            words_read=page.words_read,
            words_to_read=page.words_to_read,
            verdict=in_words(page.halaman),
            next_step=next_step,
        )


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


def trace_lines(trace: PageTrace) -> Iterator[str]:
    """Yield the lines that explain the record of a page."""
    return row_lines(_rows(trace), indent=_INDENT)


def _rows(trace: PageTrace) -> Iterator[Row]:
    yield Row("Page", trace.url)
    yield from _result(trace)
    for layout in trace.layouts:
        marks = ", ".join(f".{name} ({times})" for name, times in layout.told_by.items())
        text = f"{layout.name}: {marks}"
        yield Row("Layout", text, "good") if layout.is_chosen else Row("Not", text)
        for mark, near in layout.near.items():
            yield from (Row("", f".{mark} may be {found}") for found in near)
    for name, places in trace.near.items():
        yield Row(f"{name.capitalize()}?", "; ".join(places) or "not found")
    if trace.fields:
        yield Row("Fields, and where they come from")
    for one in trace.fields:
        yield from _field(one)
    if trace.blocks or trace.left_out:
        yield from _text(trace)
    if trace.halaman:
        yield from _halaman(trace.halaman)
    if trace.record:
        yield from _record(trace, trace.record)


def _result(trace: PageTrace) -> Iterator[Row]:
    if trace.refused or trace.faults:
        cause = trace.refused or f"the record has no valid {', '.join(trace.faults)}"
        yield Row("Refused", cause, "bad")
    elif trace.record:
        verdict = trace.halaman.verdict if trace.halaman else ""
        yield Row("Record", f"{trace.record.id}, valid; {verdict}", "good")
    if trace.missing:
        yield Row("Missing", ", ".join(trace.missing), "bad")


def _field(told: FieldTrace) -> Iterator[Row]:
    value = _short(told.value) if told.value else ""
    yield Row(f"  {told.name}", value or "-", "bad" if told.near and not value else "")
    for one in told.candidates:
        text = one.place
        if one.state == "passed over":
            text = f"{text}: {_short(one.value, len(text) + 2)}"
        yield Row(f"    {one.state}", text, "good" if one.state == "taken" else "")
        yield from (Row("", f"may be {found}", "bad") for found in one.near)
    if told.reason:
        yield Row("", told.reason)
    yield from (Row("", f"may be {found}", "bad") for found in told.near)


def _text(trace: PageTrace) -> Iterator[Row]:
    kept = sum(block.text is not None for block in trace.blocks)
    yield Row(f"Text: {len(trace.blocks)} blocks on the page, {kept} in the record")
    yield from _left_out(trace, 0)
    for block in trace.blocks:
        label, is_gone = f"  {block.number:>3} {block.type}", block.text is None
        yield Row(label, _short(block.raw if is_gone else block.text), "bad" if is_gone else "")
        yield from (_part(f"      - {cut.rule}:", cut.text, "bad") for cut in block.cuts)
        yield from _left_out(trace, block.number)


def _left_out(trace: PageTrace, after: int) -> Iterator[Row]:
    for part in trace.left_out:
        if part.after == after:
            yield _part(f"      * {part.name}:", f"{part.what} {part.text}")


def _part(label: str, text: str, style: Style = "") -> Row:
    return Row(label, _short(text, max(0, len(label) + 1 - _INDENT)) or "-", style)


def _halaman(halaman: HalamanTrace) -> Iterator[Row]:
    declared, counted = halaman.words_declared, halaman.words_counted
    pages = f"{halaman.pages_declared or 'none'} declared, {halaman.pages_expected} expected"
    apart = "" if declared is None else f", {abs(declared - counted)} apart"
    words = f"{'none' if declared is None else declared} declared, {counted} counted{apart}"
    lacking = f"{halaman.words_missing} words of the declared text are missing"
    text = {None: "none declared", 0: "as declared"}.get(halaman.words_missing, lacking)
    read = f"{halaman.words_read} words in blocks ({max(0, halaman.words_to_read)} required)"
    yield Row("Halaman")
    yield Row("  pages", f"{pages}, {halaman.pages_fetched} fetched")
    yield Row("  words", f"{words} ({halaman.tolerance} allowed)")
    yield Row("  text", text)
    yield Row("  read", read)
    yield Row("  verdict", halaman.verdict, "bad" if halaman.complete is False else "good")
    yield Row("  then", halaman.next_step)


def _record(trace: PageTrace, record: Article) -> Iterator[Row]:
    removed = ", ".join(f"{rule} {times}" for rule, times in record.removed.items())
    likes = ", ".join(f"{like.id} ({like.similarity:.3f})" for like in trace.duplicates or ())
    if trace.duplicates is None:
        likes = f"unknown: {trace.no_store}"
    yield Row("Record")
    yield Row("  words", f"{record.word_count}; dateline {record.dateline or '-'}")
    yield Row("  removed", removed or "nothing")
    yield Row("  refused for", ", ".join(trace.faults) or "nothing: valid")
    yield Row("  like it", likes or "no stored article")
    if record.duplicate_of:
        yield Row("  duplicate of", f"{record.duplicate_of} ({record.similarity})")


def _short(value: Any, taken: int = 0) -> str:
    """Return a value in the rest of a line of which ``taken`` columns are taken."""
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    elif isinstance(value, Image):
        value = value.url
    elif value is True:
        value = "there"
    # textwrap.shorten would remove an address completely.
    text, most = " ".join(str(value).split()), WIDTH - _INDENT - taken
    return text if len(text) <= most else f"{text[: most - 1]}…"
