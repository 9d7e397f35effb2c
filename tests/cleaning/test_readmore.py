"""Sentences that only send the reader on."""

import pytest

from kompascrawler.cleaning.readmore import cut_read_more


@pytest.mark.parametrize(
    "sentence",
    [
        "Baca selengkapnya di sini.",
        "Baca selengkapnya di sini",
        "Baca selangkapnya di sini",
        "Berita selengkapnya klik tautan di sini.",
        "Artikel selengkapnya bisa dibaca di sini.",
        "Anda bisa membaca selengkapnya di sini.",
        "Simak secara lengkap di sini.",
        "Silakan baca beritanya di sini.",
        "Baca kisah selengkapnya di sini",
        "Baca selengkapnya",
        "Temukan jawabannya di sini",
        "Anda bisa membacanya di tautan ini.",
        "Simak beritanya [di sini].",
        "Simak artikel lengkapnya melalui tautan ini.",
    ],
)
def test_the_known_wordings_go(sentence: str) -> None:
    """Every wording of TEXT.md section 2 goes, alone and after real text."""
    assert cut_read_more(sentence) == ("", 1)
    assert cut_read_more(f"Ia pergi ke Kompas.com. {sentence}") == ("Ia pergi ke Kompas.com.", 1)


def test_a_question_for_more_goes_too() -> None:
    """A question that only leads to the link goes with it."""
    assert cut_read_more("Isi. Bagaimana cerita selengkapnya? Baca di sini.") == ("Isi.", 2)


@pytest.mark.parametrize(
    "text",
    [
        "Wisatawan bisa melihat matahari terbit di sini.",
        "Ia lahir dan tinggal di sini.",
        '"Silakan baca buku di sini," katanya.',
        "Laman tersebut bisa dikunjungi lewat tautan berikut ini. Logonya masih ada.",
        "Simak selengkapnya di bawah ini:",
        "Dikutip dari Reuters, ia membaca surat itu.",
    ],
)
def test_ordinary_sentences_stay(text: str) -> None:
    """A sentence that says something of its own is text."""
    assert cut_read_more(text) == (text, 0)
