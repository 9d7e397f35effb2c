"""Cutting the counted body out of a page's bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.halaman.joining import count_words
from kompascrawler.pages.article import raw_body

END = b'<span class="liftdown_v2_tanda"></span></div>'


def page(body: bytes, end: bytes = END) -> bytes:
    """Return a page around a body."""
    return (
        b'<style>.read__content{}</style><div class="read__content">' + body + end + b"<p>luar</p>"
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<p>Satu dua</p>", 2),
        (b"<!-- (ads.paralax) -->Satu", 1),
        (b"Satu<script>var x = 'a b';</script> dua<style>p {}</style>", 2),
        (b'<div id="5f" class="photo" style="x"><div>dalam</div> judul</div>Satu', 1),
        (b'<div id="5f" class="photo-infographic"><span>Kredit</span> judul</div> Satu', 3),
        (b'<blockquote class="twitter-tweet"><p>kicau</p></blockquote>Satu', 1),
        (b"<blockquote><p>Kutipan biasa</p></blockquote>", 2),
        (b'<div class="clearfix komentar-bar">Komentar: 3</div>Satu', 1),
        (b'<div class="read__credit"><div class="read__credit__item">Penulis</div></div>Satu', 1),
        (b'<div data-modal-target="modal-gift">Kirimkan Apresiasi</div>Satu', 1),
        (b'<div class="photographer">Satu</div>', 1),
        (b"Tikus- <a target='_self' class='inner-link-tag'>tikus</a>", 1),
        (b"kata <a target='_self' class='inner-link-tag'>kata</a>", 2),
        (b"<p>tidak ditutup<!-- sampai akhir", 2),
    ],
)
def test_what_the_site_counts(body: bytes, words: int) -> None:
    """Embedded and inserted things are not counted, the rest is."""
    assert count_words(raw_body(page(body))) == words


def test_without_the_mark_the_container_ends_the_body() -> None:
    """Nested elements do not end it early, and nothing after it is counted."""
    assert raw_body(page(b"<div>Satu</div> dua", b"</div>")).startswith(b"<div>Satu</div> dua")
    assert count_words(raw_body(page(b"<div>Satu</div> dua", b"</div>"))) == 2


def test_a_page_without_body_has_none() -> None:
    """A mention of the class outside an element is no body."""
    assert raw_body(b"<style>.read__content{}</style>") == b""


@given(st.binary(max_size=200))
def test_any_bytes_are_cut(noise: bytes) -> None:
    """No bytes break the cutting."""
    assert isinstance(raw_body(page(noise)), bytes)


def test_marks_without_end_cost_no_more_than_their_length() -> None:
    """A hundred thousand opened and never closed tags are counted at once."""
    assert count_words(raw_body(page(b"<div " * 100_000))) == 100_000
