"""Checks of each host's robots.txt, and of the site's clock. Pure."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from protego import Protego

from kompascrawler.doctor.environment import SET_CLOCK, TOLERANCE
from kompascrawler.doctor.result import Result
from kompascrawler.doctor.visit import Reply
from kompascrawler.outcome.terminal import span

_SAMPLES: Final = (
    *("/", "/global", "/global/read/2026/11/01/120000170/x?page=all", "/?site=global&page=2"),
)
"""Paths of every kind that a crawl asks for, on any host."""


def robots(host: str, reply: Reply | None, user_agent: str, delay: float) -> Result:
    """Judge a host's robots.txt; ``delay`` is ours, seconds between two requests."""
    name = "robots.txt"
    if reply is None or reply.status is None:
        found = f"no response from {host}: {reply.problem if reply else 'not asked'}"
        return Result(name, "warn", found, "check the network and http_proxy/https_proxy")
    if reply.status >= 500:
        found = f"{host} responds with status {reply.status}: a crawl would ask it for nothing"
        return Result(name, "warn", found, "wait: each crawl tries again")
    if reply.refuses_us:
        advice = "open it in a browser; the site may not want us now: run less often"
        return Result(name, "warn", f"{host} refuses us: {reply}", advice)
    rules = Protego.parse(reply.body.decode("utf-8", "replace") if reply.is_page else "")
    forbidden = [
        path for path in _SAMPLES if not rules.can_fetch(f"https://{host}{path}", user_agent)
    ]
    if forbidden:
        found = f"{host} forbids {', '.join(forbidden)}"
        return Result(name, "fail", found, "the crawler obeys: ask the site's owner")
    wanted = rules.crawl_delay(user_agent)
    if wanted and wanted > delay:
        found = f"{host} permits the section, and wants {wanted:g} s between two requests"
        return Result(name, "warn", found, f"set DOWNLOAD_DELAY={wanted:g}")
    said = "permits the section" if reply.is_page else f"has none (status {reply.status})"
    return Result(name, "ok", f"{host} {said}")


def site_clock(replies: Mapping[str, Reply], now: datetime) -> Result | None:
    """Compare our clock with the site's; None if the site states no time."""
    for host, reply in replies.items():
        try:
            theirs = parsedate_to_datetime(reply.date or "")
        except ValueError:
            continue
        apart = (now - theirs).total_seconds() if theirs.tzinfo else 0.0
        if abs(apart) > TOLERANCE.total_seconds():
            side = "ahead of" if apart > 0 else "behind"
            found = f"ours is {span(abs(apart))} {side} that of {host}"
            return Result("site's clock", "fail", found, SET_CLOCK)
        return Result("site's clock", "ok", f"the same as ours ({host})")
    return None
