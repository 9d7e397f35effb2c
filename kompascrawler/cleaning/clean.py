"""From the raw pieces of a page to the text an editor would want."""

import re
from collections import Counter
from dataclasses import replace
from typing import Final

from kompascrawler.cleaning import readmore, unlinked
from kompascrawler.cleaning.characters import tidy
from kompascrawler.cleaning.dateline import split_dateline
from kompascrawler.cleaning.measure import content_hash, count_text_words
from kompascrawler.cleaning.rules import LATEST, LINES, PHRASES, TAIL, Rule
from kompascrawler.items import Article, Block, Image, Related

DATELINE_DEPTH: Final = 3
"""Blocks among which the dateline may stand: a column opens with its author (TEXT.md 3)."""
_WORDY = re.compile(r"[^\W_]")
BULLETS: Final = "•·▪◦‣●■*–—- "


def clean(article: Article) -> Article:
    """Return the article with its text cleaned, joined and measured. Pure, and idempotent.

    What was cut is counted in ``removed`` on top of what is there already.
    """
    removed = Counter(article.removed)
    blocks = [replace_text(block, tidy(block.text)) for block in article.blocks]
    dateline = article.dateline
    while True:
        cut: Counter[str] = Counter()
        blocks = _without_boilerplate(blocks, cut)
        blocks, place = _without_dateline(blocks, cut)
        dateline = dateline or place
        if not cut.total():
            break
        removed += cut
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
        images=[_tidy_image(image) for image in article.images],
        related=[_tidy_related(link) for link in article.related],
        removed=dict(removed),
        text=text,
        word_count=count_text_words(text),
        content_hash=content_hash(text),
    )


def replace_text(block: Block, text: str) -> Block:
    """Return the block with another text; itself when the text is the same."""
    if text == block.text:
        return block
    return Block(type=block.type, text=text, page=block.page)


def _without_boilerplate(blocks: list[Block], cut: Counter[str]) -> list[Block]:
    """Cut what no editor wrote for the reader, and what is empty then."""
    kept = []
    for block in blocks:
        text = _clean_block(block, cut)
        if text:
            kept.append(replace_text(block, text))
        if cut[LATEST]:
            break
    while kept and (lines := kept[-1].text.split("\n")) and TAIL.fullmatch(lines[-1]):
        cut["typed_credit"] += 1
        rest = "\n".join(lines[:-1])
        kept[-1:] = [replace_text(kept[-1], rest)] if rest else []
    return kept


def _clean_block(block: Block, cut: Counter[str]) -> str:
    """Return what is left of one block's text."""
    text = block.text
    if block.type == "list_item":
        text = text.lstrip(BULLETS) if text[:1] in BULLETS and text[1:2] == " " else text
    small = text.lower()
    rules = [rule for rule in PHRASES if rule.trigger in small]
    sends_on = any(trigger in small for trigger in readmore.TRIGGERS)
    unlinked_label = unlinked.TRIGGER in small
    if not rules and not sends_on and not unlinked_label and "\n" not in text:
        return _whole_line(text, small, cut)
    lines = (
        _cut_line(line, rules, cut, read_on=sends_on and block.type != "heading")
        for line in text.split("\n")
    )
    return "\n".join(line for line in lines if line)


def _cut_line(line: str, rules: list[Rule], cut: Counter[str], *, read_on: bool) -> str:
    """Return what is left of one line after every rule that may match it."""
    for rule in rules:
        line, times = rule.compiled.subn(" ", line)
        cut[rule.name] += times
    line, times = unlinked.cut_unlinked(line)
    cut["baca_juga"] += times
    if read_on:
        line, times = readmore.cut_read_more(line)
        cut["read_more"] += times
    line = tidy(line)
    return _whole_line(line, line.lower(), cut)


def _whole_line(line: str, small: str, cut: Counter[str]) -> str:
    """Return a line, or nothing when all of it is boilerplate or marks without a word."""
    rule = LINES.get(small)
    if rule is None and line and not _WORDY.search(line):
        rule = "stray_marks"
    if rule is None:
        return line
    cut[rule] += 1
    return ""


def _without_dateline(blocks: list[Block], cut: Counter[str]) -> tuple[list[Block], str | None]:
    """Take the dateline off the text; return its place too, None where it names none."""
    for number, block in enumerate(blocks[:DATELINE_DEPTH]):
        found = split_dateline(block.text)
        if found:
            cut["dateline"] += 1
            rest = [replace_text(block, found.text)] if found.text else []
            return [*blocks[:number], *rest, *blocks[number + 1 :]], found.place
    return blocks, None


def _tidy_all(names: list[str]) -> list[str]:
    return [tidied for name in names if (tidied := tidy(name))]


def _tidy_image(image: Image) -> Image:
    return Image(
        url=image.url,
        caption=tidy(image.caption or "") or None,
        credit=tidy(image.credit or "") or None,
    )


def _tidy_related(link: Related) -> Related:
    return Related(id=link.id, title=tidy(link.title), url=link.url)
