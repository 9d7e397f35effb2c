"""From pages to a record: words, suffixes, seams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.halaman.joining import count_words, distinct, join, overlap, without_suffix
from kompascrawler.items import Embed, Image, Related
from tests.halaman.parts import WORDS, names, part


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Judul", "Judul"),
        ("Judul Halaman all - Kompas.com", "Judul"),
        ("Judul Halaman all", "Judul"),
        ("Judul Halaman 12", "Judul"),
        ("Judul - Kompas.com", "Judul"),
        ("Buku 300 Halaman", "Buku 300 Halaman"),
        ("Halaman Rumah Kosong", "Halaman Rumah Kosong"),
    ],
)
def test_suffixes(title: str, expected: str) -> None:
    """Only the site's own suffix goes."""
    assert without_suffix(title) == expected


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (b"", 0),
        (b"satu dua", 2),
        (b"satu&nbsp;dua", 3),
        (b"2020 12/3", 0),
        (b"Jum'at anak-anak - ya", 4),
        (b"<p>satu</p><p>dua</p>", 1),
        ("satu caf\u00e9s".encode(), 3),
    ],
)
def test_words(markup: bytes, words: int) -> None:
    """Tags vanish without a blank, entities are not decoded, a lone dash counts."""
    assert count_words(markup) == words


@given(st.lists(st.from_regex(rb"\A[A-Za-z'-]{1,8}\Z"), max_size=30))
def test_every_run_counts_once(runs: list[bytes]) -> None:
    """Runs parted by blanks are counted one by one."""
    assert count_words(b" ".join(runs)) == len(runs)


LEAD = Image(url="https://asset.kompas.com/lead.jpg", caption="Kapal", credit=None)
INNER = Image(url="https://asset.kompas.com/inner.jpg", caption=None, credit=None)
VIDEO = Embed(type="youtube", url="https://www.youtube.com/embed/x")
LINK = Related(id=None, title="Pasar", url="https://example.com/")
texts = st.lists(st.sampled_from("abcd"), max_size=6)


def test_what_every_page_repeats_stands_once() -> None:
    """Title and dates are the first page's; names, photos, embeds and links are merged."""
    pages = {
        1: part("a", fields={"authors": ["X"], "images": [LEAD], "related": [LINK]}),
        2: part("b", fields={"authors": ["X"], "images": [LEAD, INNER], "related": [LINK],
                             "title": "Judul Halaman 2", "sources": ["Y"], "embeds": [VIDEO]}),
    }  # fmt: skip
    record = join(pages).record
    assert (record.title, record.authors, record.sources) == ("Judul", ["X"], ["Y"])
    assert (record.images, record.embeds, record.related) == ([LEAD, INNER], [VIDEO], [LINK])


def test_what_a_page_repeats_itself_is_kept() -> None:
    """A photo that a page shows twice stands there twice."""
    pages = {1: part("a"), 2: part("b", fields={"images": [INNER, INNER]})}
    assert join(pages).record.images == [INNER, INNER]


def test_removals_are_added_up() -> None:
    """What was left out of either page is counted."""
    first = part("a", fields={"removed": {"baca_juga": 1, "box": 1}})
    second = part("b", fields={"removed": {"baca_juga": 2}})
    assert join({1: first, 2: second}).record.removed == {"baca_juga": 3, "box": 1}


def test_pages_stand_in_the_order_of_their_numbers() -> None:
    """Whatever the order in which they came."""
    record = join({1: part("a"), 3: part("c"), 2: part("b")}).record
    assert names(record) == [("a", 1), ("b", 2), ("c", 3)]


def test_a_paragraph_on_both_sides_of_a_seam_stands_once() -> None:
    """On the page where it stood first, and its words count once."""
    joined = join({1: part("a", "b"), 2: part("b", "c")})
    assert names(joined.record) == [("a", 1), ("b", 1), ("c", 2)]
    assert joined.words == 3 * WORDS


def test_a_page_that_holds_those_before_it_takes_their_place() -> None:
    """Content that grows by scrolling: every paragraph once, with the page it came with."""
    joined = join({1: part("a"), 2: part("a", "b", fields={"removed": {"box": 1}})})
    assert names(joined.record) == [("a", 1), ("b", 2)]
    assert (joined.words, joined.record.removed) == (2 * WORDS, {"box": 1})


def test_pages_without_text_of_their_own_are_no_pages() -> None:
    """What brings nothing new is left out."""
    first, second = part("a", "b"), part("c")
    assert distinct([first, part("b"), second, part()]) == [first, second]


@given(texts, texts)
def test_the_overlap_is_the_longest(before: list[str], after: list[str]) -> None:
    """So many paragraphs end the one and begin the other, and no more do."""
    size = overlap(before, after)
    assert before[len(before) - size :] == after[:size]
    for longer in range(size + 1, min(len(before), len(after)) + 1):
        assert before[len(before) - longer :] != after[:longer]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6))
def test_a_divided_text_comes_together_again(sizes: list[int]) -> None:
    """However it is divided: every paragraph once, in order, all words counted."""
    numbers = iter(range(100))
    pages = {n: part(*(f"p{next(numbers)}" for _ in range(size)))
             for n, size in enumerate(sizes, start=1)}  # fmt: skip
    joined = join(pages)
    expected = [(f"p{next_}", page) for next_, page in enumerate(
        page for page, size in enumerate(sizes, start=1) for _ in range(size))]  # fmt: skip
    assert names(joined.record) == expected
    assert joined.words == sum(sizes) * WORDS
