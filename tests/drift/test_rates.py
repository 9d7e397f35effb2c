"""How surprising a rate is: the figures are exact, and alarms as rare as they are said to be."""

from fractions import Fraction
from math import comb, isclose

from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.drift.measures import FALSE_ALARM, OF_TEMPLATE
from kompascrawler.drift.rates import Rate, chance


def rates(most: int) -> st.SearchStrategy[Rate]:
    """Return rates over 1 to ``most`` pages."""
    pairs = st.tuples(st.integers(0, most), st.integers(0, most))
    return pairs.filter(any).map(lambda pair: Rate(pair[0], sum(pair)))


def rising(start: Fraction, steps: int) -> Fraction:
    """Return start · (start + 1) · … of so many factors."""
    product = Fraction(1)
    for step in range(steps):
        product *= start + step
    return product


def exactly(misses: int, seen: Rate, baseline: Rate) -> Fraction:
    """Return the probability of so many misses, as a fraction: Polya's urn."""
    hit, miss = baseline.hits + Fraction(1, 2), baseline.misses + Fraction(1, 2)
    ways = comb(seen.of, misses) * rising(miss, misses) * rising(hit, seen.of - misses)
    return ways / rising(hit + miss, seen.of)


@given(rates(12), rates(30))
def test_the_chance_is_exact(seen: Rate, baseline: Rate) -> None:
    """It is the sum of the exact probabilities of as many misses and more, or 1 below the mean."""
    tail = sum(exactly(misses, seen, baseline) for misses in range(seen.misses, seen.of + 1))
    found = chance(seen, baseline)
    assert found == 1.0 or isclose(found, float(tail), rel_tol=1e-9)
    assert found < 1.0 or seen.misses * (baseline.of + 1) <= seen.of * (baseline.misses + 1)


@given(rates(200), rates(2000))
def test_more_misses_are_less_likely(seen: Rate, baseline: Rate) -> None:
    """One hit less on as many pages never raises the chance, which is always one."""
    found = chance(seen, baseline)
    assert 0.0 <= found <= 1.0
    if seen.hits:
        assert chance(Rate(seen.hits - 1, seen.of), baseline) <= found * (1 + 1e-9)


@given(st.integers(10, 60), st.sampled_from([OF_TEMPLATE, Rate(45, 50), Rate(230, 240)]))
def test_false_alarms_are_as_rare_as_promised(pages: int, baseline: Rate) -> None:
    """Over all that a healthy run can show, alarms together have the stated probability at most."""
    alarms = sum(
        exactly(misses, Rate(0, pages), baseline)
        for misses in range(pages + 1)
        if chance(Rate(pages - misses, pages), baseline) < FALSE_ALARM
    )
    assert alarms <= FALSE_ALARM


def test_large_runs_are_judged_in_no_time() -> None:
    """A first run may read the whole archive: extreme figures give extreme chances, no error."""
    assert chance(Rate(0, 500_000), OF_TEMPLATE) == 0.0
    assert chance(Rate(499_000, 500_000), OF_TEMPLATE) > FALSE_ALARM
    assert chance(Rate(400_000, 500_000), OF_TEMPLATE) < FALSE_ALARM
