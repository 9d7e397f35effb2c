"""Class names are tokens: their order, and others beside them, change nothing."""

import csv
import re
from pathlib import Path
from random import Random

import pytest

from kompascrawler.items import Article
from kompascrawler.pages import PageRefused, article_page
from tests.conftest import read_page
from tests.pages.cases import NAMES, load

_CLASS = re.compile(rb"""(?<=\bclass=)(["'])([^"'<>]*)\1""")
PAGES = 24
"""Real pages that are taken, of all eras."""


def shuffled(markup: bytes, seed: int) -> bytes:
    """Return a page whose class attributes have their names in any order and others beside them."""
    random = Random(seed)

    def anew(found: re.Match[bytes]) -> bytes:
        names = [*found[2].split(), *random.sample([b"clearfix", b"-x", b"mt2", b"js_y"], 2)]
        random.shuffle(names)
        return found[1] + random.choice([b" ", b"  ", b"\n"]).join(names) + found[1]

    return _CLASS.sub(anew, markup)


def read(url: str, markup: bytes) -> tuple[Article, list[str]] | str:
    """Return the record of a page and what it lacks; the reason where it is refused."""
    try:
        page = article_page(url, markup)
        return page.to_item(), page.missing
    except PageRefused as refusal:
        return refusal.reason


@pytest.mark.parametrize("name", NAMES)
def test_of_committed_pages(name: str) -> None:
    """Each gives the same record."""
    case = load(name)
    for seed in range(5):
        assert read(case.asked, shuffled(case.body, seed)) == read(case.asked, case.body)


def test_of_real_pages(real_pages: Path) -> None:
    """The same of captured ones, their counts of words too."""
    with (real_pages / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t"))
    for seed, row in enumerate(rows[:: len(rows) // PAGES]):
        markup = read_page(real_pages / "pages" / row["file"])
        assert read(row["url"], shuffled(markup, seed)) == read(row["url"], markup), row["file"]
