"""The Retry-After header: how long a host asks us to wait. Pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = 24 * 60 * 60.0
"""Seconds that no answer can ask for more of: a longer wait is a mistake, or means "go away"."""


def seconds_asked(value: str, now: datetime) -> float | None:
    """Return how long to wait by a Retry-After header, from 0 to ``LONGEST`` seconds.

    Takes seconds and dates of HTTP (RFC 9110, section 10.2.3); None for anything else. ``now``
    has a zone.

    >>> seconds_asked("120", datetime(2026, 11, 22, tzinfo=UTC))
    120.0
    >>> seconds_asked("Sun, 22 Nov 2026 00:01:00 GMT", datetime(2026, 11, 22, tzinfo=UTC))
    60.0
    """
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return min(float(value), LONGEST)
    try:
        time = parsedate_to_datetime(value)
        # Without a zone, or with "-0000", it is meant as GMT, as every date of HTTP.
        seconds = ((time if time.tzinfo else time.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST)
