"""Which difference between two records of one article makes a revision."""

from dataclasses import replace
from typing import Any

import pytest

from kompascrawler.items import Block, Embed, Image, Related
from kompascrawler.store.model import AlreadyStored
from kompascrawler.store.records import changes
from kompascrawler.store.store import Store
from tests.store.synthetic import make_article

BEFORE = make_article(1, authors=["Satu"], editors=["Dua"], sources=["AFP"])


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"title": "Lain"}, ["title"]),
        ({"updated_at": "2026-11-14T08:00:00+07:00"}, ["updated_at"]),
        ({"authors": []}, ["authors"]),
        ({"editors": ["Dua", "Tiga"], "sources": ["BBC"]}, ["editors", "sources"]),
        ({"text": f"{BEFORE.text}."}, ["text"]),
        ({"text": "", "deleted_at": "2026-11-14T01:00:00+00:00"}, ["text", "deleted_at"]),
        ({"text": BEFORE.text.replace(" ", "\n\n", 3)}, []),
        ({"tags": ["x"], "description": "x", "topic": "x", "removed": {"x": 1}}, []),
        ({"images": [Image(url="https://x.org/a.jpg", caption=None, credit=None)]}, []),
        ({"related": [Related(id=None, title="x", url="https://x.org/")]}, []),
        ({"embeds": [Embed(type="other", url="https://x.org/")]}, []),
        ({"blocks": [Block(type="heading", text="x", page=1)], "word_count": 7}, []),
        ({"url": "https://internasional.kompas.com/read/2026/11/12/000001170"}, []),
        ({"crawled_at": "2026-12-01T00:00:00+00:00", "run_id": "later", "similarity": 0.7}, []),
    ],
)
def test_what_is_compared(changed: dict[str, Any], names: list[str]) -> None:
    """Title, text, dates and credits; nothing else, and no break of a line."""
    assert changes(BEFORE, replace(BEFORE, **changed)) == names


def test_pages_that_were_declared_come_later(store: Store) -> None:
    """A record whose text was only declared gets its paragraphs as a revision."""
    first = make_article(1)
    first.halaman.route = "declared"
    store.put(first)
    whole = make_article(1)
    store.put(whole)
    assert (whole.revision, whole.changed) == (2, ["blocks"])


def test_a_change_is_a_revision(store: Store) -> None:
    """Published or not, the record before is found and compared; the same one is no news."""
    store.put(make_article(1))
    store.put(revised := make_article(1, title="Lain"))
    store.publish()
    store.put(again := make_article(1, title="Lain", authors=["Satu"]))
    assert [(one.revision, one.changed) for one in (revised, again)] == [
        (2, ["title"]),
        (3, ["authors"]),
    ]
    with pytest.raises(AlreadyStored):
        store.put(make_article(1, title="Lain", authors=["Satu"]))
    assert store.is_known(make_article(1, title="Lain", authors=["Satu"]))
    assert not store.is_known(make_article(1))
    latest = store.record(again.id)
    assert latest is not None
    assert latest.revision == 3


def test_what_proves_less_changes_nothing(store: Store) -> None:
    """A record that lacks pages, or whose pages nobody has counted, is no revision."""
    first = make_article(1)
    first.halaman.complete = True
    store.put(first)
    for complete in (None, False):
        less = make_article(1, title="Lain")
        less.halaman.complete = complete
        assert store.is_known(less)


def test_where_the_record_is_lost_the_words_are_compared(store: Store) -> None:
    """The hash of its text is in the database."""
    store.put(make_article(1))
    store.publish()
    (file,) = store.data_dir.glob("articles/*/*.jsonl")
    file.unlink()
    assert store.is_known(make_article(1, title="Lain"))
    store.put(revised := make_article(1, text="Teks lain sama sekali."))
    assert revised.changed == ["text"]
    assert store.record(make_article(2).id) is None


def test_a_record_is_found_in_the_file_that_replaced_its_own(store: Store) -> None:
    """Compaction and repair move lines."""
    store.put(make_article(1))
    store.publish()
    (file,) = store.data_dir.glob("articles/*/*.jsonl")
    moved = file.rename(file.with_name("00000002-run.jsonl"))
    with store._database.writing("test") as db:
        place = str(moved.relative_to(store.data_dir))
        db.execute(
            "INSERT INTO manifest (number, file, kind, run_id, at)"
            " VALUES (2, ?, 'compacted', '', '')",
            (place,),
        )
        db.execute("UPDATE article SET file = 2")
    found = store.record(make_article(1).id)
    assert found is not None
    assert found.title == "Judul nomor 1"
