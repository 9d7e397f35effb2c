"""What is measured on the pages of a run, and what it means when it holds too seldom. Pure."""

from collections.abc import Iterator, Mapping
from math import exp, lgamma, log
from typing import Final, NamedTuple

from kompascrawler.pages.article import ReadPage
from kompascrawler.pages.byline import CARD, LINE
from kompascrawler.pages.index import ITEM_LINKS

FALSE_ALARM: Final = 1e-6
"""Probability below which misses are not chance any more: docs/drift.md counts the false alarms."""


class Rate(NamedTuple):
    """On how many of so many pages something holds."""

    hits: int
    of: int

    @property
    def misses(self) -> int:
        """Pages that it does not hold on."""
        return self.of - self.hits

    def __add__(self, other: tuple[object, ...]) -> "Rate":
        """Return the rate over the pages of both."""
        hits, of = Rate._make(other)
        return Rate(self.hits + hits, self.of + of)

    def inverted(self) -> "Rate":
        """Return how often the contrary holds."""
        return Rate(self.misses, self.of)

    def scaled(self, of: int) -> "Rate":
        """Return the same rate as if seen on about so many pages; unchanged where on fewer."""
        if self.of <= of:
            return self
        return Rate(round(self.hits * of / self.of), of)

    def percent(self) -> str:
        """Return the rate for people.

        >>> Rate(999, 1000).percent(), Rate(1000, 1000).percent(), Rate(45, 50).percent()
        ('99.9 %', '100 %', '90 %')
        """
        percent = 100 * self.hits / self.of
        return f"{percent:.1f} %" if 99 <= percent < 100 else f"{percent:.0f} %"


NONE: Final = Rate(0, 0)
"""No page at all."""


def chance(seen: Rate, baseline: Rate) -> float:
    """Return the probability of so many misses or more; 1 for no more than at the baseline.

    The exact one-sided probability of the beta-binomial distribution, with Jeffreys' prior: the
    fewer pages the baseline is known from, the more may be chance.

    >>> f"{chance(Rate(7, 10), Rate(1000, 1000)):.1e}"
    '2.2e-07'
    >>> chance(Rate(9, 10), Rate(90, 100))
    1.0
    """
    mean = seen.of * (baseline.misses + 0.5) / (baseline.of + 1)
    return 1.0 if seen.misses <= mean else min(sum(_tail(seen, baseline)), 1.0)


def _tail(seen: Rate, baseline: Rate) -> Iterator[float]:
    # Of just so many misses, one more, and so on.
    hit, miss = baseline.hits + 0.5, baseline.misses + 0.5
    choices = _log_beta(seen.hits + 1, seen.misses + 1) + log(seen.of + 1)
    spread = _log_beta(hit + seen.hits, miss + seen.misses) - _log_beta(hit, miss)
    probability = exp(spread - choices)
    for misses in range(seen.misses, seen.of + 1):
        yield probability
        hits = seen.of - misses
        probability *= hits * (miss + misses) / ((misses + 1) * (hit + hits - 1))


def _log_beta(first: float, second: float) -> float:
    return lgamma(first) + lgamma(second) - lgamma(first + second)


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
    elsewhere: tuple[str, str] | None = None
    """Where the same is stated again: the count of pages without it that do, and the place."""
    repeats: frozenset[str] = frozenset()
    """Measures that say as much already where they are named, too."""


_ITEM_CLASSES: Final = ", ".join(f"`{name}`" for name in sorted(ITEM_LINKS))
_WORDS: Final = (50, 100, 200)


def _field(what: str, minimum: Rate | None = OF_TEMPLATE) -> Measure:
    return Measure("field missing", what, minimum=minimum)


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


def _text(words: int, minimum: Rate | None) -> Measure:
    what, says = f"{words} words or more", "is only a part of the text served, or read?"
    fewer = frozenset(f"words_{least}" for least in _WORDS if least < words)
    return Measure("text shrunk", what, says, minimum, repeats=fewer)


MEASURES: Final[Mapping[str, Measure]] = {
    "layout": Measure(
        "unknown layout",
        "a layout that is known",
        "the others say that they are articles, and have neither title nor body where the "
        "layouts have them: a new layout for kompascrawler/pages?",
    ),
    "body": Measure("body container gone", "the body", f"class `{ReadPage.BODY}` renamed?"),
    "title": Measure(
        "title gone",
        "the title",
        f"`h1.{ReadPage.TITLE}` renamed?",
        elsewhere=("title_elsewhere", "og:title or JSON-LD"),
    ),
    "title_agrees": Measure(
        "title contradicts",
        "the title of og:title",
        f"is `h1.{ReadPage.TITLE}` another headline now?",
    ),
    "time": Measure(
        "time gone",
        "a line with the time",
        f"class `{ReadPage.TIME}` renamed?",
        elsewhere=("time_elsewhere", "the head"),
    ),
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
        repeats=frozenset({"pager"}),
    ),
    "description": _field("description"),
    "section": _field("section"),
    "tags": _field("tags", Rate(228, 230)),  # as captured
    "names": _field("authors or editors"),
    "images": _field("images"),
    "words_declared": _field(ReadPage.WORDS),
    # On every page of 2023, on none before: only runs can say.
    "text_declared": _field(ReadPage.TEXT.decode(), None),
    "canonical": _field("an address of its own in canonical or og:url"),
    "sources": _field("sources", None),
    "text_read": Measure(
        "text shrunk", "nearly all words of the body in the text", "other elements in the body?"
    ),
    # Infographics and videos have 50 words and more on the captured pages, page 1 of an article
    # some 200 (docs/site.md): fewer than 100 had one of 212.
    "words_50": _text(50, Rate(49, 50)),
    "words_100": _text(100, Rate(47, 50)),
    "words_200": _text(200, None),
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

LISTINGS: Final[Mapping[str, str]] = {
    "front": "front markup changed: it links to no article of the section; by a script now?",
    "index": "index markup changed: no item is found on {pages} responses of the index that link "
    f"to ten articles and more: classes {_ITEM_CLASSES} renamed?",
}
"""Measures of listings, and what it means where none of them has it."""


class Page(NamedTuple):
    """A page as it came."""

    url: str
    body: bytes
    encoding: str


class HitRates:
    """How often each measure holds on the pages of a run, and where it first does not."""

    def __init__(self) -> None:
        self.rates: dict[str, Rate] = {}
        self.offending: dict[str, Page] = {}
        """Measure → the first page that it did not hold on."""

    def add(self, checks: Mapping[str, bool], page: Page | None) -> None:
        """Count what a page shows, by measure; None where the page itself is not at hand."""
        for name, holds in checks.items():
            self.rates[name] = self.rates.get(name, NONE) + Rate(int(holds), 1)
            if page and not holds:
                self.offending.setdefault(name, page)

    def leave_out(self, name: str) -> None:
        """Forget a measure: something else than the site decided on it."""
        self.rates.pop(name, None)
