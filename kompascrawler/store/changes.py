"""In which fields two records of one article differ. Pure.

Adverts, links to other articles, photos and counters come and go; they make no new revision.
"""

from typing import Any, Final

from kompascrawler.items import Article

WATCHED: Final = ("title", "updated_at", "authors", "editors", "sources", "text")
"""Fields whose change makes a revision, in the order of the record."""
RE_EXTRACTED: Final = "re-extracted"
"""Stands in ``changed`` beside the fields that later code reads otherwise in the same pages."""


def changes(before: Article, after: Article) -> list[str]:
    """Return the fields in which a record differs from the one before, in the record's order.

    ``blocks``: the text of pages that were only declared is there in paragraphs now.
    ``deleted_at``: the article was deleted, or is there again.
    """
    found = [name for name in WATCHED if _value(before, name) != _value(after, name)]
    if before.halaman.route == "declared" != after.halaman.route:
        found.append("blocks")
    if (before.deleted_at is None) != (after.deleted_at is None):
        found.append("deleted_at")
    return found


def _value(article: Article, name: str) -> Any:
    """Return what is compared: of a text its characters, however it is broken into lines."""
    value = getattr(article, name)
    return "".join(value.split()) if name == "text" else value
