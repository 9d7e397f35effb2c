"""Bodies are written with everything that the real ones have in the way."""

import re

import pytest

from tests.replica import Site, Story
from tests.replica.body import body_pages
from tests.replica.pieces import Paragraph


def bodies(site: Site, **habits: bool) -> list[tuple[Story, str]]:
    """Return every story of a site with the markup of its body."""
    chosen = {"blank_before_tag": False, "wraps_video": False} | habits
    return [
        (story, "\n".join(html for page in body_pages(story, **chosen) for html in page))
        for story in site.stories
    ]


@pytest.fixture(scope="module")
def many_bodies() -> list[str]:
    """Write the bodies of a large site."""
    return [html for _, html in bodies(Site(seed=1, articles=900))]


@pytest.mark.parametrize(
    "form",
    [
        r"<strong>[A-Z ]+, KOMPAS\.com</strong> - \S",
        r"<strong>KOMPAS\.com</strong> - \S",
        r"<strong>KOMPAS\.com -</strong> \S",
        r"<strong>[A-Z ]+, KOMPAS\.com -</strong> \S",
        r"<strong>[A-Z ]+, KOMPAS\.com</strong> &ndash; \S",
        r"<strong>KOMPAS\.com</strong> – \S",
        r"<strong>[A-Z ]+, KOMPAS\.com</strong> — \S",
        r"<strong>KOMPAS\.com&nbsp;</strong>- \S",
        r"<strong>[A-Z ]+, KOMPAS\.com</strong> -\S",
        r"<strong>[A-Z ]+, KOMPAS\.com</strong> [^\s&–—-]",
        r"<strong>[A-Z ]+, KOMPAS\.COM</strong> — \S",
        r"<strong><a target='_self' class='inner-link-tag'[^>]+>[A-Z ]+</a>, KOMPAS\.com</str",
    ],
)
def test_every_form_of_the_dateline_occurs(many_bodies: list[str], form: str) -> None:
    """A site of 900 articles has each known form of the dateline."""
    assert any(re.search(f"<p>{form}", html) for html in many_bodies)


def test_the_dateline_names_the_place_of_the_truth(site: Site) -> None:
    """Place or none, what the page prints is what the truth says."""
    for story, html in bodies(site):
        printed = re.search(r"<p><strong>(?:<a[^>]*>)?([A-Z ]+?)(?:</a>)?, KOMPAS", html)
        assert (printed[1] if printed else None) == (story.dateline and story.dateline.place)


def test_a_column_s_dateline_stands_in_the_second_paragraph(site: Site) -> None:
    """In a column the first paragraph has none."""
    column = next(story for story in site.stories if story.kind == "column")
    [page] = body_pages(column, blank_before_tag=False, wraps_video=False)
    assert ["KOMPAS." in html for html in page[:2]] == [False, True]


def test_baca_juga_has_all_its_forms(site: Site) -> None:
    """With and without the class, in em, nested, and inside a paragraph."""
    html = "\n".join(html for _, html in bodies(site))
    for form in (
        r'<p><strong>Baca juga: <a href="[^"]+" class="inner-link-baca-juga"',
        r'<p><strong>Baca juga: <a href="[^"]+" target=',
        r"<p><em>Baca juga: ",
        r"<p><strong><strong>Baca juga: .*?</strong><br /></strong></p>",
        r"\w\S* <strong>Baca juga: .*?</strong></p>",
    ):
        assert re.search(form, html), form


def test_the_class_of_baca_juga_is_also_on_text(site: Site) -> None:
    """Read-more sentences carry the same class: judging by the class is wrong."""
    roundup = next(html for story, html in bodies(site) if story.kind == "roundup")
    assert re.search(r'class="inner-link-baca-juga" target="_self">di sini</a>\.</p>', roundup)


def test_bare_text_stands_outside_any_paragraph(site: Site) -> None:
    """Some text has no element of its own."""
    story = next(
        s for s in site.stories if any(isinstance(p, Paragraph) and p.bare for p in s.pieces)
    )
    pages = body_pages(story, blank_before_tag=False, wraps_video=False)
    assert any(not html.startswith("<") for page in pages for html in page)


@pytest.mark.parametrize("is_wrapped", [True, False])
def test_videos_stand_as_the_layout_has_them(site: Site, *, is_wrapped: bool) -> None:
    """In a div in 2023, in a paragraph in 2020."""
    html = "\n".join(html for _, html in bodies(site, wraps_video=is_wrapped))
    assert ('class="video"><iframe' in html) is is_wrapped
    assert ("<p><iframe" in html) is not is_wrapped


def test_the_2020_blank_tears_brackets_and_hyphens(site: Site) -> None:
    """With the habit of 2020 some links leave "( AS)" and "hewan- hewan" behind."""
    html = "\n".join(html for _, html in bodies(site, blank_before_tag=True))
    shown = re.sub(r"<[^>]+>", "", html)
    assert "( AS)" in shown
    assert "hewan- hewan" in shown


def test_the_same_story_is_always_written_the_same(site: Site) -> None:
    """Rendering has no chance left in it."""
    assert bodies(site)[:50] == bodies(site)[:50]
