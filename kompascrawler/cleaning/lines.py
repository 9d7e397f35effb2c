"""Whole lines that are no text of the article, and what stands below a text, as data.

Source: TEXT.md section 2. Text of an article may consist of a line like these: a list item
"Halaman", a heading "Sumber". So lines go only where the site puts them.
"""

import re
from typing import Final

from kompascrawler.items import Block

LATEST: Final = "latest_box"
"""Rule after whose line nothing belongs to the article: other stories follow (TEXT.md 2)."""


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
_NAME: Final = (
    r"(?:[A-Z0-9(&\"'@|/:;-][\w.'’()&/|,:;\"-]*|dan|and|of|bin|binti|de|van|von|\w+\.\w[\w.]*)"
)
_CREDIT = re.compile(
    rf"\(?(?:(?i:(?:Kontributor |Tim )?Penulis(?: Naskah)?|Editor|Sumber|Narator|Video Editor"
    rf"|Produser|Musik|Music)\s*:|Sumber(?= \S+(?: \S+){{0,2}}$))\s*{_NAME}(?: {_NAME}){{0,13}}\)?"
)
"""Credits typed by hand ("Penulis : … | Editor : …"): names only, no sentence."""
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
    if _CREDIT.fullmatch(line):
        return "typed_credit"
    return "own_address" if _ADDRESS.fullmatch(line) else None


def cut_last_lines(blocks: list[Block]) -> tuple[str, str] | None:
    """Return what is left of the last paragraph without its last line, and the rule.

    None when the last block is a heading, an item or a quote, or its last line is text.
    """
    if not blocks or blocks[-1].type != "paragraph":
        return None
    text, _, line = blocks[-1].text.rpartition("\n")
    if rule := last_line_rule(line):
        return text, rule
    left = _AGENCIES.sub("", blocks[-1].text)
    return (left, "agency_tag") if left != blocks[-1].text else None
