"""The whole cleaning."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompascrawler.cleaning import clean
from kompascrawler.items import Block, BlockType, PointingBlock
from tests.cleaning.raw import article
from tests.cleaning.test_boilerplate import BOILERPLATE


@pytest.mark.parametrize("phrase", BOILERPLATE)
def test_boilerplate_is_cut_and_counted(phrase: str) -> None:
    """A call to action goes as a paragraph, and its rule is counted."""
    cleaned = clean(article("Isi pertama.", phrase, "Isi kedua."))
    assert cleaned.text == "Isi pertama.\n\nIsi kedua."
    assert sum(cleaned.removed.values()) >= 1


def test_the_dateline_may_stand_below_the_author_of_a_column() -> None:
    """The dateline goes in the second paragraph too."""
    cleaned = clean(article("Oleh: Tamu", "SEOUL, KOMPAS.com - Isi."))
    assert (cleaned.text, cleaned.dateline) == ("Oleh: Tamu\n\nIsi.", "SEOUL")
    assert cleaned.removed == {"dateline": 1}


def test_datelines_without_end_are_cut_to_the_end() -> None:
    """A thousand datelines in a row are no trouble."""
    assert clean(article("KOMPAS.com - " * 1000 + "Isi.")).text == "Isi."


def test_nothing_after_the_list_of_other_stories_belongs_to_the_article() -> None:
    """What follows Terkini Lainnya is other stories."""
    assert clean(article("Isi.", "Terkini Lainnya", "Cerita lain.")).text == "Isi."


def test_typed_credits_go_only_at_the_end() -> None:
    """Credits typed below the text go; a line that begins alike in its middle stays."""
    cleaned = clean(article("Penulis: ia ingat.", "Isi.", "Sumber: Contoh.com", "Editor: B"))
    assert cleaned.text == "Penulis: ia ingat.\n\nIsi."
    assert cleaned.removed == {"typed_credit": 2}


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("\u2022 Satu", "Satu"),
        ("\u2022 - Satu", "Satu"),
        ("-5 derajat", "-5 derajat"),
        ("\u2022 -5 derajat", "-5 derajat"),
        ("- \u20135 derajat", "\u20135 derajat"),
    ],
)
def test_list_items_carry_no_bullet(item: str, text: str) -> None:
    """Marks with a blank behind them go, one that is part of the text stays."""
    assert clean(article(item, kind="list_item")).text == text


def test_lines_of_a_paragraph_stay_lines() -> None:
    """A line feed inside a block stays, a boilerplate line between two goes."""
    assert clean(article("Satu\nLihat foto\nDua")).text == "Satu\nDua"


def test_what_links_say_does_not_reach_the_record() -> None:
    """Where a link points, its sentence is cut or stays; the record holds plain blocks."""
    raw = article()
    text, links = "Ia tinggal di sini. Simak fotonya di sini.", ("Ia tinggal di sini", "di sini")
    raw.blocks = [PointingBlock(type="paragraph", text=text, page=1, pointers=links)]
    cleaned = clean(raw)
    assert cleaned.blocks == [Block(type="paragraph", text="Ia tinggal di sini.", page=1)]
    assert cleaned.removed == {"read_more": 1}


def test_the_input_is_left_alone() -> None:
    """Cleaning is pure."""
    raw = article("SEOUL, KOMPAS.com - Isi\u00a0satu.")
    before = replace(raw, blocks=[replace(block) for block in raw.blocks])
    clean(raw)
    assert raw == before


PIECES = st.sampled_from(
    [*BOILERPLATE, "KOMPAS.com - ", "SEOUL, KOMPAS.com Isi", "Baca juga: Judul", "Terkini Lainnya",
     "Baca selengkapnya di sini.", "\u2022 ", "Isi biasa. ", "***", "Sumber: X", "\n", "\u200b",
     "- ", "\u2022 -5 derajat", "\u2022 \u2022 Satu", "\u2013"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=12), max_size=5).map("".join)


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=5), st.sampled_from(["paragraph", "heading", "list_item", "quote"]))
def test_cleaning_twice_changes_nothing(texts: list[str], kind: BlockType) -> None:
    """A clean article stays as it is, its counts too."""
    once = clean(article(*texts, kind=kind))
    assert clean(once) == once
    assert all("" != block.text == block.text.strip() for block in once.blocks)
