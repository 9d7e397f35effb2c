"""Which places of a text stay: boilerplate that the rules know, labels, datelines' ends."""

import re
from collections.abc import Iterator
from typing import Final

from kompascrawler.cleaning.boilerplate import PHRASES, last_line_rule
from kompascrawler.cleaning.clean import split_dateline
from kompascrawler.cleaning.pointers import TRIGGERS
from kompascrawler.pages.byline import IMPERSONAL
from tests.cases import fixed

_LABEL = re.compile(
    r"\bbaca(?:\s+(?:juga|pula|berita|selengkapnya|artikel|lainnya)){0,3}\s*:"
    r"|[(\[]\s*baca(?:\s+juga)?\b|^\s*baca\s+juga\b",
    re.IGNORECASE,
)
"""What ``pages.related`` takes for a label."""
_AGENCIES = re.compile(r"\((?:[A-Za-z]{2,10}/)+[A-Za-z]{2,10}\)\s*$")
_NAMES = re.compile("|".join(re.escape(name) for name in sorted(IMPERSONAL)), re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+")
_KOMPAS: Final = re.compile("kompas", re.IGNORECASE)

Span = tuple[int, int]
"""Where a kept place starts and ends."""


def kept(line: str) -> Iterator[Span]:
    """Yield the places of one line of text (white space single) that stay as they are.

    >>> [line[start:end] for line in ["Baca juga: Judul"] for start, end in kept(line)]
    ['Baca juga:']
    """
    small = line.lower()
    if small.strip() in fixed.LABELS:
        yield 0, len(line)
        return
    for found in (*_LABEL.finditer(line), *_NAMES.finditer(line)):
        yield found.span()
    if tag := _AGENCIES.search(line):
        yield from _words(line, fixed.AGENCIES, *tag.span())
    yield from _phrases(line, small)
    if any(trigger in small for trigger in TRIGGERS):
        yield from _words(line, fixed.READING)
    if last_line_rule(line.strip()) == "typed_credit":
        yield from _words(line, fixed.NAMING)
    if dateline := split_dateline(line):
        paper = _KOMPAS.search(line)
        yield (paper.start() if paper else 0), len(line) - len(dateline.text)


def _phrases(line: str, small: str) -> Iterator[Span]:
    for rule in PHRASES:
        if rule.trigger in small:
            for found in rule.compiled.finditer(line):
                if rule.name == "syndication":
                    yield from _words(line, fixed.SYNDICATION, *found.span())
                else:
                    yield found.span()


def _words(
    line: str, words: frozenset[str], start: int = 0, end: int | None = None
) -> Iterator[Span]:
    for word in _WORD.finditer(line, start, len(line) if end is None else end):
        if word[0].lower() in words:
            yield word.span()
