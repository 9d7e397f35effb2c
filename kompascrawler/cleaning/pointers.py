"""Sentences and labels that send the reader elsewhere, as "Baca selengkapnya di sini".

docs/site.md, section 13 has their wordings.
"""

import re
from collections.abc import Iterable
from typing import Final

from kompascrawler.cleaning.text import sentences_in

TRIGGERS: Final = ("di sini", "disini", "tautan", "link ini", "ngkapnya")
_POINTER: Final = (
    r"(?:\[?di ?sini\]?|(?:di |melalui |lewat |pada )?(?:tautan|link) (?:ini|berikut(?: ini)?)"
    r"|(?:tautan|link) di ?sini)"
)
_POINTING = re.compile(rf"(?:\bsini|{_POINTER})[\s.!:\]]*$", re.IGNORECASE)
_ENDS: Final = ("ini", "berikut")
_BEHIND: Final = " \t\r\n\f\v\u00a0\u200b.!:])"
"""What may stand between such a link and the end of its sentence."""
_LONGEST: Final = 18
_LONGEST_SENTENCE: Final = 400
"""Characters of the longest sentence that only points elsewhere."""
_NEAR: Final = 200
"""Characters before a place that are looked at."""
_HERE = re.compile(rf"{_POINTER}[\s.!:\])]*$", re.IGNORECASE)
_READING = re.compile(
    r"^\W*(?:baca|simak|klik|silakan|silahkan|temukan|selengkapnya|berita selengkapnya)\b"
    r"|\b(?:se|sela)ngkapnya\b|\bselengkapnya\b|\blengkapnya\b|\bsecara lengkap\b"
    r"|\b(?:Anda|kamu|pembaca) (?:bisa|dapat) (?:mem|di)?baca"
    r"|\b(?:di|mem)?baca(?:nya)? (?:di|melalui|lewat|pada) (?:tautan|link)"
    r"|\b(?:berita|artikel|kisah|ulasan)\w*\b.*\b(?:di|mem)?baca\b",
    re.IGNORECASE,
)
_STORY: Final = r"(?:berita|artikel|kisah|cerita|ulasan)(?:nya)?"
_WHOLE: Final = r"(?:sel[ae]ngkapnya|lengkapnya|secara lengkap)"
_FIXED = re.compile(
    rf"\W*(?:(?:(?:silakan|silahkan|bisa) )?(?:baca|simak|klik)(?: {_STORY})?(?: {_WHOLE})?"
    rf"|(?:{_STORY} )?{_WHOLE}(?: (?:klik|(?:bisa|dapat) di(?:baca|simak)))?"
    rf"|Anda (?:bisa|dapat) (?:membaca|menyimak)(?:nya)?(?: {_STORY})?(?: {_WHOLE})?"
    rf"|Temukan jawabannya) {_POINTER}\W*",
    re.IGNORECASE,
)
"""What such sentences say where no link is seen: the wordings of the site and their compounds."""
_BARE = re.compile(
    r"(?:baca|simak)(?: (?:berita|kisah|artikel))? sel[ae]ngkapnya(?: dalam video berikut)?[.:]?",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"selengkapnya\W*\?$", re.IGNORECASE)


def is_pointer(link: str) -> bool:
    """Tell whether the text of a link ends in what points: "di sini", "tautan ini".

    >>> is_pointer("klik di sini"), is_pointer("Presiden Perancis")
    (True, False)
    """
    # Asked for every link of every page: most do not even end like one.
    ends = link[-60:].lower().rstrip(_BEHIND).endswith(_ENDS)
    return ends and _POINTING.search(link[-_NEAR:]) is not None


class Pointers:
    """The links of a text that point somewhere: the words of each and before it."""

    def __init__(self, links: Iterable[str] = ()) -> None:
        self._whole = {link.rstrip(_BEHIND) for link in links}
        words = [link.split(" ") for link in self._whole]
        self._ends = {" ".join(one[start:]) for one in words for start in range(len(one))}

    def cut_read_more(self, line: str) -> tuple[str, int]:
        """Cut the sentences that send the reader elsewhere; return what is left and their number.

        A question right before one goes with it when it asks for more of the same ("Bagaimana
        kisah selengkapnya? Baca di sini.").
        """
        sentences = sentences_in(line)
        kept: list[str] = []
        for sentence in sentences:
            if not self._is_read_more(sentence.strip()):
                kept.append(sentence)
            elif kept and _QUESTION.search(kept[-1][-_NEAR:].strip()):
                kept.pop()
        return "".join(kept).strip(), len(sentences) - len(kept)

    def _is_read_more(self, sentence: str) -> bool:
        """Tell whether a sentence only sends the reader to another page.

        Where it ends in no link only fixed wordings do; the place itself may be "di sini".
        """
        if len(sentence) > _LONGEST_SENTENCE:
            return False
        if _BARE.fullmatch(sentence) or _FIXED.fullmatch(sentence):
            return True
        if not _HERE.search(sentence) or not self._end(sentence.rstrip(_BEHIND)):
            return False
        if '"' in sentence or "“" in sentence or len(sentence.split()) > _LONGEST:
            return False
        return _READING.search(sentence) is not None

    def _end(self, sentence: str) -> bool:
        """Tell whether a sentence ends in one of them, or with what one of them ends in."""
        words = sentence.split(" ")
        whole = (" ".join(words[start:]) in self._whole for start in range(len(words)))
        return sentence in self._ends or any(whole)


LABEL: Final = "baca juga"
"""What every text holds, in lower case, that ``cut_unlinked`` can cut."""
_LABEL = re.compile(r"\(?\bbaca juga\s*:\s*", re.IGNORECASE)
_WORD = re.compile(r"[^ ]+")
_SENTENCE_ENDS: Final = tuple('.!?…"”')
_GLOSS = re.compile(r"\s*[(\[]\s*baca[^()\[\]]{1,120}[)\]],?\s*[a-z]")
"""A label in brackets with its words, and the sentence that goes on."""
SMALL: Final = frozenset(
    [
        *("di", "ke", "dari", "dalam", "pada", "untuk", "dengan", "yang", "dan", "atau", "oleh"),
        *("karena", "hingga", "sampai", "saat", "soal", "bagi", "seperti", "tak", "jadi", "agar"),
        *("usai", "akan", "dapat", "per", "vs", "itu", "ini"),
    ]
)
"""Words that Kompas writes small in headlines; with a capital one begins a sentence."""


def is_gloss(text: str, start: int) -> bool:
    """Tell whether a label explains a word in the middle of a sentence.

    >>> is_gloss("Washington (baca: Amerika Serikat) menolak.", 11)
    True
    >>> is_gloss("Washington menolak (baca juga: Judul Lain).", 19)
    False
    """
    before = text[max(start - _NEAR, 0) : start].rstrip()
    is_inside = bool(before) and not before.endswith(_SENTENCE_ENDS)
    return is_inside and _GLOSS.match(text, start) is not None


def cut_unlinked(line: str) -> tuple[str, int]:
    """Cut "Baca juga:" and the headline after it; return what is left and the number of labels.

    At the beginning of a line the line is the headline. Elsewhere the headline is the run of
    words in headline capitals, and ends before a small word written with a capital
    (money.kompas.com 2020-10-17: the headline runs into the next sentence of the paragraph).
    """
    found = [one for one in _LABEL.finditer(line) if not is_gloss(line, one.start())]
    if not found:
        return line, 0
    if not line[: found[0].start()].strip():
        return "", 1
    kept = []
    position = 0
    starts = [*(label.start() for label in found), len(line)]
    for label, until in zip(found, starts[1:], strict=True):
        kept.append(line[position : label.start()].strip())
        position = _end_of_headline(line, label.end(), until)
    kept.append(line[position:].strip())
    return " ".join(piece for piece in kept if piece), len(found)


def _end_of_headline(line: str, start: int, until: int) -> int:
    """Return where the headline that begins at ``start`` ends: before ``until``."""
    end = start
    for word in _WORD.finditer(line, start, until):
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
