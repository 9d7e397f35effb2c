"""Numbers, slugs and addresses have the site's form."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.identity import parse_address
from tests.replica.channels import dotted_slug, slug
from tests.replica.site import Site


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("[Cerita Dunia] Kapal di Selat", "-cerita-dunia-kapal-di-selat"),
        ("Apa Itu Gletser?", "apa-itu-gletser-"),
        ("Bagian Satu | Bagian Dua", "bagian-satu--bagian-dua"),
        ("Kirim 13.300 Ton Beras.", "kirim-13.300-ton-beras"),
        ('Sebut "Aman", Lalu Pergi', "sebut-aman-lalu-pergi"),
    ],
)
def test_slug_has_the_site_s_oddities(title: str, expected: str) -> None:
    """Brackets, question marks, bars and decimals leave in a slug what the site leaves."""
    assert slug(title) == expected


@given(st.text())
def test_slug_is_short_and_plain(title: str) -> None:
    """Whatever the title, the slug fits an address and the site's longest."""
    assert re.fullmatch(r"[a-z0-9.-]{0,73}", slug(title))


@given(st.text("aB7 .[-", max_size=200) | st.text())
def test_dotted_slug_is_short_and_plain(title: str) -> None:
    """Whatever the title, the slug of 2015 fits an address, and no dot stands at its ends."""
    found = dotted_slug(title)
    assert re.fullmatch(r"(?:[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*)?", found)
    assert len(found) <= 73


def test_global_numbers_are_the_time_a_digit_and_70(site: Site) -> None:
    """Every Global number states the time of publication and ends in 70."""
    for story in site.stories:
        assert re.fullmatch(rf"{story.published_at:%H%M%S}\d70", story.id[11:])


def test_addresses_are_read_back_as_the_same_article(site: Site) -> None:
    """The crawler's own reading of each address gives the article's identity."""
    for story in site.stories:
        address = parse_address(story.url)
        assert address is not None
        assert (address.id, address.url) == (story.id, story.url)
