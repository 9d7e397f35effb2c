"""No false alarm: not on pages of the generated site in its variety, nor on the real ones."""

import csv
from collections import defaultdict
from pathlib import Path
from random import Random

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.drift.measures import checks_of_record
from kompascrawler.pages import article_page
from kompascrawler.pages.checks import Checks, checks_of
from kompascrawler.pages.index import terkini
from tests.conftest import read_page
from tests.drift.looking import Life, look, windows
from tests.replica import Site
from tests.replica.layouts import LAYOUTS

LIVES = 20
RUNS = 25
SITES = [
    *({"layout": "mix", "halaman": "mix", "seed": seed} for seed in (1, 2)),
    *({"layout": layout, "halaman": "normal", "seed": 3} for layout in (*LAYOUTS, "2015")),
    {"layout": "mix", "halaman": "all_is_first", "seed": 4},
    {"layout": "mix", "halaman": "scroll", "seed": 5},
]
"""Every layout and every behaviour of divided articles, mixed and by themselves."""


@pytest.mark.parametrize("options", SITES, ids=lambda options: "-".join(map(str, options.values())))
def test_a_healthy_site_raises_no_alarm(options: dict[str, object]) -> None:
    """500 runs on each of 10 sites, of 0 to 60 articles, mostly few: not one is named.

    The pages go through the page classes and the judge, without a network.
    """
    pages = look(Site(articles=40, **options))  # type: ignore[arg-type]  # names and values above
    for number in range(LIVES):
        random, life = Random(number), Life()
        sizes = [random.choice((0, 1, 2, 3, 5, 12, 30, 60)) for _ in range(RUNS)]
        for window in windows(random.sample(pages, len(pages)), sizes):
            assert life.run(window).causes == []


@pytest.fixture(scope="module")
def real_checks(real_pages: Path) -> dict[str, list[Checks]]:
    """Return what the captured pages show, by era; only page 1 of each article was captured."""
    found: dict[str, list[Checks]] = defaultdict(list)
    with (real_pages / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            if row["kind"].startswith("article"):
                page = article_page(row["url"], read_page(real_pages / "pages" / row["file"]))
                checks = checks_of(page, links=len(terkini(page.trees).hrefs))
                words = clean(page.to_item()).word_count
                found[row["era"]].append(checks | checks_of_record(words, is_whole=True))
    return found


def test_all_real_pages_together_raise_no_alarm(real_checks: dict[str, list[Checks]]) -> None:
    """As one run, the first of a data folder."""
    pages = [page for era in real_checks.values() for page in era]
    assert len(pages) == 231
    assert Life().run(pages).causes == []


def test_real_pages_of_an_era_raise_no_alarm(real_checks: dict[str, list[Checks]]) -> None:
    """In 60 random orders, four runs of ten articles and more one after the other."""
    eras = [pages for pages in real_checks.values() if len(pages) >= 10]
    assert len(eras) == 3
    for number in range(60):
        random = Random(number)
        for pages in eras:
            life = Life()
            sizes = [random.randint(10, 40) for _ in range(4)]
            for window in windows(random.sample(pages, len(pages)), sizes):
                assert life.run(window).causes == []
