"""Pages that show how the site's markup has changed, kept as they came: ready to be looked at."""

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kompascrawler.store.errors import explained
from kompascrawler.store.kept import keep

FOLDER: Final = "drift"
"""Folder of the data folder; in it one a run."""
LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a page that is kept; the largest page seen has 0.6 MB."""
MOST_RUNS: Final = 100
"""Runs whose pages are kept, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftedPage:
    """Why a page was kept; the keys of the ``.json`` beside the page."""

    url: str
    """The page's address as it was asked for."""
    cause: str
    """What it shows, in one line for each change."""
    measures: list[str]
    """What does not hold on it (``drift.measures``)."""
    encoding: str
    """Character encoding of the page, as the response was read."""
    run_id: str
    """The run that fetched it."""


def save_drifted(data_dir: Path, number: int, note: DriftedPage, body: bytes) -> Path | None:
    """Keep a page as ``DATA_DIR/drift/<run_id>/<number>.html.gz``; return its path.

    None where it is too large to be kept. Durable on return; raises StoreError.
    """
    if len(body) > LARGEST:
        return None
    folder = data_dir / FOLDER / note.run_id
    with explained("keep a page that shows drift", folder):
        return keep(folder, str(number), body, asdict(note), at="kept_at")


def find_drifted(data_dir: Path, measure: str) -> Path | None:
    """Return the newest page kept for a measure, or None. Raises StoreError."""
    with explained("look for a page that shows drift", data_dir / FOLDER):
        for folder in _newest_first(data_dir):
            for note in sorted(folder.glob("*.json")):
                if measure in json.loads(note.read_bytes())["measures"]:
                    return note.with_suffix(".html.gz")
    return None


def prune_drifted(data_dir: Path, days: float) -> None:
    """Delete what was kept before so many days, and what is more than ``MOST_RUNS`` runs.

    Raises StoreError.
    """
    oldest = datetime.now(UTC).timestamp() - days * 24 * 60 * 60
    with explained("delete old pages that show drift", data_dir / FOLDER):
        for number, folder in enumerate(_newest_first(data_dir)):
            if number >= MOST_RUNS or folder.stat().st_mtime < oldest:
                shutil.rmtree(folder)


def _newest_first(data_dir: Path) -> list[Path]:
    folders = (data_dir / FOLDER).glob("*/")
    return sorted(folders, key=lambda folder: folder.stat().st_mtime, reverse=True)
