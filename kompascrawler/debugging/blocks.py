"""What cleaning did to each block of a body, and by which rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from typing_extensions import override

from kompascrawler.cleaning import clean
from kompascrawler.cleaning.boilerplate import Cuts
from kompascrawler.debugging.fields import shown
from kompascrawler.items import Article, Block
from kompascrawler.pages.collect import Body

TIDIED: Final = "characters"
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


def trace_left_out(body: Body) -> Iterator[LeftOutTrace]:
    """Yield what was not read as text."""
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
    start = _shared(before, after)
    end = len(before) - _shared(before[start:][::-1], after[start:][::-1])
    return before[start:end].strip()


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts share at their beginning."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
