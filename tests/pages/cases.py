"""Small pages written by hand: real markup, prose of our own, and the record each must give."""

import json
from pathlib import Path
from typing import Any, NamedTuple

PAGES = Path(__file__).with_name("by_hand")


class Case(NamedTuple):
    """A saved page and what is expected of it."""

    name: str
    asked: str
    body: bytes
    missing: list[str]
    article: dict[str, Any]


def load(name: str) -> Case:
    """Return the case of a name."""
    expected = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    body = (PAGES / f"{name}.html").read_bytes()
    return Case(name, expected["asked"], body, expected["missing"], expected["article"])


NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
