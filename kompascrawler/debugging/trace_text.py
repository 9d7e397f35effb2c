"""A trace of a page as lines for a terminal of 80 columns. Pure."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from kompascrawler.debugging.blocks import BlockTrace, LeftOutTrace
from kompascrawler.debugging.fields import CandidateTrace, FieldTrace, LayoutTrace
from kompascrawler.debugging.paint import PLAIN, Paint
from kompascrawler.debugging.trace import PageTrace
from kompascrawler.items import Image
from kompascrawler.outcome.terminal import WIDTH, entry

_INDENT: Final = 18
_INNER: Final = 18


def trace_lines(trace: PageTrace, paint: Paint = PLAIN) -> Iterator[str]:
    """Yield the lines; ``paint`` colours them."""
    yield from _entry("Page", trace.url)
    yield from _result(trace, paint)
    for layout in trace.layouts:
        yield from _layout(layout, paint)
    for name, places in trace.near.items():
        yield from _entry(f"{name.capitalize()}?", "; ".join(places) or "not found")
    if trace.fields:
        yield from _heading("Fields, and where they come from", paint)
    for field in trace.fields:
        yield from _field(field, paint)
    if trace.blocks or trace.left_out:
        yield from _text(trace, paint)
    if trace.halaman:
        yield from _halaman(trace, paint)
    if trace.record:
        yield from _record(trace, paint)


def _result(trace: PageTrace, paint: Paint) -> Iterator[str]:
    if trace.refused:
        yield from map(paint.bad, _entry("Refused", trace.refused))
    elif trace.faults:
        text = f"the record has no valid {', '.join(trace.faults)}"
        yield from map(paint.bad, _entry("Refused", text))
    elif trace.record:
        halaman = trace.halaman.verdict if trace.halaman else ""
        yield from map(paint.good, _entry("Record", f"{trace.record.id}, valid; {halaman}"))
    if trace.missing:
        yield from map(paint.bad, _entry("Missing", ", ".join(trace.missing)))


def _layout(layout: LayoutTrace, paint: Paint) -> Iterator[str]:
    marks = ", ".join(f".{name} ({times})" for name, times in layout.told_by.items())
    text = f"{layout.name}: {marks}"
    if layout.is_chosen:
        yield from map(paint.good, _entry("Layout", text))
    else:
        yield from _entry("Not", text)
    for mark, near in layout.near.items():
        for found in near:
            yield from _entry("", f".{mark} may be {found}")


def _field(field: FieldTrace, paint: Paint) -> Iterator[str]:
    if field.value:
        yield from _entry(f"  {field.name}", _short(field.value))
    else:
        yield f"  {field.name.ljust(_INDENT - 3)} {paint.bad('-') if field.near else '-'}"
    for candidate in field.candidates:
        yield from _candidate(candidate, paint)
    if field.reason:
        yield f"{' ' * _INDENT}{field.reason}"
    for found in field.near:
        yield from map(paint.bad, _entry(" " * _INDENT + "may be", found, indent=_INDENT + 7))


def _candidate(candidate: CandidateTrace, paint: Paint) -> Iterator[str]:
    line = f"{' ' * 4}{candidate.state.ljust(_INDENT - 5)} {candidate.place}"
    if candidate.state == "passed over":
        line = f"{line}: {_short(candidate.value, len(line) + 2)}"
    yield paint.good(line) if candidate.state == "taken" else line
    for found in candidate.near:
        yield from map(paint.bad, _entry(" " * _INDENT + "may be", found, indent=_INDENT + 7))


def _text(trace: PageTrace, paint: Paint) -> Iterator[str]:
    kept = sum(block.text is not None for block in trace.blocks)
    yield from _heading(
        f"Text: {len(trace.blocks)} blocks on the page, {kept} in the record", paint
    )
    parts = {
        number: list(group) for number, group in groupby(trace.left_out, lambda part: part.after)
    }
    yield from _left_out(parts.get(0, []))
    for block in trace.blocks:
        yield from _block(block, paint)
        yield from _left_out(parts.get(block.number, []))


def _block(block: BlockTrace, paint: Paint) -> Iterator[str]:
    label = f"  {block.number:>3} {block.type}"
    if block.text is not None:
        yield f"{label.ljust(_INNER)}{_short(block.text, _INNER)}"
    else:
        yield paint.bad(f"{label.ljust(_INNER)}{_short(block.raw, _INNER)}")
    for cut in block.cuts:
        yield paint.bad(_part(f"      - {cut.rule}:", cut.text))


def _left_out(parts: list[LeftOutTrace]) -> Iterator[str]:
    for part in parts:
        yield _part(f"      * {part.name}:", f"{part.what} {part.text}")


def _part(label: str, text: str) -> str:
    """Return what was cut or left out, with its rule."""
    label = f"{label} ".ljust(_INNER)
    return f"{label}{_short(text, len(label))}"


def _halaman(trace: PageTrace, paint: Paint) -> Iterator[str]:
    halaman = trace.halaman
    assert halaman is not None
    declared, counted = halaman.words_declared, halaman.words_counted
    apart = "" if declared is None else f", {abs(declared - counted)} apart"
    yield from _heading("Halaman", paint)
    yield from _entry(
        "  pages",
        f"{halaman.pages_declared or 'none'} declared, {halaman.pages_expected} expected, "
        f"{halaman.pages_fetched} fetched",
    )
    yield from _entry(
        "  words",
        f"{'none' if declared is None else declared} declared, {counted} counted{apart} "
        f"({halaman.tolerance} allowed)",
    )
    yield from _entry(
        "  read", f"{halaman.words_read} words in blocks ({max(0, halaman.words_to_read)} required)"
    )
    told = _entry("  verdict", halaman.verdict)
    yield from map(paint.bad if halaman.complete is False else paint.good, told)
    yield from _entry("  then", halaman.next_step)


def _record(trace: PageTrace, paint: Paint) -> Iterator[str]:
    record = trace.record
    assert record is not None
    removed = ", ".join(f"{rule} {times}" for rule, times in record.removed.items())
    yield from _heading("Record", paint)
    yield from _entry("  words", f"{record.word_count}; dateline {record.dateline or '-'}")
    yield from _entry("  removed", removed or "nothing")
    yield from _entry("  refused for", ", ".join(trace.faults) or "nothing: valid")
    if trace.duplicates is None:
        yield from _entry("  like it", f"unknown: {trace.no_store}")
    else:
        likes = ", ".join(f"{match.id} ({match.similarity:.3f})" for match in trace.duplicates)
        yield from _entry("  like it", likes or "no stored article")
    if record.duplicate_of:
        yield from _entry("  duplicate of", f"{record.duplicate_of} ({record.similarity})")


def _heading(text: str, paint: Paint) -> list[str]:
    return ["", paint.strong(text)]


def _entry(label: str, text: str, *, indent: int = _INDENT) -> list[str]:
    return entry(label, text, indent=indent)


def _short(value: Any, indent: int = _INDENT) -> str:
    """Return a value in the rest of a line."""
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    elif isinstance(value, Image):
        value = value.url
    elif value is True:
        value = "there"
    # textwrap.shorten would remove an address completely.
    text = " ".join(str(value).split())
    return text if len(text) <= WIDTH - indent else f"{text[: WIDTH - indent - 1]}…"
