"""Paragraphs that many articles of a run share are named."""

import gzip
import json
from pathlib import Path
from random import Random

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.cleaning.text import sentences_in
from kompascrawler.drift.rates import RepeatedLines
from tests.cleaning.raw import article

PROMO = "Temukan cerita pilihan kami di mana saja dan kapan saja, gratis!"


def lines_of(*articles: list[str]) -> list[str]:
    """Return what is found in a run with these articles."""
    lines = RepeatedLines()
    for texts in articles:
        lines.add(texts)
    return lines.found()


@pytest.mark.parametrize(("sharing", "of", "named"), [(3, 3, 1), (2, 3, 0), (3, 30, 1), (3, 40, 0)])
def test_what_many_share_is_named(sharing: int, of: int, named: int) -> None:
    """By three articles at least, and by a tenth of them."""
    articles = [
        [f"Paragraf nomor {number} dari artikel ini.", *([PROMO] if number < sharing else [])]
        for number in range(of)
    ]
    found = lines_of(*articles)
    assert len(found) == named
    assert all(line == f"in {sharing} of {of} articles: {PROMO}" for line in found)


def test_an_article_counts_once_and_short_lines_not_at_all() -> None:
    """A refrain is the writer's; "Sumber: AFP" stands below many articles."""
    assert lines_of(*[["Sumber: AFP", PROMO, PROMO]] * 2, ["Lain."]) == []


def test_long_paragraphs_are_shortened() -> None:
    """A line fits a card."""
    (line,) = lines_of(*[["kata " * 200]] * 3)
    assert line.endswith("…")
    assert len(line) < 200


def test_on_real_texts_a_planted_promo_is_named_and_little_else(real_pages: Path) -> None:
    """In runs of forty articles of 2023 to 2025 nothing is named; a promo in a third is."""
    path = real_pages / "texts" / "2023-2025.json.gz"
    texts = [row[3] for row in json.loads(gzip.decompress(path.read_bytes()))][::3]
    Random(1).shuffle(texts)
    runs = [texts[start : start + 40] for start in range(0, 200, 40)]
    for run in runs:
        articles = [sentences_in(clean(article(text)).text) for text in run]
        assert lines_of(*articles) == []
        planted = [[*one, PROMO] if number % 3 == 0 else one for number, one in enumerate(articles)]
        assert [line.partition(": ")[2] for line in lines_of(*planted)] == [PROMO]
