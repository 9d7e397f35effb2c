"""Plain text becomes the site's markup and comes off it again."""

import re
from html import unescape
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.replica.markup import attribute, inline

TAGS = ("AS", "hewan", "Korea Selatan")


def text_of(markup: str) -> str:
    """Return what a browser shows of a markup without blocks."""
    return unescape(re.sub(r"<[^>]+>", "", markup.replace("<br />\n", "\n"))).replace("\xa0", " ")


@given(st.text(), st.integers())
def test_markup_shows_the_text_again(text: str, seed: int) -> None:
    """Whatever the text, its markup shows the same characters."""
    plain = text.replace("\xa0", " ")
    markup = inline(plain, tags=TAGS, blank_before_tag=False, random=Random(seed))
    assert text_of(markup) == plain


def test_the_2020_template_puts_a_blank_before_a_topic_link() -> None:
    """The link of "(AS)" tears the bracket off, as on the real pages."""
    seen = {
        text_of(inline("(AS)", tags=("AS",), blank_before_tag=True, random=Random(seed)))
        for seed in range(20)
    }
    assert seen == {"(AS)", "( AS)"}


def test_a_tag_inside_a_word_is_no_link() -> None:
    """Only whole words become topic links."""
    for seed in range(20):
        markup = inline("ASEAN", tags=("AS",), blank_before_tag=True, random=Random(seed))
        assert markup == "ASEAN"


@given(st.text())
def test_attribute_holds_no_quote_or_angle(text: str) -> None:
    """Text in an attribute cannot end it."""
    assert not set('"<>') & set(attribute(text))
    assert unescape(attribute(text)) == text or "&" in text or "\r" in text
