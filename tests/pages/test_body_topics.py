"""The blank that the template of 2020 puts before topic links."""

import pytest

from tests.pages.test_body import texts

TOPIC = "<a class='inner-link-tag' href='https://www.kompas.com/tag/x'>{}</a>"


def line(*pieces: str) -> str:
    """Return the text of a paragraph; pieces in braces are topic links."""
    markup = "".join(
        TOPIC.format(piece[1:-1]) if piece.startswith("{") else piece for piece in pieces
    )
    return texts(f"<p>{markup}</p>")[0][1]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (("negara  ", "{AS}", " ( ", "{US}", ")"), "negara AS (US)"),
        (("hewan- ", "{hewan}", " di  ", "{hutan}"), "hewan-hewan di hutan"),
        ((" ", "{Banjir}", " anti-<em> ", "{banjir}", "</em>"), "Banjir anti-banjir"),
        (("membahas hewan- ", "{hewan}", " besar"), "membahas hewan-hewan besar"),
        (("  ", "{Satu}", " wabah ", "{ flu}"), "Satu wabah flu"),
    ],
)
def test_the_blank_of_2020_goes(pieces: tuple[str, ...], expected: str) -> None:
    """One blank before each link goes where the template put it there."""
    assert line(*pieces) == expected


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (("di ", "{Jakarta}", " dan  ", "{Bogor}"), "di Jakarta dan Bogor"),
        (("kata (", "{AS}", ") di ", "{sana}"), "kata (AS) di sana"),
        (("di ", "{satu}", " ", "{dua}"), "di satu dua"),
        (("pasukan pro- ", "{Rusia}"), "pasukan pro- Rusia"),
        (("Barang ( X) di ", "{sana}"), "Barang ( X) di sana"),
    ],
)
def test_blanks_of_other_years_stay(pieces: tuple[str, ...], expected: str) -> None:
    """A page on which a single blank parts two words has no blank too many."""
    assert line(*pieces) == expected
