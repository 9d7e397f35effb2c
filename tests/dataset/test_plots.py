"""The plots' geometry: heights, marks, and labels that fit."""

import re
from datetime import date, timedelta

import pytest

from kompascrawler.dataset.plots import HEIGHT, Chart, Periods, columns, heat


def heights(chart: Chart, name: str) -> list[float]:
    """Return how high the columns of a series are."""
    (path,) = [path for one, path, _ in chart.paths if one == name]
    return [float(size) for size in re.findall(r"v-([\d.]+)", path)]


def drawn(*series: list[float]) -> Chart:
    """Return a plot of series, each named by its number."""
    names = [str(place) for place in range(len(series[0]))]
    chart = columns(names, {str(number): values for number, values in enumerate(series)})
    assert chart is not None
    return chart


def test_heights_are_shares_of_the_highest_line() -> None:
    """Series stand upon each other; what is nothing is not drawn."""
    chart = drawn([10, 0, 30], [5, 10, 0])
    assert [(round(place), label) for place, label in chart.up][1:] == [
        *((33, "10"), (67, "20"), (100, "30"))
    ]
    assert heights(chart, "s0") == pytest.approx([HEIGHT / 3, HEIGHT], abs=0.1)
    assert heights(chart, "s1") == pytest.approx([HEIGHT / 6, HEIGHT / 3], abs=0.1)


@pytest.mark.parametrize(("most", "lines"), [(1, 2), (0.3, 2), (7, 5), (10, 6), (1234, 4)])
def test_lines_are_few_and_round(most: float, lines: int) -> None:
    """From nothing to the first round number that is high enough."""
    chart = drawn([most])
    assert len(chart.up) == lines
    assert float(chart.up[-1][1].replace(",", "")) >= most


def test_nothing_is_no_plot() -> None:
    """No column, or all of them nothing."""
    assert columns([], {"a": []}) is None
    assert columns(["x"], {"a": [0], "b": [0]}) is None


def test_gaps_are_marked_over_the_whole_height() -> None:
    """Even a short one is wide enough to be seen."""
    names = [f"2{number:03}-01" for number in range(500)]
    chart = columns(names, {"a": [1] * 500}, [0.01, *[0] * 499])
    assert chart is not None
    assert heights(chart, "gap") == [HEIGHT]
    assert ("gap", "days without an article") in chart.legend


@pytest.mark.parametrize(
    ("days", "unit"), [(1, "day"), (92, "day"), (700, "week of"), (9000, "month")]
)
def test_periods_cover_all_days(days: int, unit: str) -> None:
    """Each day is in one of them, and labels are few."""
    first = date(2001, 12, 30)
    named = {str(first + timedelta(days=number)): 1 for number in range(days)}
    periods = Periods([max(named), min(named)])
    assert (periods.unit, sum(periods.lengths.values())) == (unit, days)
    assert periods.joined(named) == list(periods.lengths.values())
    assert periods.joined(named, max) == [1] * len(periods.lengths)
    chart = columns(list(periods.lengths), {"a": periods.joined(named)})
    assert chart is not None
    assert len(chart.across) <= 6


def test_the_strongest_field_is_the_largest() -> None:
    """Others are weaker by their share."""
    chart = heat(["a", "b"], ["x", "y"], lambda row, place: 2 * row + place)
    assert [round(strength, 2) for _, _, strength in chart.paths] == [0, 0.33, 0.67, 1]
