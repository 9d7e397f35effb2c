"""Traces how the record of a page is made, step by step, or why there is none. Pure.

The code of pages, cleaning and checks notes what it does: no rule is written a second time.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import Final

from lxml import etree
from typing_extensions import override

from kompascrawler.cleaning import clean
from kompascrawler.cleaning.boilerplate import Cuts
from kompascrawler.debugging import trace as traces
from kompascrawler.debugging.trace import shown
from kompascrawler.halaman.assembly import Assembly, NextRequest, RouteChoice
from kompascrawler.halaman.joining import without_suffix
from kompascrawler.items import Article, Block, faults
from kompascrawler.pages import ArticlePage, PageRefused
from kompascrawler.pages.byline import printed_time
from kompascrawler.pages.layout import TAGS, Layout, Reading
from kompascrawler.pages.layouts import LAYOUTS, MARKS, layout_of, proven, survey_page
from kompascrawler.pages.markup import parse, text_of
from kompascrawler.politeness.non_content import sign_of
from kompascrawler.run.requests import kind_of
from kompascrawler.sections import Scope

_MOST: Final = 3
"""Names suggested for one that is missing."""
_LIKENESS: Final = 0.75
"""Least ratio (difflib) of similar names: ``read__title``, ``read-title``."""
_CLASS = re.compile(r"\.([\w-]+)")
_LEAST_TEXT: Final = 200
"""Least characters in paragraphs of an element that may be a body."""

_PROPERTIES: Final = {
    "url": "address",
    **dict.fromkeys(("title", "description", "published_at", "updated_at", "authors", "editors")),
    **dict.fromkeys(("sources", "section", "topic", "tags", "lead_image", "pages_declared")),
    **dict.fromkeys(("number_stated", "words_declared")),
    "body": "body_element",
}
"""Name of a reading → the page's property that makes it, if it has another name; in order."""
_SELDOM: Final = frozenset({"updated_at", "topic", "pages_declared", "number_stated"})
"""Fields that most pages rightly lack: nothing is suggested for them."""
_STEPS: Final[dict[NextRequest, str]] = {
    "done": "no further request: the record is made from this response",
    "browser": "the browser opens the article's pages",
}
_LISTINGS: Final = {"front": "the section's front page", "index": "a page of the index"}
"""Kind of request (``run.requests``) → what has links, but no record."""


class Suggestions:
    """Tells whether a page has a place (``Reading.candidates``), and what resembles it."""

    def __init__(self, page: Layout) -> None:
        self._page = page

    @cached_property
    def _tree(self) -> etree._Element:
        return parse(self._page.markup)

    def is_there(self, place: str) -> bool:
        """Tell whether the page has the elements of a place, empty or not."""
        if place.startswith("meta "):
            return place.removeprefix("meta ") in self._page.landmarks.metas
        are_there = map(self._has_class, _CLASS.findall(place))
        return any(are_there) if "," in place else all(are_there)

    def near(self, place: str) -> list[str]:
        """Return what resembles a missing place, the most similar first."""
        if place.startswith("meta "):
            names = filter(None, self._page.landmarks.metas)
            wanted = place.removeprefix("meta ")
            return [f"meta {name}" for name in get_close_matches(wanted, names, _MOST, _LIKENESS)]
        lacking = [name for name in _CLASS.findall(place) if not self._has_class(name)]
        return [found for name in lacking for found in self._like(name)]

    def by_content(self, field: str) -> list[str]:
        """Return where a field (``title``, ``body``, printed ``time``) may be, by its text."""
        finder = {"title": self._titles, "body": self._bodies, "time": self._times}.get(field)
        return list(islice(finder(), 1)) if finder else []

    def _has_class(self, name: str) -> bool:
        # A layout's mark counts only where the survey finds it.
        return name in (self._page.landmarks.places if name in MARKS else self._classes)

    @cached_property
    def _classes(self) -> dict[str, list[etree._Element]]:
        found = defaultdict(list)
        for element in self._tree.iter(etree.Element):
            for name in (element.get("class") or "").split():
                found[name].append(element)
        return found

    def _like(self, name: str) -> Iterator[str]:
        if elements := self._classes.get(name):
            yield (
                f"{shown(elements[0])}, not found because only {' and '.join(TAGS)} elements count,"
                " above the list of other articles"
            )
            return
        others = [other for other in self._classes if other not in MARKS]
        for like in get_close_matches(name, others, _MOST, _LIKENESS):
            elements = self._classes[like]
            times = f" ({len(elements)} times)" if len(elements) > 1 else ""
            yield f"{shown(elements[0])}{times}"

    def _titles(self) -> Iterator[str]:
        stated = without_suffix(self._page.landmarks.meta("og:title"))
        for tags in (("h1",), ("h2", "h3", "div", "span", "p")):
            for element in self._tree.iter(*tags):
                if stated and text_of(element) == stated and not _is_link(element):
                    yield f"{shown(_innermost(element))} has the text of meta og:title"

    def _times(self) -> Iterator[str]:
        for element in self._tree.iter("div", "span", "time", "p"):
            if not len(element) and printed_time(element.text or ""):
                yield f"{shown(element)} has a time"

    def _bodies(self) -> Iterator[str]:
        texts: Counter[etree._Element] = Counter()
        for paragraph in self._tree.iter("p"):
            parent = paragraph.getparent()
            if parent is not None:
                texts[parent] += len(text_of(paragraph))
        for parent, most in texts.most_common(1):
            if most >= _LEAST_TEXT:
                yield f"{shown(parent)} has the most text in paragraphs ({most} characters)"


def _is_link(element: etree._Element) -> bool:
    # Lists of articles include the article itself.
    return any(True for _ in element.iterancestors("a")) or element.find(".//a") is not None


def _innermost(element: etree._Element) -> etree._Element:
    text = text_of(element)
    while inner := [child for child in element.iterchildren("*") if text_of(child) == text]:
        element = inner[0]
    return element


def trace_page(
    url: str,
    body: bytes,
    encoding: str | None,
    *,
    section: Scope,
    wish: RouteChoice = "auto",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> traces.PageTrace:
    """Read a page as a crawl would, without asking the store.

    ``encoding`` is what the header declares, ``headers`` those that mark a non-content page.
    """
    trace = traces.PageTrace(url=url)
    suggestions = page = None
    try:
        _check_content(body, status, headers)
        surveyed = survey_page(url, body, encoding)
        suggestions = Suggestions(surveyed)
        trace.layouts = _layouts(surveyed, suggestions)
        page = layout_of(surveyed)
        _record(trace, page, section, wish)
    except PageRefused as refusal:
        trace.refused = f"{refusal.reason}: {refusal}"
    if suggestions and page:
        trace.fields = _fields(page, suggestions)
    elif suggestions and (listing := _LISTINGS.get(kind_of(url))):
        trace.refused = (
            f"{trace.refused}, but {listing}: links() in `kompascrawler shell` lists its links"
        )
    elif suggestions:
        trace.near = {name: suggestions.by_content(name) for name in ("title", "time", "body")}
    return trace


def _check_content(body: bytes, status: int, headers: Mapping[str, str] | None) -> None:
    if sign := sign_of(body, status=status, headers=headers):
        said = f"{sign.kind} page instead of content, recognised by {sign.mark}"
        raise PageRefused(sign.kind, said)
    if status >= 300:
        raise PageRefused(f"http {status}", "the status says that there is no content")


def _record(trace: traces.PageTrace, page: ArticlePage, section: Scope, wish: RouteChoice) -> None:
    proven(page)
    if not section.holds(page.address):
        raise PageRefused("other_section", f"{page.url} is an article of another section")
    step = Assembly(page.part(), wish).begin()
    trace.halaman = traces.HalamanTrace.of(page, _STEPS.get(step, f"request ?page={step}"))
    trace.left_out = [traces.LeftOutTrace.of(part) for part in page.body.left_out]
    raw = page.to_item()
    trace.missing = page.missing
    trace.blocks = _blocks(raw)
    trace.record = clean(raw)
    trace.faults = faults(trace.record)


class _Trace(Cuts):
    """Cuts by the number of their block, which replaces its page during cleaning."""

    def __init__(self) -> None:
        super().__init__()
        self.of_block: dict[int, list[traces.Cut]] = {}

    @override
    def note(self, rule: str, block: Block, before: str, after: str, times: int = 1) -> None:
        super().note(rule, block, before, after, times)
        self.of_block.setdefault(block.page, []).append(traces.Cut.between(rule, before, after))

    @override
    def note_below(self, rule: str, blocks: Sequence[Block]) -> None:
        for block in blocks:
            self.of_block.setdefault(block.page, []).append(traces.Cut(rule, block.text))


def _blocks(raw: Article) -> list[traces.BlockTrace]:
    trace = _Trace()
    numbered = [replace(block, page=number) for number, block in enumerate(raw.blocks, start=1)]
    cleaned = clean(replace(raw, blocks=numbered), trace)
    left = {block.page: block.text for block in cleaned.blocks}
    return [
        traces.BlockTrace(
            number=number,
            page=block.page,
            type=block.type,
            raw=block.text,
            text=left.get(number),
            # "characters": nothing but invisible ones.
            cuts=trace.of_block.get(
                number, [] if number in left else [traces.Cut("characters", block.text)]
            ),
        )
        for number, block in enumerate(raw.blocks, start=1)
    ]


def _layouts(page: Layout, suggestions: Suggestions) -> list[traces.LayoutTrace]:
    chosen = next((layout for layout in LAYOUTS if layout.fits(page.landmarks)), None)
    return [
        traces.LayoutTrace(
            name=layout.__name__,
            is_chosen=layout is chosen,
            told_by={mark: len(page.landmarks.all(mark)) for mark in layout.TOLD_BY},
            near={
                mark: suggestions.near(f".{mark}")
                for mark in layout.TOLD_BY
                if chosen is None and page.landmarks.first(mark) is None
            },
        )
        for layout in LAYOUTS
    ]


def _fields(page: ArticlePage, suggestions: Suggestions) -> list[traces.FieldTrace]:
    for name, other_name in _PROPERTIES.items():
        with suppress(PageRefused):
            getattr(page, other_name or name)
    readings = ((name, page.readings.get(name)) for name in _PROPERTIES)
    return [_field(name, reading, suggestions) for name, reading in readings if reading]


def _field(name: str, reading: Reading, suggestions: Suggestions) -> traces.FieldTrace:
    taken, may_suggest = reading.taken, name not in _SELDOM
    candidates = []
    for place, value in reading.candidates:
        if place == taken:
            state = "taken"
        elif value:
            state = "passed over"
        else:
            state = "empty" if suggestions.is_there(place) else "not there"
        near = suggestions.near(place) if may_suggest and state == "not there" else []
        candidates.append(traces.CandidateTrace(place=place, state=state, value=value, near=near))
    is_first = taken is not None and taken == reading.candidates[0][0]
    return traces.FieldTrace(
        name=name,
        value=dict(reading.candidates)[taken] if taken else None,
        candidates=candidates,
        reason=reading.reason,
        near=suggestions.by_content(name) if may_suggest and not is_first else [],
    )
