"""What other sites show inside a body: macros of ``templates/embeds.html.j2``. Pure."""

from tests.replica.pieces import Embedded
from tests.replica.templating import macro

CREDIT = "Litbang Kompas.com"
"""Credit of every infographic."""


def embed(piece: Embedded, *, video_in_div: bool) -> str:
    """Return an embed's markup; videos stand in a ``div`` (2023) or in a paragraph (2020)."""
    return str(macro("embeds.html.j2", piece.embed.type, piece, video_in_div))
