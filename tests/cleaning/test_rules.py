"""Boilerplate as data."""

import pytest

from kompascrawler.cleaning.rules import LINES, PHRASES

TELEGRAM = (
    "Dapatkan update berita pilihan dan breaking news setiap hari dari Kompas.com. Mari bergabung "
    'di Grup Telegram "Kompas.com News Update", caranya klik link https://t.me/kompascomupdate, '
    "kemudian join. Anda harus install aplikasi Telegram terlebih dulu di ponsel."
)
WHATSAPP = (
    "Simak breaking news dan berita pilihan kami langsung di ponselmu. Pilih saluran andalanmu "
    "akses berita Kompas.com WhatsApp Channel : https://www.whatsapp.com/channel/0029VaFPbedBPzj. "
    "Pastikan kamu sudah install aplikasi WhatsApp ya."
)
BOILERPLATE = [
    TELEGRAM,
    WHATSAPP,
    "Baca berita tanpa iklan. Gabung Kompas.com+",
    "Dapatkan informasi, inspirasi dan insight di email kamu. Daftarkan email",
    "Tulis komentarmu dengan tagar #JernihBerkomentar dan menangkan e-voucher untuk 90 pemenang!",
    "Tulis komentarmu dengan tagar #JernihBerkomentar.",
    "Segera lengkapi data dirimu untuk ikutan program #JernihBerkomentar.",
    "Berkomentarlah secara bijaksana dan bertanggung jawab. Komentar sepenuhnya menjadi tanggung "
    "jawab komentator seperti diatur dalam UU ITE",
    "Terima kasih. Kami sudah menerima laporan Anda. Kami akan menghapus komentar yang "
    "bertentangan dengan Panduan Komunitas dan UU ITE.",
    "Login untuk memaksimalkan pengalaman mengakses Kompas.com",
    "Anda bisa menjadi kolumnis !",
    "Artikel ini telah tayang di Tribunjateng.com dengan judul: Judul",
]


@pytest.mark.parametrize("text", BOILERPLATE)
def test_a_phrase_goes_whole(text: str) -> None:
    """Each known phrase is matched from end to end by one rule, also with its trigger."""
    assert any(
        rule.trigger in text.lower() and rule.compiled.fullmatch(text.strip()) for rule in PHRASES
    )


@pytest.mark.parametrize("text", [TELEGRAM, WHATSAPP])
def test_a_phrase_goes_out_of_a_glued_line(text: str) -> None:
    """Text glued to a phrase stays, on both sides."""
    line = f"Isi sebelum.{text}Isi sesudah."
    for rule in PHRASES:
        if rule.trigger in line.lower():
            line = rule.compiled.sub(" ", line)
    assert line == "Isi sebelum. Isi sesudah."


def test_lines_are_in_the_form_they_are_looked_up_in() -> None:
    """Every whole line stands in the table in lower case, without blanks around it."""
    assert all(line == line.lower().strip() for line in LINES)
