"""The "Baca juga" links: found by their shape, a label and links to articles.

The class ``inner-link-baca-juga`` also stands on links of ordinary sentences (95 paragraphs of
2020, docs/site.md, section 6), and the label also stands in the middle of a paragraph. A link
that leads to no article, as to a tag page, is no related link.
"""

import re
from bisect import bisect_right
from operator import attrgetter
from typing import Final, NamedTuple

from lxml import etree

from kompascrawler.cleaning.pointers import is_gloss, is_pointer
from kompascrawler.identity import parse_address
from kompascrawler.items import Related
from kompascrawler.pages.markup import classes_of, web_address

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
_ANY_LABEL = re.compile(r"\W*(?:[^\W\d_][\w-]*\s+){0,3}[^\W\d_][\w-]*\s*[:;]\s*")
"""Any label before a headline: "Simak juga:", "Artikel terkait:", "Baca juga;"."""
_LONGEST_LABEL: Final = 80
_HEADLINE: Final = 3
"""Words of the shortest headline; what is shorter names a source ("Kompas.com")."""
ARTICLE: Final = "/read/"
"""What every address of an article has, so that others are not looked into."""
OWN_CLASS: Final = "inner-link-baca-juga"
"""Class of the site's own related links."""
_AFTER = re.compile(r"[\"'”]?\s*[)\].]?")


def may_hold_label(text: str) -> bool:
    """Tell cheaply whether a text is worth ``cut_related``; most blocks are not."""
    return "Baca" in text or "baca juga" in text or "BACA" in text or "(baca" in text


def may_be_headlines(text: str, linked: int) -> bool:
    """Tell cheaply whether a text is worth ``cut_headlines``; ``linked`` characters are links."""
    return len(text) - linked <= _LONGEST_LABEL or BREAK in text


def is_bare_label(text: str) -> bool:
    """Tell whether a whole piece of text is a label, so that its links may follow it.

    >>> is_bare_label("Baca juga:"), is_bare_label("Baca juga: Judul Lain")
    (True, False)
    """
    return _BARE_LABEL.fullmatch(text) is not None


BREAK: Final = "\v"
"""Stands in collected text where the page breaks a line: ``parse`` leaves none in a page."""


class LinkSpan(NamedTuple):
    """A link of a block: where its text starts and ends, and where it leads."""

    start: int
    end: int
    url: str
    """Absolute; empty where it cannot lead to an article."""
    article: str | None
    """Identity of the article that it leads to."""
    is_own: bool
    """Whether it has the class of related links."""


def link_to(start: int, end: int, link: etree._Element, base: str) -> LinkSpan:
    """Return a link of a page whose address is ``base``."""
    href = link.get("href") or ""
    url = (web_address(href, base) or "") if ARTICLE in href else ""
    address = parse_address(url) if url else None
    is_own = OWN_CLASS in classes_of(link)
    return LinkSpan(start, end, url, address.id if address else None, is_own)


def cut_related(text: str, links: list[LinkSpan]) -> tuple[str, list[Related], int]:
    """Cut "Baca juga" labels with the links that follow them out of a block's text.

    Returns the text that is left, the links, and the number of labels. A label that no link
    follows stays: what to do about it is a matter of text alone (cleaning). So does one inside a
    sentence, which only explains a word: "Washington (baca: Amerika Serikat) menolak".
    """
    related: list[Related] = []
    kept: list[str] = []
    position = labels = 0
    for label in _LABEL.finditer(text):
        if label.start() < position or is_gloss(text, label.start()):
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


def are_all_links(text: str, links: list[LinkSpan], start: int = 0) -> list[Related]:
    """Return the links of a text that holds nothing else from ``start``; empty when it does."""
    following = _following(text, links, start)
    if not following or not _MARKS.fullmatch(text, following[-1].end):
        return []
    return _merged(text, following, start)


def cut_headlines(text: str, links: list[LinkSpan]) -> tuple[str, list[Related], int]:
    """Blank the lines of a text that are a label, any, with headlines.

    Returns the text, of the same length, the links, and the number of lines.
    """
    found: list[Related] = []
    left: list[str] = []
    start = lines = 0
    if not may_be_headlines(text, sum(link.end - link.start for link in links)):
        return text, found, lines
    for line in text.split(BREAK):
        end = start + len(line)
        own = [
            link._replace(start=link.start - start, end=link.end - start)
            for link in links[_first_behind(links, start) : _first_behind(links, end)]
            if start <= link.start < link.end
        ]
        if related := own and labelled_headlines(line, own):
            found += related
            lines += 1
            line = " " * len(line)  # noqa: PLW2901 - blanked
        left.append(line)
        start = end + 1
    return BREAK.join(left), found, lines


def _first_behind(links: list[LinkSpan], position: int) -> int:
    """Return the number of the first link that ends behind a position; they are in that order."""
    return bisect_right(links, position, key=attrgetter("end"))


def labelled_headlines(text: str, links: list[LinkSpan]) -> list[Related]:
    """Return the links of a text that is a label, any, with headlines; empty when it is not.

    Without a label a headline counts whose link has the site's own class.
    """
    label = _ANY_LABEL.match(text)
    start = label.end() if label and all(link.start >= label.end() for link in links) else 0
    if not start and not all(link.is_own for link in links):
        return []
    related = are_all_links(text, links, start)
    is_short = any(len(link.title.split()) < _HEADLINE for link in related)
    return [] if is_short or any(is_pointer(link.title) for link in related) else related


def _following(text: str, links: list[LinkSpan], position: int) -> list[LinkSpan]:
    found: list[LinkSpan] = []
    for number in range(_first_behind(links, position), len(links)):
        link = links[number]
        if link.end <= position:
            continue
        if link.article is None:
            break
        between = _BETWEEN.match(text, position)
        if between is None or link.start > between.end():
            break
        found.append(link)
        position = link.end
    return found


def _merged(text: str, links: list[LinkSpan], start: int) -> list[Related]:
    """Return the links as records; one that the editor broke in two is one."""
    merged: list[LinkSpan] = []
    for link in links:
        if merged and merged[-1].url == link.url:
            merged[-1] = merged[-1]._replace(end=link.end)
        else:
            merged.append(link)
    titles = [" ".join(text[max(link.start, start) : link.end].split()) for link in merged]
    return [
        Related(id=link.article, title=title, url=link.url)
        for link, title in zip(merged, titles, strict=True)
    ]


def related_to(link: etree._Element, title: str, base: str) -> Related | None:
    """Return a link as it stands in the record; None when it leads to no article."""
    span = link_to(0, 0, link, base)
    return Related(id=span.article, title=title, url=span.url) if span.article else None
