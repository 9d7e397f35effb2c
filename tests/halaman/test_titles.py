"""Suffixes of titles on pages of a divided article."""

import pytest

from kompascrawler.halaman import without_suffix


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
