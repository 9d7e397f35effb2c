"""Requests for the browser, and the errors they end with (``failure.value``)."""

from typing import Any, Final

from scrapy import Request

BROWSER: Final = "browser"
"""Key in ``Request.meta`` that sends a request to the browser."""
PAGES: Final = "browser_pages"
"""Key in ``Response.meta``: the HTML of each page in order, ``list[bytes]`` in UTF-8."""
WALK: Final = "browser_walk"
"""Key in ``Response.meta``: a dict of ``pages`` (number seen), ``is_whole``, ``stopped``."""


def browser_request(url: str, **kwargs: Any) -> Request:
    """Return a request for an article whose pages the browser walks.

    ``kwargs`` are those of ``scrapy.Request``. AutoThrottle ignores the request: a walk over
    several pages says nothing about the site's speed.
    """
    meta = {**(kwargs.pop("meta", None) or {}), BROWSER: True}
    meta["autothrottle_dont_adjust_delay"] = True
    return Request(url, meta=meta, **kwargs)


class BrowserError(Exception):
    """The browser did not bring the article; a later run may try again."""


class BrowserMissing(BrowserError):  # noqa: N818 - it is one by its base
    """Playwright or Chromium is not installed, not where the settings say, or may not start."""


class BrowserTimeout(BrowserError):  # noqa: N818 - it is one by its base
    """The article was not walked within ``BROWSER_TIMEOUT`` seconds."""


class BrowserCrashed(BrowserError):  # noqa: N818 - it is one by its base
    """Renderer, browser or driver died in both tries, or too often before."""


class BrowserRefused(BrowserError):  # noqa: N818 - it is one by its base
    """The response cannot be walked: no HTML, a download, another site."""


class Broken(Exception):  # noqa: N818 - what happened to the browser; the supervisor decides
    """Renderer, browser or driver ended during an article; never leaves this package."""
