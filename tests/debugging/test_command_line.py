"""What the debugger's tools ask of the store."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.debugging.command_line import PageService
from kompascrawler.debugging.pages import NoSuchPage
from kompascrawler.debugging.trace import PageTrace, trace_lines
from kompascrawler.items import Article
from kompascrawler.store.store import Store
from kompascrawler.warc.writing import Archive
from tests.pages.cases import load
from tests.store.synthetic import make_article
from tests.warc.worker import exchange

CASE = load("read_2020_single")
OTHER = "2020-10-18-090000170"


def service(data_dir: Path) -> PageService:
    """Return the service of a data folder."""
    settings = {
        "DATA_DIR": data_dir, "SECTION": "any", "USER_AGENT": "x", "HALAMAN_ROUTE": "auto",
    }  # fmt: skip
    return PageService(settings)


def trace(data_dir: Path) -> PageTrace:
    """Return what is told of a page beside the store of a data folder."""
    return service(data_dir).trace(CASE.asked, CASE.body, None)


def record_of_page() -> Article:
    """Return the record of the page."""
    record = trace(Path("nowhere")).record
    assert record is not None
    return record


@pytest.mark.parametrize("shortened", [0, 1])
def test_stored_articles_that_are_alike_are_told(shortened: int, tmp_path: Path) -> None:
    """Each with its similarity, and the one that a crawl would name as the original."""
    record = record_of_page()
    url = CASE.asked.replace("/17/160000470/", "/18/090000170/")
    blocks = record.blocks[: len(record.blocks) - shortened]
    with closing(Store(tmp_path, "run-1")) as store:
        store.put(clean(replace(record, id=OTHER, url=url, blocks=blocks)))
    told = trace(tmp_path)
    assert told.duplicates is not None
    assert [match.id for match in told.duplicates] == [OTHER]
    assert told.record is not None
    assert (told.record.duplicate_of, told.record.similarity) == told.duplicates[0]
    assert (told.record.similarity == 1) is (shortened == 0)
    lines = " ".join(" ".join(trace_lines(told)).split())
    assert f"like it {OTHER} ({told.record.similarity:.3f})" in lines
    assert f"duplicate of {OTHER}" in lines


def test_a_stored_article_would_be_a_further_revision(tmp_path: Path) -> None:
    """It is not its own duplicate."""
    with closing(Store(tmp_path, "run-1")) as store:
        store.put(record_of_page())
    told = trace(tmp_path)
    assert told.duplicates == []
    assert told.record is not None
    assert (told.record.revision, told.record.duplicate_of) == (2, None)


def test_the_kept_page_of_each_revision(tmp_path: Path) -> None:
    """The latest by default; a page that came again with the same bytes, and a retry, too."""
    pages, article_id = [b"<p>first</p>", b"<p>second</p>", b"<p>first</p>"], make_article(1).id
    with closing(Store(tmp_path, "run")) as store:
        store.archive = archive = Archive(store, 1 << 20, "test")
        for number, page in enumerate(pages):
            archive.add(exchange(1, body=b"busy", status="503", role="article 503"))
            archive.add(exchange(1, body=page, url=f"https://www.kompas.com/{number}"))
            store.put(make_article(1, text=f"teks nomor {number}"))
        archive.close()
        found = [service(tmp_path).find(article_id, revision) for revision in (1, 2, 3, None)]
        with pytest.raises(NoSuchPage, match="no page of revision 4"):
            service(tmp_path).find(article_id, 4)
    assert [one.body for one in found] == [*pages, pages[-1]]
    assert [one.url[-1] for one in found] == ["0", "1", "2", "2"]
    assert {one.encoding for one in found} == {"utf-8"}
