"""Faults that answer another page than was asked for: a test, a question, a notice.

Registered among ``FAULTS``. Built like the pages of the products and of sites in general, with
words of our own; none was captured on kompas.com. Option ``status`` (200), and of a challenge
its ``variant``.
"""

from html import escape
from typing import Final

from tests.replica.exchange import Answer, FaultAnswer, Options, Reply, Request

_CLOUDFLARE: Final = (
    '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>'
    '<meta name="robots" content="noindex,nofollow"></head><body class="no-js">'
    '<div class="main-wrapper" role="main"><div class="main-content"><noscript>'
    '<div class="h2"><span id="challenge-error-text">Scripts and cookies are needed to go on'
    "</span></div></noscript></div></div><script>(function(){window._cf_chl_opt = "
    '{cvId: "3", cZone: "www.kompas.com", cType: "managed"};})();</script></body></html>'
)
_CAPTCHA: Final = (
    "<!DOCTYPE html><html><head><title>www.kompas.com</title></head><body>"
    "<h1>Mohon tunjukkan bahwa Anda manusia</h1>"
    '<form method="post"><div class="h-captcha" data-sitekey="0"></div></form></body></html>'
)
_IN_WORDS: Final = (
    "<!DOCTYPE html><html><head><title>Akses ditolak</title></head><body>"
    "<h1>Akses ditolak</h1><p>Nomor kejadian 18.2f.</p></body></html>"
)
_SCRIPT: Final = (
    '<html><head></head><body><script>document.cookie = "seen=1; path=/";'
    "location.reload();</script></body></html>"
)
_CONSENT: Final = (
    '<!DOCTYPE html><html lang="id"><head><title>Sebelum melanjutkan</title></head><body>'
    "<h1>Sebelum Anda melanjutkan</h1><p>Kami dan mitra memakai cookie di situs ini.</p>"
    '<form action="/consent" method="post"><button>Terima semua cookie</button>'
    "<button>Tolak</button></form></body></html>"
)
_LOGIN: Final = (
    '<!DOCTYPE html><html lang="id"><head><title>Masuk ke akun</title></head><body>'
    '<h1>Masuk</h1><form action="/login" method="post"><input type="email" name="email">'
    '<input type="password" name="password"><button>Masuk</button></form></body></html>'
)
_MAINTENANCE: Final = (
    '<!DOCTYPE html><html lang="id"><head><title>Pemberitahuan</title></head><body>'
    "<h1>Situs sedang dalam pemeliharaan</h1><p>Kami segera kembali.</p></body></html>"
)
CHALLENGES: Final = {
    "cloudflare": _CLOUDFLARE,
    "captcha": _CAPTCHA,
    "words": _IN_WORDS,
    "script": _SCRIPT,
}
"""The challenge pages by variant."""
OTHERS: Final = {"consent": _CONSENT, "login": _LOGIN, "maintenance": _MAINTENANCE}
"""The other pages by kind."""


def _challenge(request: Request, answer: Answer, options: Options) -> Reply:
    del request, answer
    variant = str(options.get("variant", "cloudflare"))
    headers = {"cf-mitigated": "challenge"} if variant == "cloudflare" else {}
    body = CHALLENGES[variant].encode()
    return Reply(status=int(options.get("status", 200)), body=body, headers=headers)


def _page(markup: str) -> FaultAnswer:
    def fault(request: Request, answer: Answer, options: Options) -> Reply:
        del answer
        note = f"<!-- {escape(request.path)} -->"
        return Reply(status=int(options.get("status", 200)), body=(markup + note).encode())

    return fault


NON_CONTENT: Final[dict[str, FaultAnswer]] = {
    "challenge": _challenge,
    **{kind: _page(markup) for kind, markup in OTHERS.items()},
}
"""Every such fault by name, which is the kind of page it answers."""
