"""Signals of our own, sent with ``tell``. Their arguments stand below each."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from kompascrawler.items import Article
from kompascrawler.store.model import Link

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
