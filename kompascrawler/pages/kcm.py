"""The layout "kcm-read" of 2014 to 2016, from the one page captured (March 2015)."""

from functools import cached_property
from typing import ClassVar

from lxml import etree

from kompascrawler.items import Image
from kompascrawler.pages.article import ArticlePage
from kompascrawler.pages.byline import AUTHOR, EDITOR, SOURCE, Credits, names_in, personal
from kompascrawler.pages.elements import image_of
from kompascrawler.pages.markup import PageRefused, classes_of, text_of
from kompascrawler.pages.pager import Pager


class KcmReadPage(ArticlePage):
    """An article page as served around 2015: one page, no counts, paragraphs parted by breaks."""

    TOP = "kcm-read-content-top"
    CONTENT = "kcm-read-content-text"
    BODY = "kcmread1114"
    """Class of the ``span`` inside it that holds the text alone."""
    CREDITS = "kcm-read-copy"
    PHOTO = "photo"
    MARKS: ClassVar = frozenset({TOP, CONTENT, CREDITS, PHOTO})
    TOLD_BY: ClassVar = (TOP,)

    words_declared = None
    pages_declared = None
    topic = None
    updated_at = None
    text_declared = None
    number_stated = None
    contradictions: ClassVar = []
    pager = Pager(None)

    @cached_property
    def title(self) -> str | None:
        """The ``h2`` of the head; ``title`` carries a suffix."""
        return self.readings.take("title", (f".{self.TOP} h2", text_of(self._top.find(".//h2"))))

    @cached_property
    def description(self) -> str:
        """Meta ``og:description``: ``description`` is the same advertisement on every page."""
        return self._stated("description", "og:description")

    @cached_property
    def _credits(self) -> Credits:
        """The table below the text has a role and its names in each row."""
        named: dict[str, list[str]] = {AUTHOR: [], EDITOR: [], SOURCE: []}
        table = self.landmarks.first(self.CREDITS)
        for row in table.iter("tr") if table is not None else ():
            cells = [text_of(cell) for cell in row.iter("td")]
            if len(cells) >= 2:
                role, names = cells[0].lower(), names_in(cells[1].removeprefix(":"))
                named[role] = names if role == SOURCE else personal(names)
        return Credits({role: ((f".{self.CREDITS} tr", names),) for role, names in named.items()})

    @cached_property
    def section(self) -> str:
        """First part of the path above the title ("News / Megapolitan")."""
        path = next((text_of(link) for link in self._top.iter("a")), "")
        return self.readings.take("section", (f".{self.TOP} a", path)) or ""

    @property
    def tags(self) -> list[str]:
        """None are printed in this layout."""
        return []

    @cached_property
    def lead_image(self) -> Image | None:
        """The first photo."""
        photo = self.landmarks.first(self.PHOTO)
        image = image_of(photo, self.url) if photo is not None else None
        return self.readings.take("lead_image", (f".{self.PHOTO}", image))

    @property
    def body_element(self) -> etree._Element:
        """The ``span`` that holds the text. Raises PageRefused (``no_body``)."""
        content = self.landmarks.first(self.CONTENT)
        spans = content.iter("span") if content is not None else ()
        body = next((span for span in spans if self.BODY in classes_of(span)), None)
        self.readings.take("body", (f".{self.CONTENT} span.{self.BODY}", body is not None))
        if body is not None:
            return body
        raise PageRefused("no_body", f"{self.url} has a title but no body")

    @property
    def _top(self) -> etree._Element:
        top = self.landmarks.first(self.TOP)
        assert top is not None, "the layout is told by it"
        return top
