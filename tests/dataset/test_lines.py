"""Each line is read once, in the order of publication, whatever befalls the files meanwhile."""

import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.lines import DatasetError, Refused, Selection, follow
from kompascrawler.dataset.repair import repair
from kompascrawler.dataset.verify import verify
from kompascrawler.store import manifest
from kompascrawler.store.model import StoreError
from kompascrawler.store.store import Store
from tests.dataset.folders import files
from tests.dataset.test_verify import adopt
from tests.store.synthetic import make_article
from tests.store.tripwire import Crash, Tripwire

LATER = date(2027, 1, 1)
"""All days of the synthetic articles are closed by then."""
NONE_YET = timedelta(seconds=-1)
"""What was replaced a moment ago is removed."""


def read(folder: Path, after: int = 0) -> list[tuple[int, bytes]]:
    """Return what a consumer reads, line by line."""
    return [(number, line) for number, lines in follow(folder, after) for line in lines]


def published(folder: Path, after: int) -> list[tuple[int, bytes]]:
    """Return the lines of new files, none of which was replaced yet."""
    return [
        (entry.number, line)
        for entry in manifest.read(folder, after)
        if entry.kind == "published"
        for line in (folder / entry.file).read_bytes().splitlines(keepends=True)
    ]


class Compacted(RuleBasedStateMachine):
    """A data folder in which runs publish, compact and are killed, beside its consumers."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.lines: list[tuple[int, bytes]] = []
        self.articles = 0
        self.cursor, self.had = 0, list[tuple[int, bytes]]()
        self.cited: dict[int, list[bytes]] = {}
        self.taken_down: dict[str, str] = {}

    @initialize()
    def create(self) -> None:
        """Open the store once: there is a data folder."""
        self.work(lambda store: None)

    def work(self, act: Callable[[Store], object], crash_at: int = 0) -> None:
        """Act on the store, and be killed at a step of what changes the disk; 0: not at all."""
        wire = Tripwire(Crash(), at=crash_at, after=bool(crash_at % 2))
        with suppress(Crash), wire.armed(), closing(Store(self.folder, "run")) as store:
            act(store)
        with closing(Store(self.folder, "next")) as store:
            store.publish()
        self.lines += published(self.folder, self.lines[-1][0] if self.lines else 0)

    def shown(self, lines: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
        """Return lines as they are compared: of what was taken down, only that it has no text."""
        return [(number, self.bare(line)) for number, line in lines]

    def bare(self, line: bytes) -> bytes:
        """Return a line, or the identity of what was taken down and its revision."""
        record = json.loads(line)
        if record["id"] in self.taken_down:
            return f"{record['id']} {record['revision']}".encode()
        return line

    @rule(articles=st.integers(1, 7), every=st.integers(1, 3), crash_at=st.integers(0, 60))
    def publish(self, articles: int, every: int, crash_at: int) -> None:
        """Store and publish articles of some days."""
        numbers = range(self.articles, self.articles + articles)
        self.articles += articles

        def act(store: Store) -> None:
            for number in numbers:
                store.put(make_article(number // 60 * 100 + number % 60))  # a time of day
                if number % every == 0:
                    store.publish()

        self.work(act, crash_at)

    @rule(crash_at=st.integers(0, 60))
    def compact(self, crash_at: int) -> None:
        """Make one file of those of each day."""
        self.work(lambda store: store.compact(LATER), crash_at)

    @rule(crash_at=st.integers(0, 8))
    def remove(self, crash_at: int) -> None:
        """Remove what was replaced."""
        self.work(lambda store: store.remove_replaced(NONE_YET), crash_at)

    @rule(share=st.floats(0, 1), crash_at=st.integers(0, 60))
    def take_down(self, share: float, crash_at: int) -> None:
        """Take an article down, once more where the first time was cut short."""
        known = [line for _, line in self.lines if b"nomor" in line]
        if known:
            record = json.loads(known[round(share * (len(known) - 1))])
            self.taken_down.setdefault(record["id"], record["text"])
            for step in (crash_at, 0):
                self.work(lambda store: store.forget(record["id"], "asked to"), step)
            for _, line in read(self.folder):
                assert json.loads(line)["text"] != record["text"]

    @rule(files=st.integers(0, 9))
    def consume(self, files: int) -> None:
        """Read some files on from where the consumer stopped the last time."""
        for number, lines in follow(self.folder, self.cursor):
            if files == 0:
                break
            files -= 1
            self.had += [(number, line) for line in lines]
            self.cursor = number
        expected = [line for line in self.lines if line[0] <= self.cursor]
        assert self.shown(self.had) == self.shown(expected)

    @rule(share=st.floats(0, 1))
    def follow_from_anywhere(self, share: float) -> None:
        """Read from any number on."""
        last = manifest.tail(self.folder)
        after = round(share * last.number) if last else 0
        expected = [line for line in self.lines if line[0] > after]
        assert self.shown(read(self.folder, after)) == self.shown(expected)

    @rule(share=st.floats(0, 1))
    def cite(self, share: float) -> None:
        """Read the data set as it was at a number: the same, byte for byte, whenever asked for."""
        number = round(share * Dataset(self.folder).number)
        for cited in {number, *self.cited}:
            lines = Dataset(self.folder).lines(Selection(revisions=True, deleted=True, as_of=cited))
            content = [line.content + b"\n" for line in lines]
            before = [self.bare(line) for line in self.cited.setdefault(cited, content)]
            assert before == [self.bare(line) for line in content]
            expected = [self.bare(line) for at, line in self.lines if at <= cited]
            assert sorted(before) == sorted(expected)

    @invariant()
    def nothing_is_doubled(self) -> None:
        """No line is there twice."""
        assert len({line for _, line in self.lines}) == len(self.lines)

    def teardown(self) -> None:
        """Find the folder sound, and no replaced file left."""
        self.work(lambda store: store.remove_replaced(NONE_YET))
        assert verify(self.folder).findings == []
        kept = b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())
        assert [text for text in self.taken_down.values() if text.encode() in kept] == []
        current = {entry.file for entry in manifest.current(manifest.read(self.folder))}
        assert {str(path.relative_to(self.folder)) for path in files(self.folder)} == current
        shutil.rmtree(self.folder)


def test_each_line_once() -> None:
    """Whatever runs and people do, and whenever they are killed: nothing is lost or doubled.

    Nothing is changed but what is taken down, of whose text nothing is left.
    """
    calm = settings(max_examples=20, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(Compacted, settings=calm)


@pytest.mark.soak
def test_each_line_once_in_long_lives() -> None:
    """The same, often."""
    often = settings(max_examples=300, stateful_step_count=60, deadline=None)
    run_state_machine_as_test(Compacted, settings=often)


def test_a_number_that_there_is_not(data_dir: Path) -> None:
    """A cursor of another data folder is refused, not read as the end."""
    for number in (-1, 7):
        with pytest.raises(Refused, match=rf"^{number} is no number .* from 0 to 6$"):
            next(follow(data_dir, number))
    assert list(follow(data_dir, 6)) == []


def test_a_folder_without_anything(tmp_path: Path) -> None:
    """Nothing was published: nothing is read."""
    assert list(follow(tmp_path)) == []


def test_a_file_that_is_gone(data_dir: Path) -> None:
    """Said with what to do, once all before it is read."""
    files(data_dir)[2].unlink()
    reading = follow(data_dir)
    assert [next(reading)[0] for _ in range(2)] == [1, 2]
    with pytest.raises(StoreError, match=r"it is gone\. What to do: .*verify --repair"):
        next(reading)


@pytest.mark.parametrize("content", [b"", b'{"id": "edited"}\n'])
def test_a_file_that_was_changed(data_dir: Path, content: bytes) -> None:
    """Never other lines than were published."""
    files(data_dir)[0].write_bytes(content)
    with pytest.raises(StoreError, match="it is not as it was published"):
        next(follow(data_dir))


@pytest.mark.parametrize("is_late", [False, True])
def test_what_is_compacted_under_a_reader(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, *, is_late: bool
) -> None:
    """The files that the manifest named are gone: their lines are found where they are now.

    Also where a file goes after it was looked for.
    """
    before = read(data_dir)
    reading = follow(data_dir)
    had = [next(reading)]
    with closing(Store(data_dir, "later")) as store:
        assert store.compact(LATER) == 4
        assert store.remove_replaced(NONE_YET) == 4
    if is_late:
        monkeypatch.setattr(Path, "exists", lambda path: True)
    had += reading
    assert [(number, line) for number, lines in had for line in lines] == before


def test_what_was_set_aside_is_no_line(data_dir: Path) -> None:
    """A consumer is told nothing of lines that were lost; what comes for them has a new number."""
    before = read(data_dir)
    files(data_dir)[0].write_bytes(b"")
    repair(data_dir, "repair")
    assert read(data_dir) == [line for line in before if line[0] != 1]


def test_articles_after_a_number(data_dir: Path) -> None:
    """The cursor moves with each file that was read to its end."""
    news = Dataset(data_dir).follow()
    assert [next(news).title for _ in range(3)] == [f"Judul nomor {n}" for n in (1, 6, 2)]
    assert news.cursor == 1
    assert len(list(news)) == 4
    assert news.cursor == 6
    assert list(Dataset(data_dir).follow(news.cursor)) == []


def test_articles_that_cannot_be_read(data_dir: Path) -> None:
    """One error, which says what to do."""
    files(data_dir)[0].write_bytes(b"{}\n{}\n")
    with pytest.raises(DatasetError, match=r"not as it was published.*What to do"):
        list(Dataset(data_dir).follow())
    with pytest.raises(DatasetError, match="77 is no number"):
        next(Dataset(data_dir).follow(77))


def test_what_is_no_record(data_dir: Path) -> None:
    """A file of an earlier version may hold anything."""
    adopt(data_dir, b"{}\n")
    with pytest.raises(DatasetError, match=r"after number 6: .*`id`.*What to do"):
        list(Dataset(data_dir).follow(6))
