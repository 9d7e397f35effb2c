"""Figures of quality over the cases that have a gold."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

Gold = dict[str, Any]
Record = dict[str, Any]

FIELDS: Final = (
    *("title", "published_at", "updated_at", "authors", "editors", "sources", "tags", "section"),
    *("dateline", "pages", "related", "caption", "credit"),
)
_TOKEN = re.compile(r"\w+")
_GENERIC = re.compile(
    r"\bbaca\s+juga\s*:|grup telegram|gabung kompas\.com\+|kompascomupdate|jernihberkomentar"
    r"|halaman selanjutnya|\bshow all\b|terkini lainnya|lihat foto|googletag|function\s*\("
    r"|pic\.twitter\.com|widget\.kompas",
    re.IGNORECASE,
)
_SHORTEST: Final = 8
"""Letters and digits of the shortest junk that says something when it is found in a text."""


def figures(gold: Mapping[str, Gold], records: Mapping[str, Record]) -> dict[str, float]:
    """Return the figures, higher is better; a case whose record is missing counts as all wrong.

    Every figure is a share from 0 to 1; losses and leaks are given as shares without one.
    """
    found = {name: records.get(name) or _NOTHING for name in gold}
    paragraphs = [
        (text in _blocks(found[name], gold[name]))
        for name in gold
        for text in _paragraphs(gold[name])
    ]
    each = {field: [_agrees(field, gold[name], found[name]) for name in gold] for field in FIELDS}
    return {
        "text_f1": _mean([_f1(gold[name], found[name]) for name in gold]),
        "paragraphs_whole": _mean(paragraphs),
        "clean_texts": _mean([not leaks(gold[name], found[name]) for name in gold]),
        "nothing_added": _mean([not _added(gold[name], found[name]) for name in gold]),
        **{f"field_{field}": _mean(values) for field, values in each.items()},
    }


def leaks(gold: Gold, record: Record) -> list[str]:
    """Return the junk of the page (captions, credits, posts, links) that its text holds."""
    text, right = _key(record["text"]), _key("".join(gold["paragraphs"]))
    known = [
        junk for junk in gold["junk"] if len(key := _key(junk)) >= _SHORTEST and key not in right
    ]
    return [junk for junk in known if _key(junk) in text] + _GENERIC.findall(record["text"])


def lost(gold: Gold, record: Record) -> list[str]:
    """Return the paragraphs of the gold that the record does not hold as they are."""
    blocks = _blocks(record, gold)
    return [text for text in _paragraphs(gold) if text not in blocks]


def wrong_fields(gold: Gold, record: Record) -> list[str]:
    """Return the names of the fields that differ from the gold."""
    return [field for field in FIELDS if not _agrees(field, gold, record)]


_NOTHING: Final[Record] = {
    **dict.fromkeys(("title", "published_at", "section", "text"), ""),
    **dict.fromkeys(("authors", "editors", "sources", "tags", "related", "blocks", "images"), ()),
    "updated_at": "",
    "dateline": "",
    "halaman": {"pages_expected": 0},
}


def _agrees(field: str, gold: Gold, record: Record) -> bool:
    if field == "dateline":
        return bool(record["dateline"] == gold["dateline_place"])
    if field == "pages":
        return bool(record["halaman"]["pages_expected"] == gold["page_count"])
    if field == "related":
        optional = gold["related_optional"]
        links = [(link["url"], link["title"]) for link in record["related"]]
        given = dict.fromkeys(link for link in links if link[0] not in optional)
        right = dict.fromkeys((link["url"], link["title"]) for link in gold["related"])
        return list(given) == list(right)
    if field in ("caption", "credit"):
        return _image(record, field) == ((gold["lead_image"] or {}).get(field) or None)
    return bool(
        record[field] == gold[field] or list(record[field] or ()) == list(gold[field] or ())
    )


def _image(record: Record, field: str) -> str | None:
    """Return a line below the first photo; it may be a caption that the gold has none of."""
    return record["images"][0][field] if record["images"] else None


def _paragraphs(gold: Gold) -> list[str]:
    return [_plain(text) for text in gold["paragraphs"] if text not in gold["optional"]]


def _blocks(record: Record, gold: Gold) -> list[str]:
    """Return the record's paragraphs without what may stay or go."""
    texts = [block["text"] for block in record["blocks"]]
    for line in gold["optional"]:
        texts = [text.replace(line, "") for text in texts]
    return [plain for text in texts if (plain := _plain(text))]


def _added(gold: Gold, record: Record) -> list[str]:
    right = _key("".join(_paragraphs(gold)))
    return [text for text in _blocks(record, gold) if _key(text) not in right]


def _f1(gold: Gold, record: Record) -> float:
    """Return the harmonic mean of precision and recall over runs of four words."""
    right, given = _runs(_paragraphs(gold)), _runs(_blocks(record, gold))
    same = sum((right & given).values())
    return 2 * same / (sum(right.values()) + sum(given.values())) if same else 0.0


def _runs(texts: list[str]) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall("\n".join(texts))
    return Counter(zip(*(tokens[start:] for start in range(4)), strict=False))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _key(text: str) -> str:
    return "".join(_TOKEN.findall(text)).lower()


def _mean(values: list[bool] | list[float]) -> float:
    return round(sum(values) / len(values), 6) if values else 0.0
