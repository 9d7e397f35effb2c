"""Phrases that are no text of the article, as data: one name a rule.

Source: TEXT.md section 2 (strings seen on 123 pages) and SITE.md section 6. Boilerplate dates
from the crawl, not from the article: a text of 2012 may carry a call to action of 2024.
"""

import re
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """A phrase to cut wherever it stands, also glued to other text."""

    name: str
    """What it counts as in ``removed``."""
    trigger: str
    """What every text holds, in lower case, that the rule can match."""
    pattern: str
    """Regular expression of the phrase, case ignored."""
    compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", re.compile(self.pattern, re.IGNORECASE))


# Up to the end of a sentence; the dot of the paper's own address ends none.
_REST = r"(?:[^.!?]|\.com\b)"
_INSTALL = r"(?:\s*Pastikan[^.]{0,40}install aplikasi WhatsApp ya\.?)?"
_HOST = r"(?:\w[\w-]*\.)+(?:com|id|tv|net|org)\b"
# Where a sentence begins: what is quoted, or goes on within one, is text.
_BEGINS = r"(?:^|(?<=[.!?\"”]))\s*"
_JOIN = r"Gabung KOMPAS\.com Plus sekarang\.?"
_DAY = r"(?:,?(?: pada)? \w+,? \([\d/]+\))?"
_TITLE = (
    r",? dengan judul:?\s*(?:[\"“'‘][^\"“”]{1,200}[\"”'’][.,]?|[^\"“'‘].{0,200}?(?=Artikel ini|$))"
)

PHRASES: Final = (
    Rule(
        "telegram",
        "grup telegram",
        r"Dapatkan update berita pilihan dan breaking news setiap hari dari Kompas\.com\."
        r".{0,80}Grup Telegram.{0,120}?kemudian join\.?"
        r"(?:\s*Anda harus install aplikasi Telegram[^.]{0,40}\.?)?",
    ),
    Rule(
        "whatsapp",
        "whatsapp channel",
        r"Simak breaking news dan berita pilihan.{0,120}?WhatsApp Channel"
        rf"(?:\s*:\s*https?://[\w./-]*/channel/\w+\.?)?{_INSTALL}",
    ),
    Rule(
        "whatsapp",
        "whatsapp.com/channel/",
        rf"Simak (?:[^.!?]|\.(?=\w)){{0,160}}whatsapp\.com/channel/\w*\.?{_INSTALL}",
    ),
    Rule("plus", "gabung kompas.com+", r"(?:Baca berita tanpa iklan\.\s*)?Gabung Kompas\.com\+"),
    Rule(
        "newsletter",
        "di email kamu",
        r"Dapatkan informasi, inspirasi dan insight di email kamu\.?(?:\s*Daftarkan email)?",
    ),
    Rule(
        "comment_contest",
        "#jernihberkomentar",
        r"Tulis komentar(?:mu)? dengan (?:menyertakan )?tagar #JernihBerkomentar"
        r"(?: dan #MelihatHarapan(?: di kolom komentar artikel Kompas\.com)?)?"
        r"(?: dan menangkan[^.!]{0,60}[.!]?|\.)?(?:\s*Menangkan E-Voucher[^.]{0,60}\.?)?"
        r"|Segera lengkapi data dirimu untuk ikutan program #JernihBerkomentar\.?"
        r"|Dapatkan Smartphone dan Voucher Belanja dengan #JernihBerkomentar"
        r"(?: di ?(?:artikel|bawah) ini!?)?(?:\s*\*S&K berlaku\.?)?",
    ),
    Rule(
        "comment_contest",
        "ada hadiah voucher grab senilai",
        r"Ada hadiah voucher grab senilai (?:[^.]|\.(?=\d)){0,60}\.?",
    ),
    Rule(
        "comment_law",
        "dalam uu ite",
        r"Berkomentarlah secara bijaksana.{0,120}?dalam UU ITE\.?",
    ),
    Rule(
        "comment_report",
        "kami sudah menerima laporan anda",
        r"Terima kasih\. Kami sudah menerima laporan Anda\.(?:.{0,90}?dan UU ITE\.?)?",
    ),
    Rule("profile", "lengkapi data dirimu", r"Periksa kembali dan lengkapi data dirimu\.?"),
    Rule(
        "profile",
        "data dirimu akan digunakan",
        r"Data dirimu akan digunakan untuk verifikasi akun.{0,120}?pada akunmu\.?",
    ),
    Rule(
        "login",
        "login untuk memaksimalkan",
        r"Login untuk memaksimalkan pengalaman mengakses Kompas\.com\.?",
    ),
    Rule("columnist", "anda bisa menjadi kolumnis", r"Anda bisa menjadi kolumnis ?!"),
    Rule(
        "columnist",
        "cara daftar baca di sini",
        r"Kriteria \(salah satu\):.{0,200}?Cara daftar baca di sini\.?",
    ),
    Rule(
        "mission",
        "kompas.com berkomitmen",
        rf"Dalam segala situasi, KOMPAS\.com berkomitmen{_REST}{{0,200}}\.?",
    ),
    Rule(
        "mission",
        "update topik ini",
        rf"Ikuti (?:terus )?update topik ini{_REST}{{0,100}}\.?(?:\s*Download sekarang\.?)?",
    ),
    # From texts of December 2025 to August 2026 that others have stored; not seen on a page.
    Rule(
        "mission",
        "fakta jernih",
        rf"{_BEGINS}KOMPAS\.com berkomitmen memberikan fakta jernih{_REST}{{0,100}}\.",
    ),
    Rule(
        "membership",
        "jurnalisme jernih",
        rf"{_BEGINS}Dukung keberlanjutan jurnalisme jernih{_REST}{{0,120}}?"
        rf"(?:\.(?!com)|(?={_JOIN})|$)(?:\s*{_JOIN})?",
    ),
    Rule("membership", "kompas.com plus", rf"{_BEGINS}{_JOIN}"),
    Rule(
        "membership",
        "apresiasi spesial",
        rf"{_BEGINS}Kirimkan Apresiasi Spesial untuk mendukung Jurnalisme(?: Jernih)?"
        r"(?: KOMPAS\.com)?\.?(?:\s*Berikan apresiasi sekarang\.?)?",
    ),
    Rule(
        "donation",
        "dengan literasi",
        r"(?:^|(?<=[.!?])|(?<=[.!?] ))(?:(?:Mari|Ayo|Ikut|Bersama),? )?"
        r"terangi negeri dengan literasi"
        r"[^\"“”]{0,160}?Kompas\.com(?: (?-i:[a-z])(?:[^.!?]|\.com\b){0,120})?[.!]?",
    ),
    Rule(
        "google_news",
        "cek berita dan artikel",
        r"(?-i:Cek Berita dan Artikel)(?:[^.]{0,60}?Google News|(?:[^.!?]|\.com\b){0,90})\.?",
    ),
    Rule(
        "syndication",
        "tayang",
        r"Artikel ini (?:sudah|telah|pernah) (?:di)?tayang(?:kan)? (?:sebelumnya )?di "
        rf"(?:[^.]{{0,30}}?{_HOST}(?:{_TITLE}|{_DAY}(?:\.|$))|(?-i:[A-Z])[^.]{{0,30}}?{_TITLE})"
        r"(?:\s*Klik untuk baca:?\s*\S+)?",
    ),
    Rule(
        "topic_box",
        "artikel terkait:",
        r"Artikel terkait:\s*https?://\S+",
    ),
)
"""Phrases to cut out of a line."""
