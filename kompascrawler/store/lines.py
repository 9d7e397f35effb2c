"""A record as a line of the published files. Pure."""

import json
from dataclasses import fields
from operator import attrgetter
from typing import Any

from kompascrawler.items import Article, Block, Embed, Halaman, Image, Related


def to_line(article: Article) -> bytes:
    """Return the record as one line of JSON, line feed included.

    UTF-8 as it is (``ensure_ascii`` off), keys in the order of the record's fields. Raises
    ValueError for what JSON or UTF-8 cannot hold (NaN, half a surrogate pair) and TypeError for
    a value that is no part of a record.
    """
    return f"{_ENCODER.encode(article)}\n".encode()


_NAMES = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (Article, Block, Image, Embed, Related, Halaman)
}
_VALUES = {kind: attrgetter(*names) for kind, names in _NAMES.items()}


def _as_dict(part: object) -> dict[str, Any]:
    """Return a part of a record as a dict, the parts inside it left as they are.

    The encoder comes back for those. ``dataclasses.asdict`` would copy everything first.
    """
    kind = type(part)
    if kind not in _NAMES:
        raise TypeError(f"{kind.__name__} is no part of a record")
    return dict(zip(_NAMES[kind], _VALUES[kind](part), strict=True))


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_as_dict
)
