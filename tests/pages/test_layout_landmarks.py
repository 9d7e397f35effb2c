"""A page as lexbor parses it, as a browser does, and as libxml2 does: both give one record."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from selectolax import lexbor

from kompascrawler.cleaning import clean
from kompascrawler.halaman.joining import Part
from kompascrawler.pages import PageRefused, article_page, layout
from kompascrawler.pages.index import Terkini, terkini
from kompascrawler.pages.markup import LARGE, may_swell
from tests.bench.shapes import Shape
from tests.conftest import read_page
from tests.pages.cases import NAMES, load
from tests.replica import Request, Site

Read = tuple[Part, list[str], Terkini] | str
_IN_PARAGRAPHS = re.compile(rb"(?<=\w) (?=\w[^<>]*</p>)")
PAGE = load("read_2020_roundup_paged")


def read(url: str, markup: bytes) -> Read:
    """Return all that a crawl asks of a page; the reason where it is refused."""
    try:
        page = article_page(url, markup)
        return page.part(), page.missing, terkini(page.trees)
    except PageRefused as refusal:
        return refusal.reason


def read_by_libxml2(url: str, markup: bytes) -> Read:
    """Return the same of a page that libxml2 parses as a whole."""
    with patch.object(layout, "LARGE", 0):
        return read(url, markup)


def paragraphs(markup: bytes, reader: Callable[[str, bytes], Read] = read) -> list[str]:
    """Return the paragraphs of the page with a body, cleaned."""
    page = PAGE.body.replace(b"</p>", b"</p>" + markup, 1)
    found = reader(PAGE.asked, page)
    return [] if isinstance(found, str) else clean(found[0].record).text.split("\n\n")


MARKED = """<head><meta name=a content="x  y"><meta property=b content=2><meta name=a content=3>
<link rel=icon href=i><link rel=canonical href=c><link rel=canonical href=d></head>
<div class=latest></div><h1 class="x read__title">Judul</h1><p class=photo></p>
<div class="photo y" id=1><div class=photo id=2></div></div><div class=photo id=3></div>
<div class="y latest"></div><div class=photo id=4></div><meta name=late content=4>"""


@pytest.mark.parametrize("large", [LARGE, 0])
def test_what_is_found(large: int) -> None:
    """Up to a list of other stories, if something wanted stands above it; by both parsers."""
    with patch.object(layout, "LARGE", large):
        wanted = frozenset({"read__title", "photo"})
        found, _ = layout.landmarks_of(MARKED.encode(), wanted, stop="latest")
    assert (found.metas, found.canonical) == ({"a": "x  y", "b": "2"}, "c")
    assert (found.meta("a"), found.meta("late")) == ("x y", "")
    assert [element.get("id") for element in found.all("photo")] == ["1", "2", "3"]
    assert [one.text for one in found.all("read__title")] == ["Judul"]
    assert found.first("read__body") is None


@pytest.mark.parametrize("name", NAMES)
def test_saved_pages_are_read_alike(name: str) -> None:
    """The committed pages."""
    case = load(name)
    assert read(case.asked, case.body) == read_by_libxml2(case.asked, case.body)


def test_real_pages_are_read_alike(real_pages: Path) -> None:
    """All of them, down to what is missing and the list of other stories."""
    with (real_pages / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = [*csv.DictReader(manifest, delimiter="\t")]
    pages = [(row["url"], read_page(real_pages / "pages" / row["file"])) for row in rows]
    assert [url for url, page in pages if read(url, page) != read_by_libxml2(url, page)] == []


def test_pages_of_the_replica_are_read_alike() -> None:
    """Articles of each kind that it has, one of them with NULs and a broken character."""
    site = Site(seed=3, articles=12)
    for story in site.stories:
        page = site.answer(Request.get(story.url)).body
        for markup in (page, page.replace(b" ", b" \0", 90), page.replace(b"a", b"\xff", 1)):
            assert read(story.url, markup) == read_by_libxml2(story.url, markup)


_NAMES = ("b", "i", "u", "span", "font", "strong", "em", "x")
INLINE = [
    *(f"<{name}>" for name in _NAMES),
    *(f"</{name}>" for name in (*_NAMES, "a")),
    *("<!-- <p> -->", "<!-->", "<?php ?>", "<![CDATA[x]]>", "<script>a < b</script>", "<br>"),
    *("\0", "&nbsp;", "&ldquo;", "&amp", "&lt;", "&x;", "&#8211;", "<", " < ", ">", "<img src=a>"),
]
BLOCKS = [
    *(f"<{name}>" for name in ("p", "li", "ul", "p><b", "o:p></o:p", "center", "hr")),
    *(f"</{name}>" for name in ("p", "p></p", "li", "ul", "div", "h2", "td")),
]
"""What goes wrong in an editor's text, and both parsers mend alike."""


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_is_read_alike(data: st.DataObject) -> None:
    """Between words of a paragraph: up to three kinds of it, or one that begins or ends a piece."""
    case = load(data.draw(st.sampled_from([name for name in NAMES if name.startswith("read")])))
    start = case.body.index(b"read__content")
    blanks = [found.end() for found in _IN_PARAGRAPHS.finditer(case.body, start)]
    page = case.body
    most, pieces = data.draw(st.sampled_from([(3, INLINE), (1, BLOCKS)]))
    for place in sorted(data.draw(st.sets(st.sampled_from(blanks), max_size=most)), reverse=True):
        piece = data.draw(st.sampled_from(pieces)).encode()
        page = page[:place] + piece + page[place:]
    assert read(case.asked, page) == read_by_libxml2(case.asked, page)


_OPEN = '<a class="inner-link-baca-juga" href="/global/read/2020/10/17/160000470/x">Judul Lain Ini'


@pytest.mark.parametrize(
    ("markup", "as_a_browser", "by_libxml2"),
    [
        ("<p>Satu <td>dua.</p>", ["Satu dua."], ["Satu", "dua."]),
        ("<p>Satu <div>dua</p> tiga.</div>", ["Satu", "dua", "tiga."], ["Satu", "dua tiga."]),
        ("<p>Satu</p> dua</p> tiga", ["Satu", "dua", "tiga"], ["Satu", "dua tiga"]),
        ("<svg><p>Satu.</p></svg>", ["Satu."], []),
    ],
)
def test_where_they_differ_a_browser_is_right(
    markup: str, as_a_browser: list[str], by_libxml2: list[str]
) -> None:
    """Cells outside a table are none; each end of a paragraph ends a piece; SVG holds none."""
    around = paragraphs(b"")
    for reader, expected in ((read, as_a_browser), (read_by_libxml2, by_libxml2)):
        assert [one for one in paragraphs(markup.encode(), reader) if one not in around] == expected


@pytest.mark.parametrize("label", ["", "<p>Baca juga:</p>"])
def test_a_link_that_was_left_open_takes_no_text(label: str) -> None:
    """A browser has it run on until the next link; what it runs through is no headline."""
    markup = f"{label}<p>{_OPEN}</p><p>Isi yang lain.</p>"
    assert "Isi yang lain." in paragraphs(markup.encode())
    assert "Judul Lain Ini" not in paragraphs(markup.encode())


LIST = b'<div class="latest">'


def test_what_follows_the_article_is_parsed_apart() -> None:
    """Only where somebody asks for it: a third of the page is not the record's."""
    assert LIST[:-2] in PAGE.body
    page = article_page(PAGE.asked, PAGE.body)
    assert page.trees.rest is not None
    assert terkini(page.trees).hrefs
    assert "whole" not in vars(page.trees)


@pytest.mark.parametrize(
    "decoy",
    [
        b"<script>'" + LIST + b"'</script>",
        b"<!-- " + LIST + b" -->",
        b"<textarea>" + LIST + b"</textarea>",
        b"<p title='" + LIST + b"'>Isi</p>",
        LIST + b"<h3>Terkini Lainnya</h3></div>",
        LIST,
        b'<p class="latest">Isi</p>',
        b"<svg>" + LIST,
        b"<table><tr>" + LIST,
        b"<div " + b"class=x " * 100_000 + b"latest>",
    ],
)
@pytest.mark.parametrize("place", [b"</p>", b'<div class="read__content">', b"<h1"])
def test_what_looks_like_its_start_ends_no_article(decoy: bytes, place: bytes) -> None:
    """A page is read as if it were parsed as a whole."""
    markup = PAGE.body.replace(place, place + decoy if place != b"<h1" else decoy + place, 1)
    assert markup != PAGE.body
    with patch.object(layout, "_start_of", return_value=None):
        whole = read(PAGE.asked, markup)
    assert read(PAGE.asked, markup) == whole


SWELLING = [
    Shape("<div>Isi "),
    Shape("<ul>"),
    Shape("<font color={0}>Isi ", "<p>", "<p>Isi" * 1000),
    Shape("<p>Isi", "<p><b><i><u><s><em><b><i><u><s><em>"),
]


@pytest.mark.parametrize("shape", SWELLING)
def test_what_a_browser_takes_the_square_for_is_left_to_libxml2(shape: Shape) -> None:
    """Elements that nest without end, and marks of text that are opened anew."""
    page = article_page(PAGE.asked, PAGE.body.replace(b"</p>", b"</p>" + shape.page(300_000), 1))
    assert etree.iselement(page.trees.whole)


@pytest.mark.parametrize("period", [512, 1_000, 8_192, 16_384])
@pytest.mark.parametrize("phase", [0.0, 0.3, 0.9])
def test_what_is_odd_cannot_hide_between_samples(period: int, phase: float) -> None:
    """Text where a sample at even distances would be taken, and lists in lists elsewhere."""
    quiet = int(period * phase)
    lists = b"<ul>" * (period // 8)
    stretch = b"x" * quiet + lists + b"x" * (period - quiet - len(lists))
    assert may_swell((stretch * (400_000 // period))[:400_000])


def test_a_page_that_lexbor_cannot_parse_is_left_to_libxml2() -> None:
    """As where it gets too little memory."""
    with patch.object(lexbor, "LexborHTMLParser", side_effect=lexbor.SelectolaxError):
        assert read(PAGE.asked, PAGE.body) == read_by_libxml2(PAGE.asked, PAGE.body)


def test_a_real_page_is_not(real_pages: Path) -> None:
    """None of them is left to libxml2, which takes longer."""
    for path in (real_pages / "pages").glob("*.gz"):
        assert not may_swell(read_page(path))
