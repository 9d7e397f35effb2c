"""The committed pages: real markup, prose of our own, and the record each must give."""

import json
from pathlib import Path
from typing import Any, NamedTuple

CASES = Path(__file__).resolve().parents[1] / "cases"


class Case(NamedTuple):
    """A saved page and what is expected of it."""

    name: str
    asked: str
    body: bytes
    missing: list[str]
    article: dict[str, Any]


def load(name: str) -> Case:
    """Return the case of a name."""
    expected = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    body = (CASES / f"{name}.html").read_bytes()
    return Case(name, expected["asked"], body, expected["missing"], expected["article"])


NAMES = sorted(path.stem for path in CASES.glob("*.html"))
