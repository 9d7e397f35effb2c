"""A record as one row of plain values: for tables that a person opens."""

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

import msgspec

from kompascrawler.items import Article, Halaman

_HALAMAN: Final = tuple(field.name for field in fields(Halaman))
_OTHERS: Final = tuple(field.name for field in fields(Article) if field.name != "halaman")
COLUMNS: Final = ("published_date", *_OTHERS, *(f"halaman_{name}" for name in _HALAMAN))
"""The day of publication (WIB), the fields in their order, those of ``halaman``."""
READABLE: Final = tuple(name for name in COLUMNS if name not in ("blocks", "schema_version"))
"""The columns that a person wants: the blocks are the text once more."""


def flat(article: Article, join: Callable[[Any], str]) -> dict[str, Any]:
    """Return the columns of a record; ``join`` makes a text of lists and maps."""
    row = {"published_date": article.id[:10]}
    for name in _OTHERS:
        value = getattr(article, name)
        row[name] = join(value) if isinstance(value, list | dict) else value
    return row | {f"halaman_{name}": getattr(article.halaman, name) for name in _HALAMAN}


def joined(values: Any) -> str:
    """Return values with semicolons between; of pictures, embeds and links their addresses.

    >>> joined(["AFP", "Kyodo"]), joined({"dateline": 1, "telegram": 2})
    ('AFP; Kyodo', 'dateline 1; telegram 2')
    """
    if isinstance(values, dict):
        return "; ".join(f"{name} {count}" for name, count in values.items())
    return "; ".join(one if isinstance(one, str) else getattr(one, "url", "") for one in values)


def as_json(values: Any) -> str:
    """Return values as JSON."""
    return json.dumps(msgspec.to_builtins(values), ensure_ascii=False)
