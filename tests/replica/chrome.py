"""What surrounds the content on every page (``templates/chrome.html.j2``). Pure.

The heavy form has the weight and the build of the real pages (about 230 KB, 1,400 elements,
64 KB of scripts; measured on the captured Global pages of October 2020), for benchmarks.
"""

from functools import lru_cache
from random import Random
from typing import Literal

from markupsafe import Markup

from tests.replica.templating import macro

Padding = Literal["light", "real"]
"""How much of it there is: enough to be in the way, or as much as on the real pages."""

_CHANNELS = ("nasional", "megapolitan", "regional", "tren", "money", "bola", "tekno", "otomotif")
_COUNTS = {"light": (12, 4, 0), "real": (160, 58, 170)}
_TEMPLATE = "chrome.html.j2"


@lru_cache
def above(padding: Padding) -> Markup:
    """Return what stands before the content: tag manager, header, navigation."""
    links, scripts, _ = _COUNTS[padding]
    return macro(_TEMPLATE, "above", _links(links), _slots(scripts // 2, "above"))


@lru_cache
def below(padding: Padding) -> Markup:
    """Return what stands after the content: boxes that scripts fill, footer, scripts."""
    links, scripts, boxes = _COUNTS[padding]
    slots = _slots(scripts - scripts // 2, "below")
    return macro(_TEMPLATE, "below", _links(links // 3), slots, range(boxes))


def _links(count: int) -> list[tuple[str, int]]:
    return [(_CHANNELS[number % len(_CHANNELS)], number) for number in range(count)]


def _slots(scripts: int, place: str) -> list[list[tuple[int, int]]]:
    """Return code and width of the advertisement slots that each script sets up."""
    random = Random(place)
    return [[(random.randrange(10**6), random.randrange(900)) for _ in range(22)]
            for _ in range(scripts)]  # fmt: skip
