"""What a visit has seen of the site, read by the crawler's own pages. Pure."""

from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from kompascrawler.discovery.links import SortedLinks, sort_links
from kompascrawler.doctor.answer import Answer
from kompascrawler.halaman.completeness import falls_short
from kompascrawler.pages import ArticlePage, PageRefused, article_page
from kompascrawler.pages.index import Terkini, front_hrefs, index_hrefs, look, terkini
from kompascrawler.pages.markup import parse
from kompascrawler.sections import Section


class Listing:
    """A page of links."""

    def __init__(self, answer: Answer, section: Section, *, is_front: bool) -> None:
        self.answer = answer
        self._section = section
        self._is_front = is_front

    @cached_property
    def hrefs(self) -> list[str]:
        """Every link that the crawler would look at; none where the page cannot be read."""
        if self._tree is None:
            return []
        return front_hrefs(self._tree) if self._is_front else index_hrefs(self._tree)

    @cached_property
    def links(self) -> SortedLinks:
        """The section's articles, and how many links lead elsewhere."""
        return sort_links(self.hrefs, self._section)

    @cached_property
    def look(self) -> str | None:
        """Which known look it has."""
        return None if self._tree is None else look(self._tree)

    @cached_property
    def _tree(self) -> etree._Element | None:
        if not self.answer.is_page:
            return None
        try:
            return parse(self.answer.body, self.answer.encoding)
        except PageRefused:
            return None


class ArticleSeen:
    """An answer that is to be an article."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    @property
    def page(self) -> ArticlePage | None:
        """The page; None where it is none that the crawler reads."""
        return self._read[0]

    @property
    def problem(self) -> str:
        """Why it is none that the crawler reads; empty where it is one."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[ArticlePage | None, str]:
        if not self.answer.is_page:
            return None, str(self.answer)
        try:
            page = article_page(self.answer.url, self.answer.body, self.answer.encoding)
            page.part()  # reads every field
        except PageRefused as refusal:
            return None, str(refusal)
        return page, ""

    @property
    def is_paged(self) -> bool:
        """Whether it says that it has several pages, or lacks words that it declares."""
        if self.page is None:
            return False
        return (self.page.pages_declared or 1) > 1 or falls_short(self.page.halaman)

    @cached_property
    def terkini(self) -> Terkini:
        """Its block "Terkini Lainnya"."""
        return terkini(self.page.tree) if self.page else Terkini([], None)


@dataclass(kw_only=True)
class Seen:
    """The answers of a visit; what was not asked for is None."""

    section: Section
    robots: dict[str, Answer] = field(default_factory=dict)
    """Answers to robots.txt by host."""
    front: Listing | None = None
    other_front: Listing | None = None
    """The front page on the section's second host, redirects not followed."""
    index: Listing | None = None
    """Page 2 of the archive with the section's own ``site`` parameter."""
    fallback: Listing | None = None
    """The same with the next parameter, where the first gave nothing."""
    articles: list[ArticleSeen] = field(default_factory=list)
    """Articles asked for by their plain address; the last one may be paged."""
    all_pages: ArticleSeen | None = None
    """The paged one with ``?page=all``."""
    second: ArticleSeen | None = None
    """The paged one with ``?page=2``."""

    @property
    def answers(self) -> list[Answer]:
        """Every answer to a page, and every failure of one."""
        listings = (self.front, self.other_front, self.index, self.fallback)
        pages = (*self.articles, self.all_pages, self.second)
        return [one.answer for one in (*listings, *pages) if one]

    @property
    def is_unreachable(self) -> bool:
        """Whether nothing came of the site but failures of its servers or of the network."""
        came = [*self.robots.values(), *self.answers]
        return all(answer.status is None or answer.status >= 500 for answer in came) and not any(
            answer.is_ours for answer in came
        )

    @property
    def known(self) -> ArticleSeen | None:
        """The last article that could be read."""
        return next((one for one in reversed(self.articles) if one.page), None)
