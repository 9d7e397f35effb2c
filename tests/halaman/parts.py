"""Pages of an article made by hand, and a site that answers with them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kompascrawler.halaman.assembly import Assembly, NextRequest, RouteChoice
from kompascrawler.halaman.completeness import judge
from kompascrawler.halaman.joining import Part
from kompascrawler.items import Article, Block

WORDS = 100
"""Words of a paragraph made here."""


def paragraph(name: str) -> str:
    """Return a paragraph of ``WORDS`` words that is like no other of another name."""
    return " ".join([name, *("kata" for _ in range(WORDS - 1))])


def part(
    *names: str,
    declared: int | None = None,
    pages: int | None = None,
    asked_for_all: bool = False,
    fields: Mapping[str, Any] | None = None,
    **properties: Any,
) -> Part:
    """Return a page of the named paragraphs.

    ``declared`` is how many paragraphs' words the site states for the whole article, ``pages``
    how many pages; ``fields`` are of the record, ``properties`` of the part.
    """
    texts = [paragraph(name) for name in names]
    record = Article(
        id="2026-11-20-100000070",
        url="https://www.kompas.com/global/read/2026/11/20/100000070/judul",
        title="Judul",
        published_at="2026-11-20T10:00:00+07:00",
        blocks=[Block(type="paragraph", text=text, page=1) for text in texts],
        halaman=judge(
            pages_declared=pages,
            asked_for_all=asked_for_all,
            anchors=1,
            words_declared=None if declared is None else declared * WORDS,
            words_counted=len(names) * WORDS,
        ),
    )
    record = replace(record, **(fields or {}))
    values = {"number_stated": None, "hides_pages": False, "decoded": 0} | properties
    return Part(record=record, pages_declared=pages, **values)


Answer = Part | int | list[Part]
"""A page, a status that is an error, or what a browser shows."""


def assemble(
    first: Part, answers: Mapping[NextRequest, Answer], wish: RouteChoice = "auto"
) -> tuple[Assembly, list[NextRequest]]:
    """Bring an article together from a site's answers; return what was asked for as well."""
    assembly, asked = Assembly(first, wish), list[NextRequest]()
    step = assembly.begin()
    while step != "done":
        asked.append(step)
        answer = answers[step]
        if isinstance(answer, list):
            step = assembly.add_browsed(answer, walked=len(answer), ended=True)
        elif step == "browser":
            step = "done"
        elif isinstance(answer, int):
            step = assembly.lack(step, f"http {answer}", is_to_wait=answer == 503)
        else:
            step = assembly.add(step, answer)
    return assembly, asked


def names(article: Article) -> list[tuple[str, int]]:
    """Return the names of an article's paragraphs with their pages."""
    return [(block.text.partition(" ")[0], block.page) for block in article.blocks]
