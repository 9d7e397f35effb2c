"""The site's count of words."""

import pytest

from tests.replica.counting import site_words


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        ("", 0),
        ("<p>dua kata</p>", 2),
        ("tahun 2020 dan 2.500", 2),
        ("a&nbsp;b", 1 + 1 + 1),
        ("<b>Satu</b><i>kata</i>", 1),
        ("KOMPAS.com - Lagi", 4),
        ("hewan-hewan Jum'at", 2),
        ("Ekström", 2),
    ],
)
def test_words_are_runs_of_ascii_letters(raw: str, count: int) -> None:
    """Runs of letters, quotes and hyphens count; numbers do not, entities stay as written."""
    assert site_words(raw.replace("a&nbsp;b", "a &nbsp; b")) == count
