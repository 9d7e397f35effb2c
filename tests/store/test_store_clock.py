"""A clock that jumps between runs, whose run ids repeat or go backwards."""

import tempfile
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from kompascrawler.store.links import LONGEST_WAIT
from kompascrawler.store.model import Discovery, Link
from kompascrawler.store.store import Store
from tests.store.published import published_ids
from tests.store.synthetic import Clock, make_article

_ARTICLES = 6


class Run(NamedTuple):
    """One run: the clock's jump before it, its id, and what becomes of articles in it."""

    days: float
    run_id: str
    stored: list[int]
    failed: list[int]
    publishes: bool


numbers = st.lists(st.integers(0, _ARTICLES - 1), unique=True, max_size=4)
runs = st.builds(
    Run,
    days=st.sampled_from([-4000, -365, -1, -0.1, 0, 0.01, 1, 365, 4000]),
    run_id=st.sampled_from(["20261122T120000Z-9f3a", "20161122T120000Z-0000", "mine"]),
    stored=numbers,
    failed=numbers,
    publishes=st.booleans(),
)


def link(number: int) -> Link:
    """Return the link to an article."""
    article = make_article(number)
    return Link(article.id, article.url)


def perform(run: Run, data_dir: Path, clock: Clock) -> None:
    """Have a run find every article, and store and fail some of those that are due."""
    clock.pass_by(days=run.days)
    store = Store(data_dir, run.run_id, clock=clock)
    store.learn(Discovery(links=[link(number) for number in range(_ARTICLES)]))
    due = {found.id for found in store.due()}
    for number in run.failed:
        if link(number).id in due:
            store.add_failure(link(number), "timeout")
    for number in run.stored:
        if link(number).id in due:
            store.put(make_article(number, run_id=run.run_id))
    if run.publishes:
        store.publish()
    store.close()


@settings(max_examples=15)
@given(st.lists(runs, max_size=5))
def test_nothing_is_lost_or_doubled(work: list[Run]) -> None:
    """When the clock is right again, two runs a longest wait apart get all that waits."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir, clock = Path(folder), Clock()
        for run in work:
            perform(run, data_dir, clock)
        clock.now = Clock().now
        everything = list(range(_ARTICLES))
        for days in (0, LONGEST_WAIT / 86400):
            perform(
                Run(days, "mine", stored=everything, failed=[], publishes=True), data_dir, clock
            )
        assert dict(published_ids(data_dir)) == {link(n).id: 1 for n in range(_ARTICLES)}
