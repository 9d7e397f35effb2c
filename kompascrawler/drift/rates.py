"""How often something holds, and how surprising it is that it holds so seldom now."""

from collections.abc import Iterator
from math import exp, lgamma, log
from typing import Final, NamedTuple

FALSE_ALARM: Final = 1e-6
"""Probability below which misses are not chance any more: docs/drift.md counts the false alarms."""
_NEGLIGIBLE: Final = 1e-12


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
    if seen.misses <= mean:
        return 1.0
    total = 0.0
    for probability in _tail(seen, baseline):
        total += probability
        if probability < total * _NEGLIGIBLE:
            break
    return min(total, 1.0)


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
