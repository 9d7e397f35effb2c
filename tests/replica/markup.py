"""Plain text as the site's editor writes it into the page: links, entities, blanks. Pure.

Everything done here must come off again in a clean record: that is what it is for.
"""

import re
from collections.abc import Sequence
from html import escape
from random import Random

TOPIC_LINK = "<a target='_self' class='inner-link-tag' "
"""How the tag of a link to a topic begins."""
_ENTITIES = str.maketrans({"“": "&ldquo;", "”": "&rdquo;"})


def attribute(text: str) -> str:
    """Return text fit for a double-quoted attribute."""
    return escape(text, quote=True)


def inline(text: str, *, tags: Sequence[str], blank_before_tag: bool, random: Random) -> str:
    """Return a text's markup: topic links, ``<br />``, entities for blanks and quotes.

    ``blank_before_tag`` is the 2020 template's habit of putting a blank before each topic link
    (docs/site.md, sections 6 and 19).
    """
    html = escape(text, quote=False).replace("\n", "<br />\n")
    if random.random() < 0.5:
        html = html.translate(_ENTITIES)
    if random.random() < 0.05:
        html = html.replace(" ", "&nbsp;", 1)
    for tag in tags:
        if random.random() < 0.6:
            html = _link(html, tag, blank_before_tag=blank_before_tag)
    return html


def _link(html: str, tag: str, *, blank_before_tag: bool) -> str:
    """Link the tag's first occurrence that stands as a word outside any link.

    Of a doubled word it is the second half, as on the real pages: "hewan-<a>hewan</a>".
    """
    word = escape(tag, quote=False)
    pattern = re.compile(rf"(?<![\w;/>']){re.escape(word)}(?![\w<-])")
    if "<a " in html and word in html.partition("<a ")[2]:
        return html  # not worth telling which occurrence stands inside a link
    blank = " " if blank_before_tag else ""
    link = (
        f"{blank}{TOPIC_LINK}"
        f"href='https://www.kompas.com/tag/{word.replace(' ', '-')}' "
        f"style='color:#428bca;'>{word}</a>"
    )
    return pattern.sub(lambda _: link, html, count=1)
