"""The pipeline around the cleaning."""

from kompascrawler.pipelines.clean import CleanPipeline
from tests.cleaning.raw import article


def test_an_article_comes_out_clean() -> None:
    """The pipeline returns the cleaned article."""
    item = CleanPipeline().process_item(article("SEOUL, KOMPAS.com - Isi."))
    assert getattr(item, "text", None) == "Isi."


def test_other_items_pass() -> None:
    """What is no article is returned as it is."""
    other = {"a": 1}
    assert CleanPipeline().process_item(other) is other
