"""`kompascrawler duplicates`: articles with the same content, an original first."""

import json
from pathlib import Path
from typing import Any

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.statistics import clusters
from tests.crawls import Finished, scrapy
from tests.dataset.exported import store
from tests.store.synthetic import make_article

SEEN = "2026-11-22T18:00:00+00:00"
FIRST, SECOND = make_article(1), make_article(2)


def fill(data_dir: Path) -> None:
    """Publish an article three times, another one twice, and one that is like none."""
    again: list[tuple[int, dict[str, Any]]] = [
        (6, {"duplicate_of": FIRST.id, "similarity": 0.812}),
        (7, {"duplicate_of": SECOND.id, "similarity": 1.0}),
        (3, {"duplicate_of": "2026-11-14-000003170", "similarity": 1.0}),
        (11, {"duplicate_of": FIRST.id, "similarity": 0.7}),
        (4, {}),
    ]
    copies = [make_article(number, first_seen_at=SEEN, **fields) for number, fields in again]
    store(data_dir, "run", FIRST, SECOND, *copies)


def duplicates(data_dir: Path, *args: str) -> Finished:
    """Run the command."""
    return scrapy("duplicates", *args, settings={"DATA_DIR": data_dir})


def test_the_largest_cluster_is_the_first(tmp_path: Path) -> None:
    """An original that is its own, as only a hand makes it, ends; nothing stands twice."""
    fill(tmp_path)
    found = clusters(Dataset(tmp_path))
    assert [len(members) for members in found.values()] == [3, 2, 1]
    assert next(iter(found)) == FIRST.id
    shown = {member.id[-6:]: member.similarity for member in found[FIRST.id]}
    assert shown == {"001170": None, "006170": 0.812, "011170": 0.7}


def test_for_people_and_programs(tmp_path: Path) -> None:
    """The counts, the first clusters with titles; JSON has all of them."""
    fill(tmp_path)
    done = duplicates(tmp_path, "--most", "1")
    shown = done.output
    assert (done.errors + shown).lower().count("data folder") == 1
    assert "6 articles in 3 clusters" in shown
    assert [FIRST.id, *FIRST.title.split(), "original"] in [
        line.split() for line in shown.splitlines()
    ]
    assert "… and 2 clusters more" in shown
    told = json.loads(duplicates(tmp_path, "--json").output)
    found = clusters(Dataset(tmp_path))
    assert list(told) == list(found)
    assert [one["id"] for one in told[FIRST.id]] == [one.id for one in found[FIRST.id]]


def test_bad_input(tmp_path: Path) -> None:
    """An impossible number: status 2. No data folder: 3."""
    done = duplicates(tmp_path, "--most", "0")
    assert (done.status, "from 1" in done.errors) == (2, True)
    done = duplicates(tmp_path / "none")
    assert (done.status, "is no folder" in done.errors) == (3, True)
