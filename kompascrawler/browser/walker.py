"""Walks the pages of an open article: look, step, wait. ``BROWSER_HEADED=1`` shows it."""

import asyncio
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final, Literal, NamedTuple

from playwright.async_api import Error, Page

from kompascrawler.browser.traffic import Traffic
from kompascrawler.pages.pager import WalkPlan

_LOOK: Final = """async ([plan, before, patience, left, step]) => {
    const now = () => performance.now() / 1000;
    const end = now() + left;
    const all = selector => [...document.querySelectorAll(selector)];
    const staysHere = link => {
        const href = link.getAttribute("href");
        if (!href || /^(#|javascript:)/i.test(href)) return true;
        return link.origin === location.origin && link.pathname === location.pathname;
    };
    const works = item => item.getClientRects().length && !item.disabled && staysHere(item);
    const label = item => item.textContent.trim().toLowerCase();
    const saysNext = item =>
        plan.next_labels.includes(label(item)) && !item.closest(plan.not_next);
    const ways = {
        number: n => all(plan.numbered).find(link => label(link) === String(n) && works(link)),
        next: () => all(plan.next).find(works),
        label: () => all("a, button, [role=button]").find(item => saysNext(item) && works(item)),
        scroll: () => ({click: () => {
            scrollTo(0, 0);
            scrollTo(0, document.documentElement.scrollHeight);
        }}),
    };
    const hidden = body => [...body.querySelectorAll("p")].map(p => p.textContent).join("\\n");
    const look = () => {
        if (document.body?.classList.contains(plan.locked))
            document.body.classList.remove(plan.locked);
        const numbers = all(plan.numbered).map(link => Number(link.textContent)).filter(Boolean);
        const declared = Number(document.querySelector(plan.declared)?.content);
        return [
            all(plan.body).map(body => body.innerText.trim() || hidden(body).trim()).join("\\n"),
            Math.max(1, declared || 1, ...numbers),
            new Set(all(plan.title).map(title => title.textContent.trim())).size,
        ];
    };
    const html = () => {
        const type = document.doctype;
        return (type ? new XMLSerializer().serializeToString(type) : "")
            + (document.documentElement?.outerHTML ?? "");
    };
    let seen = null, same = 0, idle = 0, changed = true, wake = () => {};
    const isNew = () => seen && !["", before].includes(seen[0]);
    const sleep = seconds => new Promise(done => {
        const since = now();
        wake = () => done(Math.min(seconds, now() - since));
        setTimeout(done, seconds * 1000, seconds);
    });
    const rest = () => new Promise(done => requestIdleCallback(done, {timeout: 1000}));
    if (step) {
        const found = ways[step[0]](step[1]);
        if (!found) return false;
        found.click();
    } else if (document.readyState !== "complete") {
        addEventListener("load", () => wake());
        await sleep(Math.min(plan.longest_load, left));
    }
    new MutationObserver(() => {
        changed = true;
        if (!isNew()) wake();
    }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
    while (now() < end) {
        const slept = seen ? await sleep(plan.look_every) : 0;
        if (!(await rest()).didTimeout) idle += slept;
        same += slept;
        const isQuick = !changed && Number(document.querySelector(plan.counted)?.content);
        const isDone = isNew() ? same >= (isQuick ? plan.at_rest : plan.stable) : idle > patience;
        if (!changed && !isDone) continue;
        changed = false;
        const found = look();
        if (String(found) !== String(seen)) [seen, same, idle] = [found, 0, 0];
        else if (isDone) break;
    }
    return isNew() ? [...seen, html()] : [];
}"""
"""Takes a step, if one is given, and waits until the page shows another text and is stable.

Returns false if the page has no such way; else the text, the number of pages that the article
declares, that of headlines, and the document; nothing of it if no other text comes.

Looks only where the document has changed. Patience ends with the time that the page was idle: on a
busy machine its scripts wait as we do. One call does it all: each costs a way through the driver
and the browser, and what is in between would not be the page that was looked at."""

_WAYS: Final = ("number", "next", "label", "scroll")


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
    html: str


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
        snapshot = await self._settle("", self._plan.patience)
        stopped = self._take(snapshot) if snapshot else "no text"
        while snapshot and not stopped and not 1 < snapshot.declared <= len(self._texts):
            if stopped := self._limit():
                break
            following = await self._advance(snapshot)
            if following is None:
                stopped = self._limit() or self._what_is_missing(snapshot)
                break
            stopped = self._take(following)
            snapshot = following
        if not self._documents:
            self._documents = [(await self._page.content()).encode("utf-8", "replace")]
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
            if self._limit():
                return None
            address = self._page.url
            following = await self._settle(shown.text, patience, (way, len(self._texts) + 1))
            if following is False:
                return None  # this page does not have it; the next may
            if following and following.text not in self._texts:
                return following
            self._came_again |= following is not None
            if self._page.url.partition("#")[0] != address.partition("#")[0]:
                # A document that never is loaded, is taken as it is.
                longest = self._plan.longest_load * 1000
                with suppress(Error):
                    await self._page.go_back(timeout=longest, wait_until="commit")
                await self._settle("", self._plan.patience)
                break
            is_last = way == "scroll" and len(self._texts) >= shown.declared
            if is_last or self._traffic.has_failed:
                break
        self._useless.add(way)
        return None

    def _take(self, snapshot: Snapshot) -> str | None:
        """Keep a new page; return why it was not kept."""
        if snapshot.titles > 1:
            return "another article"
        is_appended = bool(self._texts) and self._texts[-1] in snapshot.text
        self._texts.append(snapshot.text)
        if is_appended:
            self._documents.pop()
        self._documents.append(snapshot.html.encode("utf-8", "replace"))
        return None

    async def _settle(
        self, before: str, patience: float, step: tuple[str, int] | None = None
    ) -> Snapshot | Literal[False] | None:
        """Take a step, if one is given, and wait for another text; False: there is no such way."""
        # Until nothing is under way. Again where a response came and nothing of it is seen yet:
        # the page's script may still be at work on it.
        now = asyncio.get_running_loop().time
        latest = now() + self._plan.longest_step
        snapshot = None
        while (left := latest - now()) > 0:
            answered = self._traffic.answered
            seen = await self._look([self._data, before, patience, left, step])
            if seen is False:
                return False
            step = None
            snapshot = Snapshot(*seen) if seen else None
            is_over = snapshot or (seen is not None and answered == self._traffic.answered)
            if is_over and not self._traffic.is_busy():
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(self._traffic.rest(), max(0.0, latest - now()))
        return snapshot

    async def _look(self, argument: list[Any]) -> Any:
        try:
            return await self._page.evaluate(_LOOK, argument)
        except Error as error:
            if "Execution context was destroyed" in error.message:
                return None  # the page is just being replaced
            raise
