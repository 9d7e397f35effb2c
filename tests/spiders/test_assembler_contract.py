"""What ``@complete`` demands of a callback."""

from dataclasses import replace

import pytest
from scrapy import Spider
from scrapy.exceptions import ContractFail

from kompascrawler.items import Article
from kompascrawler.pages import article_page
from kompascrawler.spiders.assembler import CompleteContract
from tests.pages.cases import load


def raw() -> Article:
    """Return the record of a committed page before it is cleaned."""
    case = load("read_2020_single")
    return article_page(case.asked, case.body).to_item()


def check(*output: object, fields: str = "title tags") -> None:
    """Hold the contract against what a callback gives."""
    spider = Spider("stand-in")
    CompleteContract(spider.start, *fields.split()).post_process(list(output))


def test_a_complete_record_passes() -> None:
    """Requests and other items beside it are no matter of this contract."""
    check(raw(), object())


@pytest.mark.parametrize(
    ("article", "said"),
    [
        (replace(raw(), title=""), "title"),
        (replace(raw(), tags=[]), "tags"),
        (replace(raw(), blocks=[]), "text"),
        (
            replace(raw(), halaman=replace(raw().halaman, complete=False)),
            "incomplete: 1 of 1 pages",
        ),
    ],
)
def test_what_is_not_complete_fails(article: Article, said: str) -> None:
    """What is missing is named."""
    with pytest.raises(ContractFail, match=said):
        check(article)
