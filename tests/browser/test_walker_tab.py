"""A tab opens one article after the other, and what one leaves the next does not find."""

import pytest

from tests.browser.crawls import crawl
from tests.browser.stand_in import Page, StandIn, always, article, two_pages
from tests.replica.exchange import Reply
from tests.replica.serve import serve

pytestmark = pytest.mark.usefixtures("chromium")

LEAVES = """
const leave = () => {
    localStorage.left = sessionStorage.left = "left";
    document.cookie = "left=left; domain=kompas.com; max-age=999";
};
leave();
onpagehide = leave;
name = "left";
history.pushState("left", "", "#left");
indexedDB.open("left");
caches.open("left");
"""
FINDS = """
const tells = (what, found) => document.querySelector(".read__content")
    .insertAdjacentHTML("beforeend", `<p>${what}: ${found}.</p>`);
(async () => {
    tells("local", Object.keys(localStorage));
    tells("session", Object.keys(sessionStorage));
    tells("cookie", document.cookie);
    tells("name", name);
    tells("history", history.length);
    tells("databases", (await indexedDB.databases()).length);
    tells("caches", (await caches.keys()).length);
})();
"""
EMPTY = ("local: .", "session: .", "cookie: .", "name: .", "history: 2.", "databases: 0.")


ONE_BY_ONE = {"BROWSER_CONCURRENT_PAGES": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}


def test_nothing_is_left() -> None:
    """Storage, cookies, name and history of an article are gone before the next, on any host."""
    leaves = Reply(body=article("Satu.", script=LEAVES).body, headers={"Set-Cookie": "http=left"})
    site = StandIn(leaves=always(leaves), finds=always(article("Dua.", script=FINDS)))
    urls = {
        f"{name} {host}": url.replace("www.kompas.com", host)
        for host in ("www.kompas.com", "internasional.kompas.com")
        for name, url in site.urls().items()
    }
    with serve(site) as replica:
        outcome = crawl(replica, urls, **ONE_BY_ONE, COOKIES_ENABLED=False)
    assert outcome.stats["playwright/context_count"] == 1
    found = [answer["body"] for name, answer in outcome.answers.items() if "finds" in name]
    assert len(found) == 2
    for body in found:
        assert [text for text in (*EMPTY, "caches: 0.") if text not in body] == [], body


SCRIPTS = {
    "whole": "",
    "popup": "open('/global')",
    "no_text": "document.querySelector('.read__content').remove()",
    "does_not_leave": "onpagehide = () => { for (;;) {} }",
}


def test_only_after_a_whole_walk() -> None:
    """A tab whose article opened a window, was not whole or does not end, is closed."""
    pages: dict[str, Page] = {}
    for name, script in SCRIPTS.items():
        pages |= {name: always(article("Satu.", script=script)), f"after_{name}": two_pages()}
    site = StandIn(**pages)
    with serve(site) as replica:
        outcome = crawl(replica, site.urls(), **ONE_BY_ONE)
    contexts = [outcome.answers[name]["contexts"] for name in pages]
    assert contexts == [1, 1, 1, 2, 2, 3, 3, 4]
    assert outcome.stats["browser/pages_open"] == 0
    assert all(len(outcome.answers[f"after_{name}"]["documents"]) == 2 for name in SCRIPTS)
