"""Looks at every page of a run for changes of the site's markup, and names them at its end."""

import logging
from typing import Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from kompascrawler.drift.history import standing
from kompascrawler.drift.measures import HitRates, Page, checks_of_record
from kompascrawler.drift.repeated import RepeatedLines
from kompascrawler.identity import parse_address
from kompascrawler.items import REQUIRED
from kompascrawler.pages import ArticlePage
from kompascrawler.pages.checks import (
    FULL_LIST,
    UNREAD,
    Checks,
    articles_linked,
    checks_of,
    checks_of_refused,
)
from kompascrawler.pages.whole import WholePage
from kompascrawler.run.counting import counts_of
from kompascrawler.run.storage import storage_of
from kompascrawler.signals import ArticleEnd, article_ended, listing_read, page_failed, page_read
from kompascrawler.store.model import Attempt, Revision

logger = logging.getLogger(__name__)

FEWEST_LINKED: Final = 10
"""Articles that an answer of the index without an item links to, so that it should have some:
half of what it lists (20, docs/site.md, section 8)."""


class DriftExtension:
    """Measures pages as they are read; judges them, and remembers the measures, at the end.

    Every article counts once, however often it is asked for; asked for again, it may only show that
    what was named is over. Settings: ``DRIFT_ACCEPT``,
    ``RUN_CARDS_KEEP_DAYS`` (for the pages that are kept, too). Stats:
    ``drift/<measure>/hits``, ``drift/<measure>/pages`` (of this run alone), ``drift/judged``
    (pages judged, those of earlier runs that had waited included), ``drift/too_few`` (pages that
    wait), ``drift/causes`` (lines), ``drift/accepted`` (measures), ``drift/repeated`` (paragraphs
    that many articles share).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._storage = storage_of(crawler)
        self._news = HitRates()
        self._again = HitRates()
        self._by_article: dict[str, HitRates] = {}
        """Where what an article shows is counted, by its id."""
        self._unfinished: set[str] = set()
        self._lines = RepeatedLines()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connect to what the spider tells."""
        extension = cls(crawler)
        crawler.signals.connect(extension.page_read, page_read)
        crawler.signals.connect(extension.page_failed, page_failed)
        crawler.signals.connect(extension.listing_read, listing_read)
        crawler.signals.connect(extension.article_ended, article_ended)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    # during the run ----------------------------------------------------------------------------
    def page_read(self, page: ArticlePage | WholePage, links: int, response: Response) -> None:
        """Count what a page shows."""
        if rates := self._rates_of(page.address.id):
            self._unfinished.add(page.address.id)
            _count(
                rates,
                page.checks if isinstance(page, WholePage) else checks_of(page, links=links),
                response,
            )

    def page_failed(self, article_id: str) -> None:
        """Leave out what becomes of an article: that it lacks pages is not the markup's doing."""
        self._unfinished.discard(article_id)

    def listing_read(self, kind: str, items: int, response: Response) -> None:
        """Count a listing; an answer of the index without an item only where it should list."""
        if items or kind == "front" or articles_linked(response.body) >= FEWEST_LINKED:
            _count(self._news, {kind: items > 0}, response)

    def article_ended(self, end: ArticleEnd) -> None:
        """Count what has become of an article, and a page of one that could not be read as such."""
        item = end.item
        if item is not None and item.duplicate_of is None and item.revision == 1:
            self._lines.add(block.text for block in item.blocks)
        if item is not None and item.id in self._unfinished:
            is_whole = item.halaman.complete is not False
            self._finished(item.id, end.response, words=item.word_count, is_whole=is_whole)
        elif end.outcome == "refused" and end.response is not None:
            self._refused(end, end.response)

    def _refused(self, end: ArticleEnd, response: Response) -> None:
        address = end.asked or parse_address(response.url)
        checks = checks_of_refused(end.reason, response.body)
        if address is None or not checks:
            return
        if address.id in self._unfinished:
            self._finished(address.id, response, words=0, is_whole=False)
        elif rates := self._rates_of(address.id):
            _count(rates, checks, response)

    def _finished(
        self, article_id: str, response: Response | None, *, words: int, is_whole: bool
    ) -> None:
        self._unfinished.discard(article_id)
        _count(self._by_article[article_id], checks_of_record(words, is_whole=is_whole), response)

    def _rates_of(self, article_id: str) -> HitRates | None:
        if article_id in self._by_article or not self._storage.is_open:
            return None
        is_news = self._is_news(article_id)
        return self._by_article.setdefault(article_id, self._news if is_news else self._again)

    def _is_news(self, article_id: str) -> bool:
        story = self._storage.store().history(article_id)
        tries: list[Attempt | Revision] = [*story.attempts, *story.revisions] if story else []
        return not any(
            one.run_id != self._storage.run_id and _has_shown_a_page(one) for one in tries
        )

    # at its end --------------------------------------------------------------------------------
    def spider_closed(self) -> None:
        """Judge what was seen, tell what was found, and remember the measures."""
        counts_of(self._crawler).drift.repeated = self._lines.found()
        if not self._storage.is_open or counts_of(self._crawler).store.error:
            return
        is_accepting = self._crawler.settings.getbool("DRIFT_ACCEPT")
        if is_accepting or self._has_something_to_judge():
            self._leave_out_what_others_decided()
            with self._storage.guarded():
                self._conclude(is_accepting=is_accepting)

    def _has_something_to_judge(self) -> bool:
        """Tell whether there is more than a front page that has links, as in most runs."""
        is_idle = self._news.rates.keys() <= {"front"} and not self._news.offending
        return not is_idle or bool(standing(self._storage.store().measures(1)))

    def _leave_out_what_others_decided(self) -> None:
        """Forget what is not the site's doing: a route that was ordered, a section too young."""
        if self._crawler.settings["HALAMAN_ROUTE"] != "auto":
            self._news.leave_out("whole")
            self._again.leave_out("whole")
        if not self._storage.store().knows_more_than(FULL_LIST):
            self._news.leave_out("terkini_full")  # there are no more to be listed

    def _conclude(self, *, is_accepting: bool) -> None:
        # Imported here: most runs find nothing new.
        from kompascrawler.drift.ending import conclude  # noqa: PLC0415
        from kompascrawler.store.kept import prune_drifted  # noqa: PLC0415

        counts, storage = counts_of(self._crawler).drift, self._storage
        for name, rate in self._news.rates.items():
            counts.measured[name, "hits"] = rate.hits
            counts.measured[name, "pages"] = rate.of
        ending = conclude(
            self._news,
            storage.store(),
            storage.data_dir,
            storage.run_id,
            again=self._again,
            accept=is_accepting,
        )
        prune_drifted(storage.data_dir, self._crawler.settings.getfloat("RUN_CARDS_KEEP_DAYS"))
        judgement = ending.judgement
        if self._by_article:
            counts.judged = judgement.pages if judgement.is_judged else 0
            counts.too_few = 0 if judgement.is_judged else judgement.pages
            logger.info("%s", ending.summary)
        counts.causes = ending.causes
        for cause in ending.causes:
            logger.error("Drift: %s", cause.line)
        if is_accepting:
            counts.accepted = judgement.accepted
            names = ", ".join(judgement.accepted) or "nothing, as no drift was named"
            logger.warning("Accepted as the site's new look: %s", names)


def _count(rates: HitRates, checks: Checks, response: Response | None) -> None:
    """Add to the rates; an article whose last page could not be had shows no page."""
    page = None
    if response is not None:
        page = Page(response.url, response.body, getattr(response, "encoding", "utf-8"))
    rates.add(checks, page)


def _has_shown_a_page(one: Attempt | Revision) -> bool:
    """Tell whether a try of an earlier run brought a page that was looked at.

    One that brought a record did; one that failed did where its cause is a refusal of the page.
    """
    if isinstance(one, Revision) or one.outcome == "incomplete":
        return True
    return one.cause in UNREAD or set(one.cause.split(", ")) <= set(REQUIRED)
