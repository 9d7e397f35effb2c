"""Datelines in all their forms."""

import pytest

from kompascrawler.cleaning.clean import split_dateline


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("KOMPAS.com - Isi", None),
        ("SEOUL, KOMPAS.com - Isi", "SEOUL"),
        ("WASHINGTON DC, KOMPAS.com \u2013 Isi", "WASHINGTON DC"),
        ("WASHINGTON, D.C., KOMPAS.com - Isi", "WASHINGTON, D.C."),
        ("SEOUL, KOMPAS.COM \u2014 Isi", "SEOUL"),
        ("KOMPAS.com \u2014Isi", None),
        ("KOMPAS.com-Isi", None),
        ("KOMPAS.com  -  Isi", None),
        ("WASHINGTON DC, KOMPAS.om - Isi", "WASHINGTON DC"),
        ("JAKARTA, KOMPAS \u2013 Isi", "JAKARTA"),
        ("KOMPAS.TV - Isi", None),
        ("KOMPASIANA---Isi", None),
        ("JAKARTA, KOMPAS.com Isi", "JAKARTA"),
        ("KOMPAS.com Isi", None),
        ("Kompas.com - Isi", None),
        ("PYOINGYANG, KOMPAS.com \u2013 Isi", "PYOINGYANG"),
        ("Kuala Lumpur, KOMPAS.com - Isi", "Kuala Lumpur"),
        ("Rio de Janeiro, KOMPAS.com - Isi", "Rio de Janeiro"),
        ("new delhi, KOMPAS.com - Isi", "new delhi"),
        ("SEOUL, Kompas.com - Isi", "SEOUL"),
        ("KOMPAS -Isi", None),
        ("JAKARTA, KOMPAS\u2014 Isi", "JAKARTA"),
        ("KAIRO, KOMPAS.com \u2212 Isi", "KAIRO"),
        ("KAIRO. KOMPAS.com \u2015 Isi", "KAIRO"),
    ],
)
def test_a_dateline_goes(text: str, place: str | None) -> None:
    """Whatever dash, blank or spelling, the dateline goes and its place is kept."""
    found = split_dateline(text)
    assert found is not None
    assert (found.place, found.text) == (place, "Isi")


@pytest.mark.parametrize(
    "text",
    [
        "Kompas.com melaporkan hal itu.",
        "Menurut Kompas.com, Senin (1/1/2020), hal itu benar - katanya.",
        "Kepada Kompas.com, ia bercerita.",
        "Isi biasa.",
        "Kompas-Gramedia membuka toko.",
        "KOMPAS-Gramedia membuka toko.",
        "Selain itu, Kompas-Gramedia juga membuka toko.",
        "Selain itu, KOMPAS.com - sebagai media - hadir.",
        "Dilansir dari Reuters, Kompas.com - kemarin.",
        "Demikian. KOMPAS.com adalah media.",
        "Selain itu. KOMPAS.com - sebagai media - hadir.",
        "Dilansir Reuters, Kompas.com - kemarin.",
        "Kompas - harian itu - terbit.",
        "",
    ],
)
def test_a_sentence_about_the_paper_stays(text: str) -> None:
    """The paper's name inside a sentence is no dateline."""
    assert split_dateline(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "KOMPAS.com, SEOUL - Isi.",
        "KOMPAS.com - JAKARTA - Isi.",
        "SEOUL, KOMPAS.com (AFP) - Isi.",
        "SEOUL, KOMPAS.com 16/9 - Isi.",
        "SEOUL, KOMPAS.com/AFP - Isi.",
        "SEOUL (KOMPAS.com) - Isi.",
    ],
)
def test_half_a_dateline_is_never_cut(text: str) -> None:
    """What is not understood stays whole."""
    assert split_dateline(text) is None


@pytest.mark.parametrize("text", ["PBB - Isi.", "AS, Rusia - dan Iran", "2 orang - Isi."])
def test_text_behind_a_whole_dateline_is_text(text: str) -> None:
    """Whatever it begins with: the place is known already."""
    assert split_dateline(f"SEOUL, KOMPAS.com - {text}") == ("SEOUL", text)
