"""What no route gives is taken from the declared text."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.halaman.joining import Part, filled, without_headlines
from kompascrawler.items import Article, Block, Related
from tests.halaman.parts import assemble, part

UNSPLIT = Block(type="unsplit", text="Akhir. Baca juga: “Gempa” di Laut Akhir.", page=2)
TEXTS = {name: f"{name} satu.\n{name}  dua." for name in "abcde"}
HEADLINE = "Gempa di Laut"
DECLARED = " ".join([*TEXTS.values(), f"Baca juga: {HEADLINE} Akhir."])


def page(*names: str, declared: str | None = DECLARED) -> Part:
    """Return a page of an article of three."""
    related = [Related(id=None, title=HEADLINE, url="https://www.kompas.com/")]
    text = "".join(TEXTS.get(name, name) for name in names)
    return part(
        *names, declared=9, pages=3, fields={"related": related}, text=text, text_declared=declared
    )


def told(article: Article | None) -> list[tuple[str, str, int]]:
    """Return kind, words and page of each block; of paragraphs the first word."""
    assert article is not None
    return [
        (block.type, " ".join(block.text.split()[: 1 if block.type == "paragraph" else 99]),
         block.page)
        for block in article.blocks
    ]  # fmt: skip


def test_the_last_pages_are_one_block() -> None:
    """A headline that a link names is cut from it; nothing else is."""
    first = page("a", "b")
    found = filled(first.record, {1: first})
    rest = "c satu. c dua. d satu. d dua. e satu. e dua. Akhir."
    assert told(found) == [("paragraph", "a", 1), ("paragraph", "b", 1), ("unsplit", rest, 2)]
    assert found is not None
    halaman = found.halaman
    assert (halaman.route, halaman.complete, halaman.proof) == ("declared", True, "text")
    assert halaman.pages_fetched == halaman.pages_expected == 3
    assert rest in clean(found).text


def test_a_page_in_the_middle_stands_between_its_neighbours() -> None:
    """By an article whose second page fails, in a browser too."""
    assembly, asked = assemble(page("a", "b"), {2: 500, 3: page("d", "e"), "browser": 0})
    assert asked == [2, 3, "browser"]
    assert told(assembly.record())[2:] == [
        ("unsplit", "c satu. c dua.", 2),
        ("paragraph", "d", 3),
        ("paragraph", "e", 3),
        ("unsplit", "Akhir.", 4),
    ]


@pytest.mark.parametrize(
    ("names", "declared"),
    [
        (["a", "b"], None),  # before 2023
        (["a", "x"], DECLARED),  # another text: edited meanwhile, or of another article
        (["b", "a"], DECLARED),
    ],
)
def test_what_does_not_stand_in_it_is_not_filled(names: Sequence[str], declared: str) -> None:
    """Then the article stays incomplete."""
    first = page(*names, declared=declared)
    assert filled(first.record, {1: first}) is None
    assembly, _ = assemble(first, {2: 500, 3: 500, "browser": 0})
    assert assembly.record().halaman.complete is False


def test_a_forced_route_takes_nothing_else() -> None:
    """Whoever asks for the numbered pages gets what they hold."""
    assembly, _ = assemble(page("a", "b"), {2: 500, 3: 500}, "numbered")
    assert assembly.record().halaman.complete is False


def test_what_is_not_sound_is_never_whole() -> None:
    """Words that nobody can read, text that was not read, an end that is missing: in any page."""
    damaged = replace(page("c"), is_sound=False)
    assembly, _ = assemble(page("a", "b"), {2: damaged, 3: page("d", "e"), "browser": 0})
    halaman = assembly.record().halaman
    assert (halaman.route, halaman.complete, halaman.proof) == ("numbered", False, None)
    first = replace(page("a", "b"), is_sound=False)
    assert filled(first.record, {1: first}) is None


@pytest.mark.parametrize(
    ("slug", "rest"),
    [
        ("gempa-di-laut-akhir", ""),  # the longest headline that is known
        ("gempa-di", "Akhir."),
        ("gempa-di-laut-akhir-yang-lain", "Akhir."),
        ("", "Akhir."),
    ],
)
def test_headlines_of_known_addresses(slug: str, rest: str) -> None:
    """They are cut as those of links are."""
    first = page("a", "b", "c", "d", "e")
    found = filled(first.record, {1: first})
    assert found is not None
    addresses = [f"https://www.kompas.com/global/read/2026/11/20/100000170/{slug}"]
    declared = without_headlines(replace(found, blocks=[UNSPLIT]), addresses)
    assert declared.blocks[0].text.split() == ["Akhir.", *rest.split()]


def test_headlines_that_may_be_cut() -> None:
    """An address is no headline where the site may have shortened it."""
    title = "Kata " * 20
    block = replace(UNSPLIT, text=f"Baca juga: {title}Lalu.")
    slug = "-".join(title.lower().split())
    record = replace(page("a").record, blocks=[block])
    assert without_headlines(record, [slug]).blocks == [block]
    assert without_headlines(record, [slug[:24]]).blocks != [block]
