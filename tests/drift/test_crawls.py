"""Drift in real crawls of the replica: named, with a page that shows it; never without reason."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.crawls import crawl, make_all_due
from tests.replica.layouts import LAYOUTS
from tests.replica.serve import Replica, serve
from tests.replica.site import Site

_CAUSE = re.compile(r"ERROR: Drift: ([^:]+):")


def named(errors: str) -> list[str]:
    """Return the causes that the log of a run names."""
    return _CAUSE.findall(errors)


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site."""
    with serve(Site(seed=5, articles=16)) as played:
        yield played


def test_a_renamed_class_is_named_and_its_page_kept(replica: Replica[Site], tmp_path: Path) -> None:
    """In the first run of a data folder: status 6, one line with the figures, the page itself."""
    replica.faults.add("rewrite", path="/read/", rules=[("read__content", "isi")])
    done = crawl(replica.env, tmp_path, LOG_LEVEL="INFO")
    assert (done.status, named(done.errors)) == (6, ["body container gone"])
    (page,) = (tmp_path / "drift").glob("*/*.html.gz")
    assert "the body on 0 of 16 pages, usually 100 %" in done.errors
    assert f"See `kompascrawler shell {page}`" in done.errors
    assert b'<div class="isi">' in gzip.decompress(page.read_bytes())
    (card,) = (tmp_path / "runs").glob("*.json")
    assert str(page) in json.loads(card.read_bytes())["drift"][0]
    note = json.loads(page.with_name("1.json").read_bytes())
    assert (note["measures"], note["run_id"]) == (["body"], page.parent.name)


def test_drift_stands_until_the_pages_can_be_read(replica: Replica[Site], tmp_path: Path) -> None:
    """A run with nothing to read is not fine; one that reads what was refused is, and tidies up."""
    replica.faults.add("rewrite", path="/read/", rules=[("read__content", "isi")])
    assert crawl(replica.env, tmp_path).status == 6
    idle = crawl(replica.env, tmp_path)
    assert (idle.status, named(idle.errors)) == (6, ["body container gone"])
    assert "named before (the body on 0 of 16 pages); new pages since: 0" in idle.verdict["cause"]
    assert len(list((tmp_path / "rejected").iterdir())) == 32
    replica.faults.clear()
    make_all_due(tmp_path)
    assert crawl(replica.env, tmp_path).status == 0
    assert list((tmp_path / "rejected").iterdir()) == []
    assert crawl(replica.env, tmp_path).verdict["cause"] == "nothing new"


def test_changed_listings_are_named(replica: Replica[Site], tmp_path: Path) -> None:
    """One front page and one answer of the index are enough, without any article."""
    replica.faults.add("rewrite", path="^/global$", rules=[("/read/", "/baca/")])
    replica.faults.add("rewrite", host="indeks.kompas.com", rules=[("article__link", "tautan")])
    done = crawl(replica.env, tmp_path)
    causes = ["front markup changed", "index markup changed"]
    assert (done.status, named(done.errors)) == (6, causes)
    assert len(list((tmp_path / "drift").glob("*/*.html.gz"))) == 2


def test_what_could_not_be_had_is_no_drift(tmp_path: Path) -> None:
    """Articles whose further pages are answered by errors are incomplete, and that is all."""
    with serve(Site(seed=5, articles=16, halaman="all_is_first", layout="2021")) as replica:
        replica.faults.add("503", path="/read/.*[?&]page=[0-9]")
        for story in replica.site.stories[:3]:
            replica.faults.add("empty", article=story.id)
        replica.faults.add("empty", path="^/global$")
        done = crawl(replica.env, tmp_path, LOG_LEVEL="INFO")
    assert done.errors.count("incomplete: 1 of") >= 10
    assert "Drift: 13 pages judged, changes found: 0" in done.errors
    assert not (tmp_path / "drift").exists()


LIVES: list[dict[str, Any]] = [
    *({"layout": layout, "halaman": {"all_is_first": 0.3, "missing_404": 0.03}}
      for layout in LAYOUTS),
    {"layout": "mix", "halaman": {"out_of_order": 0.2, "ten_pages": 0.1}, "markup": "2024"},
    {"layout": "mix", "index_global": False},
    {"layout": "mix", "index_dates": False, "internasional": "redirect"},
    {"layout": "2015"},
    {"layout": "mix", "halaman": "mix"},
]  # fmt: skip
"""Sites that are as they should be; the last needs the browser for some of its articles."""
RUNS = 20


@pytest.mark.soak
@pytest.mark.parametrize("number", range(len(LIVES)))
def test_healthy_crawls_raise_no_alarm(number: int, tmp_path: Path) -> None:
    """20 crawls of each of 10 sites, with 0 to 60 new articles each: no cause is named."""
    random = Random(number)
    judged = 0
    with serve(Site(seed=number, articles=random.randint(1, 60), **LIVES[number])) as replica:
        for _ in range(RUNS):
            done = crawl(replica.env, tmp_path, LOG_LEVEL="INFO")
            assert named(done.errors) == [], done.errors
            assert done.status in (0, 7), done.errors
            judged += "pages judged, changes found: 0" in done.errors
            replica.publish(random.choice((0, 0, 1, 1, 2, 3, 5, 12, 30, 60)))
    assert judged >= RUNS // 4
