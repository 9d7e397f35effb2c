"""Sentences and labels that only send the reader on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompascrawler.cleaning.pointers import Pointers, cut_unlinked


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
    ],
)
def test_the_known_wordings_go(sentence: str) -> None:
    """Every wording of docs/site.md, section 13 goes, alone and after real text."""
    assert Pointers().cut_read_more(sentence) == ("", 1)
    assert Pointers().cut_read_more(f"Ia pergi ke Kompas.com. {sentence}") == (
        "Ia pergi ke Kompas.com.",
        1,
    )


@pytest.mark.parametrize(
    ("sentence", "link"),
    [
        ("Silakan lihat daftar lengkapnya di sini.", "Silakan lihat daftar lengkapnya di sini"),
        ("Temukan tips perjalanannya di sini.", "Isi. Temukan tips perjalanannya di sini."),
        (
            "Kronologi selengkapnya dapat dibaca pada tautan berikut ini .",
            "pada tautan berikut ini",
        ),
        ("Simak kisah lengkapnya (di sini).", "lengkapnya (di sini"),
    ],
)
def test_a_link_makes_a_sentence_one_that_points(sentence: str, link: str) -> None:
    """Other wordings go only where a link points; what follows it stays."""
    assert Pointers([link]).cut_read_more(f"Isi. {sentence} Lanjut.") == ("Isi. Lanjut.", 1)
    assert Pointers().cut_read_more(f"Isi. {sentence} Lanjut.") == (f"Isi. {sentence} Lanjut.", 0)


def test_a_question_for_more_goes_too() -> None:
    """A question that only leads to the link goes with it."""
    assert Pointers().cut_read_more("Isi. Bagaimana cerita selengkapnya? Baca di sini.") == (
        "Isi.",
        2,
    )


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
    ],
)
def test_ordinary_sentences_stay(text: str) -> None:
    """A sentence that says something of its own is text."""
    assert Pointers().cut_read_more(text) == (text, 0)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Ia lahir dan tinggal di sini.", "lahir dan tinggal di sini"),
        ("Baca buku di taman yang ada di sini.", "Baca buku di taman"),
    ],
)
def test_a_link_alone_makes_no_sentence_point(text: str, link: str) -> None:
    """It must stand at the end of a sentence that asks to read on."""
    assert Pointers([link]).cut_read_more(text) == (text, 0)


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
