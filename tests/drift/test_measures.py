"""What a run has seen: counts, and the first page of each miss."""

from kompascrawler.drift.measures import HitRates, Page
from kompascrawler.drift.rates import Rate

PAGES = [Page(f"https://www.kompas.com/{number}", b"", "utf-8") for number in range(3)]


def test_marks_are_counted_where_they_can_be_expected() -> None:
    """A mark that is not told of a page counts neither way; the first page without it is kept."""
    rates = HitRates()
    rates.add({"title": True}, PAGES[0])
    rates.add({"title": False, "time": True}, PAGES[1])
    rates.add({"title": False}, PAGES[2])
    assert rates.rates == {"title": Rate(1, 3), "time": Rate(1, 1)}
    assert rates.offending == {"title": PAGES[1]}


def test_a_miss_without_a_page_is_counted() -> None:
    """Where the last page of an article could not be had; the next miss shows the page."""
    rates = HitRates()
    rates.add({"whole": False}, None)
    rates.add({"whole": False}, PAGES[0])
    assert rates.rates == {"whole": Rate(0, 2)}
    assert rates.offending == {"whole": PAGES[0]}


def test_a_measure_can_be_left_out() -> None:
    """Whether it was counted or not."""
    rates = HitRates()
    rates.add({"whole": False}, None)
    rates.leave_out("whole")
    rates.leave_out("title")
    assert rates.rates == {}
