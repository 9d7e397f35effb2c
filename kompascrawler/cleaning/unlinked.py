"""Labels "Baca juga" without a link: nothing says where the headline after them ends."""

import re
from typing import Final

TRIGGER: Final = "baca juga"
_LABEL = re.compile(r"\(?\bbaca juga\s*:\s*", re.IGNORECASE)
_WORD = re.compile(r"[^ ]+")
SMALL: Final = frozenset(
    [
        "di",
        "ke",
        "dari",
        "dalam",
        "pada",
        "untuk",
        "dengan",
        "yang",
        "dan",
        "atau",
        "oleh",
        "karena",
        "hingga",
        "sampai",
        "saat",
        "soal",
        "bagi",
        "seperti",
        "tak",
        "jadi",
        "agar",
        "usai",
        "akan",
        "dapat",
        "per",
        "vs",
        "itu",
        "ini",
    ]
)
"""Words that Kompas writes small in headlines; with a capital one begins a sentence."""


def cut_unlinked(line: str) -> tuple[str, int]:
    """Cut "Baca juga:" and the headline after it; return what is left and the number of labels.

    At the beginning of a line the line is the headline. Elsewhere the headline is the run of
    words in headline capitals, and ends before a small word written with a capital
    (money.kompas.com 2020-10-17: the headline runs into the next sentence of the paragraph).
    """
    first = _LABEL.search(line)
    if first is None:
        return line, 0
    if not line[: first.start()].strip():
        return "", 1
    kept = []
    labels = position = 0
    for label in _LABEL.finditer(line):
        labels += 1
        kept.append(line[position : label.start()].strip())
        position = _end_of_headline(line, label.end())
    kept.append(line[position:].strip())
    return " ".join(piece for piece in kept if piece), labels


def _end_of_headline(line: str, start: int) -> int:
    """Return where the headline that begins at ``start`` ends."""
    end = start
    for word in _WORD.finditer(line, start):
        bare = word[0].strip("\"'“”‘’(),.:;!?")
        if _LABEL.match(line, word.start()):
            break
        if bare.lower() in SMALL:
            if bare[0].isupper() and word.start() > start:
                break
        elif bare and not (bare[0].isupper() or bare[0].isdigit()):
            break
        end = word.end()
        if word[0].rstrip("\"'”’)").endswith((".", "!", "?")):
            break
    return end
