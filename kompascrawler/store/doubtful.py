"""``doubtful.json``: articles that one listing alone has shown, and that do not fit its days.

One bad listing may make addresses up. Where the file is lost, they are doubted anew.
"""

import json
from datetime import date
from pathlib import Path
from typing import Final

from kompascrawler.store.errors import explained

FILE_NAME: Final = "doubtful.json"
MOST: Final = 2_000
"""Articles that are remembered, the latest: a bad listing must not fill anything."""
_LATEST: Final = 7
"""How many days older than what a listing is asked for an article may be that it alone shows, since
some are published late. The listing of a day is read again a week later."""


def late_for(bound: str) -> str:
    """Return the bound that what is published late still lies above."""
    day = date.fromisoformat(bound[:10]).toordinal() - _LATEST
    return date.fromordinal(max(1, day)).isoformat()


class Doubtful:
    """The doubtful articles of a data folder."""

    def __init__(self, data_dir: Path) -> None:
        """Read the file. Raises StoreError."""
        self._path = data_dir / FILE_NAME
        self._listings = _read(self._path)
        self._before = dict(self._listings)
        self.confirmed = 0
        """Articles that a second listing has shown in this run."""

    @property
    def added(self) -> int:
        """Articles that are doubtful since this run."""
        return len(self._listings.keys() - self._before.keys())

    def confirms(self, article_id: str, listing: str) -> bool:
        """Note that a listing shows an article; tell whether it is the second one."""
        if self._listings.setdefault(article_id, listing) == listing:
            return False
        del self._listings[article_id]
        self.confirmed += 1
        return True

    def save(self) -> None:
        """Remember the latest. Raises StoreError."""
        latest = dict(list(self._listings.items())[-MOST:])
        if latest != self._before:
            with explained("remember doubtful articles", self._path):
                self._path.write_text(json.dumps(latest, indent=0), encoding="utf-8")


def _read(path: Path) -> dict[str, str]:
    """Return article → listing; nothing where the file is missing, or cut off by a crash."""
    with explained("read doubtful articles", path):
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else "{}"
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    is_ours = isinstance(found, dict)
    return {str(one): str(listing) for one, listing in found.items()} if is_ours else {}
