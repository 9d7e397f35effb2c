"""Labels without a link."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompascrawler.cleaning.unlinked import cut_unlinked


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Baca juga: Judul Lain yang panjang", ""),
        ("Isi. Baca juga: Kota Kecil di Bukit Ramai Dalam sepekan, warga datang.",
         "Isi. Dalam sepekan, warga datang."),
        ("Isi. Baca juga: Kota Ramai. Warga datang.", "Isi. Warga datang."),
        ("Isi. Baca juga: Kota Ramai", "Isi."),
        ("Isi. Baca juga: Kota Baca juga: Desa Ramai. Lagi.", "Isi. Lagi."),
        ("Isi. (Baca juga: Kota Ramai.) Lagi.", "Isi. Lagi."),
        ("Baca juga buku itu.", "Baca juga buku itu."),
    ],
)  # fmt: skip
def test_the_headline_goes(line: str, left: str) -> None:
    """The label and the words in headline capitals go, the sentence after them stays."""
    assert cut_unlinked(line)[0] == left


def test_labels_without_end_are_cut_to_the_end() -> None:
    """Thousands of labels in a line are no trouble."""
    assert cut_unlinked("Isi. " + "Baca juga: Judul. " * 5000 + "Lagi.") == ("Isi. Lagi.", 5000)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["Baca juga: ", "(baca juga :", "Kota ", "di ", "Di ", "ia. "])))
def test_no_label_is_left(pieces: list[str]) -> None:
    """Whatever stands between labels, all of them are cut."""
    assert "baca juga" not in cut_unlinked("".join(pieces))[0].lower()
