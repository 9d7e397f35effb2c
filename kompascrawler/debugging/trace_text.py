"""What the debugger's tools print, in colour, without importing rich; a trace in such lines."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, NamedTuple

from kompascrawler.debugging.fields import FieldTrace
from kompascrawler.debugging.trace import HalamanTrace, PageTrace
from kompascrawler.items import Article, Image
from kompascrawler.outcome.terminal import WIDTH, entry
from kompascrawler.printable import printable

Style = Literal["", "good", "bad", "strong"]
"""``good``: taken, or as it should be; ``bad``: missing, cut or refused; ``strong``: a heading."""
_CODES: Final[dict[Style, str]] = {"good": "32", "bad": "31", "strong": "1"}


class Row(NamedTuple):
    """A text behind its label; without a text, a heading."""

    label: str
    text: str = ""
    style: Style = ""


def row_lines(rows: Iterable[Row], *, indent: int) -> Iterator[str]:
    """Yield rows as printable lines of at most 80 columns; ``indent`` is the column of the texts.

    In colour on a terminal, unless ``NO_COLOR`` is set (no-color.org).
    """
    is_coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for label, text, style in rows:
        code = _CODES.get(style if text else "strong") if is_coloured else None
        if not text:
            yield ""
        for line in map(printable, entry(label, text, indent=indent) if text else [label]):
            yield f"\x1b[{code}m{line}\x1b[0m" if code else line


_INDENT: Final = 18


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
    for field in trace.fields:
        yield from _field(field)
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


def _field(field: FieldTrace) -> Iterator[Row]:
    value = _short(field.value) if field.value else ""
    yield Row(f"  {field.name}", value or "-", "bad" if field.near and not value else "")
    for one in field.candidates:
        text = one.place
        if one.state == "passed over":
            text = f"{text}: {_short(one.value, len(text) + 2)}"
        yield Row(f"    {one.state}", text, "good" if one.state == "taken" else "")
        yield from (Row("", f"may be {found}", "bad") for found in one.near)
    if field.reason:
        yield Row("", field.reason)
    yield from (Row("", f"may be {found}", "bad") for found in field.near)


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
    """Return what was cut or left out, with its rule."""
    return Row(label, _short(text, max(0, len(label) + 1 - _INDENT)) or "-", style)


def _halaman(halaman: HalamanTrace) -> Iterator[Row]:
    declared, counted = halaman.words_declared, halaman.words_counted
    pages = f"{halaman.pages_declared or 'none'} declared, {halaman.pages_expected} expected"
    apart = "" if declared is None else f", {abs(declared - counted)} apart"
    words = f"{'none' if declared is None else declared} declared, {counted} counted{apart}"
    missing = halaman.words_missing
    lacking = f"{missing} words of the declared text are missing"
    required = f"({max(0, halaman.words_to_read)} required)"
    yield Row("Halaman")
    yield Row("  pages", f"{pages}, {halaman.pages_fetched} fetched")
    yield Row("  words", f"{words} ({halaman.tolerance} allowed)")
    yield Row("  text", {None: "none declared", 0: "as declared"}.get(missing, lacking))
    yield Row("  read", f"{halaman.words_read} words in blocks {required}")
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
