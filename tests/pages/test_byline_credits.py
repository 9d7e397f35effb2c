"""Names by role, in each form that the site has printed them."""

import pytest

from kompascrawler.pages.byline import AUTHOR, EDITOR, SOURCE, Credits, read_credits
from kompascrawler.pages.layout import landmarks_of
from kompascrawler.pages.read import ReadFields

LINES = """
<div class="read__credit__item" id="penulis"><span>Penulis</span> <a>Rani Pratama</a></div>
<div class="read__credit__item" id="editor"><span>Editor</span> <a>Bimo Saputra</a></div>
<div class="read__credit__item"><span>Sumber</span> Reuters, AFP, Reuters</div>
"""
CARDS = """
<div class="credit-author"><h6 class="credit-author-name">Rani Pratama</h6>
<h6 class="credit-author-position">Penulis<h6></div>
<div class="credit-author"><div class="credit-author-name">Bimo Saputra</div>
<div class="credit-author-position">Editor</div></div>
"""
BOX = """
<div class="credit-title"><h6 class="credit-title-nameEditor">Rani Pratama,</h6><p>Penulis</p></div>
"""
HEAD = '<meta name="content_author" content="{}">'


def credits_of(markup: str) -> Credits:
    """Return the names on a page with some markup."""
    page = f"<html><body>{markup}</body></html>".encode()
    return read_credits(landmarks_of(page, ReadFields.MARKS, stop="latest")[0])


def names(found: Credits, role: str) -> list[str]:
    """Return those of the place that is trusted most."""
    return next((names for _, names in found.places[role] if names), [])


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (LINES, (["Rani Pratama"], ["Bimo Saputra"], ["Reuters", "AFP"])),
        (CARDS, (["Rani Pratama"], ["Bimo Saputra"], [])),
        (BOX, (["Rani Pratama"], [], [])),
        (HEAD.format("Kontributor Medan, Rani Pratama"), (["Rani Pratama"], [], [])),
        ('<div class="read__author">Rani Pratama, Kompas.com</div>', (["Rani Pratama"], [], [])),
        (LINES + HEAD.format("Siti"), (["Rani Pratama"], ["Bimo Saputra"], ["Reuters", "AFP"])),
        ("<p>Penulis: Rani Pratama</p>", ([], [], [])),
    ],
)
def test_names(markup: str, expected: tuple[list[str], list[str], list[str]]) -> None:
    """What is printed counts, then the head."""
    found = credits_of(markup)
    assert tuple(names(found, role) for role in (AUTHOR, EDITOR, SOURCE)) == expected


def test_a_role_that_the_head_denies() -> None:
    """Is named; one of several names in common is enough."""
    assert credits_of(LINES + HEAD.format("Siti")).contradicting == [AUTHOR]
    assert credits_of(LINES + HEAD.format("Siti,Rani Pratama")).contradicting == []
