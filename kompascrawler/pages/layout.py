"""What a layout is: one property for each field."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from lxml import etree

from kompascrawler.items import Image
from kompascrawler.pages.landmarks import Landmarks, Tree
from kompascrawler.pages.readings import Readings


class Layout(ABC):
    """One answer of the site, and where its layout has what; each field is read when asked for.

    A missing value is None or an empty list.
    """

    MARKS: ClassVar[frozenset[str]]
    """Class names that this layout's properties look for."""
    TOLD_BY: ClassVar[tuple[str, ...]]
    """Those of them that tell a page of this layout: one is enough."""

    def __init__(
        self, url: str, markup: bytes, tree: Tree, landmarks: Landmarks[etree._Element]
    ) -> None:
        self.url = url
        """Address that was asked for (after redirects)."""
        self.markup = markup
        """The page, UTF-8."""
        self.landmarks = landmarks
        """Where things stand on it."""
        self.tree = tree
        """The whole page, parsed, for readers of other parts of it."""
        self.readings = Readings()
        """How the fields were read that have been asked for."""

    @classmethod
    def fits(cls, landmarks: Landmarks[etree._Element]) -> bool:
        """Tell whether a page with these landmarks has this layout."""
        return any(landmarks.first(name) is not None for name in cls.TOLD_BY)

    @property
    @abstractmethod
    def title(self) -> str | None:
        """Headline as printed."""

    @property
    @abstractmethod
    def description(self) -> str:
        """The page's own summary; empty when it has none."""

    @property
    @abstractmethod
    def updated_at(self) -> str | None:
        """Time of the last update, RFC 3339 (+07:00), on pages that say so."""

    @property
    @abstractmethod
    def authors(self) -> list[str]:
        """Names printed as Penulis."""

    @property
    @abstractmethod
    def editors(self) -> list[str]:
        """Names printed as Editor."""

    @property
    @abstractmethod
    def sources(self) -> list[str]:
        """Names printed as Sumber."""

    @property
    @abstractmethod
    def section(self) -> str:
        """Section as the page states it; empty when it does not."""

    @property
    @abstractmethod
    def topic(self) -> str | None:
        """Topic page the article belongs to."""

    @property
    @abstractmethod
    def tags(self) -> list[str]:
        """Tags as printed."""

    @property
    @abstractmethod
    def lead_image(self) -> Image | None:
        """The photo above the text."""

    @property
    @abstractmethod
    def body_element(self) -> etree._Element:
        """Container of the text."""

    @property
    @abstractmethod
    def pages_declared(self) -> int | None:
        """Pages of the article that pager or head state; None when they say nothing."""

    @property
    @abstractmethod
    def words_declared(self) -> int | None:
        """The site's own count of the words of the whole article."""

    @property
    def text_declared(self) -> str | None:
        """The text of all the article's pages, where this page carries it."""
        return None

    @property
    def contradictions(self) -> Sequence[str]:
        """What the page states twice and not alike, or so that nobody can read it."""
        return ()

    @property
    def number_stated(self) -> int | None:
        """Number of the page (Halaman) that it says it is; None when it does not."""
        return None

    @property
    def pager_hrefs(self) -> Sequence[str]:
        """Addresses of its pager (Halaman), as the page gives them."""
        return ()

    @property
    def hides_pages(self) -> bool:
        """Whether it has a pager whose links to other pages lead to no address."""
        return False
