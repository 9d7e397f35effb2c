"""What the debugger's tools ask of the store."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.debugging.command_line import PageService
from kompascrawler.debugging.trace import PageTrace
from kompascrawler.debugging.trace_text import trace_lines
from kompascrawler.items import Article
from kompascrawler.store.store import Store
from tests.pages.cases import load

CASE = load("read_2020_single")
OTHER = "2020-10-18-090000170"


def trace(data_dir: Path) -> PageTrace:
    """Return what is told of a page beside the store of a data folder."""
    settings = {
        "DATA_DIR": data_dir, "SECTION": "any", "USER_AGENT": "x", "HALAMAN_ROUTE": "auto",
    }  # fmt: skip
    return PageService(settings).trace(CASE.asked, CASE.body, None)


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
