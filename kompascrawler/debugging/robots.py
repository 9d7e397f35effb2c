"""What robots.txt allows: the live rules where a host has been asked, else a stored copy."""

from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import urlsplit

from protego import Protego

STORED: Final = """User-Agent: *
Disallow: /search/?q=
Disallow: /komentar/*
Disallow: /copy/*
Disallow: *?jxrecoid=*
Disallow: *?utm_source=*
Disallow: *?source=*
"""
"""The rules of www.kompas.com for everybody, as seen last on 3 October 2026 (SITE.md section 8).

Those of the other hosts were never seen.
"""


class Rules(Protocol):
    """A robots.txt that has been read (``scrapy.robotstxt.RobotParser``)."""

    def allowed(self, url: str, user_agent: str | bytes) -> bool:
        """Tell whether a user agent may ask for an address."""


class Answer(NamedTuple):
    """Whether an address may be asked for, and who says so."""

    is_allowed: bool
    source: str


class Robots:
    """The rules of every host that has been asked for them, and the stored ones."""

    def __init__(self, user_agent: str) -> None:
        self._user_agent = user_agent
        self._live: dict[str, Rules] = {}
        self._stored = Protego.parse(STORED)

    def robots_parsed(self, robotparser: Rules, request: Any) -> None:
        """Remember a host's rules: a handler of Scrapy's signal of that name."""
        self._live[urlsplit(request.url).netloc] = robotparser

    def ask(self, url: str) -> Answer:
        """Tell whether an address may be asked for."""
        if rules := self._live.get(urlsplit(url).netloc):
            return Answer(rules.allowed(url, self._user_agent), "the live robots.txt")
        allowed = self._stored.can_fetch(url, self._user_agent)
        return Answer(allowed, "the robots.txt of www.kompas.com as of 3 October 2026")
