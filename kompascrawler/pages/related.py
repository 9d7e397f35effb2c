"""The "Baca juga" links: found by what the text says, never by the class of the link.

The class ``inner-link-baca-juga`` also stands on links of ordinary sentences (95 paragraphs of
2020, docs/site.md, section 6), and the label also stands in the middle of a paragraph.
"""

import re
from typing import NamedTuple

from kompascrawler.identity import parse_address
from kompascrawler.items import Related

_LABEL = re.compile(
    r"""
    [(\[]?\s{0,9}\bbaca(?:\s+(?:juga|pula|berita|selengkapnya|artikel|lainnya)){0,3}\s*:\s*
    | [(\[]\s*baca(?:\s+juga)?\s+   # 2017: "(Baca X)" as a paragraph
    | ^\s*baca\s+juga\s+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BARE_LABEL = re.compile(
    r"\W*baca(?:\s+(?:juga|pula|berita|selengkapnya|artikel|lainnya)){0,3}\s*:\W*|\W*baca\s+juga\W*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;|•·&\"'“”-]*(?:dan\s+)?")
_MARKS = re.compile(r"\W*")
_AFTER = re.compile(r"[\"'”]?\s*[)\].]?")


def may_hold_label(text: str) -> bool:
    """Tell cheaply whether a text is worth ``cut_related``; most blocks are not."""
    return "Baca" in text or "baca juga" in text or "BACA" in text or "(baca" in text


def is_bare_label(text: str) -> bool:
    """Tell whether a whole piece of text is a label, so that its links may follow it.

    >>> is_bare_label("Baca juga:"), is_bare_label("Baca juga: Judul Lain")
    (True, False)
    """
    return _BARE_LABEL.fullmatch(text) is not None


class Link(NamedTuple):
    """A link of a block: where its text starts and ends, and where it leads."""

    start: int
    end: int
    url: str


def cut_related(text: str, links: list[Link]) -> tuple[str, list[Related], int]:
    """Cut "Baca juga" labels with the links that follow them out of a block's text.

    Returns the text that is left, the links, and the number of labels. A label that no link
    follows stays: what to do about it is a matter of text alone (cleaning).
    """
    related: list[Related] = []
    kept: list[str] = []
    position = labels = 0
    for label in _LABEL.finditer(text):
        if label.start() < position:
            continue
        following = _following(text, links, label.end())
        if following:
            labels += 1
            related += _merged(text, following, label.end())
            kept.append(text[position : label.start()])
            end = _AFTER.match(text, following[-1].end)
            position = end.end() if end else following[-1].end
    kept.append(text[position:])
    return " ".join(piece for piece in kept if piece), related, labels


def are_all_links(text: str, links: list[Link]) -> list[Related]:
    """Return the links of a piece of text that holds nothing else; empty when it does."""
    following = _following(text, links, 0)
    if not following or not _MARKS.fullmatch(text, following[-1].end):
        return []
    return _merged(text, following, 0)


def _following(text: str, links: list[Link], position: int) -> list[Link]:
    """Return the links that follow ``position`` with nothing but marks between them."""
    found: list[Link] = []
    for link in links:
        if link.end <= position:
            continue
        between = _BETWEEN.match(text, position)
        if between is None or link.start > between.end():
            break
        found.append(link)
        position = link.end
    return found


def _merged(text: str, links: list[Link], start: int) -> list[Related]:
    """Return the links as records; one that the editor broke in two is one."""
    merged: list[Link] = []
    for link in links:
        if merged and merged[-1].url == link.url:
            merged[-1] = merged[-1]._replace(end=link.end)
        else:
            merged.append(link)
    titles = [" ".join(text[max(link.start, start) : link.end].split()) for link in merged]
    return [related_to(link.url, title) for link, title in zip(merged, titles, strict=True)]


def related_to(url: str, title: str) -> Related:
    """Return a link as it stands in the record; ``id`` only when it leads to an article."""
    address = parse_address(url)
    return Related(id=address.id if address else None, title=title, url=url)
