"""A data folder with rare shapes, and an export of it."""

from pathlib import Path
from typing import Any, Final, NamedTuple

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.export import Export, format_of
from kompascrawler.dataset.lines import Selection
from kompascrawler.items import Article
from kompascrawler.store.store import Store
from tests.schema.test_schema import full_article
from tests.store.synthetic import make_article

SEEN: Final = "2026-11-22T18:00:00+00:00"
LONG: Final = "kalimat panjang, " * 3_000
"""More than a cell of Excel takes."""


class Exported(NamedTuple):
    """What an export wrote."""

    rows: int
    number: int


def store(data_dir: Path, run_id: str, *articles: Article) -> None:
    """Store records and publish them in one batch."""
    memory = Store(data_dir, run_id)
    for article in articles:
        memory.put(article)
    memory.publish()
    memory.close()


def fill(data_dir: Path) -> list[Article]:
    """Publish, by three runs: all null, all filled in, numbers as titles. Return the records."""
    plain = [make_article(number, first_seen_at=SEEN) for number in (2, 3, 4)]
    full = full_article(title="=1+1", updated_at="2026-11-30T23:30:00+07:00")
    odd = make_article(5, title="1984", text=LONG, first_seen_at=SEEN, similarity=1)
    odd.halaman.complete = True
    other = make_article(36, first_seen_at=SEEN, published_at="2026-11-12T00:10:00+07:00")
    for run, articles in (("first", plain), ("second", [full]), ("third", [odd, other])):
        store(data_dir, run, *articles)
    return list(Dataset(data_dir))


def export(data_dir: Path, out: Path, form: str | None = None, **options: Any) -> Exported:
    """Export a data folder."""
    append = options.pop("append", False)
    selection = Selection(deleted=options.get("revisions", False), **options)
    made = Export(Dataset(data_dir), out, format_of(out, form), selection)
    return Exported(made.run(append=append), made.number)
