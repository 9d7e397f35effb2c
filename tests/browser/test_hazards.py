"""Pages that are hard on a browser: each ends, and ends as what it is."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.crawls import MANY_AT_ONCE, Outcome, Walks, crawl
from tests.browser.stand_in import StandIn, always, article, two_pages, url
from tests.replica.exchange import Reply, redirect
from tests.replica.non_content import CHALLENGES
from tests.replica.serve import serve

Answers = dict[str, dict[str, Any]]

# One worker crawls for all of them.
pytestmark = pytest.mark.xdist_group("walks")

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
    "no_content": "NonContentServed",
    "download": "BrowserRefused",
    "pdf": "BrowserRefused",
    "redirect_loop": "IgnoreRequest",
    "redirect_off": "BrowserRefused",
    "redirect_private": "BrowserRefused",
    "half": "BrokenBodyError",
    "never": "BrowserTimeout",
    "not_found": "HttpError",
    "empty": "NonContentServed",
    "challenge": "NonContentServed",
    "challenge_403": "NonContentServed",
}


HANGING = {name for name, error in ENDS.items() if error == "BrowserTimeout"} | {"reloads"}
"""They are waited for in vain, and all together."""


ENDING = {name: page for name, page in HAZARDS.items() if name not in HANGING}


@pytest.fixture(scope="module")
def outcomes(walks: Walks) -> Iterator[list[Outcome]]:
    """Walk all of them, those that hang in a crawl of their own."""
    site = StandIn(**{name: HAZARDS[name] for name in HANGING})
    with serve(site) as replica:
        yield [walks.outcome, crawl(replica, site.urls(), **MANY_AT_ONCE, BROWSER_TIMEOUT=8)]
        strangers = {line.host for line in (*walks.replica.log, *replica.log)} - {"www.kompas.com"}
        assert not strangers, strangers


@pytest.fixture
def answers(outcomes: list[Outcome]) -> Answers:
    """Return what became of each."""
    return {name: answer for one in outcomes for name, answer in one.answers.items()}


@pytest.mark.parametrize(("name", "error"), ENDS.items())
def test_error(answers: Answers, name: str, error: str) -> None:
    """What cannot be walked fails with a named error."""
    assert answers[name].get("error") == error, answers[name]


@pytest.mark.parametrize("name", ["alert", "popup", "leaves"])
def test_walked_all_the_same(answers: Answers, name: str) -> None:
    """Dialogs, popups and ways elsewhere do not keep an article from being walked."""
    answer = answers[name]
    assert "Satu." in answer["body"], answer
    assert answer["is_whole"]


def test_reloads(answers: Answers) -> None:
    """A page that reloads without end fails by name, wherever it is caught at it."""
    assert answers["reloads"]["error"] in ("BrowserTimeout", "BrowserRefused")


def test_redirect_on_site(answers: Answers) -> None:
    """A redirect within the site leads to the article, both pages of it."""
    assert len(answers["redirect_on"]["documents"]) == 2


def test_textless(answers: Answers) -> None:
    """A page without the text that the walk looks for is handed on, and not called whole."""
    answer = answers["textless"]
    assert (answer["is_whole"], answer["stopped"]) == (False, "no text")


def test_every_request_is_answered(answers: Answers) -> None:
    """Nothing is lost: each request ends in its callback or its errback."""
    assert answers.keys() >= HAZARDS.keys()


def test_no_page_is_left_open(outcomes: list[Outcome]) -> None:
    """However a page ended, its context was closed."""
    assert [outcome.stats["browser/pages_open"] for outcome in outcomes] == [0, 0]
