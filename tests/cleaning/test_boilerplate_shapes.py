"""What is no text of an article by its shape, and what only looks like it."""

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.cleaning.boilerplate import cut_promo
from tests.cleaning.raw import article

JOIN = "Mari bergabung di Kanal WhatsApp Kompas{}. Caranya klik link {}."
INSTALL = "Anda harus install aplikasi WhatsApp terlebih dulu di ponsel."
LINK = "https://whatsapp.com/channel/0abc"
UPDATE = "Dapatkan update berita {} setiap hari. "
PROMOS = [
    UPDATE.format("pilihan") + JOIN.format("", LINK) + f" {INSTALL}",
    UPDATE.format("teknologi dan gadget pilihan") + JOIN.format("Tekno", LINK) + f" {INSTALL}",
    "Ikuti berita Kompas di https://t.me/kompas_olahraga.",
    "Unduh aplikasi Kompas.com di https://play.google.com/store/apps/details?id=x sekarang!",
    "Yuk gabung Channel WhatsApp KOMPAS.com.",
    "Jangan lupa ikuti kami! Simak berita terkini di Google News: https://news.google.com/x.",
]


@pytest.mark.parametrize("promo", PROMOS)
def test_calls_to_join_a_channel_go(promo: str) -> None:
    """Alone and glued to text, whatever the channel is called."""
    assert clean(article("Isi pertama.", promo, "Isi kedua.")).text == "Isi pertama.\n\nIsi kedua."
    assert cut_promo(f"Kata dia. {promo} Ia pulang.") == ("Kata dia. Ia pulang.", 1)


@pytest.mark.parametrize(
    "text",
    [
        "Ia mengumumkannya lewat Kanal WhatsApp Kompas.",
        "Klik menu Setelan. Pilih akun WhatsApp. Simpan.",
        "Pelaku mengirim tautan https://t.me/penipu kepada korban.",
        "Mari bergabung di grup WhatsApp warga, ajaknya.",
        "Caranya klik link https://t.me/layanan_warga, lalu isi data.",
        "Simak kisahnya. Pengguna Telegram bertambah, tulis Kompas.",
    ],
)
def test_news_of_channels_is_text(text: str) -> None:
    """Sentences that tell of a channel, and calls that are not the paper's."""
    assert cut_promo(text) == (text, 0)


@pytest.mark.parametrize(
    "credit",
    [
        "(Reporter: Rani Pratama | Editor: Bimo Saputra)",
        "(Penulis Rani Pratama | Editor Bimo Saputra)",
        "(Penulis: Rani Pratama | Ayu Lestari)",
        "(Sumber: Kompas.com/A Bima, C Dewi, E Fajar | Editor: G Hadi, I Joko)",
        "Sumber: Kompas.com (Penulis: Rani Pratama; Ayu Lestari; Bimo Saputra | Editor Citra Dewi)",
        "Sumber:https://budaya.example.go.id  https://museum-kota.example.id",
        "Penulis: " + ", ".join(f"Nama{n} Keluarga{n}" for n in range(30)),
    ],
)
def test_typed_credits_go_whatever_their_length(credit: str) -> None:
    """As the last paragraph; in brackets also behind the last sentence."""
    cleaned = clean(article("Isi.", credit))
    assert (cleaned.text, cleaned.removed) == ("Isi.", {"typed_credit": 1})
    if credit.startswith("("):
        assert clean(article(f"Isi. {credit}")).text == "Isi."


@pytest.mark.parametrize(
    "text",
    [
        "Editor itu bertanya kepada Rani | Bimo diam saja.",
        "Sumber Daya Air sedang dikelola warga kota.",
        "Penulis Rani Pratama hadir dalam acara itu.",
        "Isi (Editor: ia yang menulis semuanya).",
    ],
)
def test_sentences_are_no_credits(text: str) -> None:
    """A sentence that begins with a role is text."""
    assert clean(article("Isi.", text)).text == f"Isi.\n\n{text}"


def test_the_printed_edition_is_not_told_of() -> None:
    """Where a text was printed is no part of it."""
    line = "Versi cetak artikel ini terbit di harian Kompas edisi 16 September 2023."
    cleaned = clean(article("Isi.", line))
    assert (cleaned.text, cleaned.removed) == ("Isi.", {"syndication": 1})
