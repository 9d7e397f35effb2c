"""The source of a page in pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.markup import pieces

SOURCES = st.lists(
    st.sampled_from(
        [
            *("<p>", "</p>", '<a href="x">', "<a href='y' title=\"a > b\">", "<br/>", "<", ">"),
            *("<!--", "-->", "<script>", "</script>", "<style>", "</style>", '"', "'", "=", "a<b"),
            *("<!DOCTYPE html>", '<img alt="dia "raja" itu">', "teks", " ", "\n", "&nbsp;", "</"),
        ]
    )
).map("".join)


@given(source=SOURCES)
def test_pieces_are_the_source(source: str) -> None:
    """Nothing is left out, nothing comes twice, no piece is empty."""
    found = list(pieces(source))
    assert "".join(source[piece.start : piece.end] for piece in found) == source
    assert all(piece.end > piece.start for piece in found)


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("<p>satu</p>", ["tag", "text", "tag"]),
        ('<a title="a > b">x</a>', ["tag", "text", "tag"]),
        ("<!-- a <p> -->x", ["comment", "text"]),
        ("<script>if (a<b) '</p>'</script>", ["tag", "script", "tag"]),
        ("<script></script>x", ["tag", "tag", "text"]),
        ("<STYLE>p {}</STYLE>", ["tag", "style", "tag"]),
        ("<!DOCTYPE html><p>", ["declaration", "tag"]),
        ("3 < 4", ["text"]),
        ("<script>tanpa akhir", ["tag", "script"]),
    ],
)
def test_pieces_are_told_apart(source: str, kinds: list[str]) -> None:
    """Tags, texts, comments and code are what a parser takes them for."""
    joined: list[str] = []
    for piece in pieces(source):
        if not (joined and joined[-1] == piece.kind == "text"):
            joined.append(piece.kind)
    assert joined == kinds
