"""Walks over articles of the replica, whose pages plain HTTP does not give."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from kompascrawler.cleaning.clean import clean
from kompascrawler.pages import article_page
from tests.browser.crawls import Walks
from tests.browser.stand_in import DECLARES_2, NEXT, Page, always, article, two_pages
from tests.replica import Story

# One worker crawls for all of them.
pytestmark = pytest.mark.xdist_group("walks")

WHOLE = [
    "normal",
    "ten_pages",
    "all_is_first",
    "out_of_order",
    "script_pager",
    "script_pager_href",
    "next_click",
    "next_click_swap",
    "scroll",
    "script_body",
]
APPENDS = {"next_click", "scroll", "script_body"}
BROKEN = ["missing_500", "missing_404", "numbers_are_first"]
BEHAVIOURS = [*WHOLE, *BROKEN]


def _blocks(story: Story, documents: list[str]) -> list[str]:
    """Return the texts that the crawler reads in the documents, cleaned, page after page."""
    return [
        block.text
        for document in documents
        for block in clean(article_page(story.url, document.encode(), "utf-8").to_item()).blocks
    ]


@pytest.mark.parametrize("behaviour", WHOLE)
def test_every_paragraph_in_order(walks: Walks, behaviour: str) -> None:
    """The pages hold the text of the source, paragraph by paragraph."""
    story, answer = walks.stories[behaviour], walks.of_story(behaviour)
    assert _blocks(story, answer["documents"]) == [block.text for block in story.blocks]


@pytest.mark.parametrize("behaviour", WHOLE)
def test_documents(walks: Walks, behaviour: str) -> None:
    """Appended pages are one document; swapped ones are one each."""
    story, answer = walks.stories[behaviour], walks.of_story(behaviour)
    expected = 1 if behaviour in APPENDS else len(story.pages)
    assert len(answer["documents"]) == expected


@pytest.mark.parametrize("behaviour", [name for name in WHOLE if name != "script_body"])
def test_came_to_its_end(walks: Walks, behaviour: str) -> None:
    """A walk that saw all pages says so."""
    story, answer = walks.stories[behaviour], walks.of_story(behaviour)
    assert (answer["pages"], answer["stopped"]) == (len(story.pages), None)


@pytest.mark.parametrize("behaviour", BROKEN)
def test_says_what_is_missing(walks: Walks, behaviour: str) -> None:
    """Where a page cannot be had, the walk is not whole and names the cause."""
    answer = walks.of_story(behaviour)
    assert (answer["is_whole"], answer["stopped"]) == (False, "no further page")


def test_no_address_twice(walks: Walks) -> None:
    """Nothing is asked for a second time."""
    paths = tuple(urlsplit(story.url).path for story in walks.stories.values())
    urls = [line.url for line in walks.replica.log if line.path.startswith(paths)]
    assert len(urls) == len(set(urls)) > len(paths)


def test_no_page_left_open(walks: Walks) -> None:
    """Pages are back to zero at the end."""
    assert walks.outcome.stats["browser/pages_open"] == 0


# written for one rule each --------------------------------------------------------------------
_FROM_MEMORY = "let n = 0; const body = document.querySelector('.read__content');"


def _on_click(effect: str, head: str = "") -> Page:
    script = f"{_FROM_MEMORY} document.querySelector('.more').onclick = () => {{ {effect} }};"
    button = '<button class="more">Muat Lagi</button>'
    return always(article("Awal.", below=button, script=script, head=head))


_IN_STROKES = "body.textContent = 'Dua,'; setTimeout(() => body.textContent += ' akhir.', 75)"
"""The page's own clock holds them apart, as it counts the wait."""


_RULES: dict[str, tuple[Page, Callable[[dict[str, object]], bool]]] = {
    # A site that always has one page more is left at the bound.
    "endless": (
        _on_click("body.textContent = `Bab ${++n}`"),
        lambda answer: (answer["pages"], answer["stopped"]) == (30, "30 pages"),
    ),
    # Page 1 shown again ends the walk; it is not taken for page 3.
    "around": (
        _on_click("body.textContent = ['Awal.', 'Akhir.'][++n % 2]"),
        lambda answer: (answer["pages"], answer["stopped"]) == (2, "a page again"),
    ),
    # The next article, appended below, is no page of this one.
    "another": (
        _on_click(
            "document.body.insertAdjacentHTML('beforeend', "
            "'<h1 class=read__title>Lain</h1><div class=read__content>Lain.</div>')"
        ),
        lambda answer: (answer["pages"], answer["stopped"]) == (1, "another article"),
    ),
    # A list of other stories has a "next" too, and links lead to other articles.
    "others": (
        always(
            article(
                "Sendiri.",
                below='<div class="latest"><a href="javascript:void(0)" onclick="document.'
                "querySelector('.read__content').textContent = 'Salah.'\">Next</a></div>"
                '<a href="/global/read/2026/11/20/100000170/lain">Selanjutnya</a>',
            )
        ),
        lambda answer: (answer["pages"], answer["is_whole"]) == (1, True),
    ),
    # An address that is none leads nowhere, and stops nothing.
    "no_address": (
        always(article("Sendiri.", below='<a href="https://[">Selanjutnya</a>' + NEXT)),
        lambda answer: (answer["pages"], answer["is_whole"]) == (1, True),
    ),
    # A body that a script writes late is waited for, however late its data come.
    "late_body": (
        lambda request, _: (
            article("Nanti.")
            if request.query
            else article(
                "",
                script="fetch('?n=0').then(a => a.text()).then(() => setTimeout(() => "
                "document.querySelector('.read__content').textContent = 'Datang.', 300))",
            )
        ),
        lambda answer: "Datang." in str(answer["body"]) and answer["pages"] == 1,
    ),
    # Where nobody says how many pages there are, the walk goes on until nothing more comes.
    "undeclared": (
        two_pages(head=""),
        lambda answer: (answer["pages"], answer["is_whole"]) == (2, True),
    ),
    # A second stroke is waited for where no declared words would tell that it is missing.
    "in_strokes": (
        _on_click(_IN_STROKES, DECLARES_2),
        lambda answer: "Dua, akhir." in str(answer["documents"]),
    ),
    "in_strokes_of_none": (
        _on_click(_IN_STROKES, DECLARES_2 + '<meta name="content_total_words" content="0">'),
        lambda answer: "Dua, akhir." in str(answer["documents"]),
    ),
    # A button that does nothing (any more) is no reason to wait for ever.
    "dead": (
        always(article("Satu.", below=NEXT)),
        lambda answer: (answer["pages"], answer["is_whole"]) == (1, True),
    ),
}


RULES = {name: page for name, (page, _) in _RULES.items()}


@pytest.mark.parametrize("name", RULES)
def test_rule(walks: Walks, name: str) -> None:
    """Each rule of the walk holds on the page written for it."""
    _, holds = _RULES[name]
    assert holds(walks.outcome.answers[name]), walks.outcome.answers[name]
