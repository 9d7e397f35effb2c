"""Labels "Baca juga" without a link: nothing says where the headline after them ends."""

import re
from typing import Final

TRIGGER: Final = "baca juga"
_LABEL = re.compile(r"\(?\bbaca juga\s*:\s*", re.IGNORECASE)
_SMALL: Final = frozenset(
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
    label = _LABEL.search(line)
    if label is None:
        return line, 0
    if not line[: label.start()].strip():
        return "", 1
    rest = line[label.end() :]
    words = rest.split(" ")
    end = 0
    for number, word in enumerate(words):
        bare = word.strip("\"'“”‘’(),.:;!?")
        if bare.lower() in _SMALL:
            if bare[0].isupper() and number:
                break
        elif bare and not (bare[0].isupper() or bare[0].isdigit()):
            break
        end = number + 1
        if word.endswith((".", "!", "?")):
            break
    left, labels = cut_unlinked(" ".join(words[end:]))
    return f"{line[: label.start()].rstrip()} {left}".strip(), labels + 1
