"""The JSON Schema of a published line, generated from the record's own dataclasses.

``make schema`` rewrites it.
"""

import json
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from kompascrawler.items import SCHEMA_VERSION, Article
from tests.crawls import ROOT

SCHEMA_FILE = ROOT / "kompascrawler" / "schema" / f"article-{SCHEMA_VERSION}.schema.json"
"""The committed schema."""

_ID = {"pattern": r"^\d{4}-\d{2}-\d{2}-\d{7,12}$"}
_WIB = {"format": "date-time", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+07:00$"}
_UTC = {
    "format": "date-time",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|\+00:00)$",
}
_SOME = {"minLength": 1}
_COUNT = {"minimum": 0}
_FROM_ONE = {"minimum": 1}

CONSTRAINTS: dict[str, dict[str, dict[str, Any]]] = {
    "Article": {
        "schema_version": {"pattern": r"^1\.\d+$"},
        "id": _ID,
        "url": {"format": "uri", "pattern": r"^https://[^?#]+$"},
        "title": _SOME,
        "published_at": _WIB,
        "updated_at": _WIB,
        "language": {"pattern": "^[a-z]{2}$"},
        "word_count": _COUNT,
        "content_hash": {"pattern": "^[0-9a-f]{64}$"},
        "duplicate_of": _ID,
        "similarity": {"minimum": 0, "maximum": 1},
        "revision": _FROM_ONE,
        "deleted_at": _UTC,
        "first_seen_at": _UTC,
        "crawled_at": _UTC,
        "run_id": _SOME,
    },
    "Block": {"page": _FROM_ONE, "text": _SOME},
    "Related": {"id": _ID},
    "Capture": {"file": _SOME, "offset": _COUNT},
    "Halaman": {
        "pages_expected": _FROM_ONE,
        "pages_fetched": _FROM_ONE,
        "words_declared": _COUNT,
        "words_counted": _COUNT,
    },
}
"""What types cannot say, by class and field. A null where the type allows it stays allowed."""


def article_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of one line: every key required, later ones allowed.

    Only an article that the site has deleted may have an empty text.
    """
    config = ConfigDict(
        use_attribute_docstrings=True,
        extra="allow",
        json_schema_serialization_defaults_required=True,
    )
    # A configuration reaches the dataclass only through a type around it.
    adapter = TypeAdapter(list[Article], config=config)
    parts = adapter.json_schema(mode="serialization")["$defs"]
    for name, part in parts.items():
        for field, described in part["properties"].items():
            _refine(described, CONSTRAINTS.get(name, {}).get(field, {}))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:kompascrawler:article:{SCHEMA_VERSION}",
        **parts.pop("Article"),
        "if": {"properties": {"deleted_at": {"type": "null"}}},
        "then": {"properties": {"text": _SOME}},
        "$defs": parts,
    }


def schema_text() -> str:
    """Return the schema as it stands in ``SCHEMA_FILE``."""
    return json.dumps(article_schema(), ensure_ascii=False, indent=2).replace("``", "`") + "\n"


def _refine(described: dict[str, Any], constraints: dict[str, Any]) -> None:
    """Add constraints to a field, and leave out what pydantic makes up or repeats."""
    described.pop("title", None)  # the key in capitals
    described.pop("default", None)  # every key is present: there is nothing to fall back on
    _open(described)
    variants = described.get("anyOf", [described])
    for variant in variants:
        if variant.get("type") != "null":
            variant.update(constraints)


def _open(described: dict[str, Any]) -> None:
    """Make examples of the values that a field has so far: later versions may add some."""
    for variant in described.get("anyOf", [described]):
        if values := variant.pop("enum", None):
            variant["examples"] = values
            described["description"] += f" Later versions may have more than: {', '.join(values)}."
