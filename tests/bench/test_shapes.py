"""What a page's shape costs a reader; all shapes: ``python -m tests.bench.shapes``."""

import pytest

from tests.bench.shapes import SHAPES, cost

SQUARES = (
    "combining marks",
    "letters before a tag link",
    "<a><p> nested",
    ".read__content in one tag",
    ".photo in one open tag",
    ".credit-author unclosed",
    "<figure> nested",
    "tables nested",
    "cells",
    "spans of cells",
    "digits of one entity",
    "text: label, linked",
    "text: label, links in lines",
    "text: label glued, numbered",
    "text: label in brackets, linked",
    "text: di sini, in links",
    "text: di sini, in lines",
    "text: question",
    "text: question, in links",
    "text: stories, in links",
    "text: dateline",
    "text: dateline, in elements",
    "text: phrase nested, nested",
    "text: credit in brackets",
    "text: names, in lines",
    "text: own address, in a script",
    "<p> in a row",
)
"""Shapes whose reading took the square of their size, or longer; and one that never did."""


@pytest.mark.parametrize("name", SQUARES)
def test_reading_is_linear(name: str) -> None:
    """Eight times the size costs a megabyte about the same, where the square costs eight times."""
    small, large = SHAPES[name].page(10_000), SHAPES[name].page(80_000)
    # The best of some measurements: others use the machine, too.
    assert min(_ratio(small, large) for _ in range(3)) < 4


def _ratio(small: bytes, large: bytes) -> float:
    return cost(large) / min(cost(small) for _ in range(2))


def test_each_shape_gives_a_page_of_its_size() -> None:
    """So that costs are comparable; what nests is filled up."""
    sizes = {name: len(shape.page(20_000)) for name, shape in SHAPES.items()}
    assert len(sizes) > 500
    assert {name: size for name, size in sizes.items() if not 16_000 < size < 26_000} == {}
