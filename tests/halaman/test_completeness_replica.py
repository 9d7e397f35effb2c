"""The replica's articles since 2023 prove their joined text by the one that they declare."""

import pytest

from kompascrawler.halaman.assembly import Assembly
from kompascrawler.items import Halaman
from kompascrawler.pages import article_page
from tests.replica import Request, Site
from tests.replica.story import Story


def halaman_of(site: Site, story: Story, begins: bytes = b"<p>") -> Halaman:
    """Get an article page by page, beginning with ?page=all."""
    step: object = "all"
    assembly: Assembly | None = None
    while step != "done":
        url = f"{story.url}?page={step}"
        body = site.answer(Request.get(url)).body.replace(b"<p>", begins)
        part = article_page(url, body).part()
        if assembly is None:
            assembly = Assembly(part)
            step = assembly.begin()
        else:
            assert isinstance(step, int)
            step = assembly.add(step, part)
    assert assembly is not None
    return assembly.record().halaman


@pytest.mark.parametrize("layout", ["2023-04", "2023-11", "2026"])
def test_every_joined_article_is_proven_by_its_text(layout: str) -> None:
    """By ``?page=all`` as page by page; articles of one page, too."""
    for halaman in ("normal", "all_is_first"):
        site = Site(seed=7, articles=12, layout=layout, halaman=halaman)
        for story in site.stories:
            found = halaman_of(site, story)
            assert (found.complete, found.proof) == (True, "text"), story.url
            assert (found.route == "numbered") is (halaman == "all_is_first")


@pytest.mark.parametrize(
    "begins", [b"<p>\x1b", b"<p>\x07 \x08", "<p>\x9b\ufffe".encode(), b"<p>&#27;"]
)
def test_control_characters_of_the_pages_decide_nothing(begins: bytes) -> None:
    """No record keeps them, and the declared text lacks them."""
    site = Site(seed=7, articles=12, layout="2026", halaman="all_is_first")
    for story in site.stories:
        found = halaman_of(site, story, begins)
        assert (found.complete, found.proof) == (True, "text"), story.url
