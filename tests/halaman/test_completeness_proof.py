"""The declared text as proof: what agrees with it, and what a count would not notice."""

from collections.abc import Sequence
from itertools import count

import pytest

from kompascrawler.halaman.completeness import TOLERANCE, agrees, missing_words
from kompascrawler.halaman.joining import Part
from kompascrawler.items import Halaman
from tests.halaman.parts import WORDS, assemble, paragraph, part

NAMES = ("a", "b", "c", "d", "e", "f")
PAGES = (NAMES[:2], NAMES[2:4], NAMES[4:])


def text_of(names: Sequence[str]) -> str:
    """Return the text of paragraphs, no two words of it alike."""
    return " ".join(f"{name}{number}" for name in names for number in range(WORDS))


def page(*names: str, joined: str = " ") -> Part:
    """Return a page of an article of ``PAGES`` that declares its text."""
    text = joined.join(text_of([name]) for name in names)
    declared = text_of(NAMES)
    return part(*names, declared=len(NAMES), pages=3, text=text, text_declared=declared)


def halaman_of(second: Part, third: Part) -> Halaman:
    """Join three pages."""
    first = page(*PAGES[0])
    return assemble(first, {2: second, 3: third, "browser": 404})[0].record().halaman


def test_pages_whose_text_is_the_declared_one_are_proven_by_it() -> None:
    """All pages in order, whatever stands between the paragraphs."""
    halaman = halaman_of(page(*PAGES[1], joined="\n"), page(*PAGES[2], joined=""))
    assert (halaman.complete, halaman.proof) == (True, "text")


@pytest.mark.parametrize(
    ("second", "third"),
    [
        (PAGES[1], (NAMES[2], NAMES[4])),  # half of page 2 again
        (PAGES[1], ("x", "y")),  # another article's page
        (("c", "x"), PAGES[2]),  # a paragraph lost, another of the same length in its place
        (PAGES[2], PAGES[1]),  # in the wrong order
    ],
)
def test_what_the_count_does_not_notice(second: Sequence[str], third: Sequence[str]) -> None:
    """The words are as many as declared, and the article is not complete."""
    halaman = halaman_of(page(*second), page(*third))
    assert halaman.words_counted == halaman.words_declared
    assert (halaman.complete, halaman.proof) == (False, None)


def test_a_paragraph_on_both_sides_of_a_seam_counts_once() -> None:
    """It stands once in the declared text, too."""
    words = {name: paragraph(name) for name in NAMES}
    declared = " ".join(words.values())

    def shown(*names: str) -> Part:
        text = "".join(words[name] for name in names)
        return part(*names, declared=len(NAMES), pages=2, text=text, text_declared=declared)

    assembly, _ = assemble(shown("a", "b", "c"), {2: shown("c", "d", "e", "f")})
    assert assembly.record().halaman.proof == "text"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [(0, True), (1, None), (TOLERANCE, None), (TOLERANCE + 1, False), (60, False)],
)
def test_few_words_that_differ_decide_nothing(changes: int, *, expected: bool | None) -> None:
    """Then the count decides; with more the text does, though the count is the same."""
    numbers = count()
    declared = [f"kata{next(numbers)}" for _ in range(400)]
    text = [*declared[:100], *("lain" for _ in range(changes)), *declared[100 + changes :]]
    assert agrees(" ".join(declared), " ".join(text)) is expected
    assert missing_words(" ".join(declared), " ".join(text)) == changes
    assert agrees(None, " ".join(text)) is None


def test_words_without_any_declared_text_are_no_text_proof() -> None:
    """A page before 2023 is proven by its count, without words by its pager, else by nothing."""
    proofs = [
        part("a", declared=1, pages=1).record.halaman.proof,
        part("a", pages=1).record.halaman.proof,
        part("a").record.halaman.proof,
        part("a", declared=2, pages=1).record.halaman.proof,
    ]
    assert proofs == ["words", "pages", None, None]
