"""What is measured on the pages of a run, and what it means when it holds too seldom. Pure."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from kompascrawler.drift.rates import Rate
from kompascrawler.pages.article import ReadPage
from kompascrawler.pages.byline import CARD, LINE
from kompascrawler.pages.index import ITEM_LINKS

FALSE_ALARM: Final = 1e-6
"""Probability below which misses are not chance any more: docs/drift.md counts the false alarms."""
OF_TEMPLATE: Final = Rate(1000, 1000)
"""How often an article page shows what its template writes, before any run has said so.

All but one of the 230 captured pages of 2020 to 2023 do; docs/site.md, which counts 4,623, knows
of no other. They are taken for 1,000 pages: enough for 3 misses in 10 pages to be no chance.
"""
AT_MOST: Final = 50
"""Pages that a learned rate counts as at the most: it differs from day to day by more than chance.

With 50, nine healthy runs in ten lie within 7 points of an average of 90 %.
"""
LEARNED: Final = 30
"""Pages of earlier healthy runs that a learned rate needs."""


class Measure(NamedTuple):
    """Something that holds or does not hold on a page that it can be expected on."""

    cause: str
    """What drift is called, in the log, on the run card and in docs/drift.md."""
    what: str
    """What is counted, as the line of figures begins ("title", "a list of 15")."""
    says: str = ""
    """What may have happened and where to look."""
    minimum: Rate | None = OF_TEMPLATE
    """How often it holds as far as is known without any run; None: only runs can say."""


_ITEM_CLASSES: Final = ", ".join(f"`{name}`" for name in sorted(ITEM_LINKS))
_PART: Final = "is only a part of the text served, or read?"
_WORDS: Final = (50, 100, 200)


def checks_of_record(words: int, *, is_whole: bool) -> dict[str, bool]:
    """Return the marks of what an article has become: its words, and whether all of it is here.

    The words of articles that lack pages say nothing; those without any lack everything.

    >>> checks_of_record(120, is_whole=True)
    {'whole': True, 'words_50': True, 'words_100': True, 'words_200': False}
    """
    found = {"whole": is_whole}
    if is_whole or not words:
        found |= {f"words_{least}": words >= least for least in _WORDS}
    return found


MEASURES: Final[Mapping[str, Measure]] = {
    "layout": Measure(
        "unknown layout",
        "a layout that is known",
        "the others say that they are articles, and have neither title nor body where the "
        "layouts have them: a new layout for kompascrawler/pages?",
    ),
    "body": Measure("body container gone", "the body", f"class `{ReadPage.BODY}` renamed?"),
    "title": Measure("title gone", "the title", f"`h1.{ReadPage.TITLE}` renamed?"),
    "title_agrees": Measure(
        "title contradicts",
        "the title of og:title",
        f"is `h1.{ReadPage.TITLE}` another headline now?",
    ),
    "time": Measure("time gone", "a line with the time", f"class `{ReadPage.TIME}` renamed?"),
    "date": Measure(
        "dates unreadable", "a time that can be read", f"another form of date in `{ReadPage.TIME}`?"
    ),
    "date_stated": Measure(
        "dates unreadable",
        f"a `{ReadPage.PUBLISHED}` that can be read",
        "renamed, or another form?",
    ),
    "date_agrees": Measure(
        "dates contradict", "the time that the address states", "another zone, or another meaning?"
    ),
    "credits": Measure(
        "credits gone",
        "Penulis or Editor",
        f"the head names them: classes `{LINE}`, `{CARD}` renamed?",
    ),
    "credits_agree": Measure(
        "credits contradict",
        "the names that the head states",
        "have the roles changed places?",
        # 201 of 204 captured pages: a name is written in two ways now and then.
        minimum=Rate(49, 50),
    ),
    "terkini": Measure(
        "Terkini Lainnya gone", "the block", f"heading or classes {_ITEM_CLASSES} renamed?"
    ),
    "terkini_full": Measure(
        "Terkini Lainnya short", "a list of 15", "is the rest brought by a script?"
    ),
    "pager": Measure(
        "pager changed",
        "the pager",
        f"they link to further pages of theirs: class `{ReadPage.PAGER}` renamed?",
    ),
    "pager_divided": Measure(
        "pager changed",
        "a pager, where words are missing,",
        f"class `{ReadPage.PAGER}` renamed, or are the pages brought by a script?",
        minimum=None,
    ),
    "description": Measure("field missing", "description"),
    "section": Measure("field missing", "section"),
    "tags": Measure("field missing", "tags", minimum=Rate(228, 230)),  # as captured
    "names": Measure("field missing", "authors or editors"),
    "images": Measure("field missing", "images"),
    "words_declared": Measure("field missing", ReadPage.WORDS),
    # On every page of 2023, on none before: only runs can say.
    "text_declared": Measure("field missing", ReadPage.TEXT.decode(), minimum=None),
    "canonical": Measure("field missing", "an address of its own in canonical or og:url"),
    "sources": Measure("field missing", "sources", minimum=None),
    "text_read": Measure(
        "text shrunk", "nearly all words of the body in the text", "other elements in the body?"
    ),
    # Infographics and videos have 50 words and more on the captured pages, page 1 of an article
    # some 200 (docs/site.md): fewer than 100 had one of 212.
    "words_50": Measure("text shrunk", "50 words or more", _PART, Rate(49, 50)),
    "words_100": Measure("text shrunk", "100 words or more", _PART, Rate(47, 50)),
    "words_200": Measure("text shrunk", "200 words or more", _PART, None),
    # No second page was ever captured: this is a guess. A crawler that cannot get one
    # article in ten whole should be looked at.
    "whole": Measure(
        "incomplete articles",
        "all pages and words",
        "has the way to the further pages changed (pager, `?page=`), or the count of words?",
        minimum=Rate(45, 50),
    ),
}
"""Every measure by name."""
REPEATS: Final = {
    "words_100": {"words_50"},
    "words_200": {"words_50", "words_100"},
    "pager_divided": {"pager"},
}
"""Measure → others that say as much already where they are named, too."""
ELSEWHERE: Final = {
    "title": ("title_elsewhere", "og:title or JSON-LD"),
    "time": ("time_elsewhere", "the head"),
}
"""Where the same is stated again: the count of pages without it that do, and the place."""

LISTINGS: Final[Mapping[str, str]] = {
    "front": "front markup changed: it links to no article of the section; by a script now?",
    "index": "index markup changed: no item is found on {pages} responses of the index that link "
    f"to ten articles and more: classes {_ITEM_CLASSES} renamed?",
}
"""Measures of listings, and what it means where none of them has it."""
