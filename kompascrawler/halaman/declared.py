"""Where no route gives a page: its text from the one that page 1 declares. Pure.

The declared text stands on one line, without tags (docs/site.md, section 11.1). So what is taken
from it is whole and in order, but its paragraphs are not known, and a headline of "Baca juga" that
no link of the pages names stays in it.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from kompascrawler.halaman.joining import Part
from kompascrawler.halaman.proof import without_blanks
from kompascrawler.items import Article, Block

_VISIBLE = re.compile(r"\S")


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
    return replace(record, blocks=_without_headlines(blocks, record), halaman=halaman)


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


def _without_headlines(blocks: list[Block], record: Article) -> list[Block]:
    """Cut "Baca juga" where a link of the pages says how long its headline is."""
    titles = "|".join(re.escape(link.title) for link in record.related if link.title)
    if not titles:
        return blocks
    pointer = re.compile(rf"\bBaca juga\s*[:;]\s*(?:{titles})", re.IGNORECASE)
    return [
        replace(block, text=pointer.sub(" ", block.text)) if block.type == "unsplit" else block
        for block in blocks
    ]
