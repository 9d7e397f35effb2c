"""Where no route gives a page: its text from the one that page 1 declares. Pure.

The declared text stands on one line, without tags (docs/site.md, section 11.1). So what is taken
from it is whole and in order, but its paragraphs are not known, and a headline of "Baca juga" that
neither a link of the pages nor a known address names stays in it.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from kompascrawler.halaman.joining import Part
from kompascrawler.halaman.proof import without_blanks
from kompascrawler.items import Article, Block

_VISIBLE, _WORD = re.compile(r"\S"), re.compile(r"\S+")
_POINTER = re.compile(r"\bBaca juga\s*[:;]", re.IGNORECASE)
_LONGEST_WHOLE: Final = 60
"""Characters of an address's last part that is the whole headline; longer ones may be cut."""
NAMED: Final = 5_000
"""Articles whose addresses tell headlines: those of some four months."""
_MOST_WORDS: Final = 30
"""Words of the longest headline."""


def filled(record: Article, parts: Mapping[int, Part]) -> Article | None:
    """Return the record of an article's pages with the text that they lack, as declared.

    What lies between, before or after them is a block of type ``unsplit`` each. None where no
    text is declared, or where a page does not stand in it as a whole and in its place, or is not
    sound itself.
    """
    if not all(part.is_sound for part in parts.values()):
        return None
    declared = next((part.text_declared for part in parts.values() if part.text_declared), None)
    blocks = None if declared is None else _blocks(parts, declared)
    if blocks is None:
        return None
    given = record.halaman
    halaman = replace(
        given,
        pages_fetched=given.pages_expected,
        route="declared",
        words_counted=given.words_declared or given.words_counted,
        complete=True,
        proof="text",
    )
    return without_headlines(replace(record, blocks=blocks, halaman=halaman))


def _blocks(parts: Mapping[int, Part], declared: str) -> list[Block] | None:
    starts = [character.start() for character in _VISIBLE.finditer(declared)]
    whole = without_blanks(declared)
    blocks, end, page = list[Block](), 0, 1
    for page, part in sorted(parts.items()):
        text = without_blanks(part.text)
        start = whole.find(text, end)
        if not text or start < 0:
            return None
        if start > end:
            blocks.append(_unsplit(declared[starts[end] : starts[start]], max(1, page - 1)))
        blocks += [replace(block, page=page + block.page - 1) for block in part.record.blocks]
        end = start + len(text)
    if end < len(whole):
        blocks.append(_unsplit(declared[starts[end] :], page + 1))
    return blocks


def _unsplit(text: str, page: int) -> Block:
    return Block(type="unsplit", text=" ".join(text.split()), page=page)


def without_headlines(record: Article, addresses: Iterable[str] = ()) -> Article:
    """Cut "Baca juga" with its headline where a link of the pages, or an address, names it."""
    slugs = (address.rpartition("/")[2] for address in addresses)
    known = {_plain(link.title) for link in record.related}
    known |= {_plain(slug) for slug in slugs if len(slug) <= _LONGEST_WHOLE}
    blocks = [
        replace(block, text=_cut(block.text, known)) if block.type == "unsplit" else block
        for block in record.blocks
    ]
    return replace(record, blocks=blocks)


def absent(addresses: Iterable[str], text: str) -> list[str]:
    """Return the addresses whose last part, a headline, does not stand in a text."""
    plain = _plain(text)
    return [one for one in addresses if _plain(one.rpartition("/")[2]) not in plain]


def _cut(text: str, known: Collection[str]) -> str:
    kept, end = "", 0
    for pointer in _POINTER.finditer(text):
        if behind := _end_of_headline(text, pointer.end(), known):
            kept, end = f"{kept}{text[end : pointer.start()]} ", behind
    return kept + text[end:]


def _end_of_headline(text: str, start: int, known: Collection[str]) -> int | None:
    headline, end = "", None
    for word in islice(_WORD.finditer(text, start), _MOST_WORDS):
        headline += _plain(word[0])
        end = word.end() if headline and headline in known else end
    return end


def _plain(headline: str) -> str:
    return "".join(filter(str.isalnum, headline.casefold()))
