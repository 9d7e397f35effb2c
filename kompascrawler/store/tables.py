"""The tables of the database, version by version: the files of ``steps/``, in their order.

A new database goes through every step as an old one does, so that both end up the same. A step
that has been released is never changed; a change of the tables is a new step at the end.
"""

import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from kompascrawler.store.duplicates import coarse, packed, packed_hash


def _packed_sketch(stored: bytes) -> bytes:
    return packed(coarse(struct.unpack(f">{len(stored) // 4}I", stored)))


FUNCTIONS: Final[Mapping[str, Callable[[Any], bytes | str]]] = {
    "packed_hash": packed_hash,
    "packed_sketch": _packed_sketch,
}
"""Functions of one argument that the steps call."""
VERSION: Final = 6
"""Version of the tables that this program works with."""
_FOLDER: Final = Path(__file__).parent / "steps"
STEPS: Final = tuple(
    (_FOLDER / f"to_{number}.sql").read_text(encoding="utf-8") for number in range(1, VERSION + 1)
)
"""What brings the tables from each version to the next; the first makes them."""
