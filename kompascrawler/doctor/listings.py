"""Checks of the site: robots.txt, its clock, and assumptions about its listings. Pure."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from protego import Protego

from kompascrawler.doctor.environment import SET_CLOCK, TOLERANCE
from kompascrawler.doctor.result import Result, Verdict
from kompascrawler.doctor.visit import Assumption, Judgement, Listing, Reply, Visit
from kompascrawler.identity import parse_address
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


def _lets_us_in(seen: Visit) -> Judgement:
    came = [reply for reply in seen.replies if reply.status is not None]
    denied = [reply for reply in came if reply.refuses_us]
    if not came:
        return "unchecked", "no page came"
    if denied:
        return "fail", f"{len(denied)} of {len(came)} responses refuse us: {denied[0]}"
    return "ok", f"{len(came)} responses, none refuses us"


def _permits_us(seen: Visit) -> Judgement:
    if forbidden := [reply.url for reply in seen.replies if reply.is_forbidden]:
        return "fail", f"forbidden: {', '.join(forbidden)}"
    if silent := [host for host in seen.section.hosts if host not in seen.robots]:
        return "unchecked", f"no response from {', '.join(silent)}"
    return "ok", f"{len(seen.robots)} hosts permit all that was asked for"


def _front_lists(seen: Visit) -> Judgement:
    return _lists(seen.front, "warn", "the crawler reads the index, with more requests")


def _hosts_of_articles(seen: Visit) -> Judgement:
    hrefs = {href for one in seen.listings if one is not seen.fallback for href in one.hrefs}
    addresses = [address for address in map(parse_address, hrefs) if address]
    ours = [address for address in addresses if seen.section.holds(address)]
    strangers = [
        address.url
        for address in addresses
        if address not in ours and len(address.number) == 9 and address.number.endswith("70")
    ]
    if strangers:
        return "fail", f"{len(strangers)} links with numbers in 70 elsewhere, e.g. {strangers[0]}"
    if not ours:
        return "unchecked", "no link to an article of the section was seen"
    hosts = ", ".join(sorted({address.host for address in ours}))
    return "ok", f"{len(ours)} links to articles, on {hosts}"


def _other_host(seen: Visit) -> Judgement:
    listing = seen.other_front
    if listing is None:
        led = seen.front is not None and seen.front.reply.is_page
        return ("ok", "the front page leads there") if led else ("unchecked", "not asked for")
    if target := listing.reply.leads_to:
        parts = urlsplit(target)
        is_ours = f"{parts.netloc}{parts.path.rstrip('/')}" in seen.section.front_forms
        return ("ok" if is_ours else "warn"), f"it leads to {target}"
    return _lists(listing, "warn", "only start pages on this host depend on it")


def _index_knows_section(seen: Visit) -> Judgement:
    if seen.index is None or not seen.index.reply.is_page or seen.index.links.articles:
        return _lists(seen.index, "fail", "")
    if seen.fallback and seen.fallback.links.articles:
        found = len(seen.fallback.links.articles)
        return "warn", f"site=global lists nothing; site=news lists {found} Global articles"
    if seen.fallback and seen.fallback.reply.is_page:
        return "fail", "page 2 of neither site=global nor site=news lists a Global article"
    return "warn", "site=global lists nothing; the crawler tries site=news, which was not seen"


def _index_look(seen: Visit) -> Judgement:
    listing = next((one for one in (seen.index, seen.fallback) if one and one.hrefs), None)
    if listing is None:
        return "unchecked", "no page of the index with links was seen"
    found = f"{len(listing.hrefs)} links; look: {listing.look or 'unknown'}"
    if listing.look is None:
        return "fail", found
    return ("ok" if len(listing.hrefs) == 20 else "warn"), found


def _index_goes_on(seen: Visit) -> Judgement:
    front = [link.id for link in seen.front.links.articles] if seen.front else []
    index = [link.id for link in seen.index.links.articles] if seen.index else []
    if not front or not index:
        return "unchecked", "needs the front page and page 2 of the index"
    newer = sum(article_id > max(index) for article_id in front)
    said = f"{newer} articles of the front page are newer than all of page 2"
    return ("ok", said) if newer else ("fail", f"{said}: is it page 1?")


def _lists(listing: Listing | None, otherwise: Verdict, consequence: str) -> Judgement:
    """Judge a listing by whether it links to articles of the section."""
    if listing is None or not listing.reply.is_page:
        return "unchecked", str(listing.reply) if listing else "not asked for"
    found, others = len(listing.links.articles), listing.links.others.total()
    said = f"{listing.reply.url}: {found} articles of the section, {others} other links"
    return ("ok", said) if found else (otherwise, "; ".join(filter(None, (said, consequence))))


LISTINGS: Final = (
    Assumption(
        "The site answers a crawler that says who it is.", _lets_us_in, 9, "addons.py settings.py"
    ),
    Assumption(
        "robots.txt of each host permits what the crawler asks for.",
        _permits_us,
        8,
        "settings.py sections.py",
    ),
    Assumption(
        "The section's front page links to its newest articles.",
        _front_lists,
        8,
        "pages/index.py discovery/listing_reader.py",
    ),
    Assumption(
        "Global articles are on www.kompas.com/global or internasional.kompas.com, numbers in 70.",
        _hosts_of_articles,
        1,
        "sections.py identity.py",
    ),
    Assumption(
        "internasional.kompas.com shows the section, or leads to it.",
        _other_host,
        1,
        "sections.py discovery/arguments.py",
    ),
    Assumption(
        "indeks.kompas.com answers site=global.",
        _index_knows_section,
        8,
        "sections.py discovery/walk.py",
    ),
    Assumption(
        "The index lists 20 articles a page, in one of two known looks.",
        _index_look,
        8,
        "pages/index.py",
    ),
    Assumption(
        "page=2 of the index goes on where page 1 ends.",
        _index_goes_on,
        8,
        "discovery/walk.py discovery/links.py",
    ),
)
