"""Looks at every page of a run for changes of the site's markup, and names them at its end."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, islice
from pathlib import Path
from shlex import quote
from types import MappingProxyType
from typing import Final

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
from kompascrawler.drift.judge import (
    Judgement,
    judge_listings,
    judge_pages,
    standing,
    without_repeats,
)
from kompascrawler.drift.measures import LISTINGS, checks_of_record
from kompascrawler.drift.rates import NONE, Rate, Rates, RepeatedLines
from kompascrawler.identity import ArticleAddress, parse_address
from kompascrawler.items import REQUIRED
from kompascrawler.outcome.counts import DriftCause
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
from kompascrawler.store import kept
from kompascrawler.store.model import Attempt, Revision
from kompascrawler.store.store import Store

logger = logging.getLogger(__name__)

_LATEST: Final = 10_000
"""The newest articles known, among which those of a channel are counted."""
_FULL: Final = "terkini_full"
FEWEST_LINKED: Final = 10
"""Articles that an answer of the index without an item links to, so that it should have some:
half of what it lists (20, docs/site.md, section 8)."""
RUNS: Final = 200
"""Runs with articles that are looked back on, about a week: some 30 of a day's 96 have articles
(31 to 42 a day, docs/site.md, section 8)."""


class HitRates:
    """How often each measure holds on the pages of a run, and where it first does not."""

    def __init__(self) -> None:
        self.rates: dict[str, Rate] = {}
        self.offending: dict[str, Response] = {}
        """Measure → the first page that it did not hold on."""

    def add(self, checks: Checks, page: Response | None) -> None:
        """Count what a page shows, by measure; None where the page itself is not at hand."""
        for name, holds in checks.items():
            self.rates[name] = self.rates.get(name, NONE) + Rate(int(holds), 1)
            if page is not None and not holds:
                self.offending.setdefault(name, page)


class DriftExtension(Component):
    """Measures pages as they are read; judges them, and remembers the measures, at the end.

    An article counts once, however often it is requested; requested again, it can only show that
    what was named is over. Settings: ``DRIFT_ACCEPT``, ``RUN_CARDS_KEEP_DAYS`` (for the pages that
    are kept, too). Stats: ``drift/…``, as ``outcome.counts.DriftTally`` describes them.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._counts = counts_of(crawler).drift
        self._storage = storage_of(crawler)
        self._sections = chosen_sections(crawler.settings["SECTION"])
        self._seen = {part.name: (HitRates(), HitRates()) for part in self._sections.parts}
        """What the articles of a section have shown: new ones, and those of earlier runs."""
        self._by_article: dict[str, HitRates] = {}
        """Where what an article shows is counted, by its id."""
        self._unfinished: set[str] = set()
        self._full = set[str]()
        """Channels whose list can be full: articles known do not get fewer."""
        self._lines = RepeatedLines()
        crawler.signals.connect(self.page_read, page_read)
        crawler.signals.connect(self.page_failed, page_failed)
        crawler.signals.connect(self.listing_read, listing_read)
        crawler.signals.connect(self.article_ended, article_ended)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    def page_read(self, page: ArticlePage | WholePage, links: int, response: Response) -> None:
        """Count what a page shows."""
        if rates := self._rates_of(page.address):
            self._unfinished.add(page.address.id)
            checks = page.checks if isinstance(page, WholePage) else checks_of(page, links=links)
            if not (checks.get(_FULL, True) or self._can_fill(page.address.channel)):
                checks = {name: holds for name, holds in checks.items() if name != _FULL}
            rates.add(checks, response)

    def _can_fill(self, channel: str) -> bool:
        """Tell whether enough articles of a channel are known for its list to be full."""
        if channel not in self._full:
            known = map(parse_address, self._storage.store().newest_addresses(_LATEST))
            own = (address for address in known if address and address.channel == channel)
            if len(list(islice(own, FULL_LIST + 1))) > FULL_LIST:
                self._full.add(channel)
        return channel in self._full

    def page_failed(self, article_id: str) -> None:
        """Leave out what becomes of an article: it lacks pages for no fault of the markup."""
        self._unfinished.discard(article_id)

    def listing_read(self, kind: str, items: int, response: Response, section: Section) -> None:
        """Count a listing; a response of the index without an item only where it should list."""
        if items or kind == "front" or articles_linked(response.body) >= FEWEST_LINKED:
            self._seen[section.name][0].add({kind: items > 0}, response)

    def article_ended(self, end: ArticleEnd) -> None:
        """Count what has become of an article, and a page of one that could not be read as such."""
        item = end.item
        if item is not None and item.duplicate_of is None and item.revision == 1:
            self._lines.add(block.text for block in item.blocks)
        if item is not None and item.id in self._unfinished:
            is_whole = item.halaman.complete is not False
            self._finished(item.id, end, words=item.word_count, is_whole=is_whole)
        elif end.outcome == "refused" and end.response is not None:
            address = end.asked or parse_address(end.response.url)
            checks = checks_of_refused(end.reason, end.response.body)
            if address and checks and address.id in self._unfinished:
                self._finished(address.id, end, words=0, is_whole=False)
            elif address and checks and (rates := self._rates_of(parse_address(address.url))):
                rates.add(checks, end.response)

    def _finished(self, article_id: str, end: ArticleEnd, *, words: int, is_whole: bool) -> None:
        self._unfinished.discard(article_id)
        checks = checks_of_record(words, is_whole=is_whole)
        if self.crawler.settings["HALAMAN_ROUTE"] != "auto":  # a person's choice, not the site's
            del checks["whole"]
        self._by_article[article_id].add(checks, end.response)

    def _rates_of(self, address: ArticleAddress | None) -> HitRates | None:
        if address is None or address.id in self._by_article or not self._storage.is_open:
            return None
        if (section := self._sections.of(address)) is None:
            return None
        news, again = self._seen[section.name]
        rates = news if self._is_news(address.id) else again
        return self._by_article.setdefault(address.id, rates)

    def _is_news(self, article_id: str) -> bool:
        store, run_id = self._storage.store(), self._storage.run_id
        tries = chain[Attempt | Revision](store.attempts(article_id), store.revisions(article_id))
        return not any(one.run_id != run_id and _has_shown_a_page(one) for one in tries)

    def spider_closed(self) -> None:
        """Judge what was seen, tell what was found, and remember the measures."""
        self._counts.repeated = self._lines.found()
        if not self._storage.is_open or counts_of(self.crawler).store.error:
            return
        for name, (news, again) in self._seen.items():
            # Most runs have seen no more than a front page with links.
            is_idle = news.rates.keys() <= {"front"} and not news.offending
            is_accepting = self.crawler.settings.getbool("DRIFT_ACCEPT")
            if is_accepting or not is_idle or standing(self._storage.store().measures(1, name)):
                with self._storage.guarded():
                    self._conclude(name, news, again.rates, is_accepting=is_accepting)

    def _conclude(self, section: str, news: HitRates, again: Rates, *, is_accepting: bool) -> None:
        store, counts = self._storage.store(), self._counts
        for name, rate in news.rates.items():
            counts.measured[name, "hits"] += rate.hits
            counts.measured[name, "pages"] += rate.of
        judgement = conclude(news, store, again=again, accept=is_accepting, section=section)
        days = self.crawler.settings.getfloat("RUN_CARDS_KEEP_DAYS")
        kept.prune_drifted(store.data_dir, days)
        of = f" of {section}" if len(self._seen) > 1 else ""
        if news.rates or again:
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


def _has_shown_a_page(one: Attempt | Revision) -> bool:
    """Tell whether a try brought a page that was looked at: a record, or a refused page."""
    if isinstance(one, Revision) or one.outcome == "incomplete":
        return True
    return one.cause in UNREAD or set(one.cause.split(", ")) <= set(REQUIRED)


def conclude(
    found: HitRates,
    store: Store,
    *,
    again: Rates = MappingProxyType({}),
    accept: bool = False,
    section: str = "global",
) -> Judgement:
    """Judge a run by what it saw of a section; remember that, and keep the pages that show drift.

    ``again``, ``accept``: see ``judge_pages``. Raises StoreError.
    """
    of_articles = {name: rate for name, rate in found.rates.items() if name not in LISTINGS}
    rows = store.measures(RUNS, section)
    judgement = judge_pages(of_articles, rows, again=again, accept=accept)
    causes = without_repeats(judgement.causes) + judge_listings(found.rates)
    suspected = [
        DriftCause(f"{name} does not hold here; too few pages yet to call it drift", measure=name)
        for name in judgement.suspected
    ]
    places = _keep(causes + suspected, found, store, section)
    if judgement.row is not None:
        store.add_measures(judgement.row, section)
    for number, cause in enumerate(causes):
        measure = cause.measure
        if page := places.get(measure) or kept.find_drifted(store.data_dir, measure, section):
            causes[number] = cause._replace(command=f"kompascrawler shell {quote(str(page))}")
    return judgement._replace(causes=causes)


def _keep(
    causes: Iterable[DriftCause], found: HitRates, store: Store, section: str
) -> dict[str, Path]:
    """Keep the first page of each cause, each page once; return where, by measure."""
    shown: dict[Response, list[DriftCause]] = defaultdict(list)
    for cause in causes:
        if page := found.offending.get(cause.measure):
            shown[page].append(cause)
    places: dict[str, Path] = {}
    others = list((store.data_dir / kept.DRIFTED / store.run_id).glob("*"))
    for number, (page, shows) in enumerate(shown.items(), start=1 + len(others)):
        note = kept.DriftedPage(
            url=page.url,
            cause="; ".join(cause.text for cause in shows),
            measures=[cause.measure for cause in shows],
            encoding=getattr(page, "encoding", "utf-8"),
            run_id=store.run_id,
            section=section,
        )
        if path := kept.save_drifted(store.data_dir, number, note, page.body):
            places |= dict.fromkeys(note.measures, path)
    return places
