"""What listing pages answer: front pages, the index, a day's archive, news sitemaps. No I/O."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tests.replica import chrome
from tests.replica.catalogue import Catalogue
from tests.replica.channels import OTHERS
from tests.replica.clock import STEP
from tests.replica.exchange import Reply, Request
from tests.replica.listing import Entry, Markup
from tests.replica.story import Channel
from tests.replica.templating import render

PER_PAGE: Final = 20
"""Articles on a page of a listing (docs/site.md, section 8)."""
FRONT_PAGES: Final = 10
"""Pages of the newest that a front page leads to (docs/site.md, section 11)."""
_DAY = re.compile(r"(.*)/search/(\d{4}-\d{2}-\d{2})")
_SITEMAP = re.compile(r"/sitemap-news-([a-z]+)\.xml")
_IN_SITEMAP = timedelta(days=2)
"""Age up to which a news sitemap lists an article, as Google News has it."""


@dataclass(kw_only=True)
class Listings:
    """The listing pages of a site."""

    catalogue: Catalogue
    world: Channel
    markup: Markup
    padding: chrome.Padding
    has_global_index: bool
    has_index_by_date: bool
    _kept: dict[object, list[Entry]] = field(default_factory=dict)

    def answer(self, request: Request) -> Reply | None:
        """Answer a request for a listing page; None where the address is none."""
        if request.host == "indeks.kompas.com" and request.path == "/":
            return self._index(request)
        if request.path == "/sitemap.xml":
            return self._sitemap_index(request)
        if sitemap := _SITEMAP.fullmatch(request.path):
            return self._sitemap(request, sitemap[1])
        place = f"{request.host}{request.path.rstrip('/')}"
        if day := _DAY.fullmatch(place):
            return self._day(request, day[1], day[2])
        return self._front(request, place) if place in self._fronts else None

    def newest(self, channels: Sequence[Channel], back: int = 0) -> list[Entry]:
        """Return what channels have published, newest first; what they had ``back`` articles ago.

        An article that was deleted since is missing in the earlier state, too.
        """
        if back:
            until = self.catalogue.now - STEP * back
            return [entry for entry in self.newest(channels) if entry.published <= until]
        key = (tuple(channels), self.catalogue.now, self.catalogue.edits.count)
        if key not in self._kept:
            if len(self._kept) > 8:
                self._kept.clear()
            self._kept[key] = self.catalogue.entries(*channels)
        return self._kept[key]

    @property
    def _fronts(self) -> dict[str, Sequence[Channel]]:
        """Which channels each front page shows."""
        return {
            "www.kompas.com": (self.world, *OTHERS),
            "www.kompas.com/global": (self.world,),
            "internasional.kompas.com": (self.world,),
            **{channel.base.removeprefix("https://"): (channel,) for channel in OTHERS},
        }

    @property
    def _index_sites(self) -> dict[str, Sequence[Channel]]:
        """Which channels each value of the index's ``site`` lists."""
        channels = (self.world, *OTHERS)
        return {
            "global": (self.world,) if self.has_global_index else (),
            "news": [channel for channel in channels if channel.is_news],
            "all": channels,
            **{channel.name.lower(): (channel,) for channel in OTHERS},
        }

    def _index(self, request: Request) -> Reply:
        site = request.parameters.get("site", "all")
        entries = self.newest(self._index_sites.get(site, ()), request.back)
        date = request.parameters.get("date")
        if date and self.has_index_by_date:
            entries = _of_day(entries, date)
        return self._list(f"Indeks {site}", entries, request)

    def _day(self, request: Request, place: str, day: str) -> Reply | None:
        if place not in self._fronts:
            return None
        entries = self.newest(self._fronts[place], request.back)
        return self._list(f"Berita {day}", _of_day(entries, day), request)

    def _front(self, request: Request, place: str) -> Reply:
        own, page = self.newest(self._fronts[place], request.back), _page(request)
        if page > 1:
            return self._list("Kompas.com", own if page <= FRONT_PAGES else [], request)
        # Among a section's headlines stands now and then one of another channel.
        headlines = [*own[1:4], *self.newest(OTHERS, request.back)[:2]]
        pages = range(2, FRONT_PAGES + 1) if self.markup == "2024" else ()
        return self._render(
            "front.html.j2", headlines=headlines, newest=own[:PER_PAGE], place=place, pages=pages
        )

    def _list(self, title: str, entries: Sequence[Entry], request: Request) -> Reply:
        start = (_page(request) - 1) * PER_PAGE
        return self._render("index.html.j2", title=title, entries=entries[start:][:PER_PAGE])

    def _render(self, template: str, **values: object) -> Reply:
        above, below = chrome.above(self.padding), chrome.below(self.padding)
        html = render(template, markup=self.markup, above=above, below=below, **values)
        return Reply(body=html.encode())

    def _sitemap_index(self, request: Request) -> Reply | None:
        names = [name for name, place in self._sitemaps.items() if place.startswith(request.host)]
        if not names:
            return None
        return _xml("sitemap-index.xml.j2", host=request.host, names=names)

    def _sitemap(self, request: Request, name: str) -> Reply | None:
        place = self._sitemaps.get(name, "")
        if place.partition("/")[0] != request.host:
            return None
        entries = self.newest(self._fronts[place], request.back)
        return _xml("sitemap-news.xml.j2", entries=_since(entries, self.catalogue.now))

    @property
    def _sitemaps(self) -> dict[str, str]:
        """The front page that belongs to each sitemap's name (docs/site.md, section 11)."""
        names = {channel.name.lower(): channel.base.removeprefix("https://") for channel in OTHERS}
        return {
            "global": "www.kompas.com/global",
            "internasional": "internasional.kompas.com",
            **names,
        }


def _page(request: Request) -> int:
    page = request.parameters.get("page", "1")
    return max(1, int(page)) if page.isdecimal() else 1


def _of_day(entries: Sequence[Entry], day: str) -> list[Entry]:
    return [entry for entry in entries if f"{entry.published:%Y-%m-%d}" == day]


def _since(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    return [entry for entry in entries if entry.published > now - _IN_SITEMAP]


def _xml(template: str, **values: object) -> Reply:
    return Reply(body=render(template, **values).encode(), content_type="text/xml; charset=UTF-8")
