"""What of a piece is text of the article."""

import pytest

from kompascrawler.items import Embed, Image, Related
from tests.replica import pieces as p

LINK = Related(id=None, title="Judul", url="https://www.kompas.com/x")


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        (p.Paragraph("Satu."), [("paragraph", "Satu.")]),
        (p.Paragraph("Satu.", baca_juga=LINK), [("paragraph", "Satu.")]),
        (p.Paragraph("Satu.", read_more=("Baca", "u")), [("paragraph", "Satu.")]),
        (p.Paragraph("", read_more=("Baca", "u")), []),
        (p.Heading("Judul"), [("heading", "Judul")]),
        (p.Items(("a", "b")), [("list_item", "a"), ("list_item", "b")]),
        (p.Table((("a", "b"), ("c", "d"))), [("paragraph", "a | b"), ("paragraph", "c | d")]),
        (p.Quote("Kata."), [("quote", "Kata.")]),
        (p.Question("Apa?", "A, 6 tahun"), [("paragraph", "Apa? - A, 6 tahun")]),
        (p.BacaJuga(LINK), []),
        (p.Photo(Image(url="u", caption="c", credit=None)), []),
        (p.Embedded(Embed(type="youtube", url="u"), "kata"), []),
    ],
)
def test_blocks_of_a_piece(piece: p.Piece, expected: list[tuple[str, str]]) -> None:
    """Text is kept with its kind; links, pictures and embeds hold none."""
    assert p.blocks(piece) == expected
