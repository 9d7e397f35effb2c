"""From the raw pieces of a page to the text an editor would want."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from kompascrawler.cleaning import pointers
from kompascrawler.cleaning.boilerplate import (
    LATEST,
    LINES,
    LONGEST_LINE,
    PHRASES,
    Cuts,
)
from kompascrawler.cleaning.dateline import split_datelines
from kompascrawler.cleaning.shapes import PROMO_TRIGGERS, cut_last_lines, cut_promo
from kompascrawler.cleaning.text import content_hash, count_text_words, tidy
from kompascrawler.items import Article, Block, PointingBlock

DATELINE_DEPTH: Final = 3
"""Blocks among which the dateline may stand: a column opens with its author."""
_MOST_ROUNDS: Final = 6
"""Times that a text is looked through: what was cut may have hidden more of the kind."""
_MOST_CUTS: Final = 20
"""Last lines that are cut in a round; each cut copies a paragraph."""
_WORDY = re.compile(r"[^\W_]")
_BULLETS = re.compile(r"(?:[•·▪◦‣●■*–—-] )+")
"""Marks before a list item when a blank follows: "-5" is a number."""


def clean(article: Article, cuts: Cuts | None = None) -> Article:
    """Return the article with its text cleaned, joined and measured. Pure, and idempotent.

    (But for a text made to hide phrases in each other more often than it is looked through.)
    What was cut is counted in ``removed`` on top of what is there already. ``cuts`` is told of
    it as it happens.
    """
    cuts = Cuts() if cuts is None else cuts
    cuts.update(article.removed)
    pointing = (block for block in article.blocks if isinstance(block, PointingBlock))
    links = frozenset(tidy(pointer) for block in pointing for pointer in block.pointers)
    blocks = [_with_text(block, tidy(block.text)) for block in article.blocks]
    dateline = article.dateline
    for _ in range(_MOST_ROUNDS):
        blocks, place = _without_dateline(blocks, cuts)
        dateline = dateline or place
        before = blocks
        blocks = _without_boilerplate(blocks, links, cuts)
        if blocks == before:
            break  # else what was behind it may be a dateline, or more of the kind
    text = "\n\n".join(block.text for block in blocks)
    return replace(
        article,
        title=tidy(article.title),
        description=tidy(article.description),
        authors=_tidy_all(article.authors),
        editors=_tidy_all(article.editors),
        sources=_tidy_all(article.sources),
        tags=_tidy_all(article.tags),
        dateline=dateline,
        blocks=blocks,
        images=[
            replace(
                one, caption=tidy(one.caption or "") or None, credit=tidy(one.credit or "") or None
            )
            for one in article.images
        ],
        related=[replace(link, title=tidy(link.title)) for link in article.related],
        removed={rule: times for rule, times in cuts.items() if times},
        text=text,
        word_count=count_text_words(text),
        content_hash=content_hash(text),
    )


def _with_text(block: Block, text: str) -> Block:
    """Return the block with another text; itself when the text is the same, and it is plain."""
    if text == block.text and type(block) is Block:
        return block
    return Block(type=block.type, text=text, page=block.page)


def _without_boilerplate(blocks: list[Block], links: frozenset[str], cuts: Cuts) -> list[Block]:
    """Cut what no editor wrote for the reader, and what is empty then."""
    small = "\n".join(block.text for block in blocks).lower()
    cutters = [cutter for cutter in CUTTERS if cutter[0] in small]
    read_more = partial(pointers.cut_read_more, pointers=links)
    cutters += [(one, "read_more", read_more) for one in pointers.TRIGGERS if one in small]
    kept = []
    latest = cuts[LATEST]
    for number, block in enumerate(blocks, start=1):
        text = _clean_block(block, cutters, cuts)
        if text:
            kept.append(_with_text(block, text))
        elif cuts[LATEST] > latest:
            cuts.note_below(LATEST, blocks[number:])
            break
    for _ in range(_MOST_CUTS):
        if not (found := cut_last_lines(kept)):
            break
        rest, rule = found
        cuts.note(rule, kept[-1], kept[-1].text, rest)
        kept[-1:] = [_with_text(kept[-1], rest)] if rest else []
    return kept


_Cutter = tuple[str, str, Callable[[str], tuple[str, int]]]
"""What a line holds, in lower case, that a rule can cut; the rule; what does so."""
CUTTERS: Final[tuple[_Cutter, ...]] = (
    *((rule.trigger, rule.name, rule.cut) for rule in PHRASES),
    *((trigger, "channel_promo", cut_promo) for trigger in PROMO_TRIGGERS),
    (pointers.TRIGGER, "baca_juga", pointers.cut_unlinked),
)
"""Those that need not know of links, in their order."""

_SPARED: Final = {"heading": ("read_more",), "unsplit": ("read_more", "baca_juga")}
"""Rules that do not apply: of unsplit text nothing tells where a pointer's headline ends."""


def _clean_block(block: Block, cutters: list[_Cutter], cuts: Cuts) -> str:
    text = block.text
    if block.type == "list_item" and (bullets := _BULLETS.match(text)):
        text = text[bullets.end() :]
    lines = (
        _whole_line(_cut_line(line, block, cutters, cuts), block, cuts) for line in text.split("\n")
    )
    return "\n".join(line for line in lines if line)


def _cut_line(line: str, block: Block, cutters: list[_Cutter], cuts: Cuts) -> str:
    whole, small = line, line.lower() if cutters else ""
    for trigger, rule, cut in cutters:
        if trigger in small and rule not in _SPARED.get(block.type, ()):
            before = line
            line, times = cut(before)
            if times:
                cuts.note(rule, block, before, line, times)
    return line if line is whole else tidy(line)


def _whole_line(line: str, block: Block, cuts: Cuts) -> str:
    """Return a line, or nothing when all of it is boilerplate or marks without a word."""
    is_short = len(line) <= LONGEST_LINE and block.type != "list_item"
    rule = LINES.get(line.lower()) if is_short else None
    if rule is None and line and not _WORDY.search(line):
        rule = "stray_marks"
    if rule is None:
        return line
    cuts.note(rule, block, line, "")
    return ""


def _without_dateline(blocks: list[Block], cuts: Cuts) -> tuple[list[Block], str | None]:
    """Take datelines off the text; return the first place too, None where none is named."""
    place = None
    kept: list[Block] = []
    number = 0
    while number < len(blocks) and len(kept) < DATELINE_DEPTH:
        block = blocks[number]
        number += 1
        found = split_datelines(block.text)
        if found.times:
            place = place or found.place
            cuts.note("dateline", block, block.text, found.text, found.times)
            block = _with_text(block, found.text)
        if block.text or not found.times:
            kept.append(block)
    return [*kept, *blocks[number:]], place


def _tidy_all(names: list[str]) -> list[str]:
    return [tidied for name in names if (tidied := tidy(name))]
