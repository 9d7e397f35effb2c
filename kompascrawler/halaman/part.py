"""One page of an article, as assembling sees it. Pure data."""

from dataclasses import dataclass

from kompascrawler.items import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An answer of the site: page 1, a later page, or what a browser shows."""

    record: Article
    """The record of this answer alone, its text not yet cleaned; ``halaman`` judges it alone."""
    pages_declared: int | None
    """Pages of the article that it states, by pager or head; None when it says nothing."""
    number_stated: int | None
    """The page that it says it is; None when it does not."""
    hides_pages: bool
    """Whether it has a pager whose links to other pages lead to no address."""
    decoded: int
    """Characters of its body that an editor may have written as entities (``judge_joined``)."""

    @property
    def texts(self) -> list[str]:
        """The texts of its blocks."""
        return [block.text for block in self.record.blocks]

    @property
    def words(self) -> int:
        """Words of its raw body."""
        return self.record.halaman.words_counted
