"""A crawl keeps what it receives, with the articles that were made of it."""

import gzip
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.configuration.setting import SettingError
from kompascrawler.configuration.table import SETTINGS
from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.forget import forget
from kompascrawler.dataset.lines import Selection
from kompascrawler.dataset.verify import verify
from kompascrawler.items import Article
from kompascrawler.replay.article import article_of
from kompascrawler.replay.differences import kept as kept_pages
from kompascrawler.store.store import Store
from kompascrawler.warc.reading import answer_at, records_of
from kompascrawler.warc.writing import labelled
from tests.browser.crawls import require_chromium
from tests.cases.__main__ import main as make_cases
from tests.crawls import crawl, records, scrapy
from tests.replica.serve import Replica, serve
from tests.replica.site import Site


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site."""
    with serve(Site(seed=5, articles=5)) as played:
        yield played


def kept(data_dir: Path) -> Counter[str]:
    """Return how many records of each type the WARC files have."""
    paths = (data_dir / "warc").glob("*.gz")
    return Counter(r.headers["WARC-Type"] for path in paths for _, r in records_of(path))


def assert_read_again_as_published(data_dir: Path) -> None:
    """Check that the pages that are kept give each published line."""
    lines = {line.content for line in Dataset(data_dir).lines(Selection())}
    for one in kept_pages(data_dir):
        again = article_of(one.captures, one.article)
        assert isinstance(again, Article)
        lines.remove(again.to_json().encode())
    assert not lines


def test_every_request_is_kept_and_articles_have_their_pages(
    replica: Replica[Site], tmp_path: Path
) -> None:
    """robots.txt and listings too; pages are found by id, revision and offset; taken down too."""
    assert crawl(replica.env, tmp_path, WARC_ENABLED=True).status == 0
    assert crawl(replica.env, tmp_path, WARC_ENABLED=True).status == 0
    types = kept(tmp_path)
    assert types["request"] == types["metadata"] == types["response"] + types["revisit"]
    assert types["request"] == len(replica.log)
    assert types["revisit"] >= 2
    for record in records(tmp_path):
        with closing(Store(tmp_path, "look")) as store:
            *_, (file, capture) = store.captures(record["id"], 1)
        answer = answer_at(tmp_path / file.file, capture.start, capture.digest)
        place = {"file": file.file, "offset": capture.start, "digest": labelled(capture.digest)}
        assert record["capture"] == place
        assert capture.role == "article"
        assert answer.url.startswith(record["url"])
        assert record["url"].encode() in answer.body
    (raw,) = (
        found.reader.read()
        for _, found in records_of(tmp_path / file.file)
        if found.headers["WARC-Type"] == "response"
        and found.headers["WARC-Target-URI"] == answer.url
    )
    assert raw in gzip.decompress((tmp_path / file.file).read_bytes())
    name = record["id"]
    replica.faults.add("drop", path="/")
    for options in ([], ["--revision", "1"]):
        done = scrapy("explain", name, *options, env=replica.env, settings={"DATA_DIR": tmp_path})
        assert (done.status, "as received on" in done.errors) == (0, True)
        assert name in done.output
    told = scrapy("why", name, settings={"DATA_DIR": tmp_path}).output
    assert f"article, {file.file} at {capture.start}" in " ".join(told.split())
    missing = scrapy("explain", name, "--revision", "2", settings={"DATA_DIR": tmp_path})
    assert (missing.status, "no page of revision 2" in missing.errors) == (2, True)
    (tmp_path / "cases").mkdir()
    case = ["add", name, "--case", "kept", "--revision", "1", "-s", f"DATA_DIR={tmp_path}"]
    assert make_cases(["--folder", str(tmp_path / "cases"), *case]) == 0
    assert forget(tmp_path, "forgetting", record["id"], "asked")
    assert raw not in gzip.decompress((tmp_path / file.file).read_bytes())


def test_pages_by_number_and_retries_belong_to_the_article(tmp_path: Path) -> None:
    """Each answer that was asked for an article, with its role."""
    with serve(Site(seed=5, articles=3, halaman="all_is_first")) as replica:
        crawl(replica.env, tmp_path, WARC_ENABLED=True)
    with closing(Store(tmp_path, "look")) as store:
        for record in records(tmp_path):
            roles = Counter(one.role for _, one in store.captures(record["id"], 1))
            assert roles["article"] == 1
            assert roles["halaman"] == record["halaman"]["pages_fetched"] - 1


def test_broken_answers_are_kept_and_never_read(tmp_path: Path) -> None:
    """Cut off with or without a length, or badly compressed: marked, and the next one is read."""
    coding = {"name": "broken_coding", "coding": "gzip", "share": 0.6}
    faults: list[dict[str, Any]] = [{"name": "truncate"}, {"name": "truncated"}, coding]
    with serve(Site(seed=5, articles=len(faults))) as replica:
        for story, fault in zip(replica.site.stories, faults, strict=True):
            replica.faults.add(**fault, article=story.id, times=1)
        assert crawl(replica.env, tmp_path, WARC_ENABLED=True, RETRY_TIMES=1).status == 0
    with closing(Store(tmp_path, "look")) as store:
        answers = {one["id"]: store.captures(one["id"], 1) for one in records(tmp_path)}
    marks = []
    for record in records(tmp_path):
        (file, broken), (_, whole) = answers[record["id"]]
        assert (broken.role, whole.role) == ("article broken", "article")
        assert record["capture"]["offset"] == whole.start
        heads = {start: found.headers for start, found in records_of(tmp_path / file.file)}
        assert "WARC-Truncated" not in heads[whole.start]
        marks.append(heads[broken.start].get("WARC-Truncated"))
    assert sorted(map(str, marks)) == ["None", "disconnect", "disconnect"]
    notes = b"".join(r.reader.read() for _, r in records_of(tmp_path / file.file))
    for cause, times in ((b"the answer broke off", 2), (b"compressed, and broken", 1)):
        assert notes.count(b"broken: " + cause) == times
    told = scrapy("why", record["id"], settings={"DATA_DIR": tmp_path}).output
    assert "article broken, warc/" in " ".join(told.split())
    assert verify(tmp_path).findings == []
    pages = {one.article.id: [page.url for page in one.captures] for one in kept_pages(tmp_path)}
    assert {len(urls) for urls in pages.values()} == {1}
    assert_read_again_as_published(tmp_path)


def test_nothing_is_kept_unless_it_is_asked_for(replica: Replica[Site], tmp_path: Path) -> None:
    """No folder, no rows."""
    assert crawl(replica.env, tmp_path).status == 0
    assert not (tmp_path / "warc").exists()
    with closing(Store(tmp_path, "look")) as store:
        assert store.captures(records(tmp_path)[0]["id"]) == []
    assert {record["capture"] for record in records(tmp_path)} == {None}


def test_a_missing_extra_is_told_before_the_crawl(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line that says how to install it; off needs nothing."""
    where = "kompascrawler.configuration.setting.find_spec"
    monkeypatch.setattr(where, {"warcio": "there", "fastwarc": None}.get)
    with pytest.raises(SettingError, match=r"pip install '\.\[warc\]'"):
        SETTINGS["WARC_ENABLED"].check("True")
    SETTINGS["WARC_ENABLED"].check("False")


def test_what_the_browser_renders_is_kept_with_the_article(tmp_path: Path) -> None:
    """Each document under an address of its own, and what the page requested beside it."""
    require_chromium()
    with serve(Site(seed=5, articles=2, halaman="next_click_swap")) as replica:
        assert crawl(replica.env, tmp_path, WARC_ENABLED=True).status == 0
    browsed = [one for one in records(tmp_path) if one["halaman"]["route"] == "browser"]
    assert browsed
    for record in browsed:
        with closing(Store(tmp_path, "look")) as store:
            found = store.captures(record["id"], 1)
        rendered = [(file, one) for file, one in found if one.role == "rendered"]
        assert len(rendered) == record["halaman"]["pages_fetched"]
        assert "browser" in {one.role for _, one in found}
        texts = [
            answer_at(tmp_path / file.file, one.start, one.digest).body for file, one in rendered
        ]
        for block in record["blocks"]:
            assert block["text"].split()[0].encode() in texts[block["page"] - 1]
    assert verify(tmp_path).findings == []
    assert_read_again_as_published(tmp_path)
