"""The generated prose is varied and the same for the same source."""

from datetime import date
from itertools import combinations
from random import Random

import pytest

from tests.replica.prose import Prose
from tests.replica.site import Site

DAY = date(2026, 11, 20)


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return the runs of four words of a text."""
    words = text.lower().split()
    return set(zip(*(words[start:] for start in range(4)), strict=False))


def test_same_source_same_words() -> None:
    """Two writers with the same random source write the same."""
    first, second = (Prose(Random(7), DAY) for _ in range(2))
    assert [first.paragraph() for _ in range(50)] == [second.paragraph() for _ in range(50)]


@pytest.mark.parametrize(
    "form", ["sentence", "lead", "quote", "headline", "heading", "item", "question", "caption"]
)
def test_every_slot_of_a_template_is_filled(form: str) -> None:
    """No template leaves a brace behind or starts with a small letter."""
    prose = Prose(Random(3), DAY)
    for _ in range(300):
        text = getattr(prose, form)()
        assert not set("{}") & set(text)
        assert not text[0].islower()


def test_two_stories_are_never_nearly_the_same(site: Site) -> None:
    """Over 300 stories no two share as much as a fifth of their runs of four words."""
    sets = [
        shingles(story.text)
        for story in site.stories
        if story.original is None and story.kind != "roundup"
    ][:300]
    assert len(sets) == 300
    assert max(len(a & b) / len(a | b) for a, b in combinations(sets, 2)) < 0.2


def test_articles_have_150_to_900_words(site: Site) -> None:
    """The lengths are those of a news site's articles, roundups aside."""
    lengths = [len(story.text.split()) for story in site.stories if story.kind == "news"]
    assert min(lengths) >= 140
    assert max(lengths) <= 900
    assert 250 <= sum(lengths) / len(lengths) <= 500
