"""Pages that gave no record, kept as they came so that a person can find out why."""

from dataclasses import asdict, dataclass
from hashlib import sha1
from pathlib import Path
from typing import Final

from kompascrawler.store.errors import explained
from kompascrawler.store.kept import keep

FOLDER: Final = "rejected"
"""Folder of the data folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a page was refused; the keys of the ``.json`` beside the page."""

    article_id: str | None
    """Identity of the article; None where the address names none."""
    url: str
    """The page's address as it was asked for."""
    reason: str
    """The kind of refusal, a name to count by."""
    message: str
    """The refusal in full, for a person."""
    encoding: str
    """Character encoding of the page, as the response was read."""
    run_id: str
    """The run that refused it."""


def save_rejected(data_dir: Path, rejection: Rejection, body: bytes) -> Path:
    """Keep a refused page in ``DATA_DIR/rejected/``; return the path of its HTML.

    ``<id>.html.gz`` holds the page byte for byte and ``<id>.json`` the rejection with its time
    (UTC); the SHA-1 of the address stands for a missing id. A page that is refused again takes
    the place of the earlier one. Durable on return; raises StoreError.
    """
    name = rejection.article_id or sha1(rejection.url.encode(), usedforsecurity=False).hexdigest()
    folder = data_dir / FOLDER
    with explained("keep a refused page", folder):
        return keep(folder, name, body, asdict(rejection), at="rejected_at")


def forget_rejected(data_dir: Path, article_id: str) -> None:
    """Delete the refused page of an article, if there is one: it was read. Raises StoreError."""
    for name in (f"{article_id}.html.gz", f"{article_id}.json"):
        path = data_dir / FOLDER / name
        with explained("delete a page that was refused", path):
            path.unlink(missing_ok=True)
