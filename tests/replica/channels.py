"""The channels of the replica, and how an article's number, slug and address are made. Pure."""

import re
from datetime import datetime

from tests.replica.story import Channel

GLOBAL = Channel(name="Global", base="https://www.kompas.com/global", suffix="70", is_news=True)
# Until 2019; numbers of eight digits that end in 1 (docs/site.md, sections 1 and 17).
INTERNASIONAL = Channel(
    name="Internasional",
    base="https://internasional.kompas.com",
    suffix="1",
    is_news=True,
    has_dotted_slugs=True,
)
OTHERS = (
    Channel(
        name="Nasional",
        base="https://nasional.kompas.com",
        suffix="1",
        is_news=True,
        pages_terkini=False,
    ),
    Channel(name="Tren", base="https://www.kompas.com/tren", suffix="65", is_news=False),
    Channel(name="Money", base="https://money.kompas.com", suffix="26", is_news=False),
    # A site of its own with addresses that are no articles (docs/site.md, section 7).
    Channel(
        name="Video", base="https://video.kompas.com", suffix="", is_news=False, path="watch"
    ),
)  # fmt: skip

_LONGEST_SLUG = 73


def slug(title: str) -> str:
    """Return a title's slug with the site's oddities (docs/site.md, sections 1 and 17).

    An opening bracket and a question mark become hyphens, a bar leaves two, a decimal point
    stays, and what is too long is cut off at a word.

    >>> slug("[POPULER GLOBAL] Kapal 13.300 Ton | Apa Itu?")
    '-populer-global-kapal-13.300-ton--apa-itu-'
    """
    text = re.sub(r"[\[?]", "-", title.lower())
    text = re.sub(r"[^a-z0-9. -]|\.(?!\d)", "", text).replace(" ", "-")
    if len(text) > _LONGEST_SLUG:
        text = text[: _LONGEST_SLUG + 1].rpartition("-")[0]
    return text


def dotted_slug(title: str) -> str:
    """Return a title's slug as of 2015: its words as they are, parted by dots.

    >>> dotted_slug("[Cerita Dunia] Kapal, 13.300 Ton")
    'Cerita.Dunia.Kapal.13.300.Ton'
    """
    words = re.sub(r"[^A-Za-z0-9. ]", "", title)
    text = re.sub(r"[. ]+", ".", words).strip(".")
    return text if len(text) <= _LONGEST_SLUG else text[: _LONGEST_SLUG + 1].rpartition(".")[0]


def number(published: datetime, digit: int, channel: Channel) -> str:
    """Return an article's number: HHMMSS, a digit, the channel's own (docs/site.md, section 1)."""
    return f"{published:%H%M%S}{digit}{channel.suffix}"


def address(channel: Channel, published: datetime, number_: str, title: str) -> str:
    """Return the canonical address of an article."""
    if channel.path != "read":
        return f"{channel.base}/{channel.path}/{number_}/{slug(title)}"
    end = dotted_slug(title) if channel.has_dotted_slugs else slug(title)
    if channel.has_short_addresses:
        month = chr(ord("A") + published.month - 1)
        return f"{channel.base}/read/{published:%y}{month}{published:%d}{number_}/{end}"
    return f"{channel.base}/read/{published:%Y/%m/%d}/{number_}/{end}"
