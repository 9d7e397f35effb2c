"""Choosing a layout, refusing what is none, and the records of the committed pages."""

from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompascrawler.cleaning import clean
from kompascrawler.items import faults
from kompascrawler.pages import PageRefused, article_page
from kompascrawler.pages.article import ReadPage
from kompascrawler.pages.kcm import KcmReadPage
from tests.pages.cases import NAMES, load

URL = "https://www.kompas.com/global/read/2020/10/17/160000470/x"
REASONS = {"empty", "no_layout", "no_body", "not_an_article"}
SINGLE = load("read_2020_single").body


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_page_gives_its_record(name: str) -> None:
    """Every committed page gives exactly the record beside it."""
    case = load(name)
    page = article_page(case.asked, case.body)
    assert asdict(clean(page.to_item())) == case.article
    assert page.missing == case.missing


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_page_gives_a_valid_record(name: str) -> None:
    """No committed page lacks what a record must have."""
    case = load(name)
    assert faults(clean(article_page(case.asked, case.body).to_item())) == []


def test_the_layout_is_told_by_the_page() -> None:
    """The address says nothing about the layout, the page does."""
    assert isinstance(article_page(URL, load("kcm_2015").body), KcmReadPage)
    assert isinstance(article_page(URL, SINGLE), ReadPage)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"\0\0", "empty"),
        (b"<!-- nothing -->", "empty"),
        (b"just text", "no_layout"),
        (b"<html><body><h1>Just a moment...</h1></body></html>", "no_layout"),
        (b'<div class="latest ga--latest"><div class="article__list">x</div></div>', "no_layout"),
        (b'<h1 class="read__title">Judul</h1>', "no_body"),
        (b'<div class="kcm-read-content-top"><h2>Judul</h2></div>', "no_body"),
    ],
)
def test_what_is_no_article_is_refused(body: bytes, reason: str) -> None:
    """A page that no layout fits is refused, with the reason."""
    with pytest.raises(PageRefused) as refusal:
        article_page(URL, body)
    assert refusal.value.reason == reason
    assert str(refusal.value)


def test_a_body_without_text_is_refused() -> None:
    """A page whose body holds no text gives no record."""
    page = article_page(URL, b'<div class="read__content"><p> </p><script>x</script></div>')
    with pytest.raises(PageRefused) as refusal:
        page.to_item()
    assert refusal.value.reason == "no_body"


def test_a_page_that_names_no_article_is_refused() -> None:
    """Without an identity in address or page there is no record."""
    with pytest.raises(PageRefused) as refusal:
        article_page("https://www.kompas.com/global", b'<div class="read__content">Teks</div>')
    assert refusal.value.reason == "not_an_article"


def test_the_page_says_which_article_it_is() -> None:
    """The text of another article does not get the identity that was asked for."""
    page = article_page("https://www.kompas.com/global/read/2020/10/18/111111170/y", SINGLE)
    assert page.address.id == "2020-10-17-160000470"
    assert "address_of_another" in page.missing


def test_where_the_page_contradicts_itself_the_address_asked_for_decides() -> None:
    """Canonical and og:url naming different articles are settled by what was asked."""
    other = SINGLE.replace(
        b'canonical" href="https://www.kompas.com/global/read/2020/10/17/160000470',
        b'canonical" href="https://www.kompas.com/global/read/2020/10/17/150000470',
    )
    assert article_page(URL, other).address.id == "2020-10-17-160000470"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", None), ("utf-8", "iso-8859-1"), ("iso-8859-1", "iso-8859-1"), ("utf-8", "x-none")],
)
def test_the_title_survives_any_declared_encoding(encoding: str, declared: str | None) -> None:
    """UTF-8 is read as such whatever the header says; another encoding where it is declared."""
    body = '<h1 class="read__title">Café Contoh</h1><div class="read__content">é</div>'
    assert article_page(URL, body.encode(encoding), declared).title == "Café Contoh"


def test_bytes_of_no_encoding_are_marked_not_fatal() -> None:
    """Bytes that fit no encoding become replacement characters."""
    page = article_page(URL, b'<div class="read__content"><p>Satu \xff\xfe dua</p></div>')
    assert page.body.blocks[0].text == "Satu \ufffd\ufffd dua"


@settings(max_examples=60, deadline=None)
@given(
    cut=st.integers(0, len(SINGLE)),
    noise=st.lists(st.tuples(st.integers(0, len(SINGLE) - 1), st.binary(max_size=4)), max_size=8),
    declared=st.sampled_from([None, "utf-8", "iso-8859-1", "utf-16"]),
)
def test_a_broken_page_is_refused_or_read(
    cut: int, noise: list[tuple[int, bytes]], declared: str | None
) -> None:
    """Truncation and noise lead to a refusal or to a record, never to another error."""
    body = bytearray(SINGLE)
    for position, piece in noise:
        body[position : position + len(piece)] = piece
    try:
        article = clean(article_page(URL, bytes(body[:cut]), declared).to_item())
    except PageRefused as refusal:
        article = None
        reason = refusal.reason
    if article is None:
        assert reason in REASONS
    else:
        assert [name for name in faults(article) if name in ("id", "url", "published_at")] == []


@pytest.mark.parametrize(("levels", "text"), [(20, ["Dasar"]), (1000, ["Dasar"]), (2000, [])])
def test_deep_nesting_does_not_exhaust_the_stack(levels: int, text: list[str]) -> None:
    """Text is read as deep as the parser goes (2,048 elements), and deeper markup harms nothing."""
    nested = b"<b><div>" * levels + b"Dasar" + b"</div></b>" * levels
    body = article_page(URL, b'<div class="read__content">' + nested).body
    assert [block.text for block in body.blocks] == text


HEAD = '<meta charset="{}"><h1 class="read__title">Judul</h1>'
BODY = '<div class="read__content"><p>Caf\u00e9 \u201cS\u00e3o Paulo\u201d \u2013 kota.</p></div>'


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("windows-1252", None, "windows-1252"),
        ("windows-1252", None, "iso-8859-1"),
        ("windows-1252", "ISO-8859-1", "utf-8"),
        ("windows-1252", "x-none", "latin1"),
        ("utf-8", None, "windows-1252"),
        ("utf-8", "iso-8859-1", "utf-8"),
        ("utf-8-sig", "iso-8859-1", "iso-8859-1"),
        ("utf-16", "utf-8", "utf-8"),
        ("utf-8", None, "utf-16"),
        ("utf-8", None, ""),
    ],
)
def test_an_encoding_is_told_as_the_standard_has_it(
    encoding: str, header: str | None, meta: str
) -> None:
    """By its mark, the header, the page; windows-1252 for latin-1; valid UTF-8 is UTF-8."""
    page = article_page(URL, (HEAD.format(meta) + BODY).encode(encoding), header)
    assert [block.text for block in page.body.blocks] == [
        "Caf\u00e9 \u201cS\u00e3o Paulo\u201d \u2013 kota."
    ]
    assert "characters" not in page.missing


def test_a_broken_byte_does_not_make_a_page_another_encodings() -> None:
    """Most of it is valid UTF-8, whatever is declared."""
    body = (HEAD.format("utf-8") + BODY).encode() + b"<!-- \xff -->"
    page = article_page(URL, body, "iso-8859-1")
    assert page.body.blocks[0].text.startswith("Caf\u00e9")


@pytest.mark.parametrize(("lost", "complete"), [(0, True), (3, True), (4, False)])
def test_a_record_with_lost_characters_is_not_whole(
    lost: int,
    complete: bool,  # noqa: FBT001 - a table of outcomes
) -> None:
    """They are noted; more than a few make an article incomplete, so that it is tried again."""
    body = b'<div class="read__content"><p>Satu %b dua</p></div></html>' % (b"\xff" * lost)
    page = article_page(URL, b'<meta name="content_total_words" content="2">' + body)
    assert page.halaman.complete is complete
    assert ("characters" in page.missing) is bool(lost)


@pytest.mark.parametrize(
    ("ending", "complete"),
    [(b"</div>", False), (b"</html>", True), (b'<span class="liftdown_v2_tanda"></span>', True)],
)
def test_a_page_that_was_cut_off_is_not_whole(*, ending: bytes, complete: bool) -> None:
    """Though as many words as declared are there: within the tolerance some may be missing."""
    head = b'<meta name="content_total_words" content="2">'
    page = article_page(URL, head + b'<div class="read__content"><p>Satu dua' + ending)
    assert page.halaman.complete is complete
