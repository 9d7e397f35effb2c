"""Characters that readers do not see, and white space."""

import re
import unicodedata

_UNSEEN = re.compile("[\u00ad\u200b\u200c\u2060\ufeff]")
"""Soft hyphen, zero-width blank and its kin; a zero-width joiner holds emoji together."""


def tidy(text: str) -> str:
    r"""Return text in NFC, without unseen characters, with single blanks; line feeds stay.

    No-break blanks (``&nbsp;``, TEXT.md section 8) are blanks. Quotes, dashes, spelling and the
    paper's own spacing are left as they are.

    >>> tidy("Kuala\xa0Lumpur  \n\u200b hari ini ")
    'Kuala Lumpur\nhari ini'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    if "\n" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
