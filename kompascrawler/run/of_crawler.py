"""One object for each crawler, such as its counts or its store."""

from collections.abc import Callable
from typing import Generic, TypeVar

from scrapy.crawler import Crawler

T = TypeVar("T")


class OfCrawler(Generic[T]):
    """Gives the object of a crawler, made at the first call.

    Scrapy's ``get_extension`` finds what the settings list, once the crawl has begun. These are
    wanted earlier (by what reads the settings) and without settings of ours (``scrapy shell``).

    >>> counts_of = OfCrawler(lambda crawler: [])
    >>> from scrapy.utils.test import get_crawler
    >>> crawler = get_crawler()
    >>> counts_of(crawler) is counts_of(crawler)
    True
    """

    def __init__(self, make: Callable[[Crawler], T]) -> None:
        self._make = make

    def __call__(self, crawler: Crawler) -> T:
        """Return the object of a crawler."""
        # Kept by the crawler: many of them hold it, and go with it.
        made: dict[object, T] = vars(crawler).setdefault(__name__, {})
        if self not in made:
            made[self] = self._make(crawler)
        return made[self]
