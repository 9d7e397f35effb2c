"""Addresses rewritten."""

import pytest

from kompascrawler.identity import parse_address
from tests.cases import Rewriter

URL = "https://www.kompas.com/global/read/2020/10/17/160000470/raja-negeri-jauh-datang"


def test_an_articles_address_keeps_its_identity() -> None:
    """Host, channel, date and number stay; every word of the slug goes."""
    rewriter = Rewriter("x")
    rewriter.page(URL.encode())
    new = rewriter.address(URL)
    assert new != URL
    before, after = parse_address(URL), parse_address(new)
    assert before is not None
    assert after is not None
    assert before._replace(url="") == after._replace(url="")
    slug = new.rpartition("/")[2].split("-")
    assert not {"raja", "negeri", "jauh", "datang"} & set(slug)


def test_a_slug_is_that_of_its_title() -> None:
    """The words of a slug are those of the headline that it was made of."""
    rewriter = Rewriter("x")
    title = rewriter.prose("Raja Negeri Jauh Datang")
    assert rewriter.address(URL).endswith("/" + title.lower().replace(" ", "-"))


@pytest.mark.parametrize(
    ("url", "stays"),
    [
        ("https://www.kompas.com/tag/kudeta", "https://www.kompas.com/tag/"),
        (
            "https://indeks.kompas.com?site=global&page=2",
            "https://indeks.kompas.com?site=global&page=2",
        ),
        (
            "http://indeks.kompas.com/profile/2012/Nama.Orang",
            "http://indeks.kompas.com/profile/2012/",
        ),
        (
            "https://asset.kompas.com/crops/x/data/photo/2020/10/1/5f8b.jpg",
            "https://asset.kompas.com/",
        ),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ", "https://www.youtube.com/embed/"),
        ("https://t.me/kompascomupdate", "https://t.me/kompascomupdate"),
        (r"https:\/\/money.kompas.com\/read\/", r"https:\/\/money.kompas.com\/read\/"),
        ("//asset.kompas.com/data/photo/raja.png", "//asset.kompas.com/data/photo/"),
    ],
)
def test_what_selectors_and_rules_look_at_stays(url: str, stays: str) -> None:
    """Hosts of the site and of posts, and the paths that say what an address is, stay."""
    assert Rewriter("x").address(url).startswith(stays)


def test_foreign_hosts_and_names_go() -> None:
    """Agencies, people, files and tags are not told by an address."""
    rewriter = Rewriter("x")
    for url in ("http://www.nytimes.com/raja", "https://www.kompas.com/tag/kudeta"):
        assert not {"nytimes", "raja", "kudeta"} & set(
            rewriter.address(url).replace(".", "/").split("/")
        )
