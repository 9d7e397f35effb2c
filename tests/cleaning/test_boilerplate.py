"""What is no text of the article, and what looks like it."""

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.cleaning.boilerplate import LAST_LINES, LINES, PHRASES
from tests.cleaning.raw import article

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
MISSION = (
    "Dalam segala situasi, KOMPAS.com berkomitmen memberikan fakta jernih dari lapangan. Ikuti "
    "terus update topik ini dan notifikasi penting di Aplikasi KOMPAS.com. Download sekarang"
)
BOILERPLATE = [
    TELEGRAM,
    WHATSAPP,
    "Simak update berita di WhatsApp Channel www.whatsapp.com/channel/0029VaFPbed.",
    "Simak berita Kompas.com lewat https://www.whatsapp.com/channel/0029VaFPbed",
    "Baca berita tanpa iklan. Gabung Kompas.com+",
    "Gabung Kompas.com+",
    "Dapatkan informasi, inspirasi dan insight di email kamu. Daftarkan email",
    "Dapatkan informasi, inspirasi dan insight di email kamu.",
    "Tulis komentarmu dengan tagar #JernihBerkomentar dan menangkan e-voucher untuk 90 pemenang!",
    "Tulis komentarmu dengan tagar #JernihBerkomentar.",
    "Ada hadiah voucher grab senilai total Rp 6.000.000 dan 1 unit smartphone.",
    "Tulis komentar dengan menyertakan tagar #JernihBerkomentar dan #MelihatHarapan di kolom "
    "komentar artikel Kompas.com. Menangkan E-Voucher senilai Jutaan Rupiah dan 1 unit Smartphone.",
    "Dapatkan Smartphone dan Voucher Belanja dengan #JernihBerkomentar di artikel ini! *S&K "
    "berlaku",
    "Dapatkan Smartphone dan Voucher Belanja dengan #JernihBerkomentar dibawah ini! *S&K berlaku",
    "Segera lengkapi data dirimu untuk ikutan program #JernihBerkomentar.",
    "Periksa kembali dan lengkapi data dirimu.",
    "Data dirimu akan digunakan untuk verifikasi akun ketika kamu membutuhkan bantuan atau ketika "
    "ditemukan aktivitas tidak biasa pada akunmu.",
    "Berkomentarlah secara bijaksana dan bertanggung jawab. Komentar sepenuhnya menjadi tanggung "
    "jawab komentator seperti diatur dalam UU ITE",
    "Terima kasih. Kami sudah menerima laporan Anda. Kami akan menghapus komentar yang "
    "bertentangan dengan Panduan Komunitas dan UU ITE.",
    "Login untuk memaksimalkan pengalaman mengakses Kompas.com",
    "Anda bisa menjadi kolumnis !",
    "Kriteria (salah satu): akademisi, pekerja profesional. Cara daftar baca di sini",
    MISSION,
    "Dalam segala situasi, KOMPAS.com berkomitmen memberikan fakta jernih dari lapangan.",
    "KOMPAS.com berkomitmen memberikan fakta jernih, tepercaya, dan berimbang. Dukung "
    "keberlanjutan jurnalisme jernih dan nikmati kenyamanan baca tanpa iklan melalui Membership. "
    "Gabung KOMPAS.com Plus sekarang",
    "KOMPAS.com berkomitmen memberikan fakta jernih, tepercaya, dan berimbang. Dukung "
    "keberlanjutan jurnalisme jernih dan nikmati kenyamanan baca tanpa Gabung KOMPAS.com Plus "
    "sekarang",
    "Dukung keberlanjutan jurnalisme jernih dan nikmati kenyamanan baca tanpa iklan.",
    "Dalam segala situasi, KOMPAS.com berkomitmen memberikan fakta jernih dari lapangan. Kirimkan "
    "Apresiasi Spesial untuk mendukung Jurnalisme. Berikan apresiasi sekarang",
    "Kirimkan Apresiasi Spesial untuk mendukung Jurnalisme Jernih KOMPAS.com",
    "Ikut terangi negeri dengan literasi bersama Kompas.com.",
    "Terangi negeri dengan literasi, donasi buku. Lewat ekspedisi, Kompas.com ingin berbagi.",
    "Cek Berita dan Artikel yang lain di Google News",
    "Artikel ini telah tayang di Tribunjateng.com dengan judul: Judul",
    'Artikel ini sudah tayang di Kontan dengan judul "Judul. Yang Panjang". Klik untuk baca: '
    "https://www.kontan.co.id/x",
    "Artikel ini telah tayang sebelumnya di Tribunnews.com, Senin (1/1/2024).",
    "Artikel terkait: https://www.kompas.com/global/read/2023/06/29/164600170/x",
]
"""Every phrase of docs/site.md, sections 6 and 13."""


@pytest.mark.parametrize("text", BOILERPLATE)
def test_a_phrase_goes_whole(text: str) -> None:
    """Each known phrase is matched from end to end, also with its trigger."""
    assert cut(text).strip() == ""


def cut(line: str) -> str:
    """Return a line without phrases."""
    for rule in PHRASES:
        if rule.trigger in line.lower():
            line = rule.compiled.sub(" ", line)
    return line


UNENDING = ("dengan judul: Judul", "/x", "/0029VaFPbed")
"""How phrases end that nothing tells from what is glued to them: a headline, an address."""


@pytest.mark.parametrize("text", BOILERPLATE)
def test_a_phrase_goes_out_of_a_glued_line(text: str) -> None:
    """Text glued to a phrase stays, on both sides, and nothing of the phrase does."""
    assert cut(f"Isi sebelum.{text}").split() == ["Isi", "sebelum."]
    if not text.endswith(UNENDING):
        left = " ".join(cut(f"Isi sebelum.{text}Isi sesudah.").split())
        assert left == "Isi sebelum. Isi sesudah."


@pytest.mark.parametrize(
    "text",
    [
        "Artikel ini telah tayang di media massa Rusia, kata juru bicara. Ia lalu membantahnya.",
        "Artikel ini telah tayang di BBC.com, kata juru bicara. Ia lalu membantahnya.",
        "Film itu telah tayang di Netflix dengan judul lain.",
        "Pemerintah ingin terangi negeri dengan literasi kata Menteri.",
        "Pemerintah ingin terangi negeri dengan literasi, kata Menteri kepada Kompas.com.",
        "Kampanye #JernihBerkomentar dimulai.",
        "Warga diminta cek berita dan artikel sebelum membagikannya.",
        "Anda bisa menjadi kolumnis setelah menulis dua buku.",
        "Simak pidatonya. Ia lalu membuka kanal di whatsapp.com/channel/abc.",
        "Dalam segala situasi, pemerintah berkomitmen menjaga perdamaian.",
        "Menurut dia, KOMPAS.com berkomitmen memberikan fakta jernih kepada pembaca.",
        "Pembaca diminta dukung keberlanjutan jurnalisme jernih di dunia.",
        "Fakta jernih dibutuhkan. Dukung jurnalisme jernih, kata dia.",
        "Ia menulis: Gabung KOMPAS.com Plus sekarang.",
        "Kirimkan apresiasi kepada guru. Berikan apresiasi sekarang juga.",
        "Ada hadiah voucher bagi pemenang.",
        '"Terima kasih. Kami sudah menerima laporan Anda," kata polisi.',
        "Komentar itu diatur dalam UU ITE.",
        "Warga bergabung di grup Telegram untuk berbagi kabar.",
    ],
)
def test_real_sentences_that_look_alike_stay(text: str) -> None:
    """A sentence that only shares words with a phrase is text."""
    assert cut(text) == text


BELOW = [
    *("Sumber", "Sumber:", "Halaman", "Komentar", "Oke", "Lengkapi Profil", "Syarat & Ketentuan"),
    *("Sumber Reuters", "Sumber Al Arabiya", "Sumber: BBC, theguardian.com", "Download sekarang"),
    "(REUTERS/AFP/AP/CAL)",
    "(AP/AFP/Reuters/OKI)",
    "https://www.kompas.com/global/read/2023/09/16/170000170/x",
    "Penulis : Rani Contoh | Editor : Bimo Contoh",
    "(Kontributor Penulis: Rani D. Contoh)",
    "Penulis Naskah: Rani",
    "Video Editor: Bimo, Rani dan Sari",
    "Musik: Lagu - Tim Contoh",
]
"""What the site shows below a text and an article could hold elsewhere."""


@pytest.mark.parametrize("line", [*LINES, "Terkini Lainnya", "26th", "Close Ads X", "|"])
def test_a_line_of_a_box_goes_anywhere(line: str) -> None:
    """A paragraph that only a box of the site holds goes, and text behind it stays."""
    assert clean(article("Isi.", line)).text == "Isi."
    if line.lower() != "terkini lainnya":
        assert clean(article("Isi.", line, "Lagi.")).text == "Isi.\n\nLagi."


@pytest.mark.parametrize("line", BELOW)
def test_a_line_below_the_text_goes(line: str) -> None:
    """Last paragraphs go, also before other boilerplate and after a line feed."""
    assert clean(article("Isi.", line)).text == "Isi."
    assert clean(article("Isi.", line, "Close Ads", "Gabung Kompas.com+")).text == "Isi."
    assert clean(article(f"Isi.\n{line}")).text == "Isi."


@pytest.mark.parametrize("line", BELOW)
def test_such_a_line_stays_inside_a_text(line: str) -> None:
    """The same line above text, as a heading or in a list is the article's own."""
    assert clean(article(line, "Isi.")).text == f"{line}\n\nIsi."
    assert clean(article("Isi", line, kind="list_item")).text == f"Isi\n\n{line}"
    assert clean(article("Isi", line, kind="heading")).text == f"Isi\n\n{line}"


@pytest.mark.parametrize(
    "text",
    [
        "Editor: apakah anda setuju? Ia menjawab tidak.",
        "Editor: Bimo menjawab tidak.",
        "Sumber: laporan itu disusun selama dua tahun.",
        "Sumber air di desa itu kering.",
        "Penulis: ia ingat masa kecilnya.",
        "Musik: Ia Tidak Suka?",
        "Laporan itu ada di https://www.kompas.com/global/read/2023/09/16/170000170/x",
        "Semua sepakat (Rusia/Ukraina).",
    ],
)
def test_a_last_sentence_stays(text: str) -> None:
    """A sentence that begins like a credit is text."""
    assert clean(article("Isi.", text)).text == f"Isi.\n\n{text}"


def test_an_agency_tag_is_cut_off_the_last_sentence() -> None:
    """The tag may be glued to the text."""
    cleaned = clean(article("Isi (AFP/AP) awal.", "Isi terakhir.(REUTERS/AFP/AP/CAL)"))
    assert cleaned.text == "Isi (AFP/AP) awal.\n\nIsi terakhir."
    assert cleaned.removed == {"agency_tag": 1}


def test_lines_are_in_the_form_they_are_looked_up_in() -> None:
    """Every whole line stands in the table in lower case, without blanks around it."""
    assert all(line == line.lower().strip() for line in [*LINES, *LAST_LINES])
