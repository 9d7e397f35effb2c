"""A site of a few pages written for one test each; it has every host, so that leaks are seen."""

from collections import Counter
from collections.abc import Callable

from tests.replica import Site
from tests.replica.exchange import Reply, Request

Page = Callable[[Request, int], Reply]
"""Answers a request; the number tells how often the address was asked for before."""

PATH = "/global/read/2026/11/20/{number}/{name}"


def url(name: str) -> str:
    """Return the address of an article by its name, the same for the same name."""
    number = 100_000_070 + 100 * (sum(name.encode()) * 7919 % 9_999)
    return "https://www.kompas.com" + PATH.format(number=number, name=name)


def article(text: str, *, script: str = "", head: str = "", below: str = "") -> Reply:
    """Return an article's page: a body, what stands below it, an inline script at the end."""
    html = (
        '<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>Judul</title>'
        f'{head}</head><body><h1 class="read__title">Judul</h1>'
        f'<div class="read__content"><p>{text}</p></div>{below}'
        f"<script>{script}</script></body></html>"
    )
    return Reply(body=html.encode())


def always(reply: Reply) -> Page:
    """Return a page that is the same at every request."""
    return lambda *_: reply


BRINGS_PAGE_2 = """
document.querySelector(".read__paging__footnote a").onclick = async () => {
    const answer = await fetch(location.pathname + "?n=2");
    document.querySelector(".read__content").innerHTML = await answer.text();
};
"""
NEXT = (
    '<div class="read__paging__footnote"><h5>'
    '<a href="javascript:void(0)" class="next">Selanjutnya</a></h5></div>'
)


DECLARES_2 = '<meta name="content_total_pages" content="2">'


def two_pages(*, delays: tuple[float, ...] = (0.0,), head: str = DECLARES_2) -> Page:
    """Return an article whose second page a script brings, so much later at each request.

    One that declares its pages needs no waiting to see that there is no third.
    """

    def page(request: Request, times: int) -> Reply:
        if request.query != "n=2":
            return article("Satu.", script=BRINGS_PAGE_2, below=NEXT, head=head)
        return Reply(body=b"<p>Dua.</p>", delay=delays[min(times, len(delays) - 1)])

    return page


class StandIn:
    """Plays pages by the last part of their path."""

    def __init__(self, behind: Site | None = None, /, **pages: Page) -> None:
        """``behind`` answers what has no page here."""
        self._behind = behind
        self._pages = pages
        self._times: Counter[str] = Counter()

    def urls(self) -> dict[str, str]:
        """Return the address of each article by its name."""
        return {name: url(name) for name in self._pages}

    def serves(self, host: str) -> bool:
        """Serve every host: what the browser may not ask for must not even arrive."""
        return bool(host)

    def answer(self, request: Request) -> Reply:
        """Answer by the address's last part; everything is allowed to everybody but /komentar/."""
        if request.path == "/robots.txt":
            body = b"User-agent: *\nDisallow: /komentar/\nDisallow: *?utm_source=*\n"
            return Reply(body=body, content_type="text/plain")
        page = self._pages.get(request.path.rpartition("/")[2])
        if page is None:
            behind = self._behind
            return behind.answer(request) if behind else Reply(status=404, body=b"<html></html>")
        times = self._times[request.url]
        self._times[request.url] += 1
        return page(request, times)

    def publish(self, n: int) -> int:
        """There is never anything new."""
        return 0
