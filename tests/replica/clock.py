"""The times that a generated site can live in: its clock, and its channel of world news."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from kompascrawler.identity import WIB
from tests.replica.channels import GLOBAL, INTERNASIONAL
from tests.replica.story import Channel

PER_DAY: Final = 38
"""Articles a day and channel: 31-42 on Global in April 2021 (docs/site.md, section 8)."""
STEP: Final = timedelta(days=1) / PER_DAY


class Era(NamedTuple):
    """A time to live in."""

    world: Channel
    """The channel whose articles a crawl is after."""
    start: datetime
    """The clock at the start (WIB); serial 0 came out shortly before."""


TODAY: Final = Era(GLOBAL, datetime(2026, 11, 20, 12, 0, tzinfo=WIB))
IN_2015: Final = Era(INTERNASIONAL, datetime(2015, 3, 24, 12, 0, tzinfo=WIB))
"""Two days after the one captured page of that time."""
