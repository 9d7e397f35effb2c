"""Faults that answer another page than was asked for: a test, a question, a notice.

Registered among ``FAULTS``. The pages (``templates/non_content``) are built like those of the
products and of sites in general, with words of our own; none was captured on kompas.com. Option
``status`` (200), and of a challenge its ``variant``.
"""

from html import escape
from typing import Final

from tests.replica.exchange import Answer, FaultAnswer, Options, Reply, Request
from tests.replica.templating import FOLDER


def _read(name: str) -> str:
    return (FOLDER / "non_content" / f"{name}.html").read_text(encoding="utf-8")


CHALLENGES: Final = {name: _read(name) for name in ("cloudflare", "captcha", "words", "script")}
"""The challenge pages by variant."""
OTHERS: Final = {name: _read(name) for name in ("consent", "login", "maintenance")}
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
