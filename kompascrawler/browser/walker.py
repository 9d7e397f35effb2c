"""Walks the pages of an open article: look, step, wait. ``BROWSER_HEADED=1`` shows it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final, NamedTuple

from playwright.async_api import Error, Page

from kompascrawler.browser.traffic import Traffic
from kompascrawler.pages.pager import WalkPlan

_SETTLE: Final = """async ([plan, before, patience, left]) => {
    const all = selector => [...document.querySelectorAll(selector)];
    const hidden = body => [...body.querySelectorAll("p")].map(p => p.textContent).join("\\n");
    const look = () => {
        document.body?.classList.remove(plan.locked);
        const numbers = all(plan.numbered).map(link => Number(link.textContent)).filter(Boolean);
        const declared = Number(document.querySelector(plan.declared)?.content);
        return [
            all(plan.body).map(body => body.innerText.trim() || hidden(body).trim()).join("\\n"),
            Math.max(1, declared || 1, ...numbers),
            new Set(all(plan.title).map(title => title.textContent.trim())).size,
        ];
    };
    const wait = seconds => new Promise(done => setTimeout(done, seconds * 1000));
    const rest = () => new Promise(done => requestIdleCallback(done, {timeout: 1000}));
    const isNew = look => look && !["", before].includes(look[0]);
    const end = performance.now() + left * 1000;
    let seen = null, same = 0, idle = 0, changed = true;
    new MutationObserver(() => { changed = true; }).observe(document,
        {subtree: true, childList: true, characterData: true, attributes: true});
    while (performance.now() < end) {
        await wait(plan.look_every);
        if (!(await rest()).didTimeout) idle += plan.look_every;
        same += plan.look_every;
        const isDone = isNew(seen) ? same >= plan.stable : idle > patience;
        if (!changed && !isDone) continue;
        changed = false;
        const now = look();
        if (String(now) !== String(seen)) [seen, same, idle] = [now, 0, 0];
        else if (isDone) break;
    }
    return isNew(seen) ? seen : [];
}"""
"""Waits until the page shows another text and is stable; returns the text, the number of pages that
the article declares, and of headlines; nothing if nothing comes.

Looks only where the document has changed. Patience ends with the time that the page was idle: on a
busy machine its scripts wait as we do."""

_WAYS: Final = ("number", "next", "label", "scroll")
_STEP: Final = """([plan, number, way]) => {
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
    const ways = {
        number: () =>
            all(plan.numbered).find(link => label(link) === String(number) && works(link)),
        next: () => all(plan.next).find(works),
        label: () =>
            all("a, button, [role=button]").find(item => saysNext(item) && works(item)),
    };
    if (way in ways) {
        const found = ways[way]();
        found?.click();
        return Boolean(found);
    }
    scrollTo(0, 0);
    scrollTo(0, document.documentElement.scrollHeight);
    return true;
}"""
"""Takes one of the ways to the next page; returns whether the page has it."""


class Walked(NamedTuple):
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
        self._useless: set[str] = set()
        self._came_again = False

    async def walk(self) -> Walked:
        """Walk from the open page to the last."""
        await self._arrive(self._page.wait_for_load_state)
        snapshot = await self._settle("", self._plan.patience)
        stopped = await self._take(snapshot) if snapshot else "no text"
        while snapshot and not stopped and not 1 < snapshot.declared <= len(self._texts):
            if stopped := self._limit():
                break
            following = await self._advance(snapshot)
            if following is None:
                stopped = self._limit() or self._what_is_missing(snapshot)
                break
            stopped = await self._take(following)
            snapshot = following
        if not self._documents:
            self._documents = [await self._content()]
        return Walked(self._documents, len(self._texts), stopped)

    def _limit(self) -> str | None:
        if len(self._texts) >= self._plan.most_pages:
            return f"{self._plan.most_pages} pages"
        return "no time left" if asyncio.get_running_loop().time() > self._end else None

    def _what_is_missing(self, last: Snapshot) -> str | None:
        if self._came_again:
            return "a page again"
        is_short = len(self._texts) < last.declared or self._traffic.has_failed
        return "no further page" if is_short else None

    async def _advance(self, shown: Snapshot) -> Snapshot | None:
        self._came_again = False
        for way in _WAYS:
            if way not in self._useless and (following := await self._try(way, shown)):
                return following
        return None

    async def _try(self, way: str, shown: Snapshot) -> Snapshot | None:
        # Twice, with a longer wait: the page's script may listen late.
        for patience in (self._plan.patience, self._plan.second_patience):
            address = self._page.url
            step = [self._data, len(self._texts) + 1, way]
            if self._limit() or await self._evaluate(_STEP, step) is False:
                return None
            following = await self._settle(shown.text, patience)
            if following and following.text not in self._texts:
                return following
            self._came_again |= following is not None
            if self._page.url.partition("#")[0] != address.partition("#")[0]:
                await self._arrive(self._page.go_back)
                await self._settle("", self._plan.patience)
                break
            is_last = way == "scroll" and len(self._texts) >= shown.declared
            if is_last or self._traffic.has_failed:
                break
        self._useless.add(way)
        return None

    async def _arrive(self, move: Callable[..., Awaitable[object]]) -> None:
        # A document that never is loaded, is taken as it is.
        with suppress(Error):
            await move(timeout=self._plan.longest_load * 1000)

    async def _take(self, snapshot: Snapshot) -> str | None:
        """Keep a new page; return why it was not kept."""
        if snapshot.titles > 1:
            return "another article"
        is_appended = bool(self._texts) and self._texts[-1] in snapshot.text
        self._texts.append(snapshot.text)
        content = await self._content()
        if is_appended:
            self._documents[-1] = content
        else:
            self._documents.append(content)
        return None

    async def _settle(self, before: str, patience: float) -> Snapshot | None:
        # Until nothing is under way. Again where a response came and nothing of it is seen yet:
        # the page's script may still be at work on it.
        now = asyncio.get_running_loop().time
        latest = now() + self._plan.longest_step
        snapshot = None
        while (left := latest - now()) > 0:
            answered = self._traffic.answered
            seen = await self._evaluate(_SETTLE, [self._data, before, patience, left])
            snapshot = Snapshot(*seen) if seen else None
            is_over = snapshot or (seen is not None and answered == self._traffic.answered)
            if is_over and not self._traffic.is_busy():
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(self._traffic.rest(), max(0.0, latest - now()))
        return snapshot

    async def _evaluate(self, script: str, argument: Any) -> Any:
        try:
            return await self._page.evaluate(script, argument)
        except Error as error:
            if "Execution context was destroyed" in error.message:
                return None  # the page is just being replaced
            raise

    async def _content(self) -> bytes:
        return (await self._page.content()).encode("utf-8", "replace")
