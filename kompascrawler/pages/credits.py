"""Who wrote, edited and supplied an article, by role, as the layouts since 2020 print it."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from kompascrawler.pages.layout import Landmarks
from kompascrawler.pages.markup import classes_of
from kompascrawler.pages.text import names_in, once, personal, text_of

BOXES: Final = frozenset({"credit-title", "opinion__author"})
"""Boxes that name people without their roles: since November 2023, and in columns."""
LINE: Final = "read__credit__item"
"""A line with a role and names: 2020 to April 2023."""
CARD: Final = "credit-author"
"""A card of the credits window: since November 2023."""
MARKS: Final = frozenset({LINE, CARD}) | BOXES
PRINTED: Final = f".{LINE}, .{CARD}"
"""Where names are printed."""
AUTHOR: Final = "penulis"
EDITOR: Final = "editor"
SOURCE: Final = "sumber"


@dataclass(slots=True)
class Credits:
    """Names by role, in the order printed."""

    places: dict[str, tuple[tuple[str, list[str]], ...]] = field(default_factory=dict)
    """``penulis``, ``editor``, ``sumber`` → where their names may stand, and those that do."""
    contradicting: list[str] = field(default_factory=list)
    """Roles whose printed names the head does not confirm."""


def read_credits(landmarks: Landmarks) -> Credits:
    """Return the names by role.

    What is printed counts; the head (``content_author``, ``content_editor``, ``content_source``)
    fills in for a role that is not printed, as in columns and where a source is shown as a
    picture. Neither the constant ``author`` meta nor the JSON-LD name is ever used: the latter
    is the editor's on the page of 2023-11 (docs/site.md, section 4).
    """
    found = Credits()
    roles: dict[str, list[str]] = {}
    for item in landmarks.all(LINE):
        role, names = _item(item)
        roles.setdefault(role, []).extend(names)
    for card in landmarks.all(CARD):
        role, name = _card(card)
        roles.setdefault(role, []).append(name)
    for role, meta in ((AUTHOR, "author"), (EDITOR, "editor"), (SOURCE, "source")):
        stated = names_in(landmarks.meta(f"content_{meta}"))
        printed = once(roles.get(role, ()))
        if role != SOURCE:
            stated, printed = personal(stated), personal(printed)
        found.places[role] = (PRINTED, printed), (f"meta content_{meta}", stated)
        if printed and stated and not set(stated) & set(printed):
            found.contradicting.append(role)
    return found


def _item(item: etree._Element) -> tuple[str, list[str]]:
    """Read a credit line: a label in a ``span``, then names, mostly as links."""
    label = item.find("span")
    role = item.get("id") or text_of(label).lower()
    names = [text_of(link) for link in item.iter("a")]
    if not any(names):
        names = names_in(text_of(item).removeprefix(text_of(label)))
    return role, names


def _card(card: etree._Element) -> tuple[str, str]:
    """Read a card of the credits window: an ``h6`` each, the second left unclosed by the site.

    Public code of April 2026 quotes a ``div`` each.
    """
    parts = {name: text_of(part) for part in card.iter("h6", "div") for name in classes_of(part)}
    return parts.get(f"{CARD}-position", "").lower(), parts.get(f"{CARD}-name", "")
