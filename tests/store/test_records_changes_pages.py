"""What comes and goes on a page makes no revision; what an editor changes does."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompascrawler.cleaning import clean
from kompascrawler.extraction import extract
from kompascrawler.items import Article
from kompascrawler.pages import PageRefused, article_page
from kompascrawler.store.records import changes
from tests.conftest import read_page
from tests.replica.exchange import Request
from tests.replica.layouts import LAYOUTS
from tests.replica.pieces import Paragraph
from tests.replica.site import Site

BESIDE = (
    b'<div class="ads-on-body"><script>googletag.cmd.push()</script></div>',
    b'<div id="div-gpt-ad-1"></div><script>googletag.display("div-gpt-ad-1")</script>',
    b"<script>window.jixie_o = {counter: 7}</script>",
    b'<iframe src="https://www.youtube.com/embed/x"></iframe>',
    b'<p><strong>Baca juga: <a href="https://www.kompas.com/global/read/2023/09/16/170000170/x">'
    b"Judul yang Lain Sekali</a></strong></p>",
    b'<p>Baca juga: <a href="https://www.kompas.com/tag/kota">Kota dan Desa</a></p>',
    b"<!-- 12 komentar -->",
)
"""What stands between paragraphs, or does not."""
END = b"</p>"


@cache
def page(layout: str) -> tuple[str, bytes, list[int]]:
    """Return an article's page of the replica, and where its paragraphs end."""
    site = Site(seed=2, articles=6, layout=layout)
    story = max(site.stories, key=lambda one: len(one.pages[0]))
    url = f"{story.url}?page=all"
    body = site.answer(Request.get(url)).body
    texts = [piece.text for piece in story.pages[0] if isinstance(piece, Paragraph)]
    plain = [text.encode() for text in texts if text.isascii() and len(text) > 80]
    start, end = body.rindex(plain[0][:40]), body.rindex(plain[-1][:40])
    return url, body, [at for at in _ends(body) if start < at < end]


def _ends(body: bytes) -> Iterator[int]:
    at = -1
    while (at := body.find(END, at + 1)) >= 0:
        yield at + len(END)


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_what_stands_beside_the_text_changes_nothing(layout: str, data: st.DataObject) -> None:
    """Adverts, links to other articles, embeds and counters, between any paragraphs."""
    url, body, places = page(layout)
    added = data.draw(
        st.lists(st.tuples(st.sampled_from(places), st.sampled_from(BESIDE)), max_size=6)
    )
    other = body
    for at, what in sorted(added, reverse=True):
        other = other[:at] + what + other[at:]
    assert changes(extract(body, url), extract(other, url)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_word_more_is_a_change(layout: str) -> None:
    """Anywhere in the text; so is another headline."""
    url, body, places = page(layout)
    before = extract(body, url)
    for at in (places[0], places[-1]):
        other = body[: at - len(END)] + b" sekali" + body[at - len(END) :]
        assert changes(before, extract(other, url)) == ["text"]
    title = before.title.encode()
    assert changes(before, extract(body.replace(title, b"Judul Baru"), url)) == ["title"]


def test_real_pages_with_other_things_beside_the_text(real_pages: Path) -> None:
    """Every tenth real page, with an advert and a link behind each paragraph."""
    compared = 0
    with (real_pages / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t"))[::10]
    for row in rows:
        body = read_page(real_pages / "pages" / row["file"])
        other = body.replace(END, END + BESIDE[0] + BESIDE[2] + BESIDE[4])
        try:
            before, after = (_record(row["url"], markup) for markup in (body, other))
        except PageRefused:
            continue
        assert changes(before, after) == [], row["file"]
        compared += 1
    assert compared >= 20


def _record(url: str, body: bytes) -> Article:
    return clean(article_page(url, body).to_item())
