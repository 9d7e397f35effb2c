"""Requests for robots.txt, told from those for pages."""

from urllib.parse import urlsplit

from scrapy import Request


def is_robots(request: Request) -> bool:
    """Tell whether a request is that of Scrapy's middleware for robots.txt, or a redirect of it."""
    return bool(request.meta.get("dont_obey_robotstxt"))


def ruled_host(request: Request) -> str:
    """Return the host whose robots.txt a request is for, wherever that was redirected to."""
    asked: list[str] = request.meta.get("redirect_urls", [request.url])
    return urlsplit(asked[0]).hostname or ""
