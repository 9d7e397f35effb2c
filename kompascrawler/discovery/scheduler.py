"""What to request next: start pages, then articles, newest first, and index pages for more."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from kompascrawler.discovery.links import FrontPage, IndexQuery, SortedLinks, Task
from kompascrawler.discovery.listing_reader import ListingReader
from kompascrawler.discovery.silence import News
from kompascrawler.store.model import Link


class Frontier:
    """The articles to request: each once per run, newest first, within the limit of new records.

    ``never`` are identities that are not requested at all.
    """

    def __init__(self, limit: int | None = None, never: Iterable[str] = ()) -> None:
        self._limit = limit
        self._waiting: list[Link] = []  # oldest first: the newest is taken from the end
        self._asked = set(never)
        self._open: set[str] = set()
        self._stored = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def open_count(self) -> int:
        """Articles that were handed out and have not ended."""
        return len(self._open)

    @property
    def is_full(self) -> bool:
        """Tell whether as many articles are stored or under way as the limit allows."""
        return self._limit is not None and self._stored + len(self._open) >= self._limit

    def add(self, links: Iterable[Link]) -> None:
        """Add articles; skip those that were already added or handed out in this run."""
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
        """Hand out a given article, outside the window.

        Return False if it was handed out before, or if the limit is reached.
        """
        if link.id in self._asked or self.is_full:
            return False
        self._asked.add(link.id)
        self._open.add(link.id)
        return True

    def conclude(self, article_id: str, *, stored: bool) -> None:
        """Record that an article ended, as a new record or not."""
        if article_id in self._open:
            self._open.discard(article_id)
            self._stored += stored


class Scheduler:
    """Hands out what to request: start pages, then articles and one index page at a time.

    At most ``window`` articles are open at once. Whatever is handed out must end once.
    """

    def __init__(
        self,
        reader: ListingReader,
        frontier: Frontier,
        *,
        window: int,
        next_look: Callable[[], Link | None] = lambda: None,
    ) -> None:
        """``next_look`` gives the articles to look at again, when nothing else is left."""
        self._next_look = next_look
        self._reader = reader
        self._frontier = frontier
        self._window = window
        self._open_starts: set[Task] = set()
        self._reading: IndexQuery | None = None
        self._reads_listings = True
        self._last: list[Link] = []

    def begin(self) -> list[Task]:
        """Resume what earlier runs left; return the start pages, each once.

        Articles wait until all of them have ended.
        """
        starts = [start for start in dict.fromkeys(self._reader.starts) if self._takes(start)]
        self._open_starts.update(starts)
        self._frontier.add(self._reader.begin())
        self._last = self._reader.begin_last()
        return starts

    def _takes(self, start: Task) -> bool:
        return not isinstance(start, Link) or self._frontier.take_by_name(start)

    def next(self) -> Iterator[Link | IndexQuery]:
        """Hand out what may be requested now."""
        if self._open_starts:
            return
        yield from self._frontier.take(self._window)
        has_room = len(self._frontier) < self._window and not self._frontier.is_full
        if has_room and self._reading is None and self._reads_listings:
            # Any article page says what is newest; the index is asked when none is coming.
            is_idle = not self._frontier.open_count
            self._reading = self._reader.next_query(may_ask_newest=is_idle)
            if self._reading is not None:
                yield self._reading
        if self._reading is None and not self._frontier.open_count:
            yield from self._one_more()

    def _one_more(self) -> Iterator[Link]:
        """Hand out what has time: one at a time, since a run may die on it again."""
        while link := self._last.pop(0) if self._last else self._next_look():
            if self._frontier.take_by_name(link):
                yield link
                return

    def read_no_more(self) -> None:
        """Hand out no further index page, because no article could be fetched now."""
        self._reads_listings = False

    # ends --------------------------------------------------------------------------------------
    def front_read(self, front: FrontPage, page: SortedLinks) -> list[Link]:
        """Read the section's front page; return the articles that are new."""
        self._open_starts.discard(front)
        return self._add(self._reader.read_front(page))

    def newest_read(self, page: SortedLinks, pager: IndexQuery | None) -> list[Link]:
        """Read a Terkini Lainnya block and its pager; return the articles that are new."""
        return self._add(self._reader.read_newest(page, pager))

    def index_read(self, query: IndexQuery, page: SortedLinks, hrefs: Iterable[str]) -> list[Link]:
        """Read an index page; return the articles that are new."""
        self._end_reading(query)
        return self._add(self._reader.read_index(query, page, hrefs))

    def index_failed(self, query: IndexQuery) -> bool:
        """Do without an index page; tell whether another listing is read in its place."""
        self._end_reading(query)
        return self._reader.abandon(query)

    def article_ended(self, link: Link, *, stored: bool) -> None:
        """Record that an article ended, as a new record or not."""
        self._open_starts.discard(link)
        self._frontier.conclude(link.id, stored=stored)

    def held_back(self, task: Link | IndexQuery) -> None:
        """Leave something that was handed out to a later run."""
        if isinstance(task, IndexQuery):
            self.index_failed(task)
        else:
            self.article_ended(task, stored=False)

    def finish(self, now: datetime) -> News:
        """Write down what was found of whole days; tell how old the last news are.

        Raises StoreError.
        """
        return self._reader.finish(now)

    def _end_reading(self, query: IndexQuery) -> None:
        self._open_starts.discard(query)
        if self._reading == query:
            self._reading = None

    def _add(self, news: list[Link]) -> list[Link]:
        self._frontier.add(news)
        return news
