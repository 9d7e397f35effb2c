"""What no editor wrote for the reader, as data: phrases, whole lines, last lines.

Source: docs/site.md, sections 6 and 13 (strings seen on 123 pages). Boilerplate dates from the
crawl, not from the article: a text of 2012 may carry a call to action of 2024. A text may have
a line like these, too (a list item "Halaman", a heading "Sumber"): whole lines go only where the
site puts them.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kompascrawler.items import Block


class Cuts(Counter[str]):
    """Name of a rule → how often it cut; who wants to see what was cut overrides the methods."""

    def note(self, rule: str, block: Block, before: str, after: str, times: int = 1) -> None:  # noqa: ARG002 - for who looks closer
        """Count that a rule took something off a block, or off a line of it."""
        self[rule] += times

    def note_below(self, rule: str, blocks: Sequence[Block]) -> None:
        """Take note of blocks that go with what a rule has cut; they are not counted."""


@dataclass(frozen=True)
class Rule:
    """A phrase to cut wherever it stands, also glued to other text."""

    name: str
    """What it counts as in ``removed``."""
    trigger: str
    """What every text holds, in lower case, that the rule can match."""
    pattern: str
    """Regular expression of the phrase, case ignored."""

    def cut(self, line: str) -> tuple[str, int]:
        """Cut the phrase out of a line; return what is left and how often it was there."""
        return self.compiled.subn(" ", line)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The same, compiled when it is needed: a run without news needs none."""
        return re.compile(self.pattern, re.IGNORECASE)


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

# fmt: off
PHRASES: Final = (
    Rule("telegram", "grup telegram",
         r"Dapatkan update berita pilihan dan breaking news setiap hari dari Kompas\.com\."
         r".{0,80}Grup Telegram.{0,120}?kemudian join\.?"
         r"(?:\s*Anda harus install aplikasi Telegram[^.]{0,40}\.?)?"),
    Rule("whatsapp", "whatsapp channel",
         r"Simak breaking news dan berita pilihan.{0,120}?WhatsApp Channel"
         rf"(?:\s*:\s*https?://[\w./-]*/channel/\w+\.?)?{_INSTALL}"),
    Rule("whatsapp", "whatsapp.com/channel/",
         rf"Simak (?:[^.!?]|\.(?=\w)){{0,160}}whatsapp\.com/channel/\w*\.?{_INSTALL}"),
    Rule("plus", "gabung kompas.com+", r"(?:Baca berita tanpa iklan\.\s*)?Gabung Kompas\.com\+"),
    Rule("newsletter", "di email kamu",
         r"Dapatkan informasi, inspirasi dan insight di email kamu\.?(?:\s*Daftarkan email)?"),
    Rule("comment_contest", "#jernihberkomentar",
         r"Tulis komentar(?:mu)? dengan (?:menyertakan )?tagar #JernihBerkomentar"
         r"(?: dan #MelihatHarapan(?: di kolom komentar artikel Kompas\.com)?)?"
         r"(?: dan menangkan[^.!]{0,60}[.!]?|\.)?(?:\s*Menangkan E-Voucher[^.]{0,60}\.?)?"
         r"|Segera lengkapi data dirimu untuk ikutan program #JernihBerkomentar\.?"
         r"|Dapatkan Smartphone dan Voucher Belanja dengan #JernihBerkomentar"
         r"(?: di ?(?:artikel|bawah) ini!?)?(?:\s*\*S&K berlaku\.?)?"),
    Rule("comment_contest", "ada hadiah voucher grab senilai",
         r"Ada hadiah voucher grab senilai (?:[^.]|\.(?=\d)){0,60}\.?"),
    Rule("comment_law", "dalam uu ite",
         r"Berkomentarlah secara bijaksana.{0,120}?dalam UU ITE\.?"),
    Rule("comment_report", "kami sudah menerima laporan anda",
         r"Terima kasih\. Kami sudah menerima laporan Anda\.(?:.{0,90}?dan UU ITE\.?)?"),
    Rule("profile", "lengkapi data dirimu", r"Periksa kembali dan lengkapi data dirimu\.?"),
    Rule("profile", "data dirimu akan digunakan",
         r"Data dirimu akan digunakan untuk verifikasi akun.{0,120}?pada akunmu\.?"),
    Rule("login", "login untuk memaksimalkan",
         r"Login untuk memaksimalkan pengalaman mengakses Kompas\.com\.?"),
    Rule("columnist", "anda bisa menjadi kolumnis", r"Anda bisa menjadi kolumnis ?!"),
    Rule("columnist", "cara daftar baca di sini",
         r"Kriteria \(salah satu\):.{0,200}?Cara daftar baca di sini\.?"),
    Rule("mission", "kompas.com berkomitmen",
         rf"Dalam segala situasi, KOMPAS\.com berkomitmen{_REST}{{0,200}}\.?"),
    Rule("mission", "update topik ini",
         rf"Ikuti (?:terus )?update topik ini{_REST}{{0,100}}\.?(?:\s*Download sekarang\.?)?"),
    # From texts of December 2025 to August 2026 that others have stored; not seen on a page.
    Rule("mission", "fakta jernih",
         rf"{_BEGINS}KOMPAS\.com berkomitmen memberikan fakta jernih{_REST}{{0,100}}\."),
    Rule("membership", "jurnalisme jernih",
         rf"{_BEGINS}Dukung keberlanjutan jurnalisme jernih{_REST}{{0,120}}?"
         rf"(?:\.(?!com)|(?={_JOIN})|$)(?:\s*{_JOIN})?"),
    Rule("membership", "kompas.com plus", rf"{_BEGINS}{_JOIN}"),
    Rule("membership", "apresiasi spesial",
         rf"{_BEGINS}Kirimkan Apresiasi Spesial untuk mendukung Jurnalisme(?: Jernih)?"
         r"(?: KOMPAS\.com)?\.?(?:\s*Berikan apresiasi sekarang\.?)?"),
    Rule("donation", "dengan literasi",
         r"(?:^|(?<=[.!?])|(?<=[.!?] ))(?:(?:Mari|Ayo|Ikut|Bersama),? )?"
         r"terangi negeri dengan literasi"
         r"[^\"“”]{0,160}?Kompas\.com(?: (?-i:[a-z])(?:[^.!?]|\.com\b){0,120})?[.!]?"),
    Rule("google_news", "cek berita dan artikel",
         r"(?-i:Cek Berita dan Artikel)(?:[^.]{0,60}?Google News|(?:[^.!?]|\.com\b){0,90})\.?"),
    Rule("syndication", "tayang",
         r"Artikel ini (?:sudah|telah|pernah) (?:di)?tayang(?:kan)? (?:sebelumnya )?di "
         rf"(?:[^.]{{0,30}}?{_HOST}(?:{_TITLE}|{_DAY}(?:\.|$))|(?-i:[A-Z])[^.]{{0,30}}?{_TITLE})"
         r"(?:\s*Klik untuk baca:?\s*\S+)?"),
    Rule("syndication", "versi cetak artikel ini",
         r"Versi cetak artikel ini (?:sudah |telah )?(?:di)?terbit(?:kan)? di [Hh]arian Kompas"
         r"[^.]{0,80}\.?"),
    Rule("topic_box", "artikel terkait:",
         r"Artikel terkait:\s*https?://\S+"),
)
# fmt: on
"""Phrases to cut out of a line."""


LATEST: Final = "latest_box"
"""Rule after whose line nothing belongs to the article: other stories follow."""


def _by_line(rules: dict[str, list[str]]) -> dict[str, str]:
    return {line: name for name, lines in rules.items() for line in lines}


LINES: Final = _by_line(
    {
        LATEST: ["terkini lainnya"],
        "video_box": ["video rekomendasi", "video lainnya", "video pilihan"],
        "recommendation_box": [
            "rekomendasi untuk anda",
            "mungkin anda melewatkan ini",
            *(f"{days}th" for days in range(4, 100)),
        ],
        "pager": ["halaman:", "halaman berikutnya", "halaman selanjutnya", "show all"],
        "comment_box": ["laporkan komentar", "komentar di artikel lainnya"],
        "advertisement": ["close ads", "close ads x"],
        "share_box": ["bagikan artikel ini melalui", "salin artikel", "lihat foto"],
        "newsletter": ["daftarkan email"],
        "membership": ["berikan apresiasi sekarang"],
        "topic_box": ["baca tentang", "artikel terkait:"],
        "campaign": ["#jernihkanharapan", "#jernihberkomentar", "#melihatharapan"],
    }
)
"""Lines of boxes that stand anywhere, in lower case → name of the rule; never in a list."""
LONGEST_LINE: Final = max(map(len, LINES))
"""Characters of the longest of them."""
LAST_LINES: Final = _by_line(
    {
        "pager": ["halaman"],
        "comment_box": ["komentar", "syarat & ketentuan", "lengkapi profil", "oke"],
        "advertisement": ["advertisement", "download sekarang"],
        "topic_box": ["sumber", "sumber:", "tag:"],
    }
)
"""Lines that an article may have too: they go only as last paragraphs, in lower case."""
