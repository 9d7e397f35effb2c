"""Pages kept as they came, so that a person can look into them, each with a note that says why.

``rejected/`` holds those that gave no record, ``drift/`` those that show how the markup changed.
"""

import gzip
import json
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from typing import Any, Final

from kompascrawler.store.errors import explained
from kompascrawler.store.files import make_folder, replace

_PAGE, _NOTE = ".html.gz", ".json"


def _keep(page: Path, body: bytes, note: dict[str, Any], *, at: str) -> Path:
    """Write a page and its note durably; ``at`` is the note's key for the time. Raises OSError."""
    said = note | {at: datetime.now(UTC).isoformat(timespec="seconds")}
    content = json.dumps(said, ensure_ascii=False, indent=1).encode()
    make_folder(page.parent)
    replace(page, gzip.compress(body, mtime=0))
    replace(page.with_name(page.name.removesuffix(_PAGE) + _NOTE), content)
    return page


REJECTED: Final = "rejected"
"""Folder of the data folder: pages that gave no record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a page was refused; the keys of the ``.json`` beside the page."""

    article_id: str | None
    """Identity of the article; None where the address names none."""
    url: str
    """As it was asked for."""
    reason: str
    """The kind of refusal, a name to count by."""
    message: str
    """The refusal in full, for a person."""
    encoding: str
    """As the response was read."""
    run_id: str


def rejected_page(data_dir: Path, name: str) -> Path:
    """Return where a refused page lies, by what ``save_rejected`` names it."""
    return data_dir / REJECTED / f"{name}{_PAGE}"


def rejected_note(data_dir: Path, name: str) -> Path:
    """Return where the note on that page lies."""
    return data_dir / REJECTED / f"{name}{_NOTE}"


def save_rejected(data_dir: Path, rejection: Rejection, body: bytes) -> Path:
    """Keep a refused page in ``DATA_DIR/rejected/``, in place of an earlier one; return its path.

    ``<id>.html.gz`` holds the page byte for byte and ``<id>.json`` the rejection with its time
    (UTC); the SHA-1 of the address stands for a missing id. Durable; raises StoreError.
    """
    name = rejection.article_id or sha1(rejection.url.encode(), usedforsecurity=False).hexdigest()
    with explained("keep a refused page", data_dir / REJECTED):
        return _keep(rejected_page(data_dir, name), body, asdict(rejection), at="rejected_at")


def forget_rejected(data_dir: Path, article_id: str) -> None:
    """Delete the refused page of an article, if there is one: it was read. Raises StoreError."""
    for path in (rejected_page(data_dir, article_id), rejected_note(data_dir, article_id)):
        with explained("delete a page that was refused", path):
            path.unlink(missing_ok=True)


DRIFTED: Final = "drift"
"""Folder of the data folder: pages that show drift, in it a folder a run."""
LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a page that is kept; the largest page seen has 0.6 MB."""
MOST_RUNS: Final = 100
"""Runs whose pages are kept, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftedPage:
    """Why a page was kept; the keys of the ``.json`` beside the page."""

    url: str
    """As it was asked for."""
    cause: str
    """What it shows, in one line for each change."""
    measures: list[str]
    """What does not hold on it (``drift.measures``)."""
    encoding: str
    """As the response was read."""
    run_id: str
    section: str = "global"
    """Where it was seen."""


def save_drifted(data_dir: Path, number: int, note: DriftedPage, body: bytes) -> Path | None:
    """Keep a page as ``DATA_DIR/drift/<run_id>/<number>.html.gz``; return its path.

    None where it is too large to be kept. Durable on return; raises StoreError.
    """
    if len(body) > LARGEST:
        return None
    page = data_dir / DRIFTED / note.run_id / f"{number}{_PAGE}"
    with explained("keep a page that shows drift", page.parent):
        return _keep(page, body, asdict(note), at="kept_at")


def find_drifted(data_dir: Path, measure: str, section: str = "global") -> Path | None:
    """Return the newest page of a section kept for a measure, or None. Raises StoreError."""
    with explained("look for a page that shows drift", data_dir / DRIFTED):
        for folder in _newest_first(data_dir):
            for note in sorted(folder.glob(f"*{_NOTE}")):
                told = json.loads(note.read_bytes())
                if measure in told["measures"] and told.get("section", "global") == section:
                    return note.with_suffix(_PAGE)
    return None


def prune_drifted(data_dir: Path, days: float) -> None:
    """Delete what was kept before so many days, and what is more than ``MOST_RUNS`` runs.

    Raises StoreError.
    """
    oldest = datetime.now(UTC).timestamp() - days * 24 * 60 * 60
    with explained("delete old pages that show drift", data_dir / DRIFTED):
        for number, folder in enumerate(_newest_first(data_dir)):
            if number >= MOST_RUNS or folder.stat().st_mtime < oldest:
                shutil.rmtree(folder)


def _newest_first(data_dir: Path) -> list[Path]:
    folders = (data_dir / DRIFTED).glob("*/")
    return sorted(folders, key=lambda folder: folder.stat().st_mtime, reverse=True)
