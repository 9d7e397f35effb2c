"""Links to topics inside a text, and the blank that the template of 2020 puts before them."""

import re
from typing import Final

from lxml import etree

_TOPIC: Final = "inner-link-tag"
_REDUPLICATED: Final = re.compile(r"(\w+)- $")


def close_topic_blanks(container: etree._Element) -> None:
    """Take away the blank that the template of 2020 puts before each topic link, in place.

    Where it does so, it does so before every link: "( AS)", "hewan- hewan", two blanks between
    words. Templates since 2021 do not, so that a single blank between words is one: the page is
    judged as a whole.
    """
    links = [link for link in container.iter("a") if link.get("class") == _TOPIC]
    before = [_text_before(link) for link in links]
    if not _has_template_blanks(links, before):
        return
    for link, text in zip(links, before, strict=True):
        previous, parent = link.getprevious(), link.getparent()
        if previous is not None:
            previous.tail = text[:-1]
        elif parent is not None:
            parent.text = text[:-1]


def _has_template_blanks(links: list[etree._Element], before: list[str]) -> bool:
    """Tell whether one blank too many stands before every topic link."""
    shown = False
    for link, text in zip(links, before, strict=True):
        if not text.endswith(" "):
            return False
        starts = len(text) == 1 and link.getprevious() is None
        if starts or text.endswith(("  ", "( ")) or _is_reduplicated(link, text):
            shown = True
        elif _ends_with_word(link, text) and not (link.text or "").startswith(" "):
            return False  # the only blank between two words
    return shown


def _is_reduplicated(link: etree._Element, text: str) -> bool:
    """Tell whether a link repeats the word before a hyphen and a blank: one word, "hewan-hewan"."""
    first = _REDUPLICATED.search(text)
    return first is not None and (link.text or "").casefold().startswith(first[1].casefold())


def _ends_with_word(link: etree._Element, text: str) -> bool:
    """Tell whether a word or its comma stands before the blank that ends ``text``."""
    if len(text) == 1:  # the blank alone: look at the end of the element before it
        text = "".join(previous.itertext()) if (previous := link.getprevious()) is not None else ""
    else:
        text = text[:-1]
    return text[-1:].isalnum() or text[-1:] in tuple(",.)")


def _text_before(link: etree._Element) -> str:
    """Return the text that stands directly before an element, without looking outside."""
    previous, parent = link.getprevious(), link.getparent()
    if previous is not None:
        return previous.tail or ""
    return (parent.text if parent is not None else "") or ""
