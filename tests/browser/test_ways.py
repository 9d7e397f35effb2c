"""The walker tries again, and tries another way: on a machine that is busy on purpose, too."""

import pytest

from tests.browser.crawls import Walks, crawling
from tests.browser.stand_in import NEXT, Page, StandIn, article
from tests.faults.arrangements import busy_machine
from tests.replica.exchange import Reply, Request
from tests.replica.serve import serve

# One worker crawls for all of them.
pytestmark = pytest.mark.xdist_group("walks")

PARTS = ("Satu.", "Dua.", "Tiga.")
HEAD = '<meta name="content_total_pages" content="3">'
BUTTON = '<button class="more">Muat Lagi</button>'
_BRING = """
const body = document.querySelector(".read__content");
let shown = 1, busy = false;
const bring = async (number, put) => {
    if (busy || number > 3) return;
    busy = true;
    const answer = await fetch(location.pathname + "?n=" + number);
    put(await answer.text());
    shown = number;
    busy = false;
};
const swap = html => { body.innerHTML = html; };
const append = html => body.insertAdjacentHTML("beforeend", html);
const on = (selector, act) => document.querySelectorAll(selector).forEach(item =>
    item.addEventListener("click", event => { event.preventDefault(); act(item); }));
"""
_NUMBERS = 'on(".paging__link", link => bring(Number(link.textContent), swap));'
_SCROLL = 'addEventListener("scroll", () => bring(shown + 1, append));'
_NEXT = 'on("a.next", () => bring(shown + 1, append));'
_BUTTON = 'on(".more", () => bring(shown + 1, append));'


def pager(address: str) -> str:
    """Return the numbered links, each with an address."""
    links = (f'<a class="paging__link" href="{address.format(n)}">{n}</a>' for n in (1, 2, 3))
    return f'<div class="read__paging">{"".join(links)}</div>'


def ways(script: str, below: str, head: str = "", late: int = 0) -> Page:
    """Return an article whose script, which listens so late, brings two more pages."""
    script = f"{_BRING} setTimeout(() => {{ {script} }}, {late});"

    def page(request: Request, _: int) -> Reply:
        if request.query.startswith("n="):
            return Reply(body=f"<p>{PARTS[int(request.query[2:]) - 1]}</p>".encode())
        return article(PARTS[0], script=script, below=below + "<br>" * 200, head=HEAD + head)

    return page


SCRIPTED, LYING = pager("javascript:void(0)"), pager("?page={}")
KINDS = {
    "numbers": ways(_NUMBERS, SCRIPTED),
    "scroll": ways(_SCROLL, ""),
    "next": ways(_NEXT, LYING + NEXT),
    "button": ways(_BUTTON, BUTTON),
}
"""How most articles of several pages might bring them."""
ODD = {
    "late": ways(_NUMBERS, SCRIPTED, late=1500),
    "late_button": ways(_BUTTON, BUTTON, late=1500),
    "lying_numbers_scroll": ways(_SCROLL, LYING),
    "lying_numbers_button": ways(_BUTTON, LYING + BUTTON),
    "dead_numbers_button": ways(_BUTTON, SCRIPTED + BUTTON),
    "dead_next_scroll": ways(_SCROLL, SCRIPTED + NEXT),
    "locked": ways(
        _NUMBERS + "document.body.classList.add('-locked');",
        SCRIPTED,
        head="<style>.-locked .read__content {visibility: hidden} "
        ".-locked .read__paging {display: none}</style>",
    ),
    "invisible": ways(
        _NUMBERS, SCRIPTED, head="<style>.read__content {visibility: hidden}</style>"
    ),
}
"""Listeners that come late, ways that lead nowhere beside one that works, overlays."""


def is_whole(answer: dict[str, object]) -> bool:
    """Tell whether a walk brought each part once, and says so."""
    text = str(answer.get("documents"))
    return answer.get("is_whole") is True and [text.count(part) for part in PARTS] == [1, 1, 1]


@pytest.mark.parametrize("name", [*KINDS, *ODD])
def test_whole(walks: Walks, name: str) -> None:
    """Every way that brings the pages is found, whatever stands beside it."""
    assert is_whole(walks.outcome.answers[name]), walks.outcome.answers[name]


@pytest.mark.soak
def test_busy_machine(chromium: None) -> None:
    """100 articles of each kind, two loops on each processor: all whole in one run."""
    pages = {f"{kind}{number}": page for kind, page in KINDS.items() for number in range(100)}
    site = StandIn(**pages)
    with busy_machine(), serve(site) as replica, crawling(replica, site.urls()) as running:
        answers = running.end(3600).answers
    assert [name for name in pages if not is_whole(answers[name])] == []
