"""The links of a page as lines for a terminal. Pure."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from kompascrawler.debugging.links import LinkAccount
from kompascrawler.debugging.paint import PLAIN, Paint

_FOLLOWED: Final = frozenset({"follow", "archive"})


def link_lines(links: Iterable[LinkAccount], paint: Paint = PLAIN) -> Iterator[str]:
    """Yield a heading for each part of the page, and a line a link."""
    for found_in, group in groupby(links, lambda link: link.found_in):
        part = list(group)
        yield paint.strong(f"{found_in}: {len(part)}")
        for link in part:
            line = f"  {link.fate:<14} {link.url}"
            yield paint.good(line) if link.fate in _FOLLOWED else line
            if link.why:
                yield f"  {'':<14}   {link.why}"
