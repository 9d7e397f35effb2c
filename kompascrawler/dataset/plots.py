"""Plots as SVG: columns over time or classes, and a map of week and hour. Pure.

A plot has no text: it is stretched to whatever width there is, and the page around it writes the
labels, whose size so is that of all text. Colours are those of the page's classes: ``s0``, ``s1`` …
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil, floor, inf, log10
from operator import add
from typing import Final

Join = Callable[[int, int], int]
"""Makes one number of those of two days."""
WIDTH: Final = 1000
HEIGHT: Final = 200
_LABELS: Final = 6
_CHARACTERS: Final = 40
"""Labels of the horizontal axis, at most, and their characters."""
_MARK: Final = 2.5
"""Width of the narrowest mark."""
_YEARS: Final = 3
"""Years from which the labels of months are years."""
_JANUARY: Final = re.compile(r"\d{4}-01")
_UNITS: Final[Sequence[tuple[float, str, Callable[[date], str]]]] = (
    (92, "day", str),
    (731, "week of", lambda day: str(day - timedelta(days=day.weekday()))),
    (inf, "month", "{:%Y-%m}".format),
)
"""Days up to which a column is one of these, and what names that of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A plot: paths, and what the page writes around them."""

    paths: Sequence[tuple[str, str, float]]
    """Class, path and opacity; drawn in this order."""
    across: Sequence[tuple[float, str]]
    """Labels of the horizontal axis, with their places in percent from the left."""
    up: Sequence[tuple[float, str]]
    """Labels of the vertical axis, with their places in percent from below."""
    legend: Sequence[tuple[str, str]] = field(default=())
    """Class and name of each series; none, where there is only one."""


class Periods:
    """Days, weeks or months, one after the other, from the first to the last day of some."""

    def __init__(self, days: Iterable[str]) -> None:
        known = sorted(map(date.fromisoformat, filter(None, days)))
        count = (known[-1] - known[0]).days + 1 if known else 0
        _, self.unit, self._name = next(one for one in _UNITS if count <= one[0])
        passed = (known[0] + timedelta(days=number) for number in range(count))
        self.lengths: Final = Counter(map(self._name, passed))
        """Days of each period, by its name, in their order."""

    def joined(self, days: Mapping[str, int], join: Join = add) -> list[int]:
        """Return the sum of each period, or what else ``join`` makes of its days."""
        found = dict.fromkeys(self.lengths, 0)
        for day in filter(None, days):
            name = self._name(date.fromisoformat(day))
            found[name] = join(found[name], days[day])
        return list(found.values())


def columns(
    names: Sequence[str], series: Mapping[str, Sequence[float]], gaps: Sequence[float] = ()
) -> Chart | None:
    """Draw columns, series upon series; None where there is nothing to draw.

    ``gaps``: the share of each column's width that is marked over the whole height.
    """
    most = max(map(sum, zip(*series.values(), strict=True)), default=0)
    if most <= 0:
        return None
    step = _step(most)
    top = step * ceil(most / step)
    base = [0.0] * len(names)
    ticks = range(round(top / step) + 1)
    grid = "".join(f"M0 {HEIGHT - step / top * HEIGHT * tick:.1f}H{WIDTH}" for tick in ticks)
    paths = [("grid", grid, 1.0)]
    for number, values in enumerate(series.values()):
        sizes = [value / top * HEIGHT for value in values]
        paths.append((f"s{number}", _boxes(base, sizes), 1.0))
        base = [low + size for low, size in zip(base, sizes, strict=True)]
    if any(gaps):
        paths.append(("gap", _boxes([0.0] * len(gaps), [HEIGHT] * len(gaps), gaps), 0.5))
    named = [(f"s{number}", name) for number, name in enumerate(series) if any(series[name])]
    marked = [("gap", "days without an article")] if any(gaps) else []
    up = [(100 * step * tick / top, f"{step * tick:,g}") for tick in ticks]
    legend = [*named, *marked] if len(named) > 1 or marked else []
    return Chart(paths=paths, across=_across(names), up=up, legend=legend)


def heat(rows: Sequence[str], names: Sequence[str], value: Callable[[int, int], float]) -> Chart:
    """Draw a field for each row, from above, and name: the more, the stronger its colour."""
    wide, high = WIDTH / len(names), HEIGHT / len(rows)
    most = max(value(row, place) for row in range(len(rows)) for place in range(len(names))) or 1
    paths = [
        ("s0", _box(place * wide, HEIGHT - (row + 1) * high, wide, high), value(row, place) / most)
        for row in range(len(rows))
        for place in range(len(names))
    ]
    up = [(100 - 100 * (row + 0.5) / len(rows), name) for row, name in enumerate(rows)]
    return Chart(paths=paths, across=_across(names), up=up)


def _step(most: float) -> float:
    """Return the distance of lines: 1, 2 or 5 of a decimal place, two to five of them, at least 1.

    >>> [_step(most) for most in (1, 3, 97, 1200)]
    [1.0, 1.0, 20.0, 500.0]
    """
    power = float(10 ** floor(log10(most)))
    return next(max(1.0, power * size) for size in (0.2, 0.5, 1, 2) if most / (power * size) <= 5)


def _boxes(base: Sequence[float], sizes: Sequence[float], shares: Sequence[float] = ()) -> str:
    """Return a path of columns; each takes a share of its place, by itself all but a gap."""
    wide = WIDTH / len(sizes)
    gap = 0 if shares or len(sizes) > 200 else 0.15 * wide
    widths = [share and max(_MARK, share * wide) for share in shares] or [wide - gap] * len(sizes)
    return "".join(
        _box(place * wide + gap / 2, low, width, size)
        for place, (low, size, width) in enumerate(zip(base, sizes, widths, strict=True))
        if size > 0 and width > 0
    )


def _box(left: float, low: float, width: float, size: float) -> str:
    return f"M{left:.1f} {HEIGHT - low:.1f}h{width:.1f}v{-size:.1f}h{-width:.1f}z"


def _across(names: Sequence[str]) -> list[tuple[float, str]]:
    """Return labels for some of the columns; of many months, the years at each January."""
    years = [place for place, name in enumerate(names) if _JANUARY.fullmatch(name)]
    is_year = len(years) >= _YEARS
    places = years if is_year else list(range(len(names)))
    shown = [(100 * (at + 0.5) / len(names), names[at][: 4 if is_year else None]) for at in places]
    most = min(_LABELS, _CHARACTERS // max(len(name) for _, name in shown))
    return shown[:: ceil(len(shown) / most)]
