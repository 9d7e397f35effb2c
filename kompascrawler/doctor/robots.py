"""Judges the answers to robots.txt: whether the section may be read. Pure."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from protego import Protego

from kompascrawler.doctor.answer import Answer
from kompascrawler.doctor.clock import TOLERANCE
from kompascrawler.doctor.finding import Finding
from kompascrawler.outcome.terminal import span

_SAMPLES = ("/", "/global", "/global/read/2026/11/01/120000170/x?page=all", "/?site=global&page=2")
"""Addresses of the kinds that a crawl asks for, on whichever host."""


def robots(host: str, answer: Answer | None, user_agent: str, delay: float) -> Finding:
    """Judge what a host says; ``delay`` is ours, seconds between two requests."""
    name = "robots.txt"
    if answer is None or answer.status is None:
        why = answer.problem if answer else "not asked"
        advice = "check the network and http_proxy/https_proxy"
        return Finding.warn(name, f"no answer from {host}: {why}", advice)
    if answer.status >= 500:
        found = f"{host} answers with status {answer.status}: nothing would be asked of it"
        return Finding.warn(name, found, "wait: a crawl tries again each time it is started")
    if answer.status in (401, 403, 429):
        advice = "look at it in a browser; the site may not want us now: run more rarely"
        return Finding.warn(name, f"{host} answers with status {answer.status}", advice)
    rules = Protego.parse(answer.body.decode("utf-8", "replace") if answer.is_page else "")
    forbidden = [
        path for path in _SAMPLES if not rules.can_fetch(f"https://{host}{path}", user_agent)
    ]
    if forbidden:
        found = f"{host} forbids {', '.join(forbidden)}"
        return Finding.fail(name, found, "the crawler obeys: ask the site's owner")
    wanted = rules.crawl_delay(user_agent)
    if wanted and wanted > delay:
        found = f"{host} permits the section, and wants {wanted:g} s between two requests"
        return Finding.warn(name, found, f"set DOWNLOAD_DELAY={wanted:g}")
    said = "permits the section" if answer.is_page else f"has none (status {answer.status})"
    return Finding.ok(name, f"{host} {said}")


def site_clock(answers: Mapping[str, Answer], now: datetime) -> Finding | None:
    """Compare our clock with the site's; None where the site tells no time."""
    for host, answer in answers.items():
        try:
            theirs = parsedate_to_datetime(answer.date or "")
        except ValueError:
            continue
        apart = (now - theirs).total_seconds() if theirs.tzinfo else 0.0
        if abs(apart) > TOLERANCE.total_seconds():
            side = "ahead of" if apart > 0 else "behind"
            found = f"ours is {span(abs(apart))} {side} that of {host}"
            advice = "set the clock, for example: timedatectl set-ntp true"
            return Finding.fail("site's clock", found, advice)
        return Finding.ok("site's clock", f"as ours, says {host}")
    return None
