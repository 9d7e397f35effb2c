"""Pages that are hard on a browser: each ends, and ends as what it is."""

from collections.abc import Iterator

import pytest

from kompascrawler.replica.exchange import Reply, redirect
from kompascrawler.replica.imposters import CHALLENGES
from kompascrawler.replica.player import play
from tests.browser.crawls import Outcome, crawl
from tests.browser.stand_in import StandIn, always, article, two_pages, url

# One worker crawls for all of them.
pytestmark = pytest.mark.xdist_group("hazards")

HAZARDS = {
    "plain": two_pages(),
    "alert": always(article("Satu.", script="alert(1); confirm(2); prompt(3); print()")),
    "endless_alerts": always(article("Satu.", script="setTimeout(() => {for (;;) alert(1)})")),
    "popup": always(article("Satu.", script="open('/global'); open('https://example.com/')")),
    "loop_after_load": always(
        article("Satu.", script="onload = () => setTimeout(() => {for (;;) {}})")
    ),
    "loop_at_once": always(article("Satu.", script="for (;;) {}")),
    "restless": always(
        article(
            "Satu.",
            script="setInterval(() => document.querySelector('.read__content')"
            ".textContent = Math.random(), 20)",
        )
    ),
    "leaves": always(article("Satu.", script="location.replace('https://example.com/')")),
    "reloads": always(article("Satu.", script="onload = () => location.reload()")),
    "closes_itself": always(article("Satu.", script="open('', '_self'); close()")),
    "no_content": always(Reply(status=204)),
    "download": always(
        Reply(body=b"<html></html>", headers={"Content-Disposition": "attachment; filename=x"})
    ),
    "pdf": always(Reply(body=b"%PDF-1.4", content_type="application/pdf")),
    "redirect_loop": lambda request, _: redirect(request.url, status=302),
    "redirect_off": always(redirect("https://example.com/", status=302)),
    "redirect_private": always(redirect("http://169.254.169.254/latest", status=302)),
    "redirect_on": always(redirect(url("plain"), status=302)),
    "half": always(Reply(body=article("Satu. " * 500).body, cut=900)),
    "never": always(Reply(body=b"<html></html>", delay=600.0)),
    "not_found": always(Reply(status=404, body=b"<html></html>")),
    "textless": always(Reply(body=b"<html><body><h1>Judul</h1></body></html>")),
    "empty": always(Reply(body=b"<html><body></body></html>")),
    "challenge": always(Reply(body=CHALLENGES["cloudflare"].encode())),
    "challenge_403": always(Reply(status=403, body=CHALLENGES["captcha"].encode())),
}
ENDS = {
    "endless_alerts": "BrowserTimeout",
    "loop_after_load": "BrowserTimeout",
    "loop_at_once": "BrowserTimeout",
    "restless": "BrowserTimeout",
    "no_content": "BrowserRefused",
    "download": "BrowserRefused",
    "pdf": "BrowserRefused",
    "redirect_loop": "IgnoreRequest",
    "redirect_off": "BrowserRefused",
    "redirect_private": "BrowserRefused",
    "half": "ResponseDataLossError",
    "never": "BrowserTimeout",
    "not_found": "HttpError",
    "empty": "ImposterServed",
    "challenge": "ImposterServed",
    "challenge_403": "ImposterServed",
}


@pytest.fixture(scope="module")
def outcome(chromium: None) -> Iterator[Outcome]:
    """Walk all of them in one crawl."""
    site = StandIn(**HAZARDS)
    with play(site) as replica:
        settings = {"BROWSER_TIMEOUT": 15, "BROWSER_CONCURRENT_PAGES": 4}
        limits = {"CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}
        yield crawl(replica, site.urls(), **settings, **limits)
        strangers = {line.host for line in replica.log} - {"www.kompas.com"}
        assert not strangers, strangers


@pytest.mark.parametrize(("name", "error"), ENDS.items())
def test_error(outcome: Outcome, name: str, error: str) -> None:
    """What cannot be walked fails with a named error."""
    assert outcome.answers[name].get("error") == error, outcome.answers[name]


@pytest.mark.parametrize("name", ["alert", "popup", "leaves"])
def test_walked_all_the_same(outcome: Outcome, name: str) -> None:
    """Dialogs, popups and ways elsewhere do not keep an article from being walked."""
    answer = outcome.answers[name]
    assert "Satu." in answer["body"], answer
    assert answer["is_whole"]


def test_reloads(outcome: Outcome) -> None:
    """A page that reloads without end fails by name, wherever it is caught at it."""
    assert outcome.answers["reloads"]["error"] in ("BrowserTimeout", "BrowserRefused")


def test_redirect_on_site(outcome: Outcome) -> None:
    """A redirect within the site leads to the article, both pages of it."""
    assert len(outcome.answers["redirect_on"]["documents"]) == 2


def test_textless(outcome: Outcome) -> None:
    """A page without the text that the walk looks for is handed on, and not called whole."""
    answer = outcome.answers["textless"]
    assert (answer["is_whole"], answer["stopped"]) == (False, "no text")


def test_every_request_is_answered(outcome: Outcome) -> None:
    """Nothing is lost: each request ends in its callback or its errback."""
    assert outcome.answers.keys() == HAZARDS.keys()


def test_no_page_is_left_open(outcome: Outcome) -> None:
    """However a page ended, its context was closed."""
    assert outcome.stats["browser/pages_open"] == 0
