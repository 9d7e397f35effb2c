"""The layout "kcm-read" of 2014 to 2016, from the one page captured (March 2015)."""

from functools import cached_property
from typing import ClassVar

from lxml import etree

from kompascrawler.items import Image
from kompascrawler.pages.article import ArticlePage
from kompascrawler.pages.errors import PageRefused
from kompascrawler.pages.landmarks import Landmarks
from kompascrawler.pages.media import image_of
from kompascrawler.pages.words import names_in, personal, text_of


class KcmReadPage(ArticlePage):
    """An article page as served around 2015: one page, no counts, paragraphs parted by breaks."""

    TOP = "kcm-read-content-top"
    CONTENT = "kcm-read-content-text"
    BODY = "kcmread1114"
    """Class of the ``span`` inside it that holds the text alone."""
    CREDITS = "kcm-read-copy"
    LEAD_PHOTO = "photo"
    MARKS: ClassVar = frozenset({TOP, CONTENT, CREDITS, LEAD_PHOTO})

    words_declared = None
    pages_declared = None
    topic = None
    updated_at = None

    @classmethod
    def fits(cls, landmarks: Landmarks) -> bool:
        """Tell whether the page has the head of this layout."""
        return landmarks.first(cls.TOP) is not None

    @cached_property
    def title(self) -> str | None:
        """The ``h2`` of the head; ``title`` carries a suffix."""
        return text_of(self._top.find(".//h2")) or None

    @cached_property
    def description(self) -> str:
        """Meta ``og:description``: ``description`` is the same advertisement on every page."""
        return self.landmarks.meta("og:description")

    @property
    def authors(self) -> list[str]:
        """Names in the row Penulis of the table below the text."""
        return personal(self._rows.get("penulis", []))

    @property
    def editors(self) -> list[str]:
        """Names in the row Editor."""
        return personal(self._rows.get("editor", []))

    @property
    def sources(self) -> list[str]:
        """Names in the row Sumber."""
        return self._rows.get("sumber", [])

    @cached_property
    def _rows(self) -> dict[str, list[str]]:
        rows: dict[str, list[str]] = {}
        place = self.landmarks.first(self.CREDITS)
        for row in place.iter("tr") if place is not None else ():
            cells = [text_of(cell) for cell in row.iter("td")]
            if len(cells) >= 2:
                rows[cells[0].lower()] = names_in(cells[1].removeprefix(":"))
        return rows

    @cached_property
    def section(self) -> str:
        """First part of the path above the title ("News / Megapolitan")."""
        return next((text_of(link) for link in self._top.iter("a")), "")

    @property
    def tags(self) -> list[str]:
        """None are printed in this layout."""
        return []

    @cached_property
    def lead_image(self) -> Image | None:
        """The first photo."""
        photo = self.landmarks.first(self.LEAD_PHOTO)
        return image_of(photo) if photo is not None else None

    @property
    def body_element(self) -> etree._Element:
        """The ``span`` that holds the text. Raises PageRefused (``no_body``)."""
        content = self.landmarks.first(self.CONTENT)
        for body in content.iter("span") if content is not None else ():
            if body.get("class") == self.BODY:
                return body
        raise PageRefused("no_body", f"{self.url} has a title but no body")

    @property
    def _top(self) -> etree._Element:
        top = self.landmarks.first(self.TOP)
        if top is None:
            raise PageRefused("no_layout", f"{self.url} has no head")
        return top
