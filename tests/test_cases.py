"""The committed cases: pages of the site with invented words, and what each must give."""

import re

import pytest

from kompascrawler.items import Article, faults
from tests.cases.cases import FOLDER, names_of, read_case

CASES = FOLDER
NAMES = names_of(CASES)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_gives_what_is_expected(name: str) -> None:
    """Layout, missing fields and every field of the record are those of expected.json."""
    case = read_case(CASES, name)
    assert "\n".join(case.changes) == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_case_gives_a_valid_record(name: str) -> None:
    """What a case expects is a record that would be stored, or a refusal."""
    expected = read_case(CASES, name).expected
    assert expected.get("refused") or faults(Article(**expected["article"])) == []


def test_the_cases_hold_every_layout_and_kind() -> None:
    """What docs/site.md knows of pages stands in one case at least."""
    notes = [read_case(CASES, name).note for name in NAMES]
    assert {note["layout"] for note in notes} == {"ReadPage", "KcmReadPage", None}
    seen = {
        re.sub(r"page 1 of \d+", "paged", feature) for note in notes for feature in note["features"]
    }
    assert seen == {
        *("paged", "updated", "no author", "topic", "dateline with a place", "photos in the text"),
        *("headings", "lists", "table", "line breaks", "refused: no_layout"),
        *("youtube", "twitter", "instagram", "tiktok", "infographic", "other"),
    }
