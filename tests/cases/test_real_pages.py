"""The real pages rewritten: nothing of them is left but boilerplate, and their records keep shape.

A sample here; every page in the soak.
"""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from tests.cases import Rewriter
from tests.cases.audit import leftovers
from tests.cases.cases import read_case
from tests.cases.shape import differences, expectation
from tests.cleaning.test_boilerplate import BOILERPLATE
from tests.conftest import read_page
from tests.quality.gate import CASES
from tests.quality.golden import read_gold, rewritten

FURNITURE = [
    *BOILERPLATE,
    "Copyright Kompas Cyber Media Kompas.com",
    "Halaman Selanjutnya Halaman Berikutnya Show All Kompas.com",
    "Mungkin Anda melewatkan ini Rekomendasi untuk Anda Komentar di artikel lainnya",
    "Lengkapi Profil Bagikan artikel ini melalui Oke Syarat & Ketentuan Terkini Lainnya",
    "Anda bisa membaca selengkapnya berita artikel kisah di sini Simak baca juga selengkapnya pada "
    "tautan berikut ini Silakan dapat dibaca melalui link dalam video Temukan jawabannya "
    "lengkapnya cerita Baca tentang",
    "Penulis Editor Sumber Tim Redaksi Kontributor Tag Home Next Lihat Foto",
    "Kompas.com Diperbarui WIB Senin Selasa Rabu Kamis Jumat Sabtu Minggu Januari Februari Maret "
    "April Mei Juni Juli Agustus September Oktober November Desember",
    "News Nasional Regional Megapolitan Global Internasional Tren Health Food Edu Edukasi Skola "
    "Sains Tekno Money Otomotif Properti Travel Lifestyle Bola Sports Hype Entertainment Biz "
    "Indeks Lestari",
    "26th Close Ads X",
    "a href target blank img src border alt",  # markup inside a frame, which is text to a parser
    "al an as da de del la of on the",  # words that names of places write small
    "Artikel ini telah tayang di dengan judul Klik untuk baca",
]
"""What may be left of a text: known phrases (docs/site.md, section 13), and labels."""
KNOWN = {word for line in FURNITURE for word in re.findall("[a-z]+", line.lower())}


class Pair(NamedTuple):
    """A page, rewritten, and how."""

    file: str
    url: str
    page: bytes
    address: str
    rewritten: bytes
    rewriter: Rewriter


def pairs(folder: Path, every: int) -> Iterator[Pair]:
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in list(csv.DictReader(manifest, delimiter="\t"))[::every]:
            page = read_page(folder / "pages" / row["file"])
            rewriter = Rewriter("case")
            new = rewriter.page(page)
            yield Pair(row["file"], row["url"], page, rewriter.address(row["url"]), new, rewriter)


def words(page: bytes) -> list[str]:
    """Return the words that a reader could see: a page's text, and its attributes' values."""
    root = etree.fromstring(page, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    texts = []
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "noscript"):
            texts += [element.text, element.get("alt"), element.get("title"), element.get("value")]
            if element.tag == "meta" and (element.get("name") or "").endswith(
                ("description", "tag", "tags", "keywords", "title", "author", "editor", "source")
            ):
                texts.append(element.get("content"))
        texts.append(element.tail)
    shown = re.sub(r"(?:https?:)?//[^\s\"'<>]+", " ", " ".join(text for text in texts if text))
    return re.findall(r"[^\W\d_]+", shown.lower())


def check(folder: Path, every: int) -> int:
    """Check one page in so many; return how many."""
    checked = 0
    for pair in pairs(folder, every):
        checked += 1
        before, after = words(pair.page), words(pair.rewritten)
        runs = set(zip(*(before[start:] for start in range(4)), strict=False))
        left = runs.intersection(zip(*(after[start:] for start in range(4)), strict=False))
        texts = {" ".join(run) for run in left if any(len(w) > 1 and w not in KNOWN for w in run)}
        assert texts == set(), pair.file
        assert leftovers(pair.page, pair.rewritten, pair.rewriter.stayed) == [], pair.file
        given = expectation(pair.url, pair.page)
        assert differences(given, expectation(pair.address, pair.rewritten)) == [], pair.file
        check_names(pair, given)
    return checked


def check_names(pair: Pair, given: dict[str, object]) -> None:
    """No author's, editor's or source's name is left, in whatever spelling of an address."""
    shown = re.sub(rb"[\W_]+", b" ", pair.rewritten.lower()).decode(errors="replace")
    article = given.get("article", {})
    assert isinstance(article, dict)
    for name in (*article.get("authors", ()), *article.get("editors", ())):
        plain = " ".join(re.findall(r"\w+", name.lower()))
        assert f" {plain} " not in shown, (pair.file, plain)


def test_a_sample_of_the_real_pages_is_rewritten(real_pages: Path) -> None:
    """No run of four words but boilerplate is left, no name, and the record keeps its shape."""
    assert check(real_pages, every=18) >= 12


@pytest.mark.soak
def test_every_real_page_is_rewritten(real_pages: Path) -> None:
    """The same of all pages, which were 214 in Nov 2026."""
    assert check(real_pages, every=1) >= 214


def test_shape_survives_a_second_rewriting(real_pages: Path) -> None:
    """A rewritten page can be rewritten: its record has the shape of the first still."""
    for pair in pairs(real_pages, 60):
        again = Rewriter("another")
        twice, address = again.page(pair.rewritten), again.address(pair.address)
        assert differences(expectation(pair.url, pair.page), expectation(address, twice)) == []


def test_gold_of_the_hand_read_pages_is_what_was_read(real_pages: Path) -> None:
    """Sixteen golds are the reader's own strings in the words of the case, and no parser's."""
    sources = {path.stem.rpartition("__")[2]: path for path in (real_pages / "gold").glob("*.json")}
    seen = 0
    for name, gold in read_gold(CASES).items():
        case = read_case(CASES, name)
        source = sources.get(case.expected["article"]["id"])
        if source is None:
            continue
        seen += 1
        rewriter = Rewriter(name)
        made = rewriter.page(read_page(real_pages / "pages" / f"{source.stem}.html.gz"))
        assert made == case.page
        assert rewritten(json.loads(source.read_bytes()), rewriter, gold["rests_on"]) == gold
    assert seen == len(sources) == 16
