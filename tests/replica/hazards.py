"""Faults that are hard on a browser: hostile scripts, answers that are no page, ways elsewhere.

Registered among ``FAULTS``. What changes a page leaves other answers (robots.txt, what scripts
fetch) alone.
"""

from dataclasses import replace
from typing import Final

from tests.replica.exchange import Answer, FaultAnswer, Options, Reply, Request, redirect

_LOOP: Final = (
    '<script>addEventListener("load", function () { setTimeout(function () { for (;;) {} }); });'
    "</script>"
)
_ALERT: Final = (
    '<script>alert("Selamat datang"); confirm("Izinkan notifikasi?"); '
    'open("/global", "popup", "width=300,height=300");</script>'
)
_TALK: Final = (
    '<script>new RTCPeerConnection({iceServers: [{urls: "stun:talk.example"}]})'
    '.createDataChannel("x");</script>'
)
_STOP: Final = "<script>stop();</script>"
_AWAY: Final = '<script>location.replace("/global");</script>'


def _before(mark: bytes, markup: str) -> FaultAnswer:
    """Return a fault that puts markup before a mark of the site's page."""

    def fault(request: Request, answer: Answer, options: Options) -> Reply:
        del options
        reply = answer(request)
        return replace(reply, body=reply.body.replace(mark, markup.encode() + mark, 1))

    return fault


def _many_links(request: Request, answer: Answer, options: Options) -> Reply:
    """Put a list of links, built like a pager, below everything."""
    links = "".join(
        f'<div class="paging__item"><a class="paging__link" '
        f'href="https://indeks.kompas.com?site=global&page={n}">{n}</a></div>'
        for n in range(1, int(options.get("count", 5000)) + 1)
    )
    box = f'<div class="paging__wrap clearfix">{links}</div>'
    return _before(b"</body>", box)(request, answer, options)


def _download(request: Request, answer: Answer, options: Options) -> Reply:
    del options
    headers = {"Content-Disposition": 'attachment; filename="artikel.html"'}
    return replace(answer(request), headers=headers)


def _no_content(request: Request, answer: Answer, options: Options) -> Reply:
    del request, answer, options
    return Reply(status=204)


def _never_loads(request: Request, answer: Answer, options: Options) -> Reply:
    del options
    return replace(answer(request), stall=0)


def _redirect_to(location: str | None) -> FaultAnswer:
    """Return a fault that leads to an address; without one, to the address asked for."""

    def fault(request: Request, answer: Answer, options: Options) -> Reply:
        del answer, options
        return redirect(location or request.url, status=302)

    return fault


HAZARDS: Final[dict[str, FaultAnswer]] = {
    "loop": _before(b"</body>", _LOOP),
    "alert": _before(b"</body>", _ALERT),
    "talk": _before(b"</body>", _TALK),
    "abort": _before(b"<title>", _STOP),
    "leave": _before(b"<title>", _AWAY),
    "many_links": _many_links,
    "download": _download,
    "no_content": _no_content,
    "never_loads": _never_loads,
    "redirect_loop": _redirect_to(None),
    "redirect_off": _redirect_to("https://example.com/"),
    # Where machines in a cloud find their keys: nobody's business on a news site.
    "redirect_private": _redirect_to("http://169.254.169.254/"),
}
"""Every hazard by name: a script that loops for ever once the page is loaded; alert, confirm and
a popup; talk past the proxy (WebRTC); a navigation that a script stops, or leads elsewhere; and
what their names say."""
