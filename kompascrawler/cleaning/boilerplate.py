"""What no editor wrote for the reader, as data: phrases, whole lines, last lines.

Source: docs/site.md, sections 6 and 13 (strings seen on 123 pages). Boilerplate dates from the
crawl, not from the article: a text of 2012 may carry a call to action of 2024. A text may have
a line like these, too (a list item "Halaman", a heading "Sumber"): whole lines go only where the
site puts them.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kompascrawler.cleaning.text import sentences_in
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
LAST_LINES: Final = _by_line(
    {
        "pager": ["halaman"],
        "comment_box": ["komentar", "syarat & ketentuan", "lengkapi profil", "oke"],
        "advertisement": ["advertisement", "download sekarang"],
        "topic_box": ["sumber", "sumber:", "tag:"],
    }
)
"""Lines that an article may have too: they go only as last paragraphs, in lower case."""


_NAME: Final = (
    r"(?:https?://\S+|[\w-]+\.\w[\w./-]*[,;]?|[A-Z0-9(&\"'@|/:;-][\w.'’()&/|,:;\"-]*"
    r"|dan|and|of|bin|binti|de|van|von)"
)
_ROLE: Final = (
    r"(?i:(?:Kontributor |Tim )?Penulis(?: Naskah)?|Reporter|Editor|Sumber|Narator|Video Editor"
    r"|Produser|Musik|Music)"
)
_FIRST_ROLE: Final = (
    # A role needs a colon, but where a bar parts it from another, or a source stands alone.
    rf"{_ROLE}(?:\s*:\s*|\s+(?=[^|]+\|\s*{_ROLE}\b)|(?<=Sumber)\s+(?=\S+(?: \S+){{0,2}}$))"
)
_CREDIT = re.compile(rf"\(?{_FIRST_ROLE}")
"""Credits typed by hand ("Penulis : … | Editor : …"): names only, no sentence."""
_CREDIT_IN_BRACKETS = re.compile(rf"\s*\({_FIRST_ROLE}")
"""The same, glued to the last sentence."""
_A_NAME = re.compile(_NAME)
_REACH: Final = 2_000
"""Characters at the end of a text that may be credits."""
_ADDRESS = re.compile(r"https?://(?:[\w-]+\.)?kompas\.com/(?:\w+/)?(?:read|copy)/\S+")
"""The article's own address, last in a copy view."""
_AGENCIES = re.compile(
    r"\s*\((?=[^()]{0,60}\b(?:Reuters|AFP|AP|UPI|Xinhua|Antara)\b)[A-Z]{2,10}(?:/[A-Z]{2,10})+\)$",
    re.IGNORECASE,
)
"""Newspaper agencies' tag that ends a text: "(AP/AFP/Reuters/OKI)"."""


def last_line_rule(line: str) -> str | None:
    """Return the rule by which a line goes as the last one of a text, or None.

    >>> last_line_rule("Penulis : Rani | Editor : Bimo"), last_line_rule("Editor: ia bertanya.")
    ('typed_credit', None)
    """
    if rule := LAST_LINES.get(line.lower()):
        return rule
    if len(line) > _REACH:
        return None
    if (role := _CREDIT.match(line)) and _are_names(line[role.end() :]):
        return "typed_credit"
    return "own_address" if _ADDRESS.fullmatch(line) else None


def cut_last_lines(blocks: list[Block]) -> tuple[str, str] | None:
    """Return what is left of the last paragraph without its last line, and the rule, if any."""
    if not blocks or blocks[-1].type != "paragraph":
        return None
    text, _, line = blocks[-1].text.rpartition("\n")
    if rule := last_line_rule(line):
        return text, rule
    return _cut_brackets(blocks[-1].text)


def _cut_brackets(text: str) -> tuple[str, str] | None:
    """Return what is left of a text without the tag or the credits that end it, and the rule."""
    end = text[-_REACH:]
    if not end.endswith(")"):
        return None
    start = len(text) - len(end)
    if tag := _AGENCIES.search(end):
        return text[: start + tag.start()], "agency_tag"
    for role in _CREDIT_IN_BRACKETS.finditer(end):
        if _are_names(end[role.end() : -1]):
            return text[: start + role.start()], "typed_credit"
    return None


def _are_names(text: str) -> bool:
    """Tell whether a text is names only, which a bracket may end.

    Word by word: one pattern for all of them would try each way to read each of them.
    """
    return any(
        all(map(_A_NAME.fullmatch, one.split(" "))) for one in (text, text.removesuffix(")"))
    )


PROMO_TRIGGERS: Final = (
    *("whatsapp", "telegram", "t.me/", "play.google.com", "apps.apple.com", "news.google.com"),
    "aplikasi kompas",
)
"""What every text holds, in lower case, in which ``cut_promo`` can find something."""
_CALL = re.compile(
    r"\W*(?:Dapatkan|Simak|Ikuti|Mari|Yuk|Ayo|Gabung|Bergabung(?:lah)?|Klik|Caranya|Cara|Unduh"
    r"|Download|Install|Pastikan|Pilih saluran|Follow|Kunjungi|Jangan lupa|Baca berita"
    r"|Anda (?:harus|perlu) (?:meng)?install)\b"
)
"""How a sentence begins that calls on the reader to do something."""
_CHANNEL = re.compile(
    r"whatsapp\.com/channel/|\bt\.me/|play\.google\.com/|apps\.apple\.com/|news\.google\.com/"
    r"|\b(?:Kanal|Channel|Saluran|Grup) (?:WhatsApp|Telegram)|\bWhatsApp Channel"
    r"|\baplikasi Kompas",
    re.IGNORECASE,
)
_OF_THE_PAPER = re.compile(r"kompas|\bberita (?:pilihan|terkini|terbaru)", re.IGNORECASE)


def cut_promo(line: str) -> tuple[str, int]:
    """Cut sentences that call on the reader to join a channel of the paper or to get its app.

    Told by their shape, whatever they say: sentences in a row that all begin with a call, one of
    them with a channel or an app. Returns what is left and the number of such rows.
    """
    kept: list[str] = []
    cuts = 0
    for is_call, group in itertools.groupby(sentences_in(line), lambda one: bool(_CALL.match(one))):
        row = list(group)
        text = "".join(row)
        if is_call and _CHANNEL.search(text) and _OF_THE_PAPER.search(text):
            cuts += 1
        else:
            kept += row
    return "".join(kept).strip() if cuts else line, cuts
