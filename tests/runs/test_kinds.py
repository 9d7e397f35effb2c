"""What a request is for, told by its address."""

import pytest

from kompascrawler.run.requests import kind_of
from kompascrawler.sections import SECTIONS

ARTICLE = "https://www.kompas.com/global/read/2023/09/16/170000170/judul"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://www.kompas.com/robots.txt", "robots"),
        ("https://indeks.kompas.com/robots.txt", "robots"),
        ("https://indeks.kompas.com/?site=global&page=2", "index"),
        (ARTICLE, "article"),
        (f"{ARTICLE}?page=all", "article"),
        (f"{ARTICLE}?page=2", "halaman"),
        ("https://internasional.kompas.com/", "front"),
        ("https://account.kompas.com/login", "other"),
        ("https://www.kompas.com/tren", "other"),
        *((section.front, "front") for section in SECTIONS.values()),
    ],
)
def test_kinds(url: str, kind: str) -> None:
    """Whatever led there."""
    assert kind_of(url) == kind
