"""From the raw pieces of a page to the text an editor would want.

The dateline, ``SEOUL, KOMPAS.com -`` and its kin, goes first (docs/site.md, section 14).
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple

from kompascrawler.cleaning.boilerplate import (
    LATEST,
    LINES,
    LONGEST_LINE,
    PHRASES,
    PROMO_TRIGGERS,
    Cuts,
    cut_last_lines,
    cut_promo,
)
from kompascrawler.cleaning.pointers import LABEL, TRIGGERS, Pointers, cut_unlinked
from kompascrawler.cleaning.text import content_hash, count_text_words, tidy
from kompascrawler.items import Article, Block, PointingBlock

_PAPER = re.compile("kompas", re.IGNORECASE)
_REACH: Final = 90
"""Characters from the beginning of a text among which the paper's name must stand."""
_BEGINNING: Final = 400
"""Characters of a text that hold its dateline and what must be seen behind it."""
_PLACE = re.compile(r"\s*(?:([^\W\d_][\w .,'’/()-]{1,50}?)\s*[,.;]\s*)?")
_DASH: Final = r"[-\u2010-\u2015\u2212]"
"""Hyphen, en and em dash, and what an editor may take for one of them."""
_DASHED = re.compile(
    # The paper's own addresses, "KOMPAS.om" among them (1 page), in any case; bare in capitals
    # and with room round the dash, as the newspaper has it: "Kompas-Gramedia" is a company.
    rf"(?:(?i:KOMPAS(?:\s?[.,]?\s?c?om|\.TV|\.id|IANA(?:\.com)?))\s*{_DASH}+"
    rf"|KOMPAS(?:\s*{_DASH}+(?=[\s\"“'‘])|\s+{_DASH}+))\s*"
)
_UNDASHED = re.compile(
    r"KOMPAS\.com(?:[\s:,]+(?=[A-Z\"“'(\d])|\s*$)"  # a capital or nothing must follow
)
_GOES_ON = re.compile(rf"(?=[^a-z]*[A-Z0-9]{{2}})[^a-z\"“'‘.?!]{{2,40}}\s{_DASH}+\s")
"""A second part of a dateline, in capitals or brackets and with a dash: it is not understood."""
_SHORT: Final = 3
"""Words of the longest place that is typed in lower case throughout."""
_WORD = re.compile(r"[^\W\d_]+")
PARTICLES: Final = frozenset(
    [
        *("al", "an", "as", "da", "das", "de", "del", "der", "do", "dos", "du"),
        *("el", "es", "la", "las", "le", "of", "on", "the", "upon"),
    ]
)
"""Words that names of places hold in lower case: "Rio de Janeiro", "Port of Spain"."""


class Dateline(NamedTuple):
    """What a dateline says, and the text without it."""

    place: str | None
    text: str


def split_dateline(text: str) -> Dateline | None:
    """Take a dateline off the beginning of a text, if there is one.

    It stays where more of it follows in a form that is not known: half a dateline is never cut.

    >>> split_dateline("WASHINGTON DC, KOMPAS.com – Senat bersidang.")
    Dateline(place='WASHINGTON DC', text='Senat bersidang.')
    """
    paper = _PAPER.search(text, 0, _REACH)
    before = _PLACE.fullmatch(text, 0, paper.start()) if paper else None
    if paper is None or before is None:
        return None
    place = before[1]
    found = _DASHED.match(text, paper.start())
    is_open = found is None or place is None
    if found is None and (place is None or place.isupper()):
        found = _UNDASHED.match(text, paper.start())
    if found is None or not _is_place(place, paper[0]):
        return None
    if is_open and _GOES_ON.match(text, found.end()):
        return None
    return Dateline(place, text[found.end() :])


def split_datelines(text: str) -> tuple[Dateline, int]:
    """Take every dateline off the beginning of a text, whose blanks are single; count them.

    >>> split_datelines("ROMA, KOMPAS.com - KOMPAS.com - Isi.")
    (Dateline(place='ROMA', text='Isi.'), 2)
    """
    place, start, times = None, 0, 0
    while found := split_dateline(beginning := text[start : start + _BEGINNING]):
        place = place or found.place
        start += len(beginning) - len(found.text)
        times += 1
    return Dateline(place, text[start:].strip()), times


def _is_place(place: str | None, paper: str) -> bool:
    """Tell whether what stands before the paper's name is a place and not a sentence.

    In capitals it is one. In small letters it is where the paper is in capitals, as in every
    dateline, and no word is one of a sentence ("Selain itu, KOMPAS.com - …"): a sentence
    begins with a capital, so that a place all in lower case is a place too ("new delhi").
    """
    if place is None or place.isupper():
        return True
    words = _WORD.findall(place)
    small = {word for word in words if word[0].islower()} - PARTICLES
    return paper.isupper() and (not small or len(words) == len(small) <= _SHORT)


DATELINE_DEPTH: Final = 3
"""Blocks among which the dateline may stand: a column opens with its author."""
_MOST_ROUNDS: Final = 6
"""Times that a text is looked through: what was cut may have hidden more of the kind."""
_MOST_CUTS: Final = 20
"""Last lines that are cut in a round; each cut copies a paragraph."""
_LISTS: Final = ("authors", "editors", "sources", "tags")
_WORDY = re.compile(r"[^\W_]")
_BULLETS = re.compile(r"(?:[•·▪◦‣●■*–—-] )+")
"""Marks before a list item when a blank follows: "-5" is a number."""


def clean(article: Article, cuts: Cuts | None = None) -> Article:
    """Return the article with its text cleaned, joined and measured. Pure.

    Idempotent, but for a text made to hide phrases in each other more often than it is looked
    through. What was cut is counted in ``removed`` on top of what is there already. ``cuts`` is
    told of it as it happens.
    """
    cuts = Cuts() if cuts is None else cuts
    cuts.update(article.removed)
    pointing = (block for block in article.blocks if isinstance(block, PointingBlock))
    links = Pointers(tidy(pointer) for block in pointing for pointer in block.pointers)
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
    lists: dict[str, Any] = {name: _tidy_all(getattr(article, name)) for name in _LISTS}
    return replace(
        article,
        **lists,
        title=tidy(article.title),
        description=tidy(article.description),
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


def _without_boilerplate(blocks: list[Block], links: Pointers, cuts: Cuts) -> list[Block]:
    """Cut what no editor wrote for the reader, and what is empty then."""
    small = "\n".join(block.text for block in blocks).lower()
    cutters = [cutter for cutter in CUTTERS if cutter[0] in small]
    cutters += [(one, "read_more", links.cut_read_more) for one in TRIGGERS if one in small]
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
    (LABEL, "baca_juga", cut_unlinked),
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
    if rule or (line and not _WORDY.search(line)):
        cuts.note(rule or "stray_marks", block, line, "")
        return ""
    return line


def _without_dateline(blocks: list[Block], cuts: Cuts) -> tuple[list[Block], str | None]:
    """Take datelines off the text; return the first place too, if one is named."""
    place = None
    kept: list[Block] = []
    rest = iter(blocks)
    for block in rest:
        found, times = split_datelines(block.text)
        if times:
            place = place or found.place
            cuts.note("dateline", block, block.text, found.text, times)
        if found.text or not times:
            kept.append(_with_text(block, found.text) if times else block)
        if len(kept) == DATELINE_DEPTH:
            break
    return [*kept, *rest], place


def _tidy_all(names: list[str]) -> list[str]:
    return [tidied for name in names if (tidied := tidy(name))]
