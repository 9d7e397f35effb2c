"""How long a Retry-After header has us wait."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.politeness.retry_after import LONGEST, seconds_asked

NOW = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 30 ", 30.0),
        ("Sun, 22 Nov 2026 23:01:30 GMT", 90.0),
        ("Sunday, 22-Nov-26 23:00:10 GMT", 10.0),
        ("Sun Nov 22 23:00:05 2026", 5.0),
        ("Mon, 23 Nov 2026 06:00:20 +0700", 20.0),
        ("Sun, 22 Nov 2026 23:00:20 -0000", 20.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
        ("99999999999", LONGEST),
        ("9" * 5000, LONGEST),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        ("Sun, 99 Nov 2026 99:99:99 GMT", None),
    ],
)
def test_values(value: str, seconds: float | None) -> None:
    """Seconds, the three forms of dates, what is absurd, what is neither."""
    assert seconds_asked(value, NOW) == seconds


@given(st.integers(0, 10**9))
def test_a_date_means_what_its_seconds_mean(seconds: int) -> None:
    """Both forms ask for the same wait, a day at most."""
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert seconds_asked(date, NOW) == seconds_asked(str(seconds), NOW) == min(seconds, LONGEST)


@given(st.text())
def test_any_text_gives_a_wait_or_none(value: str) -> None:
    """No header breaks the crawl, and none has it wait for longer than a day."""
    seconds = seconds_asked(value, NOW)
    assert seconds is None or 0.0 <= seconds <= LONGEST
