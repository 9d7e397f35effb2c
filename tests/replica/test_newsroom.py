"""What the replica publishes, and when."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.replica import Site, Story
from tests.replica.pieces import (
    BacaJuga,
    Embedded,
    Heading,
    Items,
    Paragraph,
    Photo,
    Question,
    Quote,
    Table,
)  # fmt: skip


def test_same_seed_same_site() -> None:
    """Two sites of one seed hold the same stories, whatever was asked for first."""
    first, second = Site(seed=5, articles=60), Site(seed=5, articles=60)
    second.truth(second.stories[30].id)
    assert first.stories == second.stories


def test_other_seed_other_site() -> None:
    """Another seed gives other stories."""
    texts = [{story.text for story in Site(seed=seed, articles=60).stories} for seed in (5, 6)]
    assert not texts[0] & texts[1]


def test_a_larger_site_has_the_same_newest_articles() -> None:
    """The number of articles decides how far back it goes, not what is in it."""
    small, large = Site(articles=20).stories, Site(articles=90).stories[:20]
    assert [story.url for story in small] == [story.url for story in large]


def test_stories_are_newest_first_and_each_has_its_own_identity(site: Site) -> None:
    """Times fall strictly, identities are unique."""
    times = [story.published_at for story in site.stories]
    assert times == sorted(times, reverse=True)
    assert len({story.id for story in site.stories}) == len(site.stories) == 400


def test_some_38_articles_a_day(site: Site) -> None:
    """The articles spread over the days as on Global in 2021."""
    span = site.stories[0].published_at - site.stories[-1].published_at
    assert 31 <= 400 / (span / timedelta(days=1)) <= 42


def test_published_articles_are_newer_and_change_nothing_older() -> None:
    """Publishing adds that many at the top and leaves the rest alone."""
    site = Site(articles=50)
    before = site.stories
    assert site.publish(7) == 7
    assert site.stories[7:] == before
    assert all(before[0].published_at < story.published_at < site.now for story in site.stories[:7])


def test_pages_are_split_as_on_global(site: Site) -> None:
    """Some 69 % of the news articles have two to seven pages."""
    counts = Counter(len(story.pages) for story in site.stories if story.kind in ("news", "agency"))
    assert 0.6 < 1 - counts[1] / counts.total() < 0.78
    assert max(counts) <= 7


@pytest.mark.parametrize(
    "kind", ["news", "agency", "roundup", "column", "question", "infographic", "video"]
)
def test_every_kind_occurs(site: Site, kind: str) -> None:
    """A site of 400 articles has at least three of each kind."""
    assert sum(story.kind == kind for story in site.stories) >= 3


@pytest.mark.parametrize(
    "kind", [BacaJuga, Embedded, Heading, Items, Paragraph, Photo, Question, Quote, Table]
)
def test_every_piece_occurs(site: Site, kind: type) -> None:
    """A site of 400 articles has at least three of each piece of a body."""
    assert sum(isinstance(p, kind) for story in site.stories for p in story.pieces) >= 3


@pytest.mark.parametrize("embed", ["youtube", "twitter", "instagram", "tiktok", "infographic"])
def test_every_embed_occurs(site: Site, embed: str) -> None:
    """A site of 400 articles embeds something of each known site."""
    assert any(e.type == embed for story in site.stories for e in story.embeds)


def test_agency_pieces_name_no_author(site: Site) -> None:
    """Agency pieces have an editor and no author, all others an author."""
    for story in site.stories:
        assert bool(story.authors) == (story.kind != "agency")
        assert story.editors


def test_updated_articles_were_updated_later_and_not_in_the_future(site: Site) -> None:
    """There are updates, each after publication and before now."""
    updated = [story for story in site.stories if story.updated_at]
    assert updated
    for story in updated:
        assert story.updated_at
        assert story.published_at < story.updated_at < site.now


def test_republications_repeat_an_older_text_under_a_new_number(site: Site) -> None:
    """A republished article has the first one's text and title and its own identity."""
    again = [story for story in site.stories if story.original]
    assert again
    for story in again:
        first = site.truth(story.original or "")
        assert (first.text, first.title) == (story.text, story.title)
        assert first.id < story.id


def test_baca_juga_leads_to_articles_of_the_site(site: Site) -> None:
    """Every "Baca juga" names an existing article by its title and address."""
    for story in site.stories:
        assert story.related
        for related in story.related:
            target = site.truth(related.id or "")
            assert (target.title, target.url) == (related.title, related.url)


def roundups(site: Site) -> list[Story]:
    """Return the roundups of a site."""
    return [story for story in site.stories if story.kind == "roundup"]


def test_roundups_share_openings_with_other_articles(site: Site) -> None:
    """Each section of a roundup opens with the first paragraph of another article."""
    others = {b.text for story in site.stories if story.kind != "roundup" for b in story.blocks}
    for story in roundups(site):
        headings = [n for n, block in enumerate(story.blocks) if block.type == "heading"]
        assert len(headings) >= 3
        assert all(story.blocks[n + 1].text in others for n in headings)


def test_roundups_carry_the_series_in_the_title(site: Site) -> None:
    """Titles of roundups name the series and two articles."""
    for story in roundups(site):
        assert story.title.startswith("[POPULER GLOBAL] ")
        assert story.title.count(" | ") == 1
