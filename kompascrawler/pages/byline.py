"""Who wrote, edited and supplied an article, by role, and when, as its page prints it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from lxml import etree

from kompascrawler.identity import WIB
from kompascrawler.pages.layout import Landmarks
from kompascrawler.pages.markup import classes_of, text_of

BOX: Final = "credit-title"
"""Box of names since November 2023, whose ``p`` is their role or says "Tim Redaksi"."""
BOXES: Final = frozenset({BOX, "opinion__author"})
"""Boxes that may name people without their roles: since November 2023, and in columns."""
BOXED_NAME: Final = "credit-title-nameEditor"
"""Class of a name in it, of authors too (2026; docs/site.md, section 11.9)."""
BYLINES: Final = ("read__author", "author__name")
"""Boxes of authors' names (2024 to 2026, named by scrapers)."""
LINE: Final = "read__credit__item"
"""A line with a role and names: 2020 to April 2023."""
CARD: Final = "credit-author"
"""A card of the credits window: since November 2023."""
_NEAR: Final = 40
"""Elements of a card, and of a box, that are looked at: what is unclosed holds the rest."""
MARKS: Final = frozenset({LINE, CARD}) | BOXES | {*BYLINES}
PRINTED: Final = f".{LINE}, .{CARD}"
_ROLE: Final = re.compile(r"(?:Kontributor|Koresponden)\b", re.IGNORECASE)
_CORRESPONDENT: Final = re.compile(rf"{_ROLE.pattern}[^,]{{0,40}},\s*", re.IGNORECASE)
AUTHOR: Final = "penulis"
EDITOR: Final = "editor"
SOURCE: Final = "sumber"
IMPERSONAL: Final = frozenset({"kompas cyber media", "advertorial", "kompas.com"})
"""What the site puts where a name belongs when there is none (lower case)."""


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
    printed = _by_role([*map(_item, landmarks.all(LINE)), *map(_card, landmarks.all(CARD))])
    boxed = _by_role(map(_box, landmarks.all(BOX)))
    for role, meta in ((AUTHOR, "author"), (EDITOR, "editor"), (SOURCE, "source")):
        tidied = once if role == SOURCE else people
        places = [
            (PRINTED, tidied(printed.get(role, []))),
            (f".{BOX}", tidied(boxed.get(role, []))),
            (f"meta content_{meta}", tidied(names_in(landmarks.meta(f"content_{meta}")))),
        ]
        if role == AUTHOR:
            places.append((f".{BYLINES[0]}", _bylines(landmarks)))
        found.places[role] = tuple(places)
        shown, stated = places[0][1] or places[1][1], places[2][1]
        if shown and stated and not set(stated) & set(shown):
            found.contradicting.append(role)
    return found


def _by_role(named: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = {}
    for role, names in named:
        roles.setdefault(role, []).extend(names)
    return roles


def _box(box: etree._Element) -> tuple[str, list[str]]:
    """Read a box, whose ``p`` says the role; each name stands in an element of its own."""
    parts = [*islice(box.iter("h6", "div", "span"), _NEAR)]
    own = [part for part in parts if BOXED_NAME in classes_of(part)]
    own = own or [part for part in parts if part.tag == "h6"]
    return text_of(box.find("p")).lower(), [text_of(part).rstrip(", ") for part in own]


def _bylines(landmarks: Landmarks) -> list[str]:
    boxes = [box for name in BYLINES for box in landmarks.all(name)]
    return people([name for box in boxes for name in names_in(text_of(box))])


def _item(item: etree._Element) -> tuple[str, list[str]]:
    """Read a credit line: a label in a ``span``, then names, mostly as links."""
    label = next(item.iterchildren("span"), None)
    role = item.get("id") or text_of(label).lower()
    names = [text_of(link) for link in islice(item.iter("a"), _NEAR)]
    if not any(names):
        names = names_in(text_of(item).removeprefix(text_of(label)))
    return role, names


def _card(card: etree._Element) -> tuple[str, list[str]]:
    """Read a card of the credits window: an ``h6`` each, the second left unclosed by the site.

    Public code of April 2026 quotes a ``div`` each.
    """
    parts = {
        name: text_of(part)
        for part in islice(card.iter("h6", "div"), _NEAR)
        for name in classes_of(part)
        if name.startswith(f"{CARD}-")
    }
    return parts.get(f"{CARD}-position", "").lower(), [parts.get(f"{CARD}-name", "")]


def people(names: Iterable[str]) -> list[str]:
    """Return names of people, without the role and the place of a correspondent.

    >>> people(["Kontributor Medan, Rani Pratama", "Bimo Saputra"])
    ['Rani Pratama', 'Bimo Saputra']
    >>> people(["Kontributor Medan", "Rani Pratama"])
    ['Rani Pratama']
    """
    without = [_CORRESPONDENT.sub("", name) for name in personal(names)]
    named = [name for name in without if not _ROLE.match(name)]
    return once(named or without)


def names_in(text: str) -> list[str]:
    """Split a comma list into names, in order and once each.

    >>> names_in("New York Times, BBC Indonesia, ")
    ['New York Times', 'BBC Indonesia']
    """
    return once(name.strip() for name in text.split(","))


def once(names: Iterable[str]) -> list[str]:
    """Return the names, in order and once each."""
    return [name for name in dict.fromkeys(names) if name]


def personal(names: Iterable[str]) -> list[str]:
    """Return those that are not ``IMPERSONAL``: names of authors and editors.

    "Kompas.com" is a source like any other (docs/site.md, section 15: ``Sumber Kompas.com``).
    """
    return [name for name in names if name.lower() not in IMPERSONAL]


MONTHS: Final = [
    *("januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september"),
    *("oktober", "november", "desember"),
]
_PRINTED = re.compile(
    r"(\d{1,2})(?:/(\d{1,2})/| ([A-Za-z]+) )(\d{4})\s*[,|]\s*(\d{1,2})[:.](\d{2})(?: WIB|\b)"
)


def printed_time(line: str) -> datetime | None:
    """Return the time a line states, WIB, if it exists.

    ``17/10/2020, 16:00 WIB`` (2020-23), ``22 Maret 2015 | 13:37 WIB`` (2015),
    ``17 April 2026, 10:30 WIB`` (2026, from code; docs/site.md, section 5).

    >>> printed_time("Kompas.com - Diperbarui 29/12/2022, 21:12 WIB").isoformat()
    '2022-12-29T21:12:00+07:00'
    """
    found = _PRINTED.search(line)
    if found is None:
        return None
    day, month, name, year, hour, minute = found.groups()
    if name and name.lower() not in MONTHS:
        return None
    number = MONTHS.index(name.lower()) + 1 if name else int(month)
    try:
        return datetime(int(year), number, int(day), int(hour), int(minute), tzinfo=WIB)
    except ValueError:
        return None
