"""What a run has seen so far: how often each measure held, and where it did not first. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from kompascrawler.drift.rates import Rate


class Page(NamedTuple):
    """A page as it came."""

    url: str
    body: bytes
    encoding: str


class Tally:
    """Counts of one run."""

    def __init__(self) -> None:
        self.rates: dict[str, Rate] = {}
        self.offending: dict[str, Page] = {}
        """Measure → the first page that it did not hold on."""

    def add(self, signs: Mapping[str, bool], page: Page | None) -> None:
        """Count what a page shows, by measure; None where the page itself is not at hand."""
        for name, holds in signs.items():
            self.rates[name] = self.rates.get(name, Rate(0, 0)) + Rate(int(holds), 1)
            if page and not holds:
                self.offending.setdefault(name, page)

    def leave_out(self, name: str) -> None:
        """Forget a measure: something else than the site decided on it."""
        self.rates.pop(name, None)
