"""Sentences that send the reader elsewhere: "Baca selengkapnya di sini." (TEXT.md section 2)."""

import itertools
import re
from typing import Final

TRIGGERS: Final = ("di sini", "disini", "tautan", "link ini", "ngkapnya")
_SENTENCES = re.compile(r"(?<=[.!?…])[\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9])")
_LONGEST: Final = 18
_HERE = re.compile(
    r"(?:\[?di ?sini\]?|(?:di |melalui |lewat |pada )?(?:tautan|link) (?:ini|berikut(?: ini)?)"
    r"|(?:tautan|link) di ?sini)\s*[.!:]?$",
    re.IGNORECASE,
)
_READING = re.compile(
    r"^\W*(?:baca|simak|klik|silakan|silahkan|temukan|selengkapnya|berita selengkapnya)\b"
    r"|\b(?:se|sela)ngkapnya\b|\bselengkapnya\b|\blengkapnya\b|\bsecara lengkap\b"
    r"|\b(?:Anda|kamu|pembaca) (?:bisa|dapat) (?:mem|di)?baca"
    r"|\b(?:di|mem)?baca(?:nya)? (?:di|melalui|lewat|pada) (?:tautan|link)"
    r"|\b(?:berita|artikel|kisah|ulasan)\w*\b.*\b(?:di|mem)?baca\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:baca|simak)(?: (?:berita|kisah|artikel))? sel[ae]ngkapnya(?: dalam video berikut)?[.:]?",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"selengkapnya\W*\?$", re.IGNORECASE)


def is_read_more(sentence: str) -> bool:
    """Tell whether a sentence only sends the reader to another page.

    >>> is_read_more("Baca selengkapnya di sini."), is_read_more("Ia tinggal di sini.")
    (True, False)
    """
    if _BARE.fullmatch(sentence):
        return True
    if '"' in sentence or "“" in sentence or len(sentence.split()) > _LONGEST:
        return False
    return bool(_HERE.search(sentence) and _READING.search(sentence))


def cut_read_more(line: str) -> tuple[str, int]:
    """Cut the sentences that send the reader elsewhere; return what is left and their number.

    A question right before one goes with it when it asks for more of the same ("Bagaimana
    kisah selengkapnya? Baca di sini.").
    """
    starts = [0, *(found.end() for found in _SENTENCES.finditer(line)), len(line)]
    sentences = [line[start:end] for start, end in itertools.pairwise(starts)]
    kept: list[str] = []
    for sentence in sentences:
        if not is_read_more(sentence.strip()):
            kept.append(sentence)
        elif kept and _QUESTION.search(kept[-1].strip()):
            kept.pop()
    return "".join(kept).strip(), len(sentences) - len(kept)
