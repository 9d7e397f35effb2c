"""A crash, or a failing disk, at every single step of storing and publishing.

The steps are the calls that change something on the disk: SQL statements, file writes, syncs,
renames and new folders. Each test stops the work at one of them, opens the store anew, completes
the work, and counts what readers find.
"""

import errno
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from kompascrawler.items import Article
from kompascrawler.store.model import AlreadyStored, StoreError
from kompascrawler.store.store import Store
from tests.store.published import check_manifest, drafts, published_files, published_ids
from tests.store.synthetic import make_article
from tests.store.tripwire import Crash, Tripwire

ARTICLES = [1, 2, 6, 3]  # three days, one of them twice; published as two batches
REVISED = 2  # stored without some of its pages in the first batch, whole in the second


def plan() -> Iterator[Article]:
    """Yield the records in the order of storing."""
    for number in ARTICLES:
        article = make_article(number)
        if number == REVISED:
            halaman = replace(article.halaman, complete=False, pages_fetched=0)
            yield make_article(number, text="Halaman pertama.", halaman=halaman)
        else:
            yield article
    yield make_article(REVISED)


def work(store: Store, accepted: set[str]) -> None:
    """Store and publish all articles; note which ones the store has accepted."""
    for place, article in enumerate(plan()):
        with suppress(AlreadyStored):
            store.put(article)
        accepted.add(article.id)
        if place == 1:
            store.publish()
    store.publish()


def count_steps(folder: Path) -> int:
    """Return how many steps an undisturbed run has, opening included."""
    wire = Tripwire(Crash(), at=0, after=False)
    with wire.armed():
        work(Store(folder, "run"), set())
    return wire.steps


def check(folder: Path, published_before: dict[str, str]) -> None:
    """Hold the files to the promise: all there once, nothing changed, nothing left over."""
    revisions = {make_article(number).id: 1 for number in ARTICLES}
    assert published_ids(folder) == revisions | {make_article(REVISED).id: 2}
    assert published_before.items() <= published_files(folder).items()
    assert drafts(folder) == []
    check_manifest(folder)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_step_loses_and_doubles_nothing(tmp_path: Path, *, after: bool) -> None:
    """The next run finds what was accepted, completes the rest, and every record is out once."""
    steps = count_steps(tmp_path / "undisturbed")
    for at in range(1, steps + 1):
        folder = tmp_path / str(at)
        accepted: set[str] = set()
        wire = Tripwire(Crash(), at=at, after=after)
        with pytest.raises(Crash), wire.armed():
            work(Store(folder, "run"), accepted)
        published_before = published_files(folder)
        store = Store(folder, "later")
        assert all(map(store.is_stored, accepted)), f"lost by a crash at step {at}"
        work(store, accepted)
        store.close()
        check(folder, published_before)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_failing_step_can_be_repeated(tmp_path: Path, *, after: bool) -> None:
    """After a StoreError at any step the same process goes on as soon as the disk works again."""
    steps = count_steps(tmp_path / "undisturbed")
    for at in range(1, steps + 1):
        folder = tmp_path / str(at)
        accepted: set[str] = set()
        wire = Tripwire(OSError(errno.ENOSPC, "No space left"), at=at, after=after)
        with wire.armed():
            try:
                store = Store(folder, "run")
            except StoreError:
                store = Store(folder, "run")
            with suppress(StoreError):
                work(store, accepted)
            published_before = published_files(folder)
            assert all(map(store.is_stored, accepted)), f"lost by a failure at step {at}"
            work(store, accepted)
        assert wire.steps > steps, f"nothing failed at step {at}"
        check(folder, published_before)
