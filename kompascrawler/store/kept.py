"""A page kept as it came, and beside it a note that says why. Knows nothing of articles."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kompascrawler.store.files import make_folder, replace


def keep(folder: Path, name: str, body: bytes, note: dict[str, Any], *, at: str) -> Path:
    """Write ``<name>.html.gz``, the page byte for byte, and ``<name>.json``, the note.

    Those of the same name are replaced. ``at`` is the key under which the note says when (UTC).
    Returns the path of the page. Durable on return; raises OSError.
    """
    page = folder / f"{name}.html.gz"
    said = note | {at: datetime.now(UTC).isoformat(timespec="seconds")}
    make_folder(folder)
    replace(page, gzip.compress(body, mtime=0))
    replace(folder / f"{name}.json", json.dumps(said, ensure_ascii=False, indent=1).encode())
    return page
