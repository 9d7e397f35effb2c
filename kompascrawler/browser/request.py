"""Requests that are answered by the browser."""

from typing import Any, Final

from scrapy import Request

BROWSER: Final = "browser"
"""Key in ``Request.meta`` that sends a request to the browser."""
PAGES: Final = "browser_pages"
"""Key in ``Response.meta``: the HTML of each page in order, ``list[bytes]`` in UTF-8."""
WALK: Final = "browser_walk"
"""Key in ``Response.meta``: a dict of ``pages`` (number seen), ``is_whole``, ``stopped``."""


def browser_request(url: str, **kwargs: Any) -> Request:
    """Return a request for an article whose pages the browser is to walk.

    ``kwargs`` are those of ``scrapy.Request``. A walk takes as long as its pages together, which
    says nothing of the site's speed: AutoThrottle leaves it alone.
    """
    meta = {**(kwargs.pop("meta", None) or {}), BROWSER: True}
    meta["autothrottle_dont_adjust_delay"] = True
    return Request(url, meta=meta, **kwargs)
