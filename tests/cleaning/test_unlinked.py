"""Labels without a link."""

import pytest

from kompascrawler.cleaning.unlinked import cut_unlinked


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Baca juga: Judul Lain yang panjang", ""),
        ("Isi. Baca juga: Kota Kecil di Bukit Ramai Dalam sepekan, warga datang.",
         "Isi. Dalam sepekan, warga datang."),
        ("Isi. Baca juga: Kota Ramai. Warga datang.", "Isi. Warga datang."),
        ("Isi. Baca juga: Kota Ramai", "Isi."),
        ("Baca juga buku itu.", "Baca juga buku itu."),
    ],
)  # fmt: skip
def test_the_headline_goes(line: str, left: str) -> None:
    """The label and the words in headline capitals go, the sentence after them stays."""
    assert cut_unlinked(line)[0] == left
