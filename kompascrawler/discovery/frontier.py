"""The articles that are known of and still to be asked for, newest first, within a limit."""

from bisect import bisect_left, insort
from collections.abc import Iterable

from kompascrawler.store.interface import Link


class Frontier:
    """Hands out each article once a run and never more than may still become new records."""

    def __init__(self, limit: int | None = None) -> None:
        self._limit = limit
        self._waiting: list[Link] = []  # oldest first: the newest is taken from the end
        self._asked: set[str] = set()
        self._open: set[str] = set()
        self._stored = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def open_count(self) -> int:
        """Articles that were handed out and have not come to an end."""
        return len(self._open)

    @property
    def is_full(self) -> bool:
        """Tell whether as many articles are stored or under way as the limit allows."""
        return self._limit is not None and self._stored + len(self._open) >= self._limit

    def add(self, links: Iterable[Link]) -> None:
        """Add articles; those already added or handed out in this run are passed over."""
        for link in links:
            if link.id in self._asked:
                continue
            place = bisect_left(self._waiting, link.id, key=lambda waiting: waiting.id)
            if place == len(self._waiting) or self._waiting[place].id != link.id:
                insort(self._waiting, link, key=lambda waiting: waiting.id)

    def take(self, window: int) -> list[Link]:
        """Hand out the newest articles until ``window`` of them are under way."""
        taken: list[Link] = []
        while self._waiting and len(self._open) < window and not self.is_full:
            link = self._waiting.pop()
            self._asked.add(link.id)
            self._open.add(link.id)
            taken.append(link)
        return taken

    def take_by_name(self, link: Link) -> bool:
        """Hand out an article that somebody asks for by name; False: it was, or the limit forbids.

        The window does not count here.
        """
        if link.id in self._asked or self.is_full:
            return False
        self._asked.add(link.id)
        self._open.add(link.id)
        return True

    def conclude(self, article_id: str, *, stored: bool) -> None:
        """Say that an article came to its end, as a new record or not."""
        if article_id in self._open:
            self._open.discard(article_id)
            self._stored += stored
