"""An answer of the site before its fields are read: where things stand, and which article it is.

Where each field was looked for, what stood there and what was taken is noted as the fields are
read, so that ``kompascrawler explain`` tells what was done.
"""

from functools import cached_property
from typing import Any, ClassVar, Final, NamedTuple, TypeVar

from lxml import etree

from kompascrawler.identity import ArticleAddress, parse_address, published_at
from kompascrawler.pages.landmarks import Landmarks, Trees
from kompascrawler.pages.markup import PageRefused

T = TypeVar("T")


class Reading(NamedTuple):
    """How a field was read."""

    candidates: tuple[tuple[str, Any], ...]
    """Each place in order of trust, with what stands there as the field would have it.

    A place is a selector (``.read__title``), a meta element (``meta content_tags``), or in words.
    """
    taken: str | None
    """The place whose value is the field's; None where the field is missing."""
    reason: str
    """Why that one, where order alone does not tell; else empty."""


class Readings(dict[str, Reading]):
    """Name of a field → how it was read, of those that have been read."""

    def take(self, field: str, *candidates: tuple[str, T]) -> T | None:
        """Note a field's candidates; return the first value that is something, else None."""
        for place, value in candidates:
            if value:
                self[field] = Reading(candidates, place, "")
                return value
        self[field] = Reading(candidates, None, "")
        return None

    def note(
        self, field: str, *candidates: tuple[str, Any], taken: str | None, reason: str = ""
    ) -> None:
        """Note a field's candidates, where another rule than their order decides."""
        self[field] = Reading(candidates, taken, reason)


ASKED: Final = "the address asked for"


class Layout:
    """One answer of the site in some layout."""

    MARKS: ClassVar[frozenset[str]]
    """Class names that this layout's properties look for."""
    TOLD_BY: ClassVar[tuple[str, ...]]
    """Those of them that tell a page of this layout: one is enough."""

    def __init__(
        self, url: str, markup: bytes, trees: Trees, landmarks: Landmarks[etree._Element]
    ) -> None:
        self.url = url
        """Address that was asked for (after redirects)."""
        self.markup = markup
        """The page, UTF-8."""
        self.landmarks = landmarks
        """Where things stand on it."""
        self.trees = trees
        """The page, parsed, for readers of other parts of it."""
        self.readings = Readings()
        """How the fields were read that have been asked for."""

    @classmethod
    def fits(cls, landmarks: Landmarks[etree._Element]) -> bool:
        """Tell whether a page with these landmarks has this layout."""
        return any(landmarks.first(name) is not None for name in cls.TOLD_BY)

    @cached_property
    def address(self) -> ArticleAddress:
        """The article that the page says it is.

        The page's word (canonical, then og:url) counts more than the address asked for, whose
        slug may be junk and which may have been answered with another article: its text must
        not get a wrong identity. Where the two of the page differ, the one that was asked for
        is right. Raises PageRefused (``not_an_article``) when none names an article.
        """
        asked, named = self._asked, self._addresses
        matching = [place for place in named if asked and named[place].id == asked.id]
        taken = next(iter([*matching, *named]), ASKED if asked else None)
        best = named.get(taken, asked) if taken else None
        self.readings.note("url", *self._address_places.items(), (ASKED, self.url), taken=taken)
        if best is None:
            raise PageRefused("not_an_article", f"neither {self.url} nor its page names an article")
        return best

    @cached_property
    def _asked(self) -> ArticleAddress | None:
        return parse_address(self.url)

    @property
    def _address_places(self) -> dict[str, str | None]:
        return {
            "link rel=canonical": self.landmarks.canonical,
            "meta og:url": self.landmarks.metas.get("og:url"),
        }

    @cached_property
    def _addresses(self) -> dict[str, ArticleAddress]:
        return {
            place: address
            for place, said in self._address_places.items()
            if said and (address := parse_address(said)) is not None
        }

    @cached_property
    def published_at(self) -> str | None:
        """First publication, RFC 3339 (+07:00), from the address.

        Every date on a page marked "Diperbarui" is that of the update; the address keeps the
        first (docs/site.md, section 5).
        """
        when = published_at(self.address.id)
        stated = when.isoformat() if when else None
        return self.readings.take("published_at", ("the number in the address", stated))

    @property
    def address_doubts(self) -> list[str]:
        """What its addresses say otherwise than the one that was asked for."""
        named = [address.id for address in self._addresses.values()]
        if self._asked is None or self._asked.id in named:
            return []
        return ["address_of_another" if named else "canonical"]
