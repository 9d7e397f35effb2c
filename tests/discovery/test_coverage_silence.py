"""How long nothing new is plausible."""

import pytest

from kompascrawler.discovery.coverage import HOUR, silence

HOURLY = [HOUR * number for number in range(30)]
NIGHTS = [HOUR * (24 * day + hour) for day in range(5) for hour in range(6, 23)]
DAILY = [24 * HOUR * number for number in range(14)]
ONE_OUTAGE = [*HOURLY, *(time + 100 * HOUR for time in HOURLY)]


@pytest.mark.parametrize(
    ("moments", "hours", "is_alarm"),
    [
        ([], 1000, False),
        ([0.0], 71, False),
        ([0.0], 73, True),
        (HOURLY, 11.9, False),
        (HOURLY, 12.1, True),
        (NIGHTS, 15.9, False),
        (NIGHTS, 16.1, True),
        (DAILY, 47, False),
        (DAILY, 49, True),
        (ONE_OUTAGE, 13, True),
        (HOURLY, -5, False),
    ],
)
def test_silence(moments: list[float], hours: float, *, is_alarm: bool) -> None:
    """Twice the section's pauses, 12 hours at least; 72 where too few are known."""
    now = max(moments, default=0.0) + hours * HOUR
    assert (silence(moments, now) is not None) == is_alarm
