"""What no editor wrote for the reader, told by its shape: calls to join, credits, last lines."""

import itertools
import re
from typing import Final

from kompascrawler.cleaning.boilerplate import LAST_LINES
from kompascrawler.cleaning.text import sentences_in
from kompascrawler.items import Block

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
    """Return what is left of the last paragraph without its last line, and the rule.

    None when the last block is a heading, an item or a quote, or its last line is text.
    """
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
"""A channel or an app."""
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
