"""Which article an address means: path date + id, whatever the host, slug or query.

Source of every rule here: docs/site.md, section 1 (4,623 captured pages, no exception) and
docs/site.md, section 17 (135 addresses).
"""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

WIB = timezone(timedelta(hours=7), "WIB")
"""Western Indonesian time, the zone of every date the site prints (no daylight saving)."""

# One expression, because it is asked for every link of every page. Days and times that do not
# exist do not match, but for the ends of the months: an identity is an instant, and bounds and
# folders are made of it. The second form of a date (YY, a letter for the month, DD) was seen on
# health.kompas.com from 2023 on (docs/site.md, section 11.3).
_ADDRESS = re.compile(
    r"(?i:https?://(?:(?P<sub_domain>[a-z0-9-]+)\.)?kompas\.com)\.?(?::[0-9]+)?"
    r"/(?:(?P<channel>[a-z]+(?:-[a-z]+)*)/)?read/(?:xml/)?"
    r"(?P<date>(?!0000)[0-9]{4}/(?:0[1-9]|1[0-2])/(?:0[1-9]|[12][0-9]|3[01])/"
    r"|[0-9]{2}[A-L](?:0[1-9]|[12][0-9]|3[01]))"
    r"(?P<number>(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9][0-9]{1,6})"
    r"(?:/(?P<slug>[^/?#\s\x00-\x1f\x7f-\x9f]*))?/?(?:[?#][^\x00-\x1f\x7f-\x9f]*)?"
)
ID: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{7,12}")
"""What an article's identity looks like."""
_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})-([0-9]{2})([0-9]{2})([0-9]{2})")


class ArticleAddress(NamedTuple):
    """An address of an article, taken apart."""

    id: str
    """Identity of the article, ``YYYY-MM-DD-<number>``; sorts by time of first publication."""
    url: str
    """The address to ask for: https, host with ``www``, AMP and ``/read/xml/`` undone, no query."""
    host: str
    """Host of ``url``."""
    channel: str
    """First path part (``global``) or, without one, the sub-domain (``internasional``)."""
    number: str
    """The number in the path: HHMMSS (WIB) of first publication, a digit, the channel's number."""


@lru_cache(maxsize=2048)  # pages of one hour link to the same articles
def parse_address(url: str) -> ArticleAddress | None:
    """Return what ``url`` means as an article of any kompas.com channel, or None if it is none.

    None also where its date or its time of day does not exist: no article has such an address.

    >>> parse_address("http://amp.kompas.com/global/read/xml/2023/09/16/170000170/x?page=2").id
    '2023-09-16-170000170'
    """
    match = _ADDRESS.fullmatch(url.strip())
    if match is None:
        return None
    sub_domain, channel, stated, number, slug = match.groups()
    day = _day(stated)
    if day is None:
        return None
    sub_domain = (sub_domain or "www").lower()
    if sub_domain == "amp":
        # amp.kompas.com/<channel>/read/… stands for sub-domain channels too;
        # www.kompas.com/<channel>/read/… answers for those that moved there.
        sub_domain = "www"
    host = f"{sub_domain}.kompas.com"
    path = f"/read/{stated}{number}"
    if channel:
        path = f"/{channel}{path}"
    if slug:
        path = f"{path}/{slug}"
    return ArticleAddress(
        id=f"{day}-{number}",
        url=f"https://{host}{path}",
        host=host,
        channel=channel or sub_domain,
        number=number,
    )


def _day(stated: str) -> str | None:
    """Return the day of an address, ``YYYY-MM-DD``; None where the calendar has none such.

    >>> _day("2026/09/07/"), _day("26I07"), _day("2026/02/30/")
    ('2026-09-07', '2026-09-07', None)
    """
    if len(stated) > len("26I07"):
        year, month, day, _ = stated.split("/")
    else:
        year, month, day = f"20{stated[:2]}", f"{ord(stated[2]) - ord('@'):02}", stated[3:]
    if day > "28" and int(day) > monthrange(int(year), int(month))[1]:
        return None
    return f"{year}-{month}-{day}"


def day_of(article_id: str) -> date:
    """Return the WIB day of an identity, or of a bound that is a bare day."""
    return date.fromisoformat(article_id[:10])


def published_at(article_id: str) -> datetime | None:
    """Return the time of first publication that an article's identity states, to the second.

    >>> published_at("2023-09-16-170000170").isoformat()
    '2023-09-16T17:00:00+07:00'
    """
    match = _TIME.match(article_id)
    if match is None:
        return None
    try:
        year, month, day, hour, minute, second = map(int, match.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=WIB)
    except ValueError:
        return None


def oddity(url: str) -> str | None:
    """Say what keeps an address from being one that the site publishes, or None.

    Every captured link of the site is plain http or https, without a port and without a user
    (docs/site.md, section 1); anything else on a host of the site is a trick.

    >>> oddity("https://www.kompas.com:8443/global"), oddity("https://www.kompas.com/global")
    ('another port', None)
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "no address"
    if parts.scheme not in ("http", "https"):
        return "another scheme"
    if "@" in parts.netloc:
        return "a user name"
    return None if port in (None, 443 if parts.scheme == "https" else 80) else "another port"
