"""What is assumed of the site's listings, and how each assumption is judged. Pure."""

from typing import Final
from urllib.parse import urlsplit

from kompascrawler.doctor.live.assumption import Seeing, assumption
from kompascrawler.doctor.live.judgement import Verdict
from kompascrawler.doctor.live.seen import Listing, Seen
from kompascrawler.identity import parse_address


@assumption(
    "The site answers a crawler that says who it is.",
    "9",
    "kompascrawler/addons.py",
    "kompascrawler/settings.py",
)
def _lets_us_in(seen: Seen) -> Seeing:
    came = [answer for answer in seen.answers if answer.status is not None]
    denied = [one for one in came if one.refuses_us]
    if not came:
        return "unchecked", "no page came"
    if denied:
        return "fails", f"{len(denied)} of {len(came)} answers: {denied[0]}"
    return "holds", f"{len(came)} answers, each of them let us in"


@assumption(
    "robots.txt of each host permits what the crawler asks for.",
    "8",
    "kompascrawler/settings.py",
    "kompascrawler/sections.py",
)
def _robots(seen: Seen) -> Seeing:
    forbidden = [answer.url for answer in seen.answers if answer.is_forbidden]
    if forbidden:
        return "fails", f"forbidden: {', '.join(forbidden)}"
    silent = [host for host in seen.section.hosts if host not in seen.robots]
    if silent:
        return "unchecked", f"no answer from {', '.join(silent)}"
    return "holds", f"{len(seen.robots)} hosts permit all that was asked for"


@assumption(
    "The section's front page links to its newest articles.",
    "8",
    "kompascrawler/pages/index.py",
    "kompascrawler/discovery/navigator.py",
)
def _front_lists(seen: Seen) -> Seeing:
    return _lists(seen.front, "differs", "the crawler goes on to the archive, at more requests")


@assumption(
    "Global articles stand on www.kompas.com/global or internasional.kompas.com, numbers in 70.",
    "1",
    "kompascrawler/sections.py",
    "kompascrawler/identity.py",
)
def _hosts_of_global(seen: Seen) -> Seeing:
    listings = [one for one in (seen.front, seen.index, seen.other_front) if one]
    hrefs = {href for listing in listings for href in listing.hrefs}
    addresses = [address for address in map(parse_address, hrefs) if address]
    ours = [address for address in addresses if seen.section.holds(address)]
    strangers = [
        address.url
        for address in addresses
        if address not in ours and len(address.number) == 9 and address.number.endswith("70")
    ]
    if strangers:
        return "fails", f"{len(strangers)} links with numbers in 70 elsewhere, as {strangers[0]}"
    if not ours:
        return "unchecked", "no link to an article of the section was seen"
    hosts = ", ".join(sorted({address.host for address in ours}))
    return "holds", f"{len(ours)} links to articles, on {hosts}"


@assumption(
    "internasional.kompas.com shows the section, or leads to it.",
    "1",
    "kompascrawler/sections.py",
    "kompascrawler/discovery/arguments.py",
)
def _other_host(seen: Seen) -> Seeing:
    listing = seen.other_front
    if listing is None:
        led = seen.front is not None and seen.front.answer.is_page
        return ("holds", "the front page leads there") if led else ("unchecked", "not asked for")
    answer = listing.answer
    if answer.leads_to:
        parts = urlsplit(answer.leads_to)
        is_ours = f"{parts.netloc}{parts.path.rstrip('/')}" in seen.section.front_forms
        return ("holds" if is_ours else "differs"), f"it leads to {answer.leads_to}"
    return _lists(listing, "differs", "only start pages that name this host depend on it")


@assumption(
    "indeks.kompas.com answers site=global.",
    "8",
    "kompascrawler/sections.py",
    "kompascrawler/discovery/walk.py",
)
def _index_knows_global(seen: Seen) -> Seeing:
    if seen.index is None or not seen.index.answer.is_page:
        return _lists(seen.index, "fails", "")
    if seen.index.links.articles:
        return _lists(seen.index, "fails", "")
    if seen.fallback and seen.fallback.links.articles:
        found = len(seen.fallback.links.articles)
        return "differs", f"nothing for site=global; site=news lists {found} Global articles"
    if seen.fallback and seen.fallback.answer.is_page:
        return "fails", "neither site=global nor site=news lists a Global article on its page 2"
    return "differs", "nothing for site=global; the crawler tries site=news, which was not seen"


@assumption(
    "The archive lists 20 articles a page, in one of two known looks.",
    "8",
    "kompascrawler/pages/index.py",
)
def _index_look(seen: Seen) -> Seeing:
    listing = next((one for one in (seen.index, seen.fallback) if one and one.hrefs), None)
    if listing is None:
        return "unchecked", "no page of the archive with links was seen"
    found = f"{len(listing.hrefs)} links; look: {listing.look or 'none that is known'}"
    if listing.look is None:
        return "fails", found
    return ("holds" if len(listing.hrefs) == 20 else "differs"), found


@assumption(
    "page=2 of the archive goes on where page 1 ends.",
    "8",
    "kompascrawler/discovery/walk.py",
    "kompascrawler/discovery/links.py",
)
def _index_goes_on(seen: Seen) -> Seeing:
    front = [link.id for link in seen.front.links.articles] if seen.front else []
    index = [link.id for link in seen.index.links.articles] if seen.index else []
    if not front or not index:
        return "unchecked", "that takes the front page and page 2 of the archive"
    newest = max(index)
    newer = [one for one in front if one > newest]
    said = f"{len(newer)} articles of the front page are newer than all of page 2"
    return ("holds", said) if newer else ("fails", f"{said}: is it page 1?")


def _lists(listing: Listing | None, otherwise: Verdict, consequence: str) -> Seeing:
    """Judge a listing by whether it links to articles of the section."""
    if listing is None or not listing.answer.is_page:
        return "unchecked", str(listing.answer) if listing else "not asked for"
    found = len(listing.links.articles)
    others = listing.links.others.total()
    said = f"{listing.answer.url}: {found} articles of the section, {others} other links"
    return ("holds", said) if found else (otherwise, "; ".join(filter(None, (said, consequence))))


LISTINGS: Final = (
    _lets_us_in,
    _robots,
    _front_lists,
    _hosts_of_global,
    _other_host,
    _index_knows_global,
    _index_look,
    _index_goes_on,
)
