"""The looks an article page of the replica can have: a template each, and its habits.

Each is the "read" page as captured in one month (docs/site.md, sections 2 to 6). ``LAYOUTS`` is
the place to register another.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from markupsafe import Markup

from tests.replica.templating import render


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The templates of one look, and how its editors wrote text."""

    name: str
    promo_template: str | None = None
    """Call to action at the end of the last Halaman; it counts as words of the article."""
    blank_before_tag: bool = False
    """Whether a blank stands before each topic link (2020)."""
    wraps_video: bool = False
    """Whether a video stands in a ``div`` (2023) or in a paragraph (2020)."""

    @property
    def page_template(self) -> str:
        """Name of the template of the whole page."""
        return f"read-{self.name}.html.j2"

    @property
    def body_template(self) -> str:
        """Name of the template of the inside of ``read__content``."""
        return f"body-{self.name}.html.j2"

    @cached_property
    def promo(self) -> Markup:
        """Markup of the call to action; empty where there is none."""
        return Markup(render(self.promo_template) if self.promo_template else "")


_ALL: Final = (
    Layout(name="2020", blank_before_tag=True),
    Layout(name="2021"),
    Layout(name="2023-04", promo_template="promo-telegram.html", wraps_video=True),
    Layout(name="2023-11", promo_template="promo-telegram.html", wraps_video=True),
    # Put together from what public code of 2024 to 2026 reads; never captured.
    Layout(name="2026", promo_template="promo-whatsapp.html", wraps_video=True),
)
LAYOUTS: Final = {layout.name: layout for layout in _ALL}
"""Every layout by name."""
