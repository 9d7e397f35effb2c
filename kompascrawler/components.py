"""What the components of a crawl share, and the add-ons, which change settings before it begins.

How components are built, what there is one of, signals of ours: these are sent with ``tell``; their
arguments stand below each.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, Self, TypeVar

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.statscollectors import MemoryStatsCollector
from twisted.python.failure import Failure
from typing_extensions import override

from kompascrawler import __version__
from kompascrawler.items import Article
from kompascrawler.outcome.counts import RunCounts
from kompascrawler.store.model import Link
from kompascrawler.terminal import PrintableRecord

T = TypeVar("T")


class OfCrawler(Generic[T]):
    """Gives the object of a crawler, made at the first call.

    Scrapy's ``get_extension`` finds only what the settings list, once the crawl has begun.

    >>> counts_of = OfCrawler(lambda crawler: [])
    >>> from scrapy.utils.test import get_crawler
    >>> crawler = get_crawler()
    >>> counts_of(crawler) is counts_of(crawler)
    True
    """

    def __init__(self, make: Callable[[Crawler], T]) -> None:
        self._make = make

    def __call__(self, crawler: Crawler) -> T:
        """Return the object of a crawler."""
        # Kept by the crawler: many of them hold it, and go with it.
        made: dict[object, T] = vars(crawler).setdefault(__name__, {})
        if self not in made:
            made[self] = self._make(crawler)
        return made[self]


class Component:
    """A middleware or extension, as Scrapy builds it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the component of a crawl."""
        return cls(crawler)


counts_of = OfCrawler(lambda _: RunCounts())
"""Return what a crawl has counted so far, to be read and written."""


class CountingStatsCollector(MemoryStatsCollector):
    """Scrapy's own, which shows our counts by the names that outcome/counts.py gives them."""

    @override
    def get_stats(self, spider: Spider | None = None) -> dict[str, Any]:
        self._stats.update(counts_of(self._crawler).stats())
        return self._stats

    @override
    def close_spider(self, spider: Spider | None = None, reason: str | None = None) -> None:
        self.get_stats()
        super().close_spider(reason=reason)


page_read: Final = object()
"""The first answer for an article of the section is in a known layout. ``page``, ``links`` (how
many its Terkini Lainnya block has), ``response``."""
page_failed: Final = object()
"""A further page of an article was not received, by plain request or in the browser; the markup is
not at fault. ``article_id``."""
listing_read: Final = object()
"""A listing was read. ``kind`` (``front`` or ``index``), ``items`` (articles of the section on a
front page, any item on an index page), ``response``, ``section`` (``Section``)."""
article_ended: Final = object()
"""An article came to its end in this run. ``end`` (``ArticleEnd``)."""
answer_received: Final = object()
"""An answer, as it was received. ``request``, ``response``, ``kind`` (``run/requests.py``),
``broken`` (what is wrong with its body, or None)."""
page_rendered: Final = object()
"""A browser has walked an article. ``request``, ``documents`` (a list of bytes), ``walk`` (its
pages, and why it stopped early)."""

ArticleOutcome = Literal["stored", "revised", "known", "refused", "failed", "left"]
"""``stored`` as a new record, ``revised`` by a better one, ``known`` as well already; ``refused``:
what came is no record; ``failed``: nothing came; ``left`` to a later run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEnd:
    """What became of an article, said once."""

    outcome: ArticleOutcome
    asked: Link | None
    """What was requested; None for a page that was handed to the spider (``scrapy parse``)."""
    item: Article | None = None
    """The record, where it is stored."""
    response: Response | None = None
    """The page that came last; None where none was received."""
    reason: str = ""
    """Why it was refused or failed, or is known and better than what came: a short name."""
    message: str = ""
    """The same for the log."""
    is_gone: bool = False
    """The site says that there is no such article."""
    is_look: bool = False
    """The article was stored whole before: whatever comes of the look, it is no failed article."""


def tell(crawler: Crawler, signal: object, **arguments: Any) -> None:
    """Send a signal; raise what a receiver raises, which Scrapy would log and forget."""
    results = crawler.signals.send_catch_log(signal, dont_log=Exception, **arguments)
    for _, result in results:
        if isinstance(result, Failure):
            result.raiseException()


class UserAgentAddon:
    """Names the project and ``CONTACT`` in every request; ``USER_AGENT`` has a higher priority."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Set ``USER_AGENT``."""
        user_agent = f"kompascrawler/{__version__} (+{settings['CONTACT']})"
        settings.set("USER_AGENT", user_agent, priority="addon")


class PrintableLogAddon:
    """Lets no record of the log command a terminal, whatever a page or an error holds."""

    def update_settings(self, settings: BaseSettings) -> None:  # noqa: ARG002 - Scrapy's signature
        """Have records made that are printable, for the whole process."""
        logging.setLogRecordFactory(PrintableRecord)


PARTS: Final = {
    "TELNETCONSOLE_ENABLED": "scrapy.extensions.telnet.TelnetConsole",
    "REMOTE_CONTROL_ENABLED": "scrapy.extensions.remote_control.RemoteControl",
    "COOKIES_ENABLED": "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    "WARC_ENABLED": "kompascrawler.warc.recorder.RecorderExtension",
}
"""Switch → the part. Scrapy's look at their switch only when they are imported already, with
aiohttp and requests."""


class SwitchedOffAddon:
    """Takes what is off from the lists of what there is."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Leave out each part whose switch is off; a switch that is given keeps its part."""
        off = {part for switch, part in PARTS.items() if not settings.getbool(switch)}
        for name in ("EXTENSIONS", "EXTENSIONS_BASE", "DOWNLOADER_MIDDLEWARES_BASE"):
            listed = settings.getdict(name).items()
            kept = {part: place for part, place in listed if part not in off}
            settings.set(name, kept, priority=settings.getpriority(name) or 0)
