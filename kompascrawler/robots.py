"""Requests for robots.txt, told from those for pages."""

from scrapy import Request


def is_robots(request: Request) -> bool:
    """Tell whether a request is that of Scrapy's middleware for robots.txt, or a redirect of it."""
    return bool(request.meta.get("dont_obey_robotstxt"))
