"""The card of a run that could not be kept: on a full or read-only disk, outside the data folder.

Without it every run on such a disk would be news, and people would be told of each. It stands in
the folder for temporary files: at the worst it is lost, and people are told once more.
"""

import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from kompascrawler.runs.card import CardError, RunCard, read_card


def _path(data_dir: Path) -> Path:
    digest = sha256(os.fsencode(data_dir.absolute())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"kompascrawler-{os.geteuid()}-{digest}.json"


def keep_elsewhere(data_dir: Path, card: RunCard) -> None:
    """Keep a card that the data folder cannot take, if there is a place for it."""
    with suppress(OSError):
        descriptor, draft = tempfile.mkstemp(prefix="kompascrawler-")
        try:
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - it is open
                file.write(card.to_json())
            Path(draft).rename(_path(data_dir))
        except OSError:
            Path(draft).unlink()


def read_elsewhere(data_dir: Path) -> list[RunCard]:
    """Return the card that was kept elsewhere; none where there is none of ours."""
    path = _path(data_dir)
    with suppress(OSError, CardError):
        # Others can write to that folder, too.
        if not path.is_symlink() and path.stat().st_uid == os.geteuid():
            return [read_card(path.read_bytes())]
    return []


def forget_elsewhere(data_dir: Path) -> None:
    """Remove what was kept elsewhere: the data folder takes cards again."""
    with suppress(OSError):
        _path(data_dir).unlink(missing_ok=True)
