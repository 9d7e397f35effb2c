"""Every real page: a valid record without junk, counted to the word."""

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.extraction import extract
from kompascrawler.items import Article, faults
from kompascrawler.pages import PageRefused, article_page
from kompascrawler.pages.markup import END
from tests.conftest import read_page

JUNK = re.compile(
    r"baca\s+juga\s*:|grup telegram|whatsapp channel|gabung kompas\.com\+|kompascomupdate|"
    r"view this post on instagram|a post shared by|pic\.twitter\.com|show all|"
    r"^halaman(?: selanjutnya|:)$|"
    r"terkini lainnya|lihat foto|jernihberkomentar|googletag|function\s*\(|widget\.kompas|"
    r"^\s*(?:[^\W\d_][\w .'/()-]{1,40},\s*)?KOMPAS\.com\s*[-–—]",
    re.IGNORECASE | re.MULTILINE,
)

WRITTEN_TWICE = {
    "2020-10__biz__2020-10-17-125648128.html.gz",
    "2020-10__lifestyle__2020-10-18-093616020.html.gz",
}
"""Pages on which the writer used a paragraph of the text (a ``p`` of its own) as caption too."""
TEXTLESS = "2023-04__www_tren__2023-02-27-210000665.html.gz"
"""A page whose body holds the call to join a channel and nothing else."""


@cache
def records(folder: Path) -> tuple[dict[str, Article], dict[str, str]]:
    """Return the clean record of every real page, and the reason of every refused one."""
    found: dict[str, Article] = {}
    refused: dict[str, str] = {}
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            body = read_page(folder / "pages" / row["file"])
            try:
                found[row["file"]] = clean(article_page(row["url"], body).to_item())
            except PageRefused as refusal:
                refused[row["file"]] = refusal.reason
    return found, refused


def test_every_article_page_is_read_and_no_other(real_pages: Path) -> None:
    """231 articles are read; the two home pages are refused."""
    found, refused = records(real_pages)
    assert len(found) == 231
    assert {name.split("__")[1]: reason for name, reason in refused.items()} == {
        "home": "no_layout"
    }
    assert len(refused) == 2


def test_every_record_is_valid(real_pages: Path) -> None:
    """No article page gives a record that would be dropped, but one whose body has no text."""
    found, _ = records(real_pages)
    assert {name: wrong for name, item in found.items() if (wrong := faults(item))} == {
        TEXTLESS: ["text"]
    }


def test_no_junk_in_any_text(real_pages: Path) -> None:
    """No "Baca juga", call to action, embed, pager, script or dateline is left."""
    found, _ = records(real_pages)
    assert {n: hit[0] for n, item in found.items() if (hit := JUNK.search(item.text))} == {}


def test_no_caption_is_a_paragraph(real_pages: Path) -> None:
    """No caption or credit of a photo stands in the text as a block of its own."""
    found, _ = records(real_pages)
    leaks = [
        name
        for name, item in found.items()
        for image in item.images
        for line in (image.caption, image.credit)
        if line and line in {block.text for block in item.blocks}
    ]
    assert set(leaks) == WRITTEN_TWICE


def test_words_of_every_undivided_article_are_counted_as_the_site_does(real_pages: Path) -> None:
    """71 of 71 articles of one page that declare their words: equal to the word, no exception."""
    found, _ = records(real_pages)
    pairs = {
        name: (item.halaman.words_counted, item.halaman.words_declared)
        for name, item in found.items()
        if item.halaman.pages_expected == 1 and item.halaman.words_declared is not None
    }
    assert len(pairs) == 71
    assert {name: pair for name, pair in pairs.items() if pair[0] != pair[1]} == {}


def test_page_one_of_a_divided_article_is_known_to_be_incomplete(real_pages: Path) -> None:
    """Every captured page 1 of a divided article is incomplete; 2015 declares nothing."""
    found, _ = records(real_pages)
    verdicts = Counter(item.halaman.complete for item in found.values())
    assert verdicts == {True: 71, False: 159, None: 1}
    assert {
        item.halaman.complete for item in found.values() if item.halaman.pages_expected > 1
    } == {False}


def test_the_declared_text_proves_every_undivided_page_that_has_it(real_pages: Path) -> None:
    """15 of 15 pages of 2023: character by character; the 56 before have the count alone."""
    found, _ = records(real_pages)
    proofs = Counter(
        (name[:4] == "2023", item.halaman.proof)
        for name, item in found.items()
        if item.halaman.complete
    )
    assert proofs == {(True, "text"): 15, (False, "words"): 56}


def test_page_one_since_2023_holds_the_whole_article(real_pages: Path) -> None:
    """38 of 38 pages of articles with more pages: the declared text has the rest, in order."""
    found = [item for name, item in filled_records(real_pages) if item.halaman.pages_expected > 1]
    assert len(found) == 38
    for item in found:
        halaman = item.halaman
        assert (halaman.route, halaman.complete, halaman.proof) == ("declared", True, "text")
        assert [block.type for block in item.blocks].count("unsplit") == 1


def filled_records(folder: Path) -> list[tuple[str, Article]]:
    """Return what the Python API makes of the pages of 2023."""
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = [row for row in csv.DictReader(manifest, delimiter="\t") if row["file"] > "2023"]
    bodies = [(row, read_page(folder / "pages" / row["file"])) for row in rows]
    return [
        (row["file"], extract(body, row["url"]))
        for row, body in bodies
        if row["file"] != TEXTLESS and "home" not in row["file"]
    ]


def test_updates_are_told_from_first_publication(real_pages: Path) -> None:
    """Exactly the pages marked "Diperbarui" have an update, later than their publication."""
    found, _ = records(real_pages)
    updated = [item for item in found.values() if item.updated_at]
    assert len(updated) == 7
    assert all(str(item.updated_at) > item.published_at for item in updated)


@pytest.mark.parametrize("damage", [b"<div>", b"</div></div>", b"<span>" * 300, b"<div>" * 300])
def test_damaged_markup_hides_and_adds_nothing(real_pages: Path, damage: bytes) -> None:
    """A tag too many or too few in the middle of a body changes no block and no photo."""
    found, _ = records(real_pages)
    for name, item in list(found.items())[::7]:
        page = read_page(real_pages / "pages" / name)
        middle = page.find(b"<p>", (page.find(b'"read__content"') + page.find(END.encode())) // 2)
        damaged = article_page(item.url, page[:middle] + damage + page[middle:])
        record = clean(damaged.to_item())
        assert (record.blocks, record.images) == (item.blocks, item.images), name
        assert record.halaman == item.halaman, name
