"""How long an article that failed is left alone. Pure."""

FIRST_WAIT = 15 * 60
"""Seconds before the second try: the next run of a crawl that starts every quarter of an hour."""
EARLY = 5 * 60
"""Seconds that a try may come before its time. An article fails some way into a run, and the run
a quarter of an hour after the start of that one is to find it due."""
LONGEST_WAIT = 24 * 60 * 60
"""Seconds that no wait exceeds."""
MOST_TRIES = 10
"""With so many failures an article is given up, 3 days and 8 hours after the first at least."""


def wait_after(tries: int) -> int:
    """Return the seconds to wait after the given number of failures (from 1).

    >>> [wait_after(tries) // 60 for tries in (1, 2, 3, 7, 8, 9)]
    [15, 30, 60, 960, 1440, 1440]
    """
    return min(FIRST_WAIT << (tries - 1), LONGEST_WAIT)
