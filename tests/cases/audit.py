"""Whether anything of what was written is left on a rewritten page, found by another parser."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from lxml import etree

from tests.cases import code, fixed

RUN: Final = 4
"""Words in a row that may not be those of the original: fewer say nothing by themselves."""
_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"%[0-9A-Fa-f]{2}|&\w+;")
_KNOWN: Final = frozenset(
    word.lower()
    for words in (fixed.RESERVED, fixed.PATH, fixed.QUERY, fixed.EXTENSIONS, code.KNOWN)
    for word in words
) | frozenset(part for host in fixed.HOSTS for part in host.split("."))


def leftovers(original: bytes, rewritten: bytes, stayed: Collection[str]) -> list[str]:
    """Return the runs of words of the original that its rewriting still holds, sorted.

    ``stayed`` are words of boilerplate; a run of them, of labels and of code is none.
    """
    known = _KNOWN.union(stayed, code.words_of_names(original.decode("utf-8", "replace")))
    before = set(_runs(original))
    return sorted(
        " ".join(run)
        for run in before.intersection(_runs(rewritten))
        if any(len(word) > 1 and word not in known for word in run)
    )


def _runs(page: bytes) -> Iterator[tuple[str, ...]]:
    """Yield every run of words that a page shows or hides, in lower case."""
    for text in _texts(page):
        words = [word.lower() for word in _WORD.findall(_QUOTED.sub(" ", text))]
        yield from zip(*(words[start:] for start in range(RUN)), strict=False)


def _texts(page: bytes) -> Iterator[str]:
    """Yield the text of a page, and apart from it that of each script, comment and attribute."""
    root = etree.fromstring(page, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if root is None:
        yield page.decode(errors="replace")
        return
    shown: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag == "script":
            yield element.text or ""
        elif element.tag != "style":
            shown.append(element.text or "")
            yield " ".join(name for name in element.attrib if not code.is_attribute(name))
            for name, value in element.attrib.items():
                if not code.is_verbatim(name, value):
                    yield value
        shown.append(element.tail or "")
    yield " ".join(shown)
