"""Visits of a replica without HTTP between."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from kompascrawler.doctor.command_line import check_site
from kompascrawler.doctor.result import Result
from kompascrawler.doctor.visit import MOST_REQUESTS, Reply, Visit, visit
from kompascrawler.sections import SECTIONS
from tests.replica import Request, Site

Change = Callable[[str], Reply | None]
"""What is answered to an address instead; None: what the site answers."""


class Visitor:
    """Asks a replica, and counts."""

    def __init__(self, site: Site, change: Change) -> None:
        self._site = site
        self._change = change
        self.asked: list[str] = []
        self.robots: dict[str, Reply] = {}

    async def ask(self, url: str, *, follow: bool = True) -> Reply:
        """Reply as the site would, robots.txt of a new host first."""
        host = urlsplit(url).netloc
        if host not in self.robots:
            self.robots[host] = self._answer(f"https://{host}/robots.txt", follow=True)
        return self._change(url) or self._answer(url, follow=follow)

    def _answer(self, url: str, *, follow: bool) -> Reply:
        if len(self.asked) >= MOST_REQUESTS:
            return Reply(url=url, problem="used up", is_ours=True)
        self.asked.append(url)
        reply = self._site.answer(Request.get(url))
        if reply.status in (301, 302) and follow:
            return self._answer(reply.headers["Location"], follow=True)
        return Reply(
            url=url,
            status=reply.status,
            body=reply.body,
            leads_to=reply.headers.get("Location"),
        )


def look_at(change: Change | None = None, **options: Any) -> tuple[Visit, Visitor]:
    """Visit a replica of 60 articles; return what was seen, and who looked."""
    site = Site(**{"seed": 3, "articles": 60} | options)
    visitor = Visitor(site, change or (lambda _: None))
    seen = asyncio.run(visit(visitor.ask, SECTIONS["global"]))
    seen.robots = visitor.robots
    return seen, visitor


def judged(seen: Visit) -> dict[str, Result]:
    """Return the judgements by the first words of their assumptions."""
    return {one.name: one for one in check_site(seen)}
