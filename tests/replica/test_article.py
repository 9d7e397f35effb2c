"""Article pages show what is true of the story, in every layout."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.replica import Request, Site, Story
from tests.replica.counting import site_words
from tests.replica.layouts import LAYOUTS
from tests.replica.listing import index_pager
from tests.replica.pinned import PINNED


@pytest.fixture(scope="module", params=list(LAYOUTS))
def layout_site(request: pytest.FixtureRequest) -> Site:
    """Return a site in one layout only."""
    return Site(seed=2, articles=80, layout=request.param)


def page_of(site: Site, story: Story, query: str = "page=all") -> str:
    """Return an article's page."""
    return site.answer(Request.get(f"{story.url}?{query}")).body.decode()


def raw_body(page: str) -> str:
    """Return the markup between the body's start and the mark at its end."""
    return page.partition('<div class="read__content">')[2].partition('<span class="liftdown')[0]


def words_of(markup: str) -> list[str]:
    """Return the words a reader sees, without the blanks and the kinds of blanks between them."""
    return re.findall(r"\w+", html.fromstring(f"<div>{markup}</div>").text_content())


def test_every_word_of_the_truth_is_on_the_page_in_order(layout_site: Site) -> None:
    """The body of ``?page=all`` holds the words of all blocks, in their order."""
    for story in layout_site.stories:
        shown = iter(words_of(raw_body(page_of(layout_site, story))))
        assert all(word in shown for word in re.findall(r"\w+", story.text)), story.url


def test_pages_together_hold_what_all_holds(layout_site: Site) -> None:
    """The numbered pages' bodies are those of ``?page=all``, cut up."""
    for story in layout_site.stories[:40]:
        count = len(story.pages)
        numbered = [raw_body(page_of(layout_site, story, f"page={n}")) for n in range(1, count + 1)]
        joined = [word for body in numbered for word in words_of(body)]
        assert joined == words_of(raw_body(page_of(layout_site, story)))


def test_declared_words_are_those_of_the_raw_body(layout_site: Site) -> None:
    """``content_total_words`` follows from the page's own markup by the site's rule."""
    for story in layout_site.stories:
        page = page_of(layout_site, story)
        body = re.sub(r"(?s)<script.*?</script>|<!--.*?-->", "", raw_body(page))
        body = re.sub(r'(?s)<div id="\w+" class="photo".*?</div>', "", body)
        body = body.replace("- <a target='_self'", "-<a target='_self'")  # as stored
        body = re.sub(r"(?s)<blockquote class=.*?</blockquote>", "", body)
        declared = re.search(r'content_total_words" content="(\d+)"', page)
        assert declared
        # An infographic's caption and credit count: docs/site.md, section 2.
        assert int(declared[1]) == site_words(body), story.url


def test_every_page_of_an_article_declares_the_same_words(site: Site) -> None:
    """The count is the article's, not the page's."""
    story = next(story for story in site.stories if len(story.pages) > 2)
    pages = [page_of(site, story, f"page={n}") for n in ("1", "2", "3", "all")]
    assert (
        len({re.findall(r'content_total_words" content="(\d+)"', page)[0] for page in pages}) == 1
    )


def test_only_the_last_page_calls_to_action(site: Site) -> None:
    """The Telegram lines stand on the last page and on ``?page=all`` alone."""
    story = next(s for s in site.stories if len(s.pages) > 1 and s.layout == "2023-11")
    last = len(story.pages)
    promo = LAYOUTS["2023-04"].promo
    shown = {n: promo in page_of(site, story, f"page={n}") for n in ("1", str(last), "all")}
    assert shown == {"1": False, str(last): True, "all": True}


def test_pager_lists_every_page_and_show_all(site: Site) -> None:
    """The Halaman pager has an absolute address for each page, and one for all."""
    for story in site.stories[:60]:
        links = re.findall(
            r'<a class="paging__link[^"]*" href="([^"]+)"',
            page_of(site, story, "").split("terkini")[0],
        )
        count = len(story.pages)
        numbered = [f"{story.url}?page={n}" for n in range(1, count + 1)]
        assert links == ([*numbered, f"{story.url}?page=all#page2"] if count > 1 else [])


def test_page_over_the_last_one_is_the_first(site: Site) -> None:
    """Pages that do not exist answer page 1."""
    story = next(story for story in site.stories if len(story.pages) == 2)
    first = page_of(site, story, "page=1")
    assert all(page_of(site, story, f"page={n}") == first for n in ("3", "0", "99", "x", "%C2%B2"))
    assert site.answer(Request.get(story.url)).body.decode() == first


def test_title_of_the_whole_article_has_the_suffix(site: Site) -> None:
    """``?page=all`` says so in og:title, never in the headline or in og:url."""
    story = site.stories[0]
    tree = html.fromstring(page_of(site, story))
    assert tree.xpath('string(//meta[@property="og:title"]/@content)') == (
        f"{story.title} Halaman all - Kompas.com"
    )
    assert tree.xpath("string(//h1)") == story.title
    assert tree.xpath('string(//meta[@property="og:url"]/@content)') == story.url


def json_ld(page: str) -> dict[str, Any]:
    """Return the page's NewsArticle."""
    blocks = re.findall(r'(?s)<script type="application/ld\+json">(.*?)</script>', page)
    found: dict[str, Any] = next(b for b in map(json.loads, blocks) if b["@type"] == "NewsArticle")
    return found


def test_updates_hide_the_first_publication_everywhere_but_in_the_address(site: Site) -> None:
    """The trap of "Diperbarui": every date of the page is the update's."""
    story = next(s for s in site.stories if s.updated_at and s.layout >= "2023")
    page = page_of(site, story)
    assert story.updated_at
    assert f"{story.updated_at:%Y-%m-%d %H:%M:%S}" in page
    assert "Diperbarui " in page
    assert f"{story.published_at:%Y-%m-%d %H:%M:%S}" not in page
    assert json_ld(page)["datePublished"] == json_ld(page)["dateModified"]


def test_json_ld_of_2023_names_the_editor(site: Site) -> None:
    """The trap of JSON-LD: its author is the editor."""
    story = next(s for s in site.stories if s.authors and s.layout == "2023-11")
    assert json_ld(page_of(site, story))["author"]["name"] == story.editors[0]


def test_without_author_the_meta_is_empty_and_no_penulis_is_printed(site: Site) -> None:
    """Agency pieces print an editor alone."""
    story = next(s for s in site.stories if s.kind == "agency")
    page = page_of(site, story)
    assert '<meta name="content_author" content="" />' in page
    assert "Penulis" not in page


def test_terkini_has_the_15_newest_and_the_pager_to_the_index(site: Site) -> None:
    """The block lists the newest articles, whichever article it stands on."""
    page = page_of(site, site.stories[200])
    block = page.partition("Terkini Lainnya")[2].partition("col-bs10-3")[0]
    links = re.findall(r'class="article__link" href="([^"]+)"', block)
    assert links == [story.url for story in site.stories[:15]]
    assert index_pager("global") in block
    assert "https://indeks.kompas.com?site=global&page=2" in block


def test_the_right_column_reuses_the_classes_of_terkini(site: Site) -> None:
    """The box beside it has other articles under the same classes."""
    column = page_of(site, site.stories[0]).partition('<div class="col-bs10-3">')[2]
    assert "Mungkin Anda melewatkan ini" in column
    assert 'class="article__link"' in column


def test_the_pinned_article_is_there_and_listed_nowhere(site: Site) -> None:
    """The article for ``scrapy check`` answers and stands on no listing."""
    assert PINNED.blocks[0].text in page_of(site, PINNED)
    assert site.truth(PINNED.id) is PINNED
    assert PINNED not in site.stories


def outline(page: bytes) -> set[str]:
    """Return the class names and the names of metas that a page uses."""
    tree = html.fromstring(page)
    classes = {c for value in tree.xpath("//@class") for c in str(value).split()}
    return classes | {f"meta {name}" for name in tree.xpath("//meta/@name")}


# Not on the captured pages of every month (docs/site.md, section 6); and our own chrome.
_SEEN_ELSEWHERE = re.compile(
    r"theme--|nav__link--|footer__row|tiktok-embed|twitter-tweet|instagram-media|read__question|pb_10$|photo$"
    r"|photo-infographic|img-infografis|next-topic|read__topic__link|read__credit|bottom$|comment"
    r"|ga--comment"
)


@pytest.mark.parametrize(
    ("layout", "month"),
    [("2020", "2020-10"), ("2021", "2021-03"), ("2023-04", "2023-04"), ("2023-11", "2023-11")],
)
def test_markup_is_that_of_the_captured_pages(real_pages: Path, layout: str, month: str) -> None:
    """Every class and meta of a generated page occurs on the real pages of its month."""
    files = (real_pages / "pages").glob(f"{month}__*")
    real = set().union(*(outline(gzip.decompress(file.read_bytes())) for file in files))
    site = Site(seed=2, articles=120, layout=layout)
    ours = set().union(*(outline(page_of(site, story, "").encode()) for story in site.stories))
    assert not {name for name in ours - real if not _SEEN_ELSEWHERE.match(name)}
    expected = {"meta content_author", "read__title", "read__time", "read__content", "paging__link"}
    assert expected <= ours & real
