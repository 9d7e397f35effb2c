"""From pages of an article, as received, to its record, as a crawl goes; no network, no Scrapy."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from w3lib.encoding import http_content_type_encoding

from kompascrawler.cleaning import clean
from kompascrawler.halaman.assembly import FIRST, Assembly, NextRequest, RouteChoice
from kompascrawler.halaman.joining import Part, without_headlines
from kompascrawler.items import Article, faults
from kompascrawler.pages import ArticlePage, PageRefused, article_page
from kompascrawler.pages.article import is_ended
from kompascrawler.pages.layouts import FINAL, WholePage, read_whole
from kompascrawler.pages.markup import is_odd
from kompascrawler.warc.reading import Capture

_ONE_VISIT: Final = timedelta(days=1)
"""Captures of an article that are no further apart are put together."""
NOT_KEPT: Final = "not_kept"
"""Reason of articles whose pages, or some of them, are not there."""
STAMPS: Final = (
    *("duplicate_of", "similarity", "revision", "changed", "deleted_at"),
    *("first_seen_at", "crawled_at", "run_id", "capture"),
)
"""Fields that pages do not tell: they are those of the published record."""


class Refused(NamedTuple):
    """Why pages make no record."""

    reason: str
    """That of ``PageRefused``, or ``not_kept``."""
    message: str


def encoding_of(capture: Capture) -> str | None:
    """Return the encoding that a page's header declares."""
    return http_content_type_encoding(capture.content_type)


def article_of(
    captures: Sequence[Capture],
    published: Article | None = None,
    *,
    route: RouteChoice = "auto",
    addresses: Iterable[str] = (),
) -> Article | Refused:
    """Return the record of an article's pages, as a crawl would publish it now.

    With ``published``, its ``STAMPS``; else the time and place of the first page. ``route`` is the
    setting ``HALAMAN_ROUTE``, ``addresses`` are those that may tell headlines (``declared``).
    """
    replay = _Replay(captures, published.id if published else None)
    try:
        first = replay.run(route)
    except PageRefused as refusal:
        return Refused(refusal.reason, str(refusal))
    record = replay.assembly.record()
    if record.halaman.route == "declared":
        record = without_headlines(record, addresses)
    article = clean(record)
    if wrong := ", ".join(faults(article)):
        return Refused(wrong, f"{article.url} lacks or has wrong: {wrong}")
    if published is None:
        at = first.at.isoformat(timespec="seconds") if first.at else ""
        return replace(article, crawled_at=at, capture=first.place)
    if replay.lacks and _worth(article) < _worth(published):
        return Refused(NOT_KEPT, f"{article.url}: not kept: {', '.join(replay.lacks)}")
    return replace(article, **{name: getattr(published, name) for name in STAMPS})


def _worth(article: Article) -> tuple[bool, bool, int]:
    halaman = article.halaman
    is_declared = halaman.route == "declared"
    return halaman.complete is not False, not is_declared, halaman.pages_fetched


class _Replay:
    """Answers what an assembly asks for."""

    assembly: Assembly

    def __init__(self, captures: Sequence[Capture], article_id: str | None) -> None:
        pages = [one for one in captures if one.status == 200]
        self._received = [one for one in pages if not one.rendered]
        self._rendered = [one for one in pages if one.rendered]
        self._id = article_id
        self.lacks: list[str] = []
        """Pages that were asked for in vain."""

    def run(self, route: RouteChoice) -> Capture:
        """Put the pages together; return the first. Raises PageRefused."""
        first, step = self._begin(route)
        while step != "done":
            step = self._browsed() if step == "browser" else self._page(step)
        if not self.assembly.has_text:
            raise PageRefused("no_body", f"{first.url} holds no text")
        return first

    def _begin(self, route: RouteChoice) -> tuple[Capture, NextRequest]:
        """Take the first page that can be read, in the order of requests."""
        refusal = PageRefused(NOT_KEPT, "no page of it is kept")
        for form in FIRST[route]:
            for capture in self._asked_as(_page_asked(form)):
                try:
                    page = _read(capture, self._id)
                    self.assembly = Assembly(_part(page, capture), route)
                    if (step := self.assembly.begin()) == "done":
                        page.to_item()  # refuses a page without text
                except PageRefused as error:
                    if error.reason in FINAL:
                        raise
                    refusal = error
                else:
                    self._id = page.address.id
                    return capture, step
        raise refusal

    def _asked_as(self, page: str) -> list[Capture]:
        """Return the answers to a form of the address, whole ones first."""
        found = (one for one in self._received if _page_asked(one.url) == page)
        return sorted(found, key=attrgetter("truncated"))

    def _page(self, number: int) -> NextRequest:
        cause = NOT_KEPT
        for capture in self._asked_as(str(number)):
            try:
                return self.assembly.add(number, _part(_read(capture, self._id), capture))
            except PageRefused as error:
                cause = error.reason
        if cause == NOT_KEPT:
            self.lacks.append(f"page {number}")
        return self.assembly.lack(number, cause)

    def _browsed(self) -> NextRequest:
        """Take what a browser has shown; without that, what there is."""
        parts = []
        for capture in self._rendered:
            with suppress(PageRefused):
                parts.append(_part(_read(capture, self._id), capture))
        if not self._rendered:
            self.lacks.append("what a browser shows")
            return "done"
        walked = max(one.walked for one in self._rendered) or len(self._rendered)
        ended = not any(one.stopped for one in self._rendered)
        return self.assembly.add_browsed(parts, walked=walked, ended=ended)


def _page_asked(url: str) -> str:
    """Return which page an address asks for: a number, or ``all``."""
    page = parse_qs(urlsplit(url).query).get("page", ["1"])[-1]
    return page.lstrip("0") if page.isascii() and page.isdecimal() else page


def _read(capture: Capture, article_id: str | None) -> ArticlePage | WholePage:
    """Return a page of the article. Raises PageRefused."""
    url, body, encoding = capture.url, capture.body, encoding_of(capture)
    if not (capture.rendered or capture.truncated or is_ended(body, encoding)):
        raise PageRefused("cut_off", f"{url} ends before its text does")
    page: ArticlePage | WholePage
    if is_odd(body):
        page = read_whole(url, body, encoding, is_rendered=capture.rendered)
    else:
        page = article_page(url, body, encoding)
    if article_id not in (None, page.address.id):
        raise PageRefused("another_article", f"{url} shows {page.address.id}")
    return page


def _part(page: ArticlePage | WholePage, capture: Capture) -> Part:
    part = page.part(is_rendered=capture.rendered)
    if not capture.truncated:
        return part
    halaman = replace(part.record.halaman, complete=False, proof=None)
    return replace(part, is_sound=False, record=replace(part.record, halaman=halaman))


def foreign_article(article_id: str, captures: Sequence[Capture], run_id: str) -> Article | Refused:
    """Return the record of an article of which there may be several visits; see ``best_of``."""
    made = best_of(captures)
    if isinstance(made, Refused):
        return made
    if made.id != article_id:
        return Refused("another_article", f"its pages are those of {made.id}")
    # What has no time was read now.
    at = made.crawled_at or datetime.now(UTC).isoformat(timespec="seconds")
    return replace(made, crawled_at=at, first_seen_at=at, run_id=run_id)


def best_of(captures: Sequence[Capture]) -> Article | Refused:
    """Return the record of an article's captures: of the latest visit that got all of it.

    Where none has, visits are put together if that proves to be whole; else it is the one that has
    most.
    """
    visits, made = _visits(captures), list[Article | Refused]()
    joined = [one for visit in visits for one in visit]
    for pages in [*visits, joined] if len(visits) > 1 else visits:
        made.append(article := article_of(pages))
        if isinstance(article, Article) and article.halaman.complete:
            return article
    articles = [one for one in made[: len(visits)] if isinstance(one, Article)]
    return max(articles, key=_amount, default=made[0])


def _amount(article: Article) -> tuple[bool, int, int]:
    halaman = article.halaman
    return halaman.complete is None, halaman.pages_fetched, halaman.words_counted


def _visits(captures: Sequence[Capture]) -> list[list[Capture]]:
    """Return the captures by visit, the latest first; what was rendered in its order."""
    never = datetime.min.replace(tzinfo=UTC)
    visits: list[list[Capture]] = []
    before = never
    for one in sorted(captures, key=lambda one: one.at or never, reverse=True):
        if not visits or before - (one.at or never) > _ONE_VISIT:
            visits.append([])
        visits[-1].append(one)
        before = one.at or never
    return [
        [one for one in visit if not one.rendered] + [one for one in visit[::-1] if one.rendered]
        for visit in visits
    ]
