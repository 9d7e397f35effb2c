"""Whole lines, and what stands below a text."""

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.cleaning.lines import LAST_LINES, LINES
from tests.cleaning.test_clean import article

BELOW = [
    *("Sumber", "Sumber:", "Halaman", "Komentar", "Oke", "Lengkapi Profil", "Syarat & Ketentuan"),
    *("Sumber Reuters", "Sumber Al Arabiya", "Sumber: BBC, theguardian.com", "Download sekarang"),
    "(REUTERS/AFP/AP/CAL)",
    "(AP/AFP/Reuters/OKI)",
    "https://www.kompas.com/global/read/2023/09/16/170000170/x",
    "Penulis : Rani Contoh | Editor : Bimo Contoh",
    "(Kontributor Penulis: Rani D. Contoh)",
    "Penulis Naskah: Rani",
    "Video Editor: Bimo, Rani dan Sari",
    "Musik: Lagu - Tim Contoh",
]
"""What TEXT.md shows below a text and an article could hold elsewhere."""


@pytest.mark.parametrize("line", [*LINES, "Terkini Lainnya", "26th", "Close Ads X", "|"])
def test_a_line_of_a_box_goes_anywhere(line: str) -> None:
    """A paragraph that only a box of the site holds goes, and text behind it stays."""
    assert clean(article("Isi.", line)).text == "Isi."
    if line.lower() != "terkini lainnya":
        assert clean(article("Isi.", line, "Lagi.")).text == "Isi.\n\nLagi."


@pytest.mark.parametrize("line", BELOW)
def test_a_line_below_the_text_goes(line: str) -> None:
    """Last paragraphs go, also before other boilerplate and after a line feed."""
    assert clean(article("Isi.", line)).text == "Isi."
    assert clean(article("Isi.", line, "Close Ads", "Gabung Kompas.com+")).text == "Isi."
    assert clean(article(f"Isi.\n{line}")).text == "Isi."


@pytest.mark.parametrize("line", BELOW)
def test_such_a_line_stays_inside_a_text(line: str) -> None:
    """The same line above text, as a heading or in a list is the article's own."""
    assert clean(article(line, "Isi.")).text == f"{line}\n\nIsi."
    assert clean(article("Isi", line, kind="list_item")).text == f"Isi\n\n{line}"
    assert clean(article("Isi", line, kind="heading")).text == f"Isi\n\n{line}"


@pytest.mark.parametrize(
    "text",
    [
        "Editor: apakah anda setuju? Ia menjawab tidak.",
        "Editor: Bimo menjawab tidak.",
        "Sumber: laporan itu disusun selama dua tahun.",
        "Sumber air di desa itu kering.",
        "Penulis: ia ingat masa kecilnya.",
        "Musik: Ia Tidak Suka?",
        "Laporan itu ada di https://www.kompas.com/global/read/2023/09/16/170000170/x",
        "Semua sepakat (Rusia/Ukraina).",
    ],
)
def test_a_last_sentence_stays(text: str) -> None:
    """A sentence that begins like a credit is text."""
    assert clean(article("Isi.", text)).text == f"Isi.\n\n{text}"


def test_an_agency_tag_is_cut_off_the_last_sentence() -> None:
    """The tag may be glued to the text."""
    cleaned = clean(article("Isi (AFP/AP) awal.", "Isi terakhir.(REUTERS/AFP/AP/CAL)"))
    assert cleaned.text == "Isi (AFP/AP) awal.\n\nIsi terakhir."
    assert cleaned.removed == {"agency_tag": 1}


def test_lines_are_in_the_form_they_are_looked_up_in() -> None:
    """Every whole line stands in the table in lower case, without blanks around it."""
    assert all(line == line.lower().strip() for line in [*LINES, *LAST_LINES])
