"""Signals of our own, sent by the spider. Their arguments stand below each."""

from typing import Final

page_read: Final = object()
"""The first answer for an article of the section is in a known layout. ``page``, ``links`` (how
many its Terkini Lainnya block has), ``response``."""
page_failed: Final = object()
"""A further page of an article could not be had, by plain request or in the browser, for no fault
of the markup. ``article_id``."""
listing_read: Final = object()
"""A listing was read. ``kind`` (``front`` or ``index``), ``items`` (articles of the section on a
front page, any item on an index page), ``response``."""
page_refused: Final = object()
"""A page is not read. ``asked``, ``response``, ``refusal``."""
article_failed: Final = object()
"""An article could not be fetched. ``asked``, ``failure``."""
