"""Contracts of our own for callbacks (``scrapy check``)."""

from typing import Any

from scrapy.contracts import Contract
from scrapy.exceptions import ContractFail

from kompascrawler.cleaning import clean
from kompascrawler.halaman.completeness import shortfall
from kompascrawler.items import Article, faults


class CompleteContract(Contract):
    """Checks that every article of a callback is a complete record once it is cleaned.

    It is valid, no page is known to be missing, and the fields named hold something::

        @complete title tags
    """

    name = "complete"

    def post_process(self, output: list[Any]) -> None:
        """Raise ContractFail for the first article that is not complete."""
        for article in output:
            if isinstance(article, Article):
                self._check(clean(article))

    def _check(self, article: Article) -> None:
        wrong = faults(article)
        wrong += [name for name in self.args if name not in wrong and not getattr(article, name)]
        if wrong:
            raise ContractFail(f"{article.id} lacks or has wrong: {', '.join(wrong)}")
        if article.halaman.complete is False:
            raise ContractFail(f"{article.id} is {shortfall(article.halaman)}")
