"""Records and a clock for the tests of the store."""

import hashlib
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from kompascrawler.items import Article, Halaman

WORDS = [
    *("kapal", "pasar", "hujan", "gunung", "guru", "kereta", "jembatan", "nelayan", "sawah"),
    *("kota", "desa", "panen", "sungai", "angin", "museum", "lampu", "perahu", "pelajar"),
    *("bukit", "pantai", "garam", "kopi", "rempah", "tenun", "bambu", "rotan", "ladang", "musim"),
]


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 18, 45, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """Move on by a ``timedelta``; negative: the clock is set back."""
        self.now += timedelta(**time)


def make_article(number: int, *, text: str | None = None, **fields: Any) -> Article:
    """Return a record like no other of another number, on one of five days."""
    chance = random.Random(number)
    day = 11 + number % 5
    if text is None:
        text = " ".join(chance.choices(WORDS, k=80)) + f" nomor {number}"
    values: dict[str, Any] = {
        "id": f"2026-11-{day}-{number:06d}170",
        "url": f"https://www.kompas.com/global/read/2026/11/{day}/{number:06d}170/judul",
        "title": f"Judul nomor {number}",
        "published_at": f"2026-11-{day}T10:00:00+07:00",
        "text": text,
        "content_hash": hashlib.sha256(text.encode()).hexdigest(),
        "halaman": Halaman(
            pages_expected=1,
            pages_fetched=1,
            route="all",
            words_declared=None,
            words_counted=len(text.split()),
            complete=None,
        ),
        "crawled_at": "2026-11-22T18:45:00+00:00",
        "run_id": "run",
    }
    return Article(**values | fields)
