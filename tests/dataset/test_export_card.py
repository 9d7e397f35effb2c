"""`kompascrawler data-card`: the counts are those of the folder, the header is read by others."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.export import card
from kompascrawler.dataset.forget import forget
from kompascrawler.dataset.statistics import PROOFS, statistics
from kompascrawler.items import Article
from kompascrawler.store.ledger import Day, Ledger
from tests.crawls import Finished, scrapy
from tests.dataset.exported import fill, store
from tests.dataset.folders import files, rewritten
from tests.store.synthetic import make_article

LOOKED = "2026-11-24T00:00:00+00:00"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a folder with six articles, an edit, a deletion, a take-down and a ledger."""
    fill(tmp_path)
    deleted: dict[str, Any] = {"deleted_at": LOOKED, "text": "", "blocks": [], "revision": 2}
    edit = make_article(4, revision=2, changed=["title"], title="Judul | *lain*")
    store(tmp_path, "edits", edit, make_article(3, changed=["deleted_at"], **deleted))
    forget(tmp_path, "forget", make_article(5).id, "asked")
    lacks: dict[str, Any] = {
        "listed": 3,
        "have": 1,
        "missing": (make_article(4).id, "2026-11-15-090000170"),
    }
    days = [Day(day=date(2026, 11, 15), section="global", looked_at=LOOKED, closed=True, **lacks)]
    Ledger(tmp_path, "global").append([*days, Day(day=date(2026, 11, 16), section="global")])
    return tmp_path


def data_card(data_dir: Path, *args: str) -> Finished:
    """Run the command."""
    return scrapy("data-card", *args, settings={"DATA_DIR": data_dir})


def test_the_counts_are_those_of_the_folder(data_dir: Path) -> None:
    """What is latest and not deleted counts; what was fetched since a look is not missing."""
    found = statistics(Dataset(data_dir), ["global"])
    articles: list[Article] = list(Dataset(data_dir))
    assert found.articles == len(articles)
    assert (found.deletions.total(), found.taken_down) == (2, 1)
    assert found.changed == {"title": 1}
    assert found.empty["tags"] == sum(not one.tags for one in articles)
    assert sum(map(found.total, PROOFS)) == len(articles)
    assert found.recall() == (1, 3, 2)


def test_others_read_the_header(data_dir: Path) -> None:
    """It is YAML, and the tables hold what strangers wrote without breaking."""
    done = data_card(data_dir)
    _, header, body = done.output.split("---\n", 2)
    assert yaml.safe_load(header)["size_categories"] == ["n<1K"]
    assert "| Articles | 4 |" in body
    assert "| Deleted by the site | 1 |" in body
    assert f"--as-of {Dataset(data_dir).number}`" in body
    assert "Days with missing articles: 2026-11-15 (1)." in body
    assert all(line.count("|") <= 5 for line in body.splitlines())
    assert done.status == 0


def test_a_section_of_any_text_stays_in_its_cell(tmp_path: Path) -> None:
    """Bars and brackets are text."""
    store(tmp_path, "run", make_article(1, section="A | [b](c) <i>"))
    found = statistics(Dataset(tmp_path), ["global"])
    assert r"| A \| \[b\](c) \<i\> | 1 |" in card(found)


def test_gaps_are_named_from_day_to_day(tmp_path: Path) -> None:
    """Days without an article between the first and the last."""
    numbers = (10, 11, 14)  # 11, 12 and 15 November
    store(tmp_path, "run", *map(make_article, numbers))
    assert statistics(Dataset(tmp_path), ["global"]).gaps() == [("2026-11-13", "2026-11-14")]


def test_an_empty_data_set(tmp_path: Path) -> None:
    """A folder that a crawl has begun has a card, without a division by nothing."""
    store(tmp_path, "run")
    done = data_card(tmp_path)
    assert (done.status, "| Articles | 0 |" in done.output) == (0, True)


def test_bad_input(data_dir: Path) -> None:
    """An argument: status 2. No data folder, a damaged file: 3, and what to do."""
    assert data_card(data_dir, "x").status == 2
    done = data_card(data_dir / "none")
    assert (done.status, "is no folder" in done.errors) == (3, True)
    rewritten(files(data_dir)[0], b"nomor", b"NOMOR")
    done = data_card(data_dir)
    assert (done.status, "verify --repair" in done.errors) == (3, True)
