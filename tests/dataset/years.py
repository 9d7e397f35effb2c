"""A data folder of many years, with everything that the report shows; written without the store."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from kompascrawler.identity import WIB
from kompascrawler.items import Article, Block, Halaman, Proof, Related
from kompascrawler.outcome.cards import Counts, ExitStatus, RunCard, Verdict
from kompascrawler.store import manifest
from kompascrawler.store.ledger import Day, Ledger

LAST: Final = date(2026, 11, 25)
_NAMES: Final = ("Wanjiru Holmqvist", "Tomasz Nordahl", "Sri Andersen", "Budi <Okoye> & Rekan")
_TAGS: Final = [f"tag {number}" for number in range(400)]
_SOURCES: Final = ("AFP", "Kyodo", "Kantor Berita Antarbangsa", "Radio Kota")
_HOURS: Final = [1, 1, 1, 1, 2, 4, 6, 9, 9, 9, 10, 10, 9, 9, 10, 10, 9, 8, 7, 7, 6, 6, 4, 3]


def fill(data_dir: Path, days: int, a_day: int) -> None:
    """Write so many days up to ``LAST``, with gaps, edits, deletions, coverage and run cards."""
    chance, entries, lines = random.Random(days), [], list[Day]()
    for number, back in enumerate(reversed(range(days)), start=1):
        day = LAST - timedelta(days=back)
        articles = list(_articles(chance, day, chance.randint(1, 2 * a_day)))
        if chance.random() < 0.01:
            articles = []
        missing = (f"{day}-235900170",) if chance.random() < 0.05 else ()
        listed = len(articles) + len(missing)
        lines.append(
            Day(
                day=day,
                section="global",
                listed=listed,
                have=len(articles),
                missing=missing,
                looked_at=f"{day}T20:00:00+00:00",
                closed=back > 8,
            )
        )
        file = f"articles/published_date={day}/{number:08d}-run.jsonl"
        (data_dir / file).parent.mkdir(parents=True)
        content = "".join(f"{one.to_json()}\n" for one in articles).encode()
        (data_dir / file).write_bytes(content)
        entries.append(manifest.entry_of(content, number=number, file=file, kind="published",
                                         run_id="run", at=f"{day}T20:00:00+00:00"))  # fmt: skip
    manifest.append(data_dir, entries)
    Ledger(data_dir, "global").append(lines)
    _write_cards(chance, data_dir)


def _articles(chance: random.Random, day: date, count: int) -> Iterator[Article]:
    for number in range(count):
        hour = chance.choices(range(24), _HOURS)[0]
        at = datetime(day.year, day.month, day.day, hour, chance.randrange(60), tzinfo=WIB)
        article = _article(chance, at, number)
        yield article
        if chance.random() < 0.03:
            yield replace(article, revision=2, changed=["title"], title="Judul yang lain")
        elif chance.random() < 0.01:
            gone = f"{day}T23:00:00+00:00"
            yield replace(article, revision=2, text="", blocks=[], deleted_at=gone)


def _article(chance: random.Random, at: datetime, number: int) -> Article:
    pages = chance.choices((1, 2, 3, 5, 9), (70, 15, 8, 4, 1))[0]
    proofs: tuple[Proof | None, ...] = ("text", "words", "pages", None)
    proof = chance.choices(proofs, (80, 15, 3, 2))[0]
    words = int(chance.lognormvariate(5.7, 0.5))
    texts = [f"Kalimat {chance.randrange(10**9)} yang panjang sekali dan lain dari semua."]
    if chance.random() < 0.02:
        texts.append("Ikuti saluran kami untuk berita pilihan setiap hari, tanpa iklan.")
    minutes = chance.choice((5, 9, 20, 45, 70, 300, 2000, 90_000))
    return Article(
        id=f"{at:%Y-%m-%d}-{at:%H%M}{number:02}170",
        url=f"https://www.kompas.com/global/read/{at:%Y/%m/%d}/{at:%H%M}{number:02}170/judul",
        title=f"Judul nomor {number}", published_at=at.isoformat(), section="Global",
        authors=[chance.choice(_NAMES)], sources=[chance.choice(_SOURCES)],
        tags=chance.sample(_TAGS, 4), text="\n\n".join(texts), word_count=words,
        blocks=[Block(type="paragraph", text=text, page=1) for text in texts],
        related=[Related(id=f"{at:%Y-%m}-01-100000170", title=f"Rujukan bulan {at:%m/%Y}",
                         url=f"https://www.kompas.com/global/read/{at:%Y/%m}/01/100000170/a")],
        halaman=Halaman(
            pages_expected=pages, pages_fetched=pages, route="all" if pages > 1 else "single",
            words_declared=words, words_counted=words, complete=proof is not None, proof=proof,
        ),
        crawled_at=(at + timedelta(minutes=minutes)).isoformat(), run_id="run",
    )  # fmt: skip


def _write_cards(chance: random.Random, data_dir: Path) -> None:
    (data_dir / "runs").mkdir()
    for back in range(90):
        for hour in range(0, 24, 6):
            began = datetime(2026, 11, 25, hour, tzinfo=WIB) - timedelta(days=back)
            kinds = (ExitStatus.FINE, ExitStatus.BLOCKED, ExitStatus.FAILED, ExitStatus.BUDGET)
            status = chance.choices(kinds, (90, 4, 4, 2))[0]
            ended = began + timedelta(seconds=chance.randint(3, 300))
            card = RunCard(run_id=f"{began:%Y%m%dT%H%M}", started_at=began.isoformat(),
                           ended_at=ended.isoformat(), spider="kompas_global",
                           verdict=Verdict.of(status, "cause"), counts=Counts(new=3))  # fmt: skip
            (data_dir / "runs" / f"{card.run_id}.json").write_text(card.to_json())
