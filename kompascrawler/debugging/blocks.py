"""What cleaning did to each block of a body, and by which rule."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kompascrawler.cleaning import clean
from kompascrawler.cleaning.boilerplate import Cuts
from kompascrawler.debugging.fields import shown
from kompascrawler.items import Article, Block
from kompascrawler.pages.collect import Body, LeftOut

TIDIED: Final = "characters"
"""Name of the rule for blocks of nothing but invisible characters."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Text that a rule removed from a block."""

    rule: str
    text: str


@dataclass(slots=True, kw_only=True)
class BlockTrace:
    """A block of the page, before and after cleaning."""

    number: int
    """From 1, in reading order, without what is left out."""
    page: int
    type: str
    raw: str
    """Its text on the page."""
    text: str | None
    """Its text in the record; None if nothing is left."""
    cuts: list[Cut] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutTrace:
    """A part of the body that is not text."""

    name: str
    """Name of the rule, as counted in ``removed``."""
    what: str
    """The element, or the text."""
    text: str
    after: int
    """Number of the block before it, or 0."""


class _Trace(Cuts):
    """Cuts by the number of their block, which replaces its page during cleaning."""

    def __init__(self) -> None:
        super().__init__()
        self.of_block: dict[int, list[Cut]] = {}

    def note(self, rule: str, block: Block, before: str, after: str, times: int = 1) -> None:
        """Keep what was cut."""
        super().note(rule, block, before, after, times)
        self.of_block.setdefault(block.page, []).append(Cut(rule, _taken(before, after)))

    def note_below(self, rule: str, blocks: Sequence[Block]) -> None:
        """Keep that blocks went with what stood above them."""
        for block in blocks:
            self.of_block.setdefault(block.page, []).append(Cut(rule, block.text))


def trace_blocks(raw: Article) -> list[BlockTrace]:
    """Clean a raw article, and tell what became of each block."""
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
            cuts=trace.of_block.get(number, [] if number in left else [Cut(TIDIED, block.text)]),
        )
        for number, block in enumerate(raw.blocks, start=1)
    ]


def trace_left_out(body: Body) -> list[LeftOutTrace]:
    """Return what was not read as text."""
    return [
        LeftOutTrace(
            name=part.name,
            what="text" if isinstance(part.what, str) else shown(part.what),
            text=" ".join(_text(part).split()),
            after=part.place,
        )
        for part in body.left_out
    ]


def _text(part: LeftOut) -> str:
    return part.what if isinstance(part.what, str) else "".join(part.what.itertext())


def _taken(before: str, after: str) -> str:
    """Return what one text has between the beginning and end that both share.

    >>> _taken("Isi. Baca juga: Judul Lagi.", "Isi.   Lagi.")
    'Baca juga: Judul'
    """
    start = _same(before, after)
    end = len(before) - _same(before[start:][::-1], after[start:][::-1])
    return before[start:end].strip()


def _same(one: str, other: str) -> int:
    """Return how many characters two texts share at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))
