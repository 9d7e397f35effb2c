"""A tab opens one article after the other, and what one leaves the next does not find."""

import pytest

from tests.browser.crawls import crawl
from tests.browser.stand_in import StandIn, always, article, two_pages
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


@pytest.mark.parametrize("host", ["www.kompas.com", "internasional.kompas.com"])
def test_nothing_is_left(host: str) -> None:
    """Storage, cookies, name and history of an article are gone before the next, on any host."""
    leaves = Reply(body=article("Satu.", script=LEAVES).body, headers={"Set-Cookie": "http=left"})
    site = StandIn(leaves=always(leaves), finds=always(article("Dua.", script=FINDS)))
    urls = {name: url.replace("www.kompas.com", host) for name, url in site.urls().items()}
    with serve(site) as replica:
        outcome = crawl(replica, urls, BROWSER_CONCURRENT_PAGES=1, COOKIES_ENABLED=False)
    assert outcome.stats["playwright/context_count"] == 1
    found = outcome.answers["finds"]["body"]
    assert [text for text in (*EMPTY, "caches: 0.") if text not in found] == [], found


@pytest.mark.parametrize(
    ("script", "contexts"),
    [
        ("", 1),
        ("open('/global')", 2),
        ("document.querySelector('.read__content').remove()", 2),
        ("onpagehide = () => { for (;;) {} }", 2),
    ],
    ids=["whole", "popup", "no text", "does not leave"],
)
def test_only_after_a_whole_walk(script: str, contexts: int) -> None:
    """A tab whose article opened a window, was not whole or does not end, is closed."""
    site = StandIn(one=always(article("Satu.", script=script)), two=two_pages(), three=two_pages())
    with serve(site) as replica:
        outcome = crawl(replica, site.urls(), BROWSER_CONCURRENT_PAGES=1)
    assert outcome.stats["playwright/context_count"] == contexts
    assert outcome.stats["browser/pages_open"] == 0
    assert [len(outcome.answers[name]["documents"]) for name in ("two", "three")] == [2, 2]
