"""The gate: figures of today against those that are pinned, over the corpus that is pinned."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from tests.cases.cases import FOLDER, names_of, read_case
from tests.quality.golden import GOLD, read_gold
from tests.quality.scoring import Record, figures

CASES: Final = FOLDER
PINNED: Final = Path(__file__).with_name("pinned.json")
REPIN: Final = "make quality ARGS=--pin"


class Lower(ValueError):  # noqa: N818 - what happened; the message says what to do
    """Pinning would lower a figure, and nobody has said why."""


def records(cases: Path = CASES) -> dict[str, Record]:
    """Return what the cases that have a gold give today."""
    today = {name: read_case(cases, name).today for name in read_gold(cases)}
    return {name: given["article"] for name, given in today.items() if "article" in given}


def measure(cases: Path = CASES) -> dict[str, float]:
    """Return the figures of today."""
    return figures(read_gold(cases), records(cases))


def digest(cases: Path = CASES) -> str:
    """Return the SHA-256 over the inputs of all cases and their gold, hex."""
    whole = hashlib.sha256()
    for name in names_of(cases):
        case = read_case(cases, name)
        gold = cases / name / GOLD
        whole.update(f"{name} {case.note['digest']} {case.note['address']}\n".encode())
        whole.update(hashlib.sha256(gold.read_bytes() if gold.exists() else b"").digest())
    return whole.hexdigest()


def complaints(today: dict[str, float], corpus: str, pinned: dict[str, Any]) -> list[str]:
    """Return what keeps the gate shut; empty when it is open."""
    found = []
    if corpus != pinned["digest"]:
        found.append(f"the cases or their gold are not those that are pinned: {REPIN}")
    if today.keys() != pinned["figures"].keys():
        found.append(f"there are other figures than pinned: {REPIN}")
    fallen = {
        name: (before, today[name])
        for name, before in pinned["figures"].items()
        if today.get(name, before) < before
    }
    return found + [f"{name} fell from {old} to {new}" for name, (old, new) in fallen.items()]


def pin(
    today: dict[str, float], corpus: str, pinned: dict[str, Any], reason: str | None
) -> dict[str, Any]:
    """Return what is to be pinned. Raises Lower where a figure falls and no reason is given.

    A reason stays in the file, with the figures that it lowered.
    """
    before = pinned["figures"]
    fallen = {name: [before[name], now] for name, now in today.items() if now < before.get(name, 0)}
    fallen |= {name: [was, None] for name, was in before.items() if name not in today}
    if fallen and not reason:
        names = ", ".join(f"{name} {old} to {new}" for name, (old, new) in fallen.items())
        raise Lower(f"this would lower {names}; say why with --accept-lower REASON")
    lowered = [{"reason": reason, "figures": fallen}] if fallen else []
    return {"digest": corpus, "figures": today, "lowered": pinned["lowered"] + lowered}


def read_pinned() -> dict[str, Any]:
    """Return what is pinned."""
    pinned: dict[str, Any] = json.loads(PINNED.read_bytes())
    return pinned
