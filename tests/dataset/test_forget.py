"""What is taken down: nothing of its text stays, nobody asks for it again, consumers are told."""

from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from kompascrawler.dataset import tables
from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.forget import forget
from kompascrawler.dataset.lines import MissingExtra
from kompascrawler.dataset.repair import repair
from kompascrawler.dataset.verify import verify
from kompascrawler.items import faults
from kompascrawler.store import manifest
from kompascrawler.store.kept import DriftedPage, Rejection, save_drifted, save_rejected
from kompascrawler.store.model import AlreadyStored, Discovery, Link, StoreError
from kompascrawler.store.store import Store
from tests.crawls import crawl, scrapy
from tests.dataset.folders import NUMBERS, files, publish, rewritten
from tests.dataset.test_lines import LATER, read
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.store.published import published_ids
from tests.store.synthetic import make_article
from tests.store.tripwire import Crash, Tripwire

GONE = make_article(1)


def traces(folder: Path) -> list[str]:
    """Return the files that hold something of what the article says."""
    said = (GONE.text.encode(), GONE.text[-60:].encode(), f'"{GONE.title}"'.encode(), b"170/judul")
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(part in _of(path) for part in said)
    ]


def _of(path: Path) -> bytes:
    """Return what a file holds; of those of all articles, the lines of this one."""
    content = path.read_bytes()
    if path.suffix != ".jsonl":
        return content.replace(b"170/judul", b"")  # addresses of others
    return b"\n".join(line for line in content.splitlines() if GONE.id.encode() in line)


def test_nothing_of_it_stays(data_dir: Path) -> None:
    """In files, compacted or replaced, in the store, and beside them; all else stays as it is."""
    publish(data_dir, "other", 10)
    with closing(Store(data_dir, "compact")) as store:
        store.compact(LATER)
    (data_dir / "set_aside").mkdir()
    content = files(data_dir)[0].read_bytes()
    (data_dir / "set_aside/x.jsonl.again").write_bytes(content)
    (data_dir / "state.sqlite3.version-4").write_bytes(content)
    page, about = GONE.text.encode(), {"encoding": "utf-8", "run_id": "run"}
    refused = Rejection(article_id=GONE.id, url=GONE.url, reason="x", message=GONE.title, **about)
    save_rejected(data_dir, refused, page)
    drifted = DriftedPage(url=GONE.url, cause=GONE.title, measures=[], **about)
    save_drifted(data_dir, 1, drifted, page)
    others = [line for _, line in read(data_dir) if GONE.id.encode() not in line]
    assert forget(data_dir, "forget", GONE.id, "the publisher asked")
    assert traces(data_dir) == []
    assert not list(data_dir.glob("rejected/*"))
    assert not list(data_dir.glob("drift/*/*"))
    assert [line for _, line in read(data_dir) if GONE.id.encode() not in line] == others
    assert verify(data_dir).findings == []


def test_what_is_left(data_dir: Path) -> None:
    """The lines stay in their places without a text, and a last revision says so."""
    last = manifest.tail(data_dir)
    assert last
    before = [line for _, line in read(data_dir)]
    assert forget(data_dir, "forget", GONE.id, "asked")
    (news,) = Dataset(data_dir).follow(last.number)
    assert (news.id, news.revision, news.text, news.title) == (GONE.id, 2, "", "Taken down")
    assert news.changed == ["title", "text", "deleted_at"]
    assert (news.removed, faults(news)) == ({"take_down": 1}, [])
    assert news.deleted_at
    records = list(Dataset(data_dir).articles(revisions=True, deleted=True))
    assert [(r.revision, r.text, r.url) for r in records if r.id == GONE.id] == [
        (number, "", "https://www.kompas.com/global/read/2026/11/12/000001170") for number in (1, 2)
    ]
    after = [line for _, line in read(data_dir)]
    assert (len(after), after[1:-1]) == (len(before) + 1, before[1:])
    assert [entry.kind for entry in manifest.read(data_dir, last.number)] == [
        "forgotten", "published",
    ]  # fmt: skip
    assert GONE.id not in [article.id for article in Dataset(data_dir)]


def test_it_is_left_out_of_what_is_cited(data_dir: Path) -> None:
    """The data set as of an earlier number is the same but for it."""
    before = [article.id for article in Dataset(data_dir).articles(as_of=6)]
    assert forget(data_dir, "forget", GONE.id, "asked")
    after = [article.id for article in Dataset(data_dir).articles(as_of=6)]
    assert after == [article_id for article_id in before if article_id != GONE.id]


def test_the_parquet_files(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The month is rewritten; without the extra it is removed."""
    other = make_article(2)
    tables.write_parquet(data_dir)
    month = data_dir / "parquet/month=2026-11.parquet"
    assert GONE.id in set(pd.read_parquet(month)["id"])
    assert forget(data_dir, "forget", GONE.id, "asked")
    assert set(pd.read_parquet(month)["id"]) == {article.id for article in Dataset(data_dir)}

    def missing(_: Path) -> None:
        raise MissingExtra("pyarrow")

    monkeypatch.setattr("kompascrawler.dataset.forget.write_parquet", missing)
    assert forget(data_dir, "forget", other.id, "asked")
    assert not month.exists()


def test_what_waits_to_be_published(tmp_path: Path) -> None:
    """It is published without its text."""
    with closing(Store(tmp_path, "run")) as store:
        store.put(make_article(1))
        assert store.forget(GONE.id, "asked")
    assert traces(tmp_path) == []
    assert len(read(tmp_path)) == 2


def test_what_was_found_only(tmp_path: Path) -> None:
    """There is nothing to remove, and it is not requested; what nobody has found is not known."""
    with closing(Store(tmp_path, "run")) as store:
        store.learn(Discovery(links=[Link(GONE.id, GONE.url)]))
        assert store.forget(GONE.id, "asked")
        assert not store.forget(make_article(2).id, "asked")
        assert (store.due(), read(tmp_path), traces(tmp_path)) == ([], [], [])


def test_it_never_comes_back(data_dir: Path) -> None:
    """Found again, fetched under another address, retried or looked at again: it stays away."""
    with closing(Store(data_dir, "run", revisit_after=[10**9])) as store:
        assert store.forget(GONE.id, "asked")
        assert store.learn(Discovery(links=[Link(GONE.id, GONE.url)])).new == []
        with pytest.raises(AlreadyStored):
            store.put(make_article(1, text="Teks lain."))
        assert store.is_known(make_article(1, text="Teks lain."))
        assert (store.retry([GONE.id]), store.retry(), store.due(), store.failures()) == (
            0,
            0,
            [],
            [],
        )
        assert [one.link.id for one in store.due_looks(99) if one.link.id == GONE.id] == []
        assert GONE.id not in [one.link.id for one in store.settled("")]
        assert store.taken_down() == {GONE.id: "asked"}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_step(tmp_path: Path, *, after: bool) -> None:
    """Done once more, it is done."""
    at, has_crashed = -1, True
    while has_crashed:
        at += 2  # after a step is before the next one
        folder = tmp_path / str(at)
        publish(folder, "run", *NUMBERS)
        wire = Tripwire(Crash(), at=at, after=after)
        with wire.armed():
            try:
                forget(folder, "forget", GONE.id, "asked")
                has_crashed = False
            except Crash:
                pass
        assert forget(folder, "again", GONE.id, "asked")
        assert traces(folder) == []
        assert [len(read(folder)), verify(folder).findings] == [len(NUMBERS) + 1, []]
    assert at > 20


def test_a_store_that_is_made_anew_knows(data_dir: Path) -> None:
    """The published lines say it."""
    forget(data_dir, "forget", GONE.id, "asked")
    for path in data_dir.glob("state.sqlite3*"):
        path.unlink()
    repair(data_dir, "repair")
    assert verify(data_dir).findings == []
    with closing(Store(data_dir, "run")) as store:
        assert list(store.taken_down()) == [GONE.id]
        assert GONE.id not in [link.id for link in store.due()]


def test_what_nobody_has_found_yet(tmp_path: Path) -> None:
    """With an address it is noted, and nobody requests it when it is found."""
    with closing(Store(tmp_path, "run")) as store:
        assert store.forget(GONE.id, "asked", GONE.url)
        assert store.learn(Discovery(links=[Link(GONE.id, GONE.url)])).new == []
        assert (store.due(), store.taken_down(), read(tmp_path)) == ([], {GONE.id: "asked"}, [])


def test_a_damaged_file(data_dir: Path) -> None:
    """Nothing is changed; `verify --repair` comes first."""
    rewritten(files(data_dir)[0], b"Judul", b"JUDUL")
    before = [*manifest.read(data_dir)]
    with pytest.raises(StoreError, match="not what was published"):
        forget(data_dir, "forget", GONE.id, "asked")
    assert [*manifest.read(data_dir)] == before
    repair(data_dir, "repair")
    assert forget(data_dir, "forget", GONE.id, "asked")
    assert traces(data_dir) == []


def test_a_crawl_does_not_ask_for_it(tmp_path: Path) -> None:
    """Not by a listing, by its name, or to look at it again."""
    with serve(Site(seed=5, articles=4)) as replica:
        assert crawl(replica.env, tmp_path).status == 0
        gone = replica.site.stories[1].id
        ahead = replica.site._catalogue._feeds[0].newsroom.slot(1).id
        done = scrapy("forget", gone, ahead, "--ahead", "--why=asked", f"-sDATA_DIR={tmp_path}")
        assert (done.status, done.output) == (0, f"Taken down: {gone}\nTaken down: {ahead}\n")
        before = len(replica.log)
        replica.publish(2)
        for args in ((), ("-a", f"start_urls={gone}", "-a", f"refresh={gone}")):
            done = crawl(replica.env, tmp_path, *args)
            assert done.status == 0
            assert ("was taken down: it is not requested" in done.errors) == bool(args)
        asked = [entry.path for entry in replica.log[before:]]
        assert ahead in {story.id for story in replica.site.stories}
    parts = gone.replace("-", "/"), ahead.replace("-", "/")
    assert [path for path in asked if any(part in path for part in parts)] == []
    assert len(published_ids(tmp_path)) == 5
    assert "taken down for ever (asked)" in " ".join(
        scrapy("why", gone, settings={"DATA_DIR": tmp_path}).output.split()
    )


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (("--why", "x"), 2, "give --why and the articles"),
        (("--why", "x", "seven"), 2, "seven is no article: give YYYY-MM-DD-<number>"),
        (("--why", "x", "2020-01-01-000000170"), 2, "look at the number, or give --ahead"),
    ],
)
def test_what_cannot_be_taken(
    data_dir: Path, args: tuple[str, ...], status: int, message: str
) -> None:
    """One line on standard error."""
    done = scrapy("forget", f"-sDATA_DIR={data_dir}", *args)
    assert (done.status, message in done.errors) == (status, True), done.errors


def test_lines_that_were_lost_since(data_dir: Path) -> None:
    """What cannot be given as it was is not given at all; later numbers can."""
    files(data_dir)[2].write_bytes(b"")
    repair(data_dir, "repair")
    for number, is_whole in ((2, True), (3, False), (6, False), (7, True)):
        articles = Dataset(data_dir).articles(revisions=True, as_of=number)
        if is_whole:
            assert list(articles)
        else:
            with pytest.raises(StoreError, match="number 3 was damaged, and set aside as number 7"):
                list(articles)
