"""What is cleaned, and what is dropped as no record."""

from dataclasses import replace
from typing import Any

import pytest
from scrapy.exceptions import DropItem

from kompascrawler.cleaning import clean
from kompascrawler.pipelines.record import CleanPipeline, InvalidArticle, ValidatePipeline
from tests.cleaning.raw import article


def test_an_article_comes_out_clean() -> None:
    """The pipeline returns the cleaned article."""
    item = CleanPipeline().process_item(article("SEOUL, KOMPAS.com - Isi."))
    assert getattr(item, "text", None) == "Isi."


GOOD = clean(article("Isi."))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": ""}, "id, url"),
        ({"url": ""}, "url"),
        ({"url": "https://www.kompas.com/global"}, "url"),
        ({"url": "https://www.kompas.com/global/read/2020/10/17/170000470/x"}, "url"),
        ({"title": " "}, "title"),
        ({"published_at": ""}, "published_at"),
        ({"published_at": "kemarin"}, "published_at"),
        ({"published_at": "2020-10-17T16:00:00"}, "published_at"),
        ({"text": "\n"}, "text"),
        ({"title": "", "text": ""}, "title, text"),
    ],
)
def test_a_record_that_is_none_is_dropped(changes: dict[str, Any], reason: str) -> None:
    """The reason names every field at fault."""
    with pytest.raises(InvalidArticle) as refusal:
        ValidatePipeline().process_item(replace(GOOD, **changes))
    assert refusal.value.reason == reason
    assert isinstance(refusal.value, DropItem)
    assert refusal.value.log_level == "DEBUG"  # not the whole record as a warning


def test_a_good_record_passes() -> None:
    """A complete record is returned as it is."""
    assert ValidatePipeline().process_item(GOOD) is GOOD


@pytest.mark.parametrize("pipeline", [CleanPipeline(), ValidatePipeline()])
def test_other_items_pass(pipeline: CleanPipeline | ValidatePipeline) -> None:
    """What is no article is returned as it is."""
    other = {"a": 1}
    assert pipeline.process_item(other) is other
