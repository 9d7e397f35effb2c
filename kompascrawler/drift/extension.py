"""Looks at every page of a run for changes of the site's markup, and names them at its end."""

import logging
from collections import Counter
from functools import partial
from typing import Final, NamedTuple

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from kompascrawler.components import (
    ArticleEnd,
    Component,
    article_ended,
    counts_of,
    listing_read,
    page_failed,
    page_read,
)
from kompascrawler.drift.history import standing
from kompascrawler.drift.measures import HitRates, Page, checks_of_record
from kompascrawler.drift.repeated import RepeatedLines
from kompascrawler.identity import ArticleAddress, parse_address
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
from kompascrawler.pages.layouts import WholePage
from kompascrawler.run.storage import storage_of
from kompascrawler.sections import Section, chosen_sections
from kompascrawler.store.model import Attempt, Revision

logger = logging.getLogger(__name__)

_LATEST: Final = 10_000
"""The newest articles known, among which those of a channel are counted."""
_FULL: Final = "terkini_full"
FEWEST_LINKED: Final = 10
"""Articles that an answer of the index without an item links to, so that it should have some:
half of what it lists (20, docs/site.md, section 8)."""


class Seen(NamedTuple):
    """What the articles of a section have shown."""

    news: HitRates
    again: HitRates
    """Those that were requested by earlier runs, too."""


class DriftExtension(Component):
    """Measures pages as they are read; judges them, and remembers the measures, at the end.

    An article counts once, however often it is requested; requested again, it can only show that
    what was named is over. Settings: ``DRIFT_ACCEPT``, ``RUN_CARDS_KEEP_DAYS`` (for the pages that
    are kept, too). Stats: ``drift/…``, as ``outcome.counts.DriftTally`` describes them.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._storage = storage_of(crawler)
        self._sections = chosen_sections(crawler.settings["SECTION"])
        self._seen = {part.name: Seen(HitRates(), HitRates()) for part in self._sections.parts}
        self._by_article: dict[str, HitRates] = {}
        """Where what an article shows is counted, by its id."""
        self._unfinished: set[str] = set()
        self._channels = Counter[str]()
        """The newest articles known, by channel."""
        self._lines = RepeatedLines()
        crawler.signals.connect(self.page_read, page_read)
        crawler.signals.connect(self.page_failed, page_failed)
        crawler.signals.connect(self.listing_read, listing_read)
        crawler.signals.connect(self.article_ended, article_ended)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    # during the run ----------------------------------------------------------------------------
    def page_read(self, page: ArticlePage | WholePage, links: int, response: Response) -> None:
        """Count what a page shows."""
        if rates := self._rates_of(page.address):
            self._unfinished.add(page.address.id)
            checks = page.checks if isinstance(page, WholePage) else checks_of(page, links=links)
            if not (checks.get(_FULL, True) or self._can_fill(page.address.channel)):
                checks = {name: holds for name, holds in checks.items() if name != _FULL}
            _count(rates, checks, response)

    def _can_fill(self, channel: str) -> bool:
        """Tell whether enough articles of a channel are known for its list to be full."""
        if self._channels[channel] <= FULL_LIST:
            known = map(parse_address, self._storage.store().newest_addresses(_LATEST))
            self._channels = Counter(address.channel for address in known if address)
        return self._channels[channel] > FULL_LIST

    def page_failed(self, article_id: str) -> None:
        """Leave out what becomes of an article: it lacks pages for no fault of the markup."""
        self._unfinished.discard(article_id)

    def listing_read(self, kind: str, items: int, response: Response, section: Section) -> None:
        """Count a listing; a response of the index without an item only where it should list."""
        if items or kind == "front" or articles_linked(response.body) >= FEWEST_LINKED:
            _count(self._seen[section.name].news, {kind: items > 0}, response)

    def article_ended(self, end: ArticleEnd) -> None:
        """Count what has become of an article, and a page of one that could not be read as such."""
        item = end.item
        if item is not None and item.duplicate_of is None and item.revision == 1:
            self._lines.add(block.text for block in item.blocks)
        if item is not None and item.id in self._unfinished:
            is_whole = item.halaman.complete is not False
            self._finished(item.id, checks_of_record(item.word_count, is_whole=is_whole), end)
        elif end.outcome == "refused" and end.response is not None:
            address = end.asked or parse_address(end.response.url)
            checks = checks_of_refused(end.reason, end.response.body)
            if address and checks and address.id in self._unfinished:
                self._finished(address.id, checks_of_record(0, is_whole=False), end)
            elif address and checks and (rates := self._rates_of(parse_address(address.url))):
                _count(rates, checks, end.response)

    def _finished(self, article_id: str, checks: Checks, end: ArticleEnd) -> None:
        self._unfinished.discard(article_id)
        _count(self._by_article[article_id], checks, end.response)

    def _rates_of(self, address: ArticleAddress | None) -> HitRates | None:
        if address is None or address.id in self._by_article or not self._storage.is_open:
            return None
        if (section := self._sections.of(address)) is None:
            return None
        seen = self._seen[section.name]
        rates = seen.news if self._is_news(address.id) else seen.again
        return self._by_article.setdefault(address.id, rates)

    def _is_news(self, article_id: str) -> bool:
        known, run_id = self._storage.store().history(article_id), self._storage.run_id
        tries: list[Attempt | Revision] = [*known.attempts, *known.revisions] if known else []
        return not any(one.run_id != run_id and _has_shown_a_page(one) for one in tries)

    # at its end --------------------------------------------------------------------------------
    def spider_closed(self) -> None:
        """Judge what was seen, tell what was found, and remember the measures."""
        counts_of(self.crawler).drift.repeated = self._lines.found()
        if not self._storage.is_open or counts_of(self.crawler).store.error:
            return
        is_accepting = self.crawler.settings.getbool("DRIFT_ACCEPT")
        for section in self._sections.parts:
            seen = self._seen[section.name]
            # Most runs have seen no more than a front page with links.
            is_idle = seen.news.rates.keys() <= {"front"} and not seen.news.offending
            last = self._storage.store().measures(1, section.name)
            if is_accepting or not is_idle or standing(last):
                self._leave_out(seen)
                with self._storage.guarded():
                    self._conclude(section.name, seen, is_accepting=is_accepting)

    def _leave_out(self, seen: Seen) -> None:
        # Not the site's doing: a route that a person chose.
        if self.crawler.settings["HALAMAN_ROUTE"] != "auto":
            seen.news.leave_out("whole")
            seen.again.leave_out("whole")

    def _conclude(self, section: str, seen: Seen, *, is_accepting: bool) -> None:
        # Imported here: most runs find nothing new.
        from kompascrawler.drift.judge import conclude  # noqa: PLC0415
        from kompascrawler.store.kept import prune_drifted  # noqa: PLC0415

        counts, storage = counts_of(self.crawler).drift, self._storage
        for name, rate in seen.news.rates.items():
            counts.measured[name, "hits"] += rate.hits
            counts.measured[name, "pages"] += rate.of
        judge = partial(conclude, again=seen.again.rates, accept=is_accepting, section=section)
        judgement = judge(seen.news, storage.store(), storage.data_dir, storage.run_id)
        prune_drifted(storage.data_dir, self.crawler.settings.getfloat("RUN_CARDS_KEEP_DAYS"))
        of = f" of {section}" if len(self._seen) > 1 else ""
        if seen.news.rates or seen.again.rates:
            counts.judged += judgement.pages if judgement.is_judged else 0
            counts.too_few += 0 if judgement.is_judged else judgement.pages
            logger.info("Drift%s: %s", of, judgement.summary)
        for cause in judgement.causes:
            counts.causes.append(cause._replace(text=f"{section}: {cause.text}") if of else cause)
            logger.error("Drift%s: %s", of, cause.line)
        if is_accepting:
            counts.accepted = (counts.accepted or []) + judgement.accepted
            names = ", ".join(judgement.accepted) or "nothing, as no drift was named"
            logger.warning("Accepted as the site's new look%s: %s", of, names)


def _count(rates: HitRates, checks: Checks, response: Response | None) -> None:
    """Add to the rates; None where the last page of an article could not be fetched."""
    page = None
    if response is not None:
        page = Page(response.url, response.body, getattr(response, "encoding", "utf-8"))
    rates.add(checks, page)


def _has_shown_a_page(one: Attempt | Revision) -> bool:
    """Tell whether a try brought a page that was looked at: a record, or a refused page."""
    if isinstance(one, Revision) or one.outcome == "incomplete":
        return True
    return one.cause in UNREAD or set(one.cause.split(", ")) <= set(REQUIRED)
