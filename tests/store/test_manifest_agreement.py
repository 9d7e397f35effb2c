"""What is compared before a run, at a cost that does not grow."""

import os
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import pytest

from kompascrawler.store.manifest import NEWEST, SAMPLE
from kompascrawler.store.model import StoreError
from kompascrawler.store.store import Store
from tests.dataset.folders import ALL, NUMBERS, OF_STORE, files, publish
from tests.store.synthetic import make_article

UNSEEN = {
    *("a file edited", "an article renamed"),  # of the same size, in the minute of publication
    *("a file copied", "a strange file"),  # the folders are not listed
    *("a sum edited", "lines edited", "a number edited", "a line of nonsense"),  # not the last line
}
"""What a run does not see at its start; ``kompascrawler verify`` does."""


@pytest.mark.parametrize("damage", ALL)
def test_damage_ends_a_run_before_it_begins(tmp_path: Path, damage: str) -> None:
    """With the command that mends it."""
    publish(tmp_path, "run", *NUMBERS)
    ALL[damage](tmp_path)
    if damage in UNSEEN:
        Store(tmp_path, "later").close()
    else:
        with pytest.raises(StoreError, match=r"What to do: .*`kompascrawler verify --repair`"):
            Store(tmp_path, "later")


@pytest.mark.parametrize("damage", ["a file edited", "an article renamed", None])
def test_what_was_changed_later_is_read(tmp_path: Path, damage: str | None) -> None:
    """An edit of the same size ends the run; a folder that was restored is as good as before."""
    publish(tmp_path, "run", *NUMBERS)
    if damage:
        ALL[damage](tmp_path)
    for path in files(tmp_path):
        os.utime(path, (time.time() + 3600, time.time() + 3600))
    with pytest.raises(StoreError, match="content is not") if damage else nullcontext():
        Store(tmp_path, "later").close()


def test_a_store_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    """Everything would be fetched and published again."""
    publish(tmp_path, "run", *NUMBERS)
    OF_STORE["store deleted"](tmp_path)
    with pytest.raises(StoreError, match=r"state\.sqlite3\): it is gone, and there are published"):
        Store(tmp_path, "later")
    assert not (tmp_path / "state.sqlite3").exists()


def test_the_sample_moves_on(tmp_path: Path) -> None:
    """Whichever file is gone, so many runs find it as there are samples."""
    count = 2 * SAMPLE + 20
    store = Store(tmp_path, "run")
    for number in range(count):
        store.put(make_article(number))
        store.publish()
    store.close()
    paths = files(tmp_path)
    seen = Counter[int]()
    for place in (0, SAMPLE - 1, SAMPLE, 2 * SAMPLE, count - NEWEST - 1, count - 1):
        content = paths[place].read_bytes()
        paths[place].unlink()
        for run in range(3):
            try:
                Store(tmp_path, "later").close()
            except StoreError:
                seen[place] = run + 1
                break
        paths[place].write_bytes(content)
    assert len(seen) == 6
    assert seen[count - 1] == 1  # the newest are looked at by every run


def test_the_cost_does_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many files there are, so many are looked at."""
    store = Store(tmp_path, "run")
    for number in range(SAMPLE * 2):
        store.put(make_article(number))
        store.publish()
    store.close()
    looks = Counter[str]()
    exists = Path.exists

    def counted(path: Path) -> bool:
        looks[path.suffix] += 1
        return exists(path)

    monkeypatch.setattr(Path, "exists", counted)
    Store(tmp_path, "later").close()
    assert looks[".jsonl"] <= SAMPLE + NEWEST + 1  # and the manifest
