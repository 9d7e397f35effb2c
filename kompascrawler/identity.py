"""Which article an address means: path date + id, whatever the host, slug or query.

Source of every rule here: SITE.md section 1 (4,623 captured pages, no exception) and
TEXT.md section 6 (135 addresses).
"""

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

WIB = timezone(timedelta(hours=7), "WIB")
"""Western Indonesian time, the zone of every date the site prints (no daylight saving)."""

_PATH = re.compile(
    r"/(?:(?P<channel>[a-z]+)/)?read/(?:xml/)?"
    r"(?P<y>\d{4})/(?P<m>\d{2})/(?P<d>\d{2})/(?P<number>\d{7,12})(?:/(?P<slug>[^/?#]*))?/?$"
)
_CHANNEL_HOST = re.compile(r"(?P<name>[a-z0-9-]+)\.kompas\.com")


class ArticleAddress(NamedTuple):
    """An address of an article, taken apart."""

    id: str
    """Identity of the article, ``YYYY-MM-DD-<number>``; sorts by time of first publication."""
    url: str
    """The address to ask for: https, AMP and ``/read/xml/`` undone, no query, no fragment."""
    channel: str
    """First path part (``global``) or, without one, the sub-domain (``internasional``)."""
    number: str
    """The number in the path: HHMMSS (WIB) of first publication, a digit, the channel's number."""

    @property
    def published_at(self) -> datetime | None:
        """Time of first publication (WIB), or None where the address states an impossible one."""
        return published_at(self.id)


def parse_address(url: str) -> ArticleAddress | None:
    """Return what ``url`` means as an article of any kompas.com channel, or None if it is none.

    >>> parse_address("http://amp.kompas.com/global/read/xml/2023/09/16/170000170/x?page=2").id
    '2023-09-16-170000170'
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    host_match = _CHANNEL_HOST.fullmatch(host)
    path_match = _PATH.fullmatch(parts.path)
    if host_match is None or path_match is None:
        return None
    channel, year, month, day, number, slug = path_match.groups()
    sub_domain = host_match["name"]
    if sub_domain == "amp":
        # amp.kompas.com/<channel>/read/… stands for sub-domain channels too (SITE.md section 1);
        # www.kompas.com/<channel>/read/… answers for those that moved there.
        sub_domain = "www"
    path = f"/read/{year}/{month}/{day}/{number}"
    if channel:
        path = f"/{channel}{path}"
    if slug:
        path = f"{path}/{slug}"
    return ArticleAddress(
        id=f"{year}-{month}-{day}-{number}",
        url=urlunsplit(("https", f"{sub_domain}.kompas.com", path, "", "")),
        channel=channel or sub_domain,
        number=number,
    )


def published_at(article_id: str) -> datetime | None:
    """Return the time of first publication that an article's identity states, to the second.

    >>> published_at("2023-09-16-170000170").isoformat()
    '2023-09-16T17:00:00+07:00'
    """
    day, _, number = article_id.rpartition("-")
    try:
        return datetime.strptime(f"{day} {number[:6]}", "%Y-%m-%d %H%M%S").replace(tzinfo=WIB)
    except ValueError:
        return None
