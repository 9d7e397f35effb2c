"""How often a measure holds, how probable that is, and how often a paragraph is repeated. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import exp, lgamma, log
from textwrap import shorten
from typing import Final, NamedTuple


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

    def percent(self) -> str:
        """Return the rate for people.

        >>> Rate(999, 1000).percent(), Rate(1000, 1000).percent(), Rate(45, 50).percent()
        ('99.9 %', '100 %', '90 %')
        """
        percent = 100 * self.hits / self.of
        return f"{percent:.1f} %" if 99 <= percent < 100 else f"{percent:.0f} %"


NONE: Final = Rate(0, 0)
"""No page at all."""
Rates = Mapping[str, Rate]
"""By measure."""


def total(runs: Iterable[Rates]) -> dict[str, Rate]:
    """Return the rates over the pages of all."""
    sums: dict[str, Rate] = {}
    for rates in runs:
        for name, rate in rates.items():
            sums[name] = sums.get(name, NONE) + rate
    return sums


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


FEWEST_SHARING: Final = 3
"""Articles that must share a paragraph, and ``_SHARE`` of those of the run: news quotes itself.

679 articles of 2023 to 2025, cleaned, in runs of 10 to 100 in any order: nothing is named.
"""
_SHARE: Final = 0.1
_WORDS: Final = 5
"""Words of the shortest paragraph that is looked at."""
_SHOWN: Final = 5
_MOST: Final = 100_000
"""Paragraphs that are remembered; then those that stood in one article only are forgotten."""
_LONGEST: Final = 160


class RepeatedLines:
    """Counts the articles that a paragraph stands in: one of many may be a call to the reader.

    Next year's call is of no known shape. Nothing is cut for it: a person looks, and adds a rule.
    """

    def __init__(self) -> None:
        self._articles = 0
        self._counts = Counter[str]()

    def add(self, texts: Iterable[str]) -> None:
        """Count the paragraphs of an article, each once."""
        self._articles += 1
        self._counts.update({text for text in texts if len(text.split(maxsplit=_WORDS)) >= _WORDS})
        if len(self._counts) > _MOST:
            self._counts = self._shared(2)

    def found(self) -> list[str]:
        """Return the paragraphs that many articles share, the most frequent first, as lines."""
        many = max(FEWEST_SHARING, self._articles * _SHARE)
        return [
            f"in {times} of {self._articles} articles: {_shortened(text)}"
            for text, times in self._shared(many).most_common(_SHOWN)
        ]

    def repeated(self) -> Counter[str]:
        """Return the paragraphs that some articles share, shortened, and in how many they are."""
        shared = self._shared(FEWEST_SHARING).items()
        return Counter({_shortened(text): times for text, times in shared})

    def _shared(self, fewest: float) -> Counter[str]:
        return Counter({text: times for text, times in self._counts.items() if times >= fewest})


def _shortened(text: str) -> str:
    return shorten(text, _LONGEST, placeholder="…")
