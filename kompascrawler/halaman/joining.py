"""From the pages of an article to one record. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from kompascrawler.halaman.part import Part
from kompascrawler.halaman.words import count_words
from kompascrawler.items import Article, Block

T = TypeVar("T")


class _Body(NamedTuple):
    """The text of some pages in one."""

    parts: list[Part]
    blocks: list[Block]
    words: int


class Joined(NamedTuple):
    """Several pages in one."""

    record: Article
    """Their record; its ``halaman`` is still that of the first page."""
    words: int
    """Words of the raw bodies, what is repeated counted once."""
    decoded: int
    """Characters of the bodies that an editor may have written as entities."""


def join(parts: Mapping[int, Part]) -> Joined:
    """Return several pages, by their numbers, as one.

    Title, dates and summary are those of the first page; names, photos, embeds and links are
    those of all, each once. Paragraphs that end a page and begin the next stand once. Every
    block has the number of its page. A page that begins with all of those before it (content
    appended on scroll) takes their place.
    """
    body = _joined_body(sorted(parts.items()))
    records = [part.record for part in body.parts]
    record = replace(
        records[0],
        authors=_merged(records, lambda record: record.authors),
        editors=_merged(records, lambda record: record.editors),
        sources=_merged(records, lambda record: record.sources),
        tags=_merged(records, lambda record: record.tags),
        blocks=body.blocks,
        images=_merged(records, lambda record: record.images),
        embeds=_merged(records, lambda record: record.embeds),
        related=_merged(records, lambda record: record.related),
        removed=dict(sum((Counter(record.removed) for record in records), Counter())),
    )
    return Joined(record, body.words, sum(part.decoded for part in body.parts))


def distinct(parts: Iterable[Part]) -> list[Part]:
    """Return the parts that bring text which none before them has."""
    new: list[Part] = []
    known: set[str] = set()
    for part in parts:
        if not known.issuperset(part.texts):
            known.update(part.texts)
            new.append(part)
    return new


def overlap(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many paragraphs at the end of one page begin the next one too.

    >>> overlap(["a", "b", "c"], ["b", "c", "d"])
    2
    """
    end, beginning = list(before), list(after)
    sizes = range(min(len(end), len(beginning)), 0, -1)
    return next((size for size in sizes if end[-size:] == beginning[:size]), 0)


def _joined_body(parts: Iterable[tuple[int, Part]]) -> _Body:
    body = _Body([], [], 0)
    for number, part in parts:
        texts = part.texts
        shared = overlap([block.text for block in body.blocks], texts)
        new = [
            replace(block, page=number + block.page - 1) for block in part.record.blocks[shared:]
        ]
        if shared == len(body.blocks):
            body = _Body([part], [*body.blocks, *new], part.words)
        else:
            words = part.words - sum(count_words(text.encode()) for text in texts[:shared])
            body = _Body([*body.parts, part], [*body.blocks, *new], body.words + words)
    return body


def _merged(records: Sequence[Article], field: Callable[[Article], list[T]]) -> list[T]:
    """Return the values of the first page, then what each later page adds."""
    merged: list[T] = []
    for record in records:
        known = [*merged]
        merged += [value for value in field(record) if value not in known]
    return merged
