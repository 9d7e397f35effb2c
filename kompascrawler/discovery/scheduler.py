"""What to request next: start pages, then articles, newest first, and index pages for more.

Several sections share a run in this way: articles are requested newest first, whatever their
section; index pages in turn, one of each section, so that one that is filled for the first time
keeps no news of the others waiting.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from operator import attrgetter

from kompascrawler.discovery.coverage import News
from kompascrawler.discovery.listing_reader import ListingReader
from kompascrawler.discovery.tasks import Arguments, FrontPage, IndexQuery, Task
from kompascrawler.sections import SECTIONS, Section, Sections, SortedLinks
from kompascrawler.store.ledger import Doubtful
from kompascrawler.store.model import Link
from kompascrawler.store.store import Store


def readers_of(
    store: Store, sections: Sections, arguments: Arguments, *, today: date
) -> list[ListingReader]:
    """Return a reader for each section. Raises StoreError."""
    about = (arguments, today, Doubtful(store.data_dir))
    return [ListingReader(store, section, *about) for section in sections.parts]


class Frontier:
    """The articles to request: each once per run, newest first, within the limit of new records.

    ``never`` are identities that are not requested at all.
    """

    def __init__(self, limit: int | None = None, never: Iterable[str] = ()) -> None:
        self._limit = limit
        self._waiting: list[Link] = []  # oldest first: the newest is taken from the end
        self._asked = set(never)
        self._open: dict[str, Link] = {}
        self._stored = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def open_count(self) -> int:
        """Articles that were handed out and have not ended."""
        return len(self._open)

    @property
    def coming(self) -> Iterator[Link]:
        """Articles that were handed out and have not ended, and those that wait."""
        return chain(self._open.values(), self._waiting)

    @property
    def is_full(self) -> bool:
        """Tell whether as many articles are stored or under way as the limit allows."""
        return self._limit is not None and self._stored + len(self._open) >= self._limit

    def add(self, links: Iterable[Link]) -> None:
        """Add articles; skip those that were already added or handed out in this run."""
        for link in links:
            place = bisect_left(self._waiting, link.id, key=attrgetter("id"))
            is_there = self._waiting[place : place + 1] and self._waiting[place].id == link.id
            if not is_there and link.id not in self._asked:
                self._waiting.insert(place, link)

    def take(self, window: int) -> list[Link]:
        """Hand out the newest articles until ``window`` of them are under way."""
        taken: list[Link] = []
        while self._waiting and len(self._open) < window and not self.is_full:
            link = self._waiting.pop()
            if self.take_by_name(link):
                taken.append(link)
        return taken

    def take_by_name(self, link: Link) -> bool:
        """Hand out a given article, outside the window; False if it was before, or at the limit."""
        if link.id in self._asked or self.is_full:
            return False
        self._asked.add(link.id)
        self._open[link.id] = link
        return True

    def conclude(self, article_id: str, *, stored: bool) -> None:
        """Record that an article ended, as a new record or not."""
        if article_id in self._open:
            del self._open[article_id]
            self._stored += stored


class Scheduler:
    """Hands out what to request: start pages, then articles and one index page at a time.

    At most ``window`` articles are open at once. Whatever is handed out must end once.
    """

    def __init__(
        self,
        readers: Sequence[ListingReader],
        frontier: Frontier,
        *,
        window: int,
        next_look: Callable[[], Link | None] = lambda: None,
    ) -> None:
        """``readers`` are those of the sections, none of which hold an article in common.

        ``next_look`` gives the articles to look at again, when nothing else is left.
        """
        self._next_look = next_look
        self._readers = readers
        self._turns: deque[ListingReader] = deque()
        """The readers that still look for more; whose turn it is stands first."""
        self._frontier = frontier
        self._window = window
        self._open_starts: set[Task] = set()
        self._reading: tuple[ListingReader, IndexQuery] | None = None
        self._last: list[Link] = []

    def begin(self) -> list[Task]:
        """Resume what earlier runs left; return the start pages, each once.

        Articles wait until all of them have ended.
        """
        named = dict.fromkeys(start for reader in self._readers for start in reader.starts)
        take = self._frontier.take_by_name
        starts = [start for start in named if not isinstance(start, Link) or take(start)]
        self._open_starts.update(starts)
        for reader in self._readers:
            self._frontier.add(reader.begin())
            self._last += reader.begin_last()
        # A run that may read a few pages only begins with the newest that is left.
        self._turns.extend(sorted(self._readers, key=lambda each: each.reaches, reverse=True))
        return starts

    def next(
        self, is_blocked: Callable[[str], bool] = lambda _: False
    ) -> Iterator[Link | IndexQuery]:
        """Hand out what may be requested now; what is blocked is left to a later run.

        No further index page is read of sections whose articles could not be fetched now.
        """
        for reader in [each for each in self._turns if is_blocked(each.section.front)]:
            self._turns.remove(reader)
        while tasks := list(self._next()):
            held_back = [task for task in tasks if is_blocked(task.url)]
            yield from (task for task in tasks if task not in held_back)
            for task in held_back:
                if isinstance(task, IndexQuery):
                    self.index_failed(task)
                else:
                    self.article_ended(task, stored=False)
            if not held_back:
                return

    def _next(self) -> Iterator[Link | IndexQuery]:
        if self._open_starts:
            return
        yield from self._frontier.take(self._window)
        has_room = len(self._frontier) < self._window and not self._frontier.is_full
        if has_room and self._reading is None:
            self._reading = self._next_reading()
            if self._reading:
                yield self._reading[1]
        if self._reading is None and not self._frontier.open_count:
            yield from self._one_more()

    def _next_reading(self) -> tuple[ListingReader, IndexQuery] | None:
        for reader in tuple(self._turns):
            # Any article page says what is newest; the index is asked when none is coming.
            is_coming = any(reader.section.owns(link.url) for link in self._frontier.coming)
            if query := reader.next_query(may_ask_newest=not is_coming):
                self._turns.remove(reader)
                self._turns.append(reader)
                return reader, query
        return None

    def _one_more(self) -> Iterator[Link]:
        """Hand out what has time: one at a time, since a run may die on it again."""
        while link := self._last.pop(0) if self._last else self._next_look():
            if self._frontier.take_by_name(link):
                yield link
                return

    def front_read(self, front: FrontPage, page: SortedLinks) -> list[Link]:
        """Read the section's front page; return the articles that are new."""
        self._open_starts.discard(front)
        reader = next(reader for reader in self._readers if reader.front == front)
        return self._add(reader.read_front(page))

    def newest_read(
        self, section: Section, page: SortedLinks, pager: IndexQuery | None
    ) -> list[Link]:
        """Read the Terkini Lainnya block of a section's article; return the articles that are new.

        Its pager may lead to the listing of another section: then it is not followed.
        """
        reader = next(reader for reader in self._readers if reader.section == section)
        is_other = pager is not None and pager.site in SECTIONS and not section.lists(pager.site)
        return self._add(reader.read_newest(page, None if is_other else pager))

    def index_read(self, query: IndexQuery, page: SortedLinks, hrefs: Iterable[str]) -> list[Link]:
        """Read an index page; return the articles that are new."""
        listed = frozenset(hrefs)
        news = [
            link
            for reader in self._end_reading(query)
            for link in reader.read_index(query, page.of(reader.section), listed)
        ]
        return self._add(news)

    def index_failed(self, query: IndexQuery) -> bool:
        """Do without an index page; tell whether another listing is read in its place."""
        replaced = [reader.abandon(query) for reader in self._end_reading(query)]
        return any(replaced)

    def article_ended(self, link: Link, *, stored: bool) -> None:
        """Record that an article ended, as a new record or not."""
        self._open_starts.discard(link)
        self._frontier.conclude(link.id, stored=stored)

    def finish(self, now: datetime) -> News:
        """Write down what was found of days; tell how old the last news are. Raises StoreError."""
        told = {reader.section.name: reader.finish(now) for reader in self._readers}
        *_, last = told.values()  # what is doubtful is known to all of them together
        if len(told) == 1:
            return last
        silent = [f"{name}: {each.silence}" for name, each in told.items() if each.silence]
        times = [each.last_news for each in told.values() if each.last_news is not None]
        return last._replace(last_news=max(times, default=None), silence="; ".join(silent) or None)

    def _end_reading(self, query: IndexQuery) -> list[ListingReader]:
        """Return the readers that a page is for: whose turn it was, or all that it lists."""
        if query not in self._open_starts and self._reading and self._reading[1] == query:
            (reader, _), self._reading = self._reading, None
            return [reader]
        self._open_starts.discard(query)
        return [reader for reader in self._readers if reader.section.lists(query.site)]

    def _add(self, news: list[Link]) -> list[Link]:
        self._frontier.add(news)
        return news
