"""Lines and phrases that are no text of the article, as data: one name a rule.

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


PHRASES: Final = (
    Rule(
        "telegram",
        "grup telegram",
        r"Dapatkan update berita pilihan dan breaking news setiap hari dari Kompas\.com\."
        r".{0,80}Grup Telegram.{0,120}?kemudian join\.?"
        r"(?: Anda harus install aplikasi Telegram[^.]{0,40}\.?)?",
    ),
    Rule(
        "whatsapp",
        "whatsapp channel",
        r"Simak breaking news dan berita pilihan.{0,120}?WhatsApp Channel(?:\s*:\s*\S+)?"
        r"(?: Pastikan[^.]{0,40}install aplikasi WhatsApp ya\.?)?",
    ),
    Rule(
        "whatsapp",
        "whatsapp.com/channel/",
        r"Simak [^.!?]{0,120}whatsapp\.com/channel/\S*(?: Pastikan .{0,60}WhatsApp ya\.?)?",
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
        r"(?:Ada hadiah voucher[^.]{0,40}(?:\.\d{3})*[^.]{0,40}\.\s*)?"
        r"(?:(?:Tulis komentar|Segera lengkapi data|Dapatkan Smartphone)[^#]{0,90})?"
        r"#JernihBerkomentar(?: dan menangkan[^!]{0,60}!?| dan #MelihatHarapan[^.]{0,60}\."
        r"(?: Menangkan[^.]{0,60}\.)?| di artikel ini!| dibawah ini!)?(?:\s*\*S&K berlaku)?\.?",
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
    Rule(
        "profile",
        "lengkapi data dirimu",
        r"Periksa kembali dan lengkapi data dirimu\.?"
        r"(?:\s*Data dirimu akan digunakan.{0,150}?pada akunmu\.?)?",
    ),
    Rule(
        "login", "login untuk memaksimalkan", r"Login untuk memaksimalkan pengalaman.{0,40}?\.com"
    ),
    Rule("columnist", "anda bisa menjadi kolumnis", r"Anda bisa menjadi kolumnis ?!?"),
    Rule("columnist", "cara daftar baca di sini", r"Kriteria \(salah satu\):.{0,200}?di sini\.?"),
    Rule(
        "mission",
        "kompas.com berkomitmen",
        r"Dalam segala situasi, KOMPAS\.com berkomitmen.{0,200}?(?:\.(?!com)|$)",
    ),
    Rule("donation", "dengan literasi", r"[^.]{0,80}terangi negeri dengan literasi[^.]{0,120}\.?"),
    Rule("google_news", "cek berita dan artikel", r"Cek Berita dan Artikel.{0,90}?(?:\.(?!com)|$)"),
    Rule(
        "syndication",
        "tayang di",
        r"Artikel ini (?:sudah|telah|pernah) (?:di)?tayang(?:kan)? (?:sebelumnya )?di .{0,260}$",
    ),
)
"""Phrases to cut out of a line."""

LINES: Final = {
    line: name
    for name, lines in {
        "latest_box": ["terkini lainnya"],
        "video_box": ["video rekomendasi", "video lainnya", "video pilihan"],
        "recommendation_box": ["rekomendasi untuk anda", "mungkin anda melewatkan ini"],
        "pager": ["halaman:", "halaman", "halaman berikutnya", "halaman selanjutnya", "show all"],
        "comment_box": [
            "syarat & ketentuan",
            "laporkan komentar",
            "komentar di artikel lainnya",
            "komentar",
            "lengkapi profil",
        ],
        "advertisement": ["close ads", "close ads x", "advertisement", "download sekarang"],
        "share_box": ["bagikan artikel ini melalui", "salin artikel", "lihat foto"],
        "newsletter": ["daftarkan email"],
        "topic_box": ["baca tentang", "tag:", "sumber", "sumber:", "artikel terkait:"],
        "campaign": ["#jernihkanharapan", "#jernihberkomentar", "#melihatharapan"],
    }.items()
    for line in lines
}
"""Whole lines, in lower case → name of the rule."""

LONGEST_LINE: Final = max(map(len, LINES))
"""Characters of the longest of them."""

TAIL: Final = re.compile(
    r"\(?(?:Sumber\s*:\s*[^.]{1,60}(?:\.com)?[^.]{0,60}"
    r"|(?:Kontributor |Tim )?Penulis(?: Naskah)?\s*:.*"
    r"|Editor\s*:.*|(?:Narator|Video Editor|Produser|Musik|Music)\s*:.*)\)?",
    re.IGNORECASE,
)
"""Credits typed below a text by hand ("Penulis : … | Editor : …"); only as last lines."""

LATEST: Final = "latest_box"
"""Rule after whose line nothing belongs to the article: other stories follow (TEXT.md 2)."""
