"""Walks the pages of an open article: look, step, wait, until nothing is new.

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
"""Returns the text, the number of pages that the article declares, and of headlines."""

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
"""Clicks the page's number, else "next", else scrolls to the end."""


class Walk(NamedTuple):
    """Result of a walk."""

    documents: list[bytes]
    """HTML of each page in order, UTF-8; one document if pages are appended."""
    pages: int
    """Pages seen, including the first."""
    stopped: str | None
    """Why the walk ended early; None if the whole article was seen."""


class Snapshot(NamedTuple):
    """One look at a page."""

    text: str
    declared: int
    """Pages that the article declares; 1 proves nothing: not every layout declares them."""
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
        """Walk from the open page to the last."""
        snapshot = await self._settle("")
        stopped = await self._take(snapshot) if snapshot else "no text"
        while snapshot and not stopped and not 1 < snapshot.declared <= len(self._texts):
            if stopped := self._limit():
                break
            await self._evaluate(_STEP, [self._data, len(self._texts) + 1])
            following = await self._settle(snapshot.text)
            if following is None:
                is_short = len(self._texts) < snapshot.declared or self._traffic.has_failed
                stopped = "no further page" if is_short else None
                break
            stopped = await self._take(following)
            snapshot = following
        if not self._documents:
            self._documents = [await self._content()]
        return Walk(self._documents, len(self._texts), stopped)

    def _limit(self) -> str | None:
        if len(self._texts) >= self._plan.most_pages:
            return f"{self._plan.most_pages} pages"
        return "no time left" if asyncio.get_running_loop().time() > self._end else None

    async def _take(self, snapshot: Snapshot) -> str | None:
        """Keep a new page; return why it was not kept."""
        if snapshot.titles > 1:
            return "another article"
        if snapshot.text in self._texts:
            return "a page again"
        is_appended = bool(self._texts) and self._texts[-1] in snapshot.text
        self._texts.append(snapshot.text)
        content = await self._content()
        if is_appended:
            self._documents[-1] = content
        else:
            self._documents.append(content)
        return None

    async def _settle(self, before: str) -> Snapshot | None:
        """Wait until the page shows another text and is stable; None if nothing comes."""
        now = asyncio.get_running_loop().time
        latest = now() + self._plan.longest_step
        quiet_since, previous = now(), None
        while now() < latest:
            await asyncio.sleep(self._plan.look_every)
            snapshot = await self._look()
            if snapshot is None or snapshot != previous or self._traffic.is_busy():
                quiet_since, previous = now(), snapshot
            elif snapshot.text not in ("", before):
                return snapshot
            elif now() - quiet_since > self._plan.patience:
                return None
        return previous if previous and previous.text not in ("", before) else None

    async def _look(self) -> Snapshot | None:
        seen = await self._evaluate(_LOOK, self._data)
        return Snapshot(*seen) if seen else None

    async def _evaluate(self, script: str, argument: Any) -> Any:
        """Run a script in the page; None if the page is just being replaced."""
        try:
            return await self._page.evaluate(script, argument)
        except Error as error:
            if "Execution context was destroyed" in error.message:
                return None
            raise

    async def _content(self) -> bytes:
        return (await self._page.content()).encode("utf-8", "replace")
