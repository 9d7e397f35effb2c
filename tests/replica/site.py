"""The generated Kompas: answers every address of it from what is published. No I/O."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Literal

from tests.replica import chrome
from tests.replica.article import Surroundings
from tests.replica.article_answers import ALL_ANSWERS, answer_article, answer_part
from tests.replica.behaviours import Shares, deal
from tests.replica.catalogue import Catalogue
from tests.replica.clock import IN_2015, TODAY
from tests.replica.edits import PARTS
from tests.replica.exchange import Reply, Request, redirect
from tests.replica.kcm import LAYOUT as OF_2015
from tests.replica.layouts import LAYOUTS
from tests.replica.listing import Markup
from tests.replica.listings import Listings
from tests.replica.pinned import PINNED
from tests.replica.robots import ROBOTS
from tests.replica.story import Channel, Story

TERKINI = 15
"""Articles in "Terkini Lainnya" (docs/site.md, section 3)."""

_ARTICLE = re.compile(
    r"/(?:[a-z]+/)?(read|halaman)/(?:xml/)?(\d{4})/(\d{2})/(\d{2})/(\d+)(?:/[^/]*)?/?"
)
_SHORT = re.compile(r"/(?:[a-z]+/)?(read|halaman)/(\d{2})([A-L])(\d{2})(\d+)(?:/[^/]*)?/?")


class Site:
    """A Kompas of any number of articles, the same for the same seed.

    Its clock stands still until ``publish`` moves it.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        articles: int = 500,
        start_visible: int | None = None,
        layout: str = "mix",
        halaman: Shares = "normal",
        all_answers: str | None = None,
        markup: Markup = "2020",
        padding: chrome.Padding = "light",
        index_global: bool = True,
        index_dates: bool = True,
        internasional: Literal["same", "redirect"] = "same",
        short_addresses: bool = False,
    ) -> None:
        """Build a site of so many Global articles.

        With ``start_visible`` only so many of them, the oldest, are out at the start, and no more
        than the others can be published; without it they all are, and there is no end of news.
        ``layout`` names the look of all article pages: one of ``LAYOUTS``, "mix", which deals
        them out, or "2015", which takes the site back to that time (every article has one page).
        ``halaman`` tells how the pages of articles can be had: "mix", one of ``BEHAVIOURS``, or
        the share of each; ``all_answers`` what every ``?page=all`` answers instead of them, one
        of ``ALL_ANSWERS``. ``markup`` is the look of front page and index. Without
        ``index_global`` the index answers nothing for ``site=global``, without ``index_dates``
        it ignores ``date``: how the real one behaves is not known (docs/site.md, section 8).
        ``internasional`` tells whether that host answers Global articles itself or leads to www.
        ``short_addresses`` gives the articles addresses of the second grammar (``26I07…``).
        """
        known = ("mix", *LAYOUTS, OF_2015)
        if layout not in known:
            raise ValueError(f"no layout {layout!r}; there are: {', '.join(known)}")
        if layout == OF_2015 and (halaman, internasional) != ("normal", "same"):
            raise ValueError("in 2015 articles have one page, and stand on internasional")
        if all_answers is not None and all_answers not in ALL_ANSWERS:
            raise ValueError(f"no answer {all_answers!r}; there are: {', '.join(ALL_ANSWERS)}")
        visible = articles if start_visible is None else start_visible
        if not 1 <= visible <= articles:
            raise ValueError(f"start_visible: from 1 to the number of articles, {articles}")
        era = IN_2015 if layout == OF_2015 else TODAY
        world = replace(era.world, has_short_addresses=short_addresses)
        self._catalogue = Catalogue(
            seed=seed,
            articles=visible,
            more=None if start_visible is None else articles - visible,
            layouts=tuple(LAYOUTS) if layout == "mix" else (layout,),
            behaviour=deal(halaman, seed),
            era=era._replace(world=world),
        )
        self._listings = Listings(
            catalogue=self._catalogue,
            world=world,
            markup=markup,
            padding=padding,
            has_global_index=index_global,
            has_index_by_date=index_dates,
        )
        self._all_answers = all_answers
        self._padding: chrome.Padding = padding
        self._redirects_internasional = internasional == "redirect"

    @property
    def now(self) -> datetime:
        """The site's clock (WIB)."""
        return self._catalogue.now

    @property
    def stories(self) -> list[Story]:
        """The listed Global articles, newest first: what a complete crawl must hold."""
        return self._catalogue.stories()

    def truth(self, article_id: str) -> Story:
        """Return what is true of an article of any channel; KeyError where there is none."""
        story = self._find(article_id)
        if story is None:
            raise KeyError(article_id)
        return story

    def behaviour(self, article_id: str) -> str:
        """Return the name of the behaviour of an article; KeyError where there is none."""
        return self.truth(article_id).behaviour

    def publish(self, n: int) -> int:
        """Make ``n`` newer Global articles visible (and others of that time); return how many."""
        return self._catalogue.publish(n)

    def revise(self, article_id: str, parts: Collection[str] = PARTS) -> Story:
        """Change parts of an article; ValueError for an article or part that there is not."""
        return self._catalogue.edits.revise(self._there(article_id), self.now, parts)

    def delete(self, article_id: str, status: int = 404) -> None:
        """Answer an article with a status from now on; no listing has it any more."""
        if status not in (404, 410):
            raise ValueError(f"status of a deleted article: 404 or 410, not {status}")
        self._catalogue.edits.delete(self._there(article_id).id, status)

    def _there(self, article_id: str) -> Story:
        story = self._catalogue.find(article_id)
        if story is None or self._catalogue.edits.deleted(article_id):
            raise ValueError(f"no article {article_id!r}")
        return story

    def serves(self, host: str) -> bool:
        """Tell whether the host is one of kompas.com."""
        return host == "kompas.com" or host.endswith(".kompas.com")

    def answer(self, request: Request) -> Reply:
        """Answer a request as the site would."""
        if request.path == "/robots.txt":
            return Reply(body=ROBOTS.encode(), content_type="text/plain")
        if request.scheme == "http":
            return redirect(request.url.replace("http:", "https:", 1))
        if article := _ARTICLE.fullmatch(request.path):
            kind, *identity = article.groups()
            return self._answer_article(request, kind, "-".join(identity))
        if short := _SHORT.fullmatch(request.path):
            kind, year, letter, day, number = short.groups()
            month = ord(letter) - ord("A") + 1
            return self._answer_article(request, kind, f"20{year}-{month:02}-{day}-{number}")
        return self._listings.answer(request) or _NOT_FOUND

    def _answer_article(self, request: Request, kind: str, article_id: str) -> Reply:
        story = self._find(article_id)
        if story is None:
            return _NOT_FOUND
        if status := self._catalogue.edits.deleted(article_id):
            return replace(_NOT_FOUND, status=status)
        if kind == "halaman":
            return answer_part(story, request.parameters.get("n", "")) or _NOT_FOUND
        leads_on = request.host == "amp.kompas.com" or (
            self._redirects_internasional and request.host == "internasional.kompas.com"
        )
        if leads_on:
            return redirect(story.url + (f"?{request.query}" if request.query else ""))
        return answer_article(story, request, self._around(story.channel), self._all_answers)

    def _around(self, channel: Channel) -> Surroundings:
        newest = self._listings.newest((channel,))
        return Surroundings(newest[:TERKINI], newest[TERKINI : TERKINI + 4], self._padding)

    def _find(self, article_id: str) -> Story | None:
        return PINNED if article_id == PINNED.id else self._catalogue.find(article_id)


_NOT_FOUND = Reply(
    status=404,
    body=b"<!DOCTYPE html><html><head><title>404</title></head>"
    b"<body><h1>Halaman tidak ditemukan</h1></body></html>",
)
