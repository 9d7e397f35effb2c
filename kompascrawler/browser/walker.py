"""Walks the pages of an open article: looks, takes the next step, waits, until nothing is new.

Set ``BROWSER_HEADED=1`` to watch it.
"""

import asyncio
from dataclasses import asdict
from typing import Any, Final, NamedTuple

from playwright.async_api import Error, Page

from kompascrawler.browser.traffic import Traffic
from kompascrawler.pages.pager import WalkPlan

_LOOK: Final = """plan => {
    const all = selector => [...document.querySelectorAll(selector)];
    const numbers = all(plan.numbered).map(link => Number(link.textContent)).filter(Boolean);
    const declared = Number(document.querySelector(plan.declared)?.content);
    return [
        all(plan.body).map(body => body.innerText.trim()).join("\\n"),
        Math.max(1, declared || 1, ...numbers),
        new Set(all(plan.title).map(title => title.textContent.trim())).size,
    ];
}"""
"""Returns the text shown, the number of pages the article says to have, its headlines."""

_STEP: Final = """([plan, number]) => {
    const all = selector => [...document.querySelectorAll(selector)];
    const staysHere = link => {
        const href = link.getAttribute("href");
        if (!href || /^(#|javascript:)/i.test(href)) return true;
        const address = new URL(href, location);
        return address.origin === location.origin && address.pathname === location.pathname;
    };
    const works = item => item.getClientRects().length && !item.disabled && staysHere(item);
    const label = item => item.textContent.trim().toLowerCase();
    const saysNext = item =>
        plan.next_labels.includes(label(item)) && !item.closest(plan.not_next);
    const next =
        all(plan.numbered).find(link => label(link) === String(number) && works(link))
        || all(plan.next).find(works)
        || all("a, button, [role=button]").find(item => saysNext(item) && works(item));
    if (next) {
        next.click();
        return;
    }
    scrollTo(0, 0);
    scrollTo(0, document.documentElement.scrollHeight);
}"""
"""Clicks the page's number, or else what says "next", or else scrolls to the end."""


class Walk(NamedTuple):
    """What a walk brought."""

    documents: list[bytes]
    """HTML of each page in order, UTF-8; one document where pages are appended."""
    pages: int
    """Pages that were seen, the first included."""
    stopped: str | None
    """Why the walk ended before the article did; None when the whole article was seen."""


class _Sight(NamedTuple):
    """One look at a page."""

    text: str
    declared: int
    """Pages that the article says to have; 1 proves nothing, for not every layout says it."""
    titles: int


class Walker:
    """One walk over one article."""

    def __init__(self, page: Page, plan: WalkPlan, traffic: Traffic, *, end: float) -> None:
        """``traffic`` answers the page's requests; no step begins after ``end`` (loop time)."""
        self._page = page
        self._plan = plan
        self._data: dict[str, Any] = asdict(plan) | {"kinds": ()}  # a set has no JSON
        self._traffic = traffic
        self._end = end
        self._documents: list[bytes] = []
        self._texts: list[str] = []

    async def walk(self) -> Walk:
        """Walk from the page that is open to the last."""
        sight = await self._settle("")
        stopped = await self._take(sight) if sight else "no text"
        while sight and not stopped and not 1 < sight.declared <= len(self._texts):
            if stopped := self._limit():
                break
            await self._evaluate(_STEP, [self._data, len(self._texts) + 1])
            following = await self._settle(sight.text)
            if following is None:
                is_short = len(self._texts) < sight.declared or self._traffic.has_failed
                stopped = "no further page" if is_short else None
                break
            stopped = await self._take(following)
            sight = following
        if not self._documents:
            self._documents = [await self._content()]
        return Walk(self._documents, len(self._texts), stopped)

    def _limit(self) -> str | None:
        if len(self._texts) >= self._plan.most_pages:
            return f"{self._plan.most_pages} pages"
        return "no time left" if asyncio.get_running_loop().time() > self._end else None

    async def _take(self, sight: _Sight) -> str | None:
        """Keep a page that is new; return why it is not taken otherwise."""
        if sight.titles > 1:
            return "another article"
        if sight.text in self._texts:
            return "a page again"
        is_appended = bool(self._texts) and self._texts[-1] in sight.text
        self._texts.append(sight.text)
        content = await self._content()
        if is_appended:
            self._documents[-1] = content
        else:
            self._documents.append(content)
        return None

    async def _settle(self, before: str) -> _Sight | None:
        """Wait until the page shows another text and rests; None when nothing comes."""
        now = asyncio.get_running_loop().time
        latest = now() + self._plan.longest_step
        quiet_since, previous = now(), None
        while now() < latest:
            await asyncio.sleep(self._plan.look_every)
            sight = await self._look()
            if sight is None or sight != previous or self._traffic.is_busy():
                quiet_since, previous = now(), sight
            elif sight.text not in ("", before):
                return sight
            elif now() - quiet_since > self._plan.patience:
                return None
        return previous if previous and previous.text not in ("", before) else None

    async def _look(self) -> _Sight | None:
        seen = await self._evaluate(_LOOK, self._data)
        return _Sight(*seen) if seen else None

    async def _evaluate(self, script: str, argument: Any) -> Any:
        """Run a script in the page; None when the page is changing for another just now."""
        try:
            return await self._page.evaluate(script, argument)
        except Error as error:
            if "Execution context was destroyed" in error.message:
                return None
            raise

    async def _content(self) -> bytes:
        return (await self._page.content()).encode("utf-8", "replace")
