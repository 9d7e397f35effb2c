"""A site of 2015: its pages, its addresses, and what the crawler reads from them."""

import gzip
import re
from html import unescape
from pathlib import Path

import pytest
from lxml import html

from kompascrawler.cleaning import clean
from kompascrawler.identity import parse_address
from kompascrawler.items import Article
from kompascrawler.pages import article_page
from kompascrawler.pages.kcm import KcmReadPage
from kompascrawler.sections import SECTIONS
from tests.replica import Request, Site, Story


@pytest.fixture(scope="module")
def old() -> Site:
    """Return a site of that time."""
    return Site(seed=4, articles=60, layout="2015")


def page_of(site: Site, story: Story, query: str = "page=all") -> bytes:
    """Return an article's page."""
    return site.answer(Request.get(f"{story.url}?{query}")).body


def record_of(site: Site, story: Story) -> Article:
    """Return what the crawler makes of an article's page."""
    page = article_page(f"{story.url}?page=all", page_of(site, story))
    assert isinstance(page, KcmReadPage)
    return clean(page.to_item())


def test_the_record_is_the_truth(old: Site) -> None:
    """Every field that the layout shows is read as it is true of the article."""
    for story in old.stories:
        record = record_of(old, story)
        assert (record.id, record.url, record.title) == (story.id, story.url, story.title)
        assert record.published_at == story.published_at.isoformat()
        assert record.description == story.description
        assert record.editors == list(story.editors)
        assert record.sources == list(story.sources)
        assert record.images == story.images
        assert record.dateline == (story.dateline and story.dateline.place)
        assert record.blocks == story.blocks


def test_what_the_layout_does_not_show_is_missing(old: Site) -> None:
    """No writers, tags, topic, update, links and counts; one page, nothing to prove it by."""
    for story in old.stories:
        record = record_of(old, story)
        assert not [*record.authors, *record.tags, *record.related, *record.embeds]
        assert record.topic is record.updated_at is None
        assert (record.halaman.pages_expected, record.halaman.route) == (1, "single")
        assert record.halaman.words_declared is record.halaman.complete is None


def test_the_box_of_related_articles_is_no_text(old: Site) -> None:
    """Its links stand on the page, inside the container of the text, and not in the record."""
    story = old.stories[0]
    box = page_of(old, story).decode().partition("kcm-read-terkait")[2].partition("</ul>")[0]
    titles = re.findall(r"related_left[^>]*>([^<]+)<", box)
    assert titles
    assert not any(unescape(title) in record_of(old, story).text for title in titles)


def test_addresses_are_of_the_time(old: Site) -> None:
    """Eight digits that end in 1, dots in the slug, the old host: articles of the section."""
    for story in old.stories:
        number = rf"{story.published_at:%H%M%S}\d1"
        pattern = rf"https://internasional\.kompas\.com/read/2015/\d\d/\d\d/{number}/[\w.]+"
        assert re.fullmatch(pattern, story.url)
        address = parse_address(story.url)
        assert address is not None
        assert (address.id, address.url) == (story.id, story.url)
        assert SECTIONS["global"].holds(address)


def test_listings_lead_to_the_articles(old: Site) -> None:
    """The section's front page and the index list them, newest first."""
    for url in ("https://www.kompas.com/global", "https://indeks.kompas.com/?site=global"):
        page = old.answer(Request.get(url)).body.decode()
        links = re.findall(r'<a class="article__link" href="([^"]+)"', page)
        assert links == [story.url for story in old.stories[:20]]


def test_time_goes_on(old: Site) -> None:
    """New articles come out in 2015 as well."""
    site = Site(seed=4, articles=60, layout="2015")
    assert site.publish(3) == 3
    assert site.stories[3:] == old.stories
    assert f"{site.now:%Y-%m-%d}" == "2015-03-24"


def outline(page: bytes) -> set[str]:
    """Return the class names, the names of metas and the elements that a page uses."""
    tree = html.fromstring(page)
    classes = {c for value in tree.xpath("//@class") for c in str(value).split()}
    metas = {f"meta {name}" for name in tree.xpath("//meta/@name | //meta/@property")}
    return classes | metas | {f"<{element.tag!s}>" for element in tree.iter("*")}


def test_markup_is_that_of_the_captured_page(old: Site, real_pages: Path) -> None:
    """Every class, meta and element of a generated page occurs on the real one."""
    [file] = (real_pages / "pages").glob("2015-03__*")
    real = outline(gzip.decompress(file.read_bytes()))
    ours = set().union(*(outline(page_of(old, story)) for story in old.stories))
    assert ours <= real
    assert {"kcm-read-content-top", "kcmread1114", "kcm-read-copy"} <= ours


@pytest.mark.parametrize("more", [{"halaman": "mix"}, {"internasional": "redirect"}])
def test_what_was_not_of_the_time_is_refused(more: dict[str, str]) -> None:
    """No pages to divide an article in, no other host to lead to."""
    with pytest.raises(ValueError, match="in 2015"):
        Site(layout="2015", **more)  # type: ignore[arg-type]  # one of two arguments
