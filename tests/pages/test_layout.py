"""How a page tells where its fields come from."""

import pytest

from kompascrawler.pages import article_page
from kompascrawler.pages.layout import Readings
from tests.pages.cases import NAMES, load

FIELDS = {
    "title", "description", "published_at", "authors", "editors", "sources", "section",
}  # fmt: skip


def test_the_first_place_that_holds_something_is_taken() -> None:
    """Order of trust decides, and every place is noted."""
    readings = Readings()
    assert readings.take("tags", (".one", []), ("meta two", ["x"]), ("meta three", ["y"])) == ["x"]
    assert readings["tags"].taken == "meta two"
    assert [place for place, _ in readings["tags"].candidates] == [
        ".one", "meta two", "meta three",
    ]  # fmt: skip


def test_a_field_that_stands_nowhere_has_no_place() -> None:
    """What is missing is missing, and the places looked at are noted all the same."""
    readings = Readings()
    assert readings.take("title", (".one", "")) is None
    assert readings["title"].taken is None


@pytest.mark.parametrize("name", NAMES)
def test_what_is_noted_as_taken_is_the_field(name: str) -> None:
    """On every committed page the place noted holds the value of the record."""
    case = load(name)
    page = article_page(case.asked, case.body)
    page.to_item()
    assert page.readings.keys() >= FIELDS
    for field in FIELDS | {"tags", "pages_declared", "words_declared"} & page.readings.keys():
        reading, value = page.readings[field], getattr(page, field)
        places = dict(reading.candidates)
        assert (places[reading.taken] if reading.taken else value or None) == (value or None), field


def test_an_update_is_told_by_its_mark() -> None:
    """The time of the update is taken because the page says that there was one."""
    case = load("read_2023_updated")
    page = article_page(case.asked, case.body)
    assert page.updated_at
    reading = page.readings["updated_at"]
    assert reading.taken == "meta content_PublishedDate"
    assert "says 'Diperbarui'" in reading.reason


def test_the_address_of_a_page_is_the_one_it_states() -> None:
    """Canonical, og:url and the address asked for are all noted, and which one counts."""
    case = load("read_2020_single")
    reading = article_page(f"{case.asked}?page=all", case.body).readings["url"]
    assert reading.taken == "link rel=canonical"
    assert reading.candidates[-1][1] == f"{case.asked}?page=all"
