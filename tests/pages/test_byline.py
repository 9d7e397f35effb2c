"""Short texts as a page prints them."""

import pytest

from kompascrawler.pages.byline import printed_time


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Kompas.com - 17/10/2020, 16:00 WIB", "2020-10-17T16:00:00+07:00"),
        ("16/10/2020, 10:17 WIB", "2020-10-16T10:17:00+07:00"),
        ("Minggu, 22 Maret 2015 | 13:37 WIB", "2015-03-22T13:37:00+07:00"),
        ("Kompas.com , 17 April 2026, 10:30 WIB", "2026-04-17T10:30:00+07:00"),
    ],
)
def test_printed_times(line: str, expected: str) -> None:
    """Every printed form gives its time in WIB."""
    found = printed_time(line)
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize(
    "line", ["", "31/02/2020, 10:00 WIB", "17 Smarch 2020, 10:00 WIB", "kemarin"]
)
def test_no_time(line: str) -> None:
    """What states no time that exists gives none."""
    assert printed_time(line) is None
