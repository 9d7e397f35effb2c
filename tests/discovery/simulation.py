"""A site that is a list of articles, and a run that reads it without any network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from kompascrawler.discovery.scheduler import Frontier, Scheduler, readers_of
from kompascrawler.discovery.tasks import Arguments, FrontPage, IndexQuery
from kompascrawler.identity import WIB
from kompascrawler.sections import SECTIONS, Sections, SortedLinks, sort_links
from kompascrawler.store.model import Link
from kompascrawler.store.store import Store
from tests.store.synthetic import make_article

GLOBAL = SECTIONS["global"]
NOON = datetime(2026, 11, 20, 12, 0, 0)  # noqa: DTZ001 - only its digits are used

TODAY = NOON.date()
T = TypeVar("T")


def article_ids(count: int, *, minutes: int = 37) -> list[str]:
    """Identities of ``count`` articles, the newest first, ``minutes`` apart."""
    times = (NOON - timedelta(minutes=minutes * number) for number in range(count))
    return [f"{time:%Y-%m-%d}-{time:%H%M%S}170" for time in times]


def published_between(start: datetime, end: datetime, *, minutes: int) -> list[str]:
    """Identities of articles that come out every so many minutes, the newest first."""
    step = timedelta(minutes=minutes)
    times = [start + step * number for number in range(1, int((end - start) / step) + 1)]
    return [f"{time:%Y-%m-%d}-{time:%H%M%S}170" for time in reversed(times)]


def url_of(article_id: str) -> str:
    """Address of an article."""
    day, _, number = article_id.rpartition("-")
    return f"https://www.kompas.com/global/read/{day.replace('-', '/')}/{number}/judul"


@dataclass
class Listing:
    """What the site lists, newest first, and how its index answers."""

    ids: list[str]
    sites: tuple[str, ...] = ("global", "news", "all")
    has_days: bool = True
    page_size: int = 20
    last_page: int = 10_000
    """The listing without days ends here, however much there is."""
    blank: list[IndexQuery] = field(default_factory=list)
    """Pages that are answered with nothing, once each."""
    strangers: dict[int, str] = field(default_factory=dict)
    """Identities that stand out of order on every listing, by their place on it."""
    dead: tuple[str, ...] = ()
    """Values of ``site`` whose pages cannot be had."""
    asked: list[IndexQuery] = field(default_factory=list)

    def newest(self) -> SortedLinks:
        """Return the Terkini Lainnya block of any article page."""
        return sort_links(map(url_of, self._with_strangers(self.ids[:15])), GLOBAL)

    def front(self) -> SortedLinks:
        """Return the section's front page."""
        return sort_links(map(url_of, self.ids[:12]), GLOBAL)

    def index(self, query: IndexQuery) -> list[str]:
        """Addresses on a page of the index."""
        self.asked.append(query)
        if query.site not in self.sites:
            return []
        if query in self.blank:
            self.blank.remove(query)
            return []
        if query.day is None and query.page > self.last_page:
            return []
        if query.kind == "front" and query.day and not self._is_listed(query.day):
            return ["https://www.kompas.com/global"]  # its frame has links, too
        day = query.day.isoformat() if query.day and self.has_days else ""
        ids = [article for article in self.ids if article.startswith(day)]
        first = (query.page - 1) * self.page_size
        page = ids[first : first + self.page_size]
        return list(map(url_of, self._with_strangers(page) if page else page))

    def _is_listed(self, day: date) -> bool:
        return any(article.startswith(day.isoformat()) for article in self.ids)

    def _with_strangers(self, ids: list[str]) -> list[str]:
        shown = list(ids)
        for place, article in self.strangers.items():
            shown.insert(min(place, len(shown)), article)
        return shown


@dataclass
class CachedListing(Listing):
    """A site that goes on while caches answer for it: each page as it was in any earlier state."""

    chance: Random | None = None
    """What chooses the state of each answer; None: every answer is of now."""
    states: list[list[str]] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    """All that is there, in the order of publication."""

    def change(self, published: list[str], deleted: list[str], revised: Sequence[str] = ()) -> None:
        """Publish articles, newest first, and delete some; those revised stand above all others."""
        self.published = [one for one in (*published, *self.published) if one not in deleted]
        self.ids = [*revised, *(one for one in self.published if one not in revised)]
        self.states.append(self.ids)

    def newest(self) -> SortedLinks:
        """Return the Terkini Lainnya block of any article page."""
        return self._some_state(Listing.newest)

    def front(self) -> SortedLinks:
        """Return the section's front page."""
        return self._some_state(Listing.front)

    def index(self, query: IndexQuery) -> list[str]:
        """Addresses on a page of the index."""
        return self._some_state(lambda listing: Listing.index(listing, query))

    def _some_state(self, ask: Callable[[Listing], T]) -> T:
        now = self.ids
        if self.chance is not None:
            self.ids = self.chance.choice(self.states)
        try:
            return ask(self)
        finally:
            self.ids = now


@dataclass
class Run:
    """One run, as the spider goes about it; stops after ``patience`` answers."""

    data_dir: Path
    listing: Listing
    arguments: Arguments = field(default_factory=Arguments)
    patience: int = 10_000
    today: date = TODAY
    fails: set[str] = field(default_factory=set)
    """Articles that cannot be had."""
    fetched: list[str] = field(default_factory=list)

    def go(self) -> "Run":
        """Run to the end, or until patience is over (then nothing is tidied up, as by a kill)."""
        self.store = Store(self.data_dir, "run")
        sections = Sections((GLOBAL,))
        readers = readers_of(self.store, sections, self.arguments, today=self.today)
        self.scheduler = Scheduler(readers, Frontier(self.arguments.max_articles), window=4)
        for start in self.scheduler.begin():
            assert isinstance(start, FrontPage)
            self.scheduler.front_read(start, self.listing.front())
        while self.patience > 0 and (tasks := list(self.scheduler.next())):
            for task in tasks:
                self._answer(task)
        self.scheduler.finish(datetime.combine(self.today, time(12), WIB))
        self.store.close()
        return self

    def _answer(self, task: Link | IndexQuery) -> None:
        self.patience -= 1
        if self.patience < 0:
            return
        if isinstance(task, IndexQuery) and task.site in self.listing.dead:
            self.scheduler.index_failed(task)
            return
        if isinstance(task, IndexQuery):
            hrefs = self.listing.index(task)
            self.scheduler.index_read(task, sort_links(hrefs, GLOBAL), hrefs)
            return
        if task.id in self.fails:
            self.scheduler.article_ended(task, stored=False)
            return
        self.fetched.append(task.id)
        self.scheduler.newest_read(GLOBAL, self.listing.newest(), IndexQuery(site="global", page=2))
        self.store.put(make_article(0, text=task.id, id=task.id, url=task.url))
        self.scheduler.article_ended(task, stored=True)
