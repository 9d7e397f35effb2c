"""Sentences that only send the reader on."""

import pytest

from kompascrawler.cleaning.readmore import LINKED, cut_read_more


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
        "Baca berita selengkapnya di sini",
        "Selengkapnya klik di sini.",
        f"Silakan lihat daftar lengkapnya di sini{LINKED}.",
        f"Temukan tips perjalanannya di sini.{LINKED}",
        f"Kronologi selengkapnya dapat dibaca pada tautan berikut ini {LINKED}.",
    ],
)
def test_the_known_wordings_go(sentence: str) -> None:
    """Every wording of TEXT.md section 2 goes, alone and after real text."""
    assert cut_read_more(sentence) == ("", 1)
    assert cut_read_more(f"Ia pergi ke Kompas.com. {sentence}") == ("Ia pergi ke Kompas.com.", 1)


def test_a_sentence_after_a_link_stays() -> None:
    """The mark of a link behind a full stop does not glue two sentences."""
    line = f"Isi. Simak kisah lengkapnya di sini.{LINKED} Lanjut."
    assert cut_read_more(line) == ("Isi. Lanjut.", 1)


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
        "Silakan menginap di sini.",
        "Temukan kedamaian di sini.",
        "Kisah lengkapnya bermula di sini.",
        "Secara lengkap, rumah itu dibangun di sini.",
        f"Ia lahir dan tinggal di sini{LINKED}.",
        f"Baca buku di taman{LINKED} yang ada di sini.",
    ],
)
def test_ordinary_sentences_stay(text: str) -> None:
    """A sentence that says something of its own is text."""
    assert cut_read_more(text) == (text, 0)
