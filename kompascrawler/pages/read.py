"""The layout "read": every article page captured from October 2020 to November 2023.

Variants seen: wrapper elements in the body (2021, 2023), lead photo with the caption in an
element of its own (2023), credits in a window (2023-11), title and time in a floating header
(children's science), opinion header (columns). Unseen, known from public scrapers of 2024-2026
only (docs/site.md, sections 5 and 6): dates in words ("17 April 2026, 10:30 WIB"), a comma before
the date, boxes inside the body (``elements.BOXES``), credits without the window.
"""

import html
import json
import re
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from lxml import etree

from kompascrawler.cleaning.text import CONTROLS
from kompascrawler.halaman.completeness import TOLERANCE
from kompascrawler.halaman.joining import count_plain_words, without_suffix
from kompascrawler.identity import WIB
from kompascrawler.items import Image
from kompascrawler.pages import byline, markup, pager
from kompascrawler.pages.elements import image_of
from kompascrawler.pages.layout import Layout, Reading
from kompascrawler.pages.markup import PageRefused, text_of

_ASSIGNED_TEXT = re.compile(rb'\s*=\s*"([^"\\]*+(?:\\.[^"\\]*+)*+)"')
_NUMBER = re.compile(r"\d{1,6}")
_HEADLINE = re.compile(rb'"headline"\s*:\s*("(?:[^"\\]|\\.){1,500}")')


class ReadFields(Layout):
    """The fields of a page as served since 2020; a missing one is None or an empty list."""

    TITLE = markup.TITLE
    TIME = "read__time"
    BODY = markup.BODY
    PAGER = pager.BOX
    TAGS = "read__tagging"
    LEAD_PHOTO = ("cover-photo", "photo")
    LEAD_CAPTION = "photoCaption"
    """Caption below the lead photo of recipes."""
    OTHER_STORIES = "latest"
    """List below the article; nothing of the article follows it."""
    UPDATED = "Diperbarui"
    PUBLISHED = "content_PublishedDate"
    """Meta that holds the time of the update, where there was one."""
    PUBLISHED_UTC = "article:published_time"
    WORDS = "content_total_words"
    """Meta with the site's own count of the words."""
    TEXT = b"keywordBrandSafety"
    """Variable of a script that holds the text of all pages."""
    MARKS: ClassVar = frozenset(
        {TITLE, TIME, BODY, PAGER, TAGS, *LEAD_PHOTO, LEAD_CAPTION} | byline.MARKS
    )
    TOLD_BY: ClassVar[tuple[str, ...]] = (BODY, TITLE)

    @cached_property
    def title(self) -> str | None:
        """The headline, else what the head states, which gets a suffix on ``?page=all``."""
        stated = without_suffix(self.landmarks.meta("og:title"))
        places = [(f".{self.TITLE}", self.printed_title), ("meta og:title", stated)]
        if not self.printed_title and not stated:
            places.append(("JSON-LD headline", self._headline))
        return self.readings.take("title", *places)

    @cached_property
    def printed_title(self) -> str:
        """The headline as printed above the text; empty where it is not where it was."""
        return text_of(self.landmarks.first(self.TITLE))

    @property
    def _headline(self) -> str:
        found = _HEADLINE.search(self.markup)
        try:
            return " ".join(json.loads(found[1]).split()) if found else ""
        except ValueError:
            return ""

    @cached_property
    def description(self) -> str:
        """Meta ``description``."""
        return self._stated("description", "description")

    @cached_property
    def updated_at(self) -> str | None:
        """Time of the update: ``content_PublishedDate`` on pages marked "Diperbarui".

        That meta has the seconds; the printed line and ``article:published_time``, which is
        that of the update too, stand in when it is missing.
        """
        when, is_marked = self._last_time, self._is_marked
        updated_at = when if is_marked and when != self.published_at else None
        taken = next((place for place, when in self._times.items() if when and updated_at), None)
        stated, utc = map(self.landmarks.meta, (self.PUBLISHED, self.PUBLISHED_UTC))
        places = zip(self._times, (stated, self.time_line, utc), strict=True)
        reason = f"the page {'says' if is_marked else 'does not say'} {self.UPDATED!r}"
        self.readings["updated_at"] = Reading((*places,), taken, reason)
        return updated_at

    @cached_property
    def time_line(self) -> str:
        """The line with the time, as printed."""
        return text_of(self.landmarks.first(self.TIME))

    @property
    def _is_marked(self) -> bool:
        return self.UPDATED in self.time_line

    @property
    def _last_time(self) -> str | None:
        return next((when.isoformat() for when in self._times.values() if when), None)

    @cached_property
    def _times(self) -> dict[str, datetime | None]:
        """What each place states, in order of trust; all three are that of the last update."""
        stated, printed = self.stated_time, byline.printed_time(self.time_line)
        utc = None if stated or printed else self._time_in(self.PUBLISHED_UTC)
        places = f"meta {self.PUBLISHED}", f".{self.TIME}", f"meta {self.PUBLISHED_UTC}"
        return dict(zip(places, (stated, printed, utc), strict=True))

    @property
    def contradictions(self) -> list[str]:
        """A time that is not that of the address, and roles whose names the head denies."""
        found = [f"{role}_contradicts" for role in self._credits.contradicting]
        when, published = self._last_time, self.published_at or ""
        if self._is_marked or (when and when[:16] == published[:16]):
            return found
        return ["time_contradicts" if when else "time", *found]

    @cached_property
    def stated_time(self) -> datetime | None:
        """Meta ``content_PublishedDate``, WIB: the last update's time; None when unreadable.

        It states no zone on any captured page; other dates of the site are in UTC.
        """
        return self._time_in(self.PUBLISHED)

    def _time_in(self, meta: str) -> datetime | None:
        try:
            stated = datetime.fromisoformat(self.landmarks.meta(meta))
            stated = stated.astimezone(WIB) if stated.tzinfo else stated.replace(tzinfo=WIB)
        except (ValueError, OverflowError):
            return None
        return stated.replace(microsecond=0)

    @cached_property
    def _credits(self) -> byline.Credits:
        return byline.read_credits(self.landmarks)

    @property
    def authors(self) -> list[str]:
        """Names printed as Penulis, else ``content_author``; not the editor."""
        return self.readings.take("authors", *self._credits.places[byline.AUTHOR]) or []

    @property
    def editors(self) -> list[str]:
        """Names printed as Editor, else ``content_editor``."""
        return self.readings.take("editors", *self._credits.places[byline.EDITOR]) or []

    @property
    def sources(self) -> list[str]:
        """Names printed as Sumber, else ``content_source``."""
        return self.readings.take("sources", *self._credits.places[byline.SOURCE]) or []

    @property
    def section(self) -> str:
        """Meta ``content_category``."""
        return self._stated("section", "content_category")

    @property
    def topic(self) -> str | None:
        """Meta ``content_lipsus``, the name of a topic page."""
        return self._stated("topic", "content_lipsus") or None

    @cached_property
    def tags(self) -> list[str]:
        """The tags below the text, else meta ``content_tags``, whose commas do not always part."""
        wrap = self.landmarks.first(self.TAGS)
        printed = [text_of(link) for link in wrap.iter("a")] if wrap is not None else []
        stated = [tag.strip() for tag in self.landmarks.meta("content_tags").split(",")]
        places = (
            (f".{self.TAGS} a", [tag for tag in printed if tag]),
            ("meta content_tags", [tag for tag in stated if tag]),
        )
        return self.readings.take("tags", *places) or []

    @cached_property
    def lead_image(self) -> Image | None:
        """The first photo above the body."""
        below = text_of(self.landmarks.first(self.LEAD_CAPTION))
        found = [(f".{name}", self._photo(name, below)) for name in self.LEAD_PHOTO]
        return self.readings.take("lead_image", *found)

    def _photo(self, name: str, caption: str) -> Image | None:
        photo, body = self.landmarks.first(name), self.landmarks.first(self.BODY)
        if photo is None or (body is not None and body in photo.iterancestors("div")):
            return None
        return image_of(photo, self.url, caption)

    @property
    def body_element(self) -> etree._Element:
        """The body's container. Raises PageRefused (``no_body``)."""
        body = self.landmarks.first(self.BODY)
        self.readings.take("body", (f".{self.BODY}", body is not None))
        if body is None:
            raise PageRefused("no_body", f"{self.url} has a title but no body")
        return body

    @cached_property
    def pages_declared(self) -> int | None:
        """The highest page that the pager links to, or ``content_total_pages`` (2023-11).

        The pager lists every page; an article of one page has none.
        """
        places = {
            f".{self.PAGER} a, addresses": max(self.pager.addressed, default=None),
            f".{self.PAGER} a, labels": max(self.pager.printed, default=None),
            "meta content_total_pages": self._number("content_total_pages"),
        }
        highest = max(number or 0 for number in places.values()) or None
        taken = next((place for place in places if highest and places[place] == highest), None)
        reason = "the highest" if taken else ""
        self.readings["pages_declared"] = Reading((*places.items(),), taken, reason)
        return highest

    @cached_property
    def number_stated(self) -> int | None:
        """Meta ``content_current_page`` (2023-11), else the pager's active link."""
        return self.readings.take(
            "number_stated",
            ("meta content_current_page", self._number("content_current_page")),
            (f".{self.PAGER} .{pager.ACTIVE}", self.pager.shown),
        )

    @cached_property
    def pager(self) -> pager.Pager:
        """The pager, with no links where the page has none."""
        return pager.Pager(self.landmarks.first(self.PAGER))

    @cached_property
    def words_declared(self) -> int | None:
        """Meta ``content_total_words``; it counts the whole article."""
        words = self._number(self.WORDS)
        return self.readings.take("words_declared", (f"meta {self.WORDS}", words))

    @cached_property
    def text_declared(self) -> str | None:
        """The text of all pages that a script of the head holds since 2023, as a reader sees it.

        Its entities are escaped twice. Escaped once, its words are those that the site counts
        (docs/site.md, section 11.1); where there are fewer, it is cut off and says nothing.
        """
        named = self.markup.find(self.TEXT)
        if named < 0 or self.markup.find(b"</head>", 0, named) > 0:
            return None
        found = _ASSIGNED_TEXT.match(self.markup, named + len(self.TEXT))
        if found is None:
            return None
        text = html.unescape(found[1].decode(errors="replace"))
        lacks = (self.words_declared or 0) - count_plain_words(text)
        shown = CONTROLS.sub("", html.unescape(text))
        return shown if text.strip() and lacks <= TOLERANCE else None

    def _stated(self, field: str, meta: str) -> str:
        return self.readings.take(field, (f"meta {meta}", self.landmarks.meta(meta))) or ""

    def _number(self, meta: str) -> int | None:
        stated = self.landmarks.meta(meta)
        return int(stated) if _NUMBER.fullmatch(stated) else None
