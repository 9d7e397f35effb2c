"""Several sections in one data folder: whatever SECTION says from run to run, nothing is lost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kompascrawler.discovery.scheduler import Frontier, Scheduler, readers_of
from kompascrawler.discovery.tasks import Arguments, FrontPage, IndexQuery
from kompascrawler.identity import WIB, parse_address
from kompascrawler.sections import Section, chosen_sections, sort_links
from kompascrawler.store.model import Link
from kompascrawler.store.store import Store
from tests.store.synthetic import make_article

NOON = datetime(2026, 11, 20, 12, tzinfo=WIB)
CHANNELS = {"global": "www.kompas.com/global", "money": "money.kompas.com",
            "sains": "www.kompas.com/sains"}  # fmt: skip
ENDS = {"global": "70", "money": "26", "sains": "23"}
GAPS = {"global": 37, "money": 23, "sains": 173}
"""Minutes between two articles of each."""
SETTINGS = ("global", "money", "sains", "global,money", "global,money,sains", "any")


def articles(channel: str, start: datetime, end: datetime) -> list[str]:
    """Addresses of what a channel has published between two times, newest first."""
    step = timedelta(minutes=GAPS[channel])
    times = [start + step * number for number in range(1, int((end - start) / step) + 1)]
    return [
        f"https://{CHANNELS[channel]}/read/{at:%Y/%m/%d}/{at:%H%M%S}1{ENDS[channel]}/x"
        for at in reversed(times)
    ]


def number(url: str) -> str:
    """Return the identity of an article."""
    address = parse_address(url)
    assert address is not None
    return address.id


@dataclass
class World:
    """A site of three channels that goes on publishing."""

    now: datetime = NOON
    urls: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._publish(NOON - timedelta(days=2), NOON)

    def publish(self, hours: int) -> None:
        """Let time go by."""
        before, self.now = self.now, self.now + timedelta(hours=hours)
        self._publish(before, self.now)

    def _publish(self, start: datetime, end: datetime) -> None:
        news = [url for channel in CHANNELS for url in articles(channel, start, end)]
        self.urls = sorted([*self.urls, *news], key=number, reverse=True)

    def of(self, section: Section) -> list[str]:
        """Return the addresses of a section's articles, newest first."""
        return [url for url in self.urls if section.owns(url)]

    def page(self, query: IndexQuery) -> list[str]:
        """Return what a page of the index lists."""
        self.asked["index"] += 1
        names = [query.site] if query.site in CHANNELS else list(CHANNELS)
        day = f"{query.day or ''}"
        listed = [
            url for name in names for url in self.of(chosen_sections(name).parts[0])
            if number(url).startswith(day)
        ]  # fmt: skip
        listed.sort(key=number, reverse=True)
        return listed[20 * (query.page - 1) : 20 * query.page]


@dataclass
class Run:
    """One run, as the spider goes about it, of so many requests at the most."""

    data_dir: Path
    world: World
    section: str
    patience: int = 10_000
    fetched: list[str] = field(default_factory=list)

    def go(self) -> list[str]:
        """Run; return what was fetched. A run that is cut short tidies up, as after SIGTERM."""
        self.sections, world = chosen_sections(self.section), self.world
        self.store = Store(self.data_dir, "run", clock=lambda: world.now.astimezone(UTC))
        readers = readers_of(self.store, self.sections, Arguments(), today=world.now.date())
        self.scheduler = Scheduler(readers, Frontier(), window=4)
        for start in self.scheduler.begin():
            assert isinstance(start, FrontPage)
            world.asked["front"] += 1
            own = self.sections.listed_by(start.url)
            self.scheduler.front_read(start, sort_links(world.of(own)[:12], own))
        while self.patience > 0 and (tasks := list(self.scheduler.next())):
            for task in tasks:
                self.patience -= 1
                if self.patience >= 0:
                    self._answer(task)
        self.scheduler.finish(datetime.combine(world.now.date(), time(23), WIB))
        self.store.close()
        return self.fetched

    def _answer(self, task: Link | IndexQuery) -> None:
        if isinstance(task, IndexQuery):
            hrefs = self.world.page(task)
            self.scheduler.index_read(task, sort_links(hrefs, self.sections), hrefs)
            return
        address = parse_address(task.url)
        own = address and self.sections.of(address)
        assert own, "only what belongs to the sections asked for is requested"
        channel = next(name for name in CHANNELS if chosen_sections(name).owns(task.url))
        block = self.world.of(chosen_sections(channel).parts[0])[:15]
        pager = IndexQuery(site=channel, page=2)
        self.scheduler.newest_read(own, sort_links(block, own), pager)
        self.fetched.append(task.id)
        self.store.put(make_article(0, text=task.id, id=task.id, url=task.url))
        self.scheduler.article_ended(task, stored=True)


STEPS = st.lists(
    st.tuples(st.sampled_from(SETTINGS), st.integers(1, 30), st.integers(5, 400)), max_size=6
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, st.sampled_from(SETTINGS))
def test_every_article_of_the_sections_asked_for_once(
    steps: Sequence[tuple[str, int, int]], last: str
) -> None:
    """Folders that grow, shrink and grow again, in runs that are cut short anywhere."""
    world, fetched = World(), list[str]()
    with TemporaryDirectory() as folder:
        for section, hours, patience in steps:
            fetched += Run(Path(folder), world, section, patience).go()
            world.publish(hours)
        fetched += Run(Path(folder), world, last).go()
    wanted = {number(url) for url in world.urls if chosen_sections(last).owns(url)}
    assert wanted <= set(fetched)
    assert Counter(fetched).most_common(1)[0][1] == 1


@pytest.mark.parametrize("section", SETTINGS)
def test_an_idle_run_costs_a_request_a_section(tmp_path: Path, section: str) -> None:
    """Its front page; nothing else, once all is read and the day is not over."""
    world = World()
    Run(tmp_path, world, section).go()
    world.asked.clear()
    assert Run(tmp_path, world, section).go() == []
    assert world.asked == {"front": len(chosen_sections(section).parts)}


def test_a_first_fill_keeps_no_news_waiting(tmp_path: Path) -> None:
    """A section that joins is filled while the news of the other are fetched, run by run."""
    world = World()
    Run(tmp_path, world, "global").go()
    world.publish(24)
    news = [number(url) for url in articles("global", NOON, world.now)]
    fetched = Run(tmp_path, world, "global,money", patience=150).go()
    assert set(news) <= set(fetched)
    assert len(fetched) > len(news)
    places = [fetched.index(one) for one in news]
    assert places == sorted(places), "newest first, whatever the section"
