"""What can go wrong with the site on request: faults by name, addressed, counted.

A fault is a function that gets the request, a way to the site's own answer, and its options;
it returns what is answered instead. ``FAULTS`` is the place to register another.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any
from zlib import crc32

from kompascrawler.identity import parse_address
from tests.replica.broken import BROKEN
from tests.replica.exchange import Answer, FaultAnswer, Options, Reply, Request
from tests.replica.hazards import HAZARDS
from tests.replica.non_content import NON_CONTENT


def _status(status: int) -> FaultAnswer:
    def fault(_: Request, __: Answer, options: Options) -> Reply:
        headers = {"Retry-After": str(options["retry_after"])} if "retry_after" in options else {}
        body = f"<html><head><title>{status}</title></head><body></body></html>".encode()
        return Reply(status=status, body=body, headers=headers)

    return fault


def _slow(request: Request, answer: Answer, options: Options) -> Reply:
    return replace(answer(request), delay=float(options.get("seconds", 1.0)))


def _drop(request: Request, answer: Answer, options: Options) -> Reply:
    del request, answer, options
    return Reply(cut=0)


def _truncate(request: Request, answer: Answer, options: Options) -> Reply:
    reply = answer(request)
    return replace(reply, cut=max(1, int(len(reply.body) * float(options.get("share", 0.5)))))


def _empty(request: Request, answer: Answer, options: Options) -> Reply:
    del request, answer, options
    return Reply()


def _robots_deny(request: Request, answer: Answer, options: Options) -> Reply:
    del options
    if request.path != "/robots.txt":
        return answer(request)
    return Reply(body=b"User-agent: *\nDisallow: /\n", content_type="text/plain")


def _rewrite(request: Request, answer: Answer, options: Options) -> Reply:
    """Change the markup by rules, on a share of the articles and on every other page."""
    reply = answer(request)
    address = parse_address(request.url)
    if address and crc32(address.id.encode()) % 100 >= 100 * float(options.get("share", 1.0)):
        return reply
    body = reply.body.decode()
    for pattern, replacement in options["rules"]:
        body = re.sub(pattern, replacement, body)
    # "\udcff" in a replacement is the byte FF.
    return replace(reply, body=body.encode(errors="surrogateescape"))


def _stale(request: Request, answer: Answer, options: Options) -> Reply:
    """Answer a listing page as a cache has kept it; other pages as they are."""
    return answer(replace(request, back=int(options.get("back", 5))))


FAULTS: dict[str, FaultAnswer] = {
    "400": _status(400),
    "403": _status(403),
    "404": _status(404),
    "410": _status(410),
    "429": _status(429),
    "500": _status(500),
    "503": _status(503),
    "slow": _slow,
    "drop": _drop,
    "truncate": _truncate,
    "half_body": _truncate,
    "empty": _empty,
    "robots_deny": _robots_deny,
    "rewrite": _rewrite,
    "stale": _stale,
    # The host takes no connection: told apart by the gateway before there is a request.
    "unreachable": _drop,
    # Nor here: the host proves itself by an odd certificate (connections.py).
    "certificate": _drop,
    **HAZARDS,
    **NON_CONTENT,
    **BROKEN,
}
"""Every fault by name. Options: ``retry_after`` (statuses), ``seconds`` (slow), ``share``
(truncate; ``half_body`` is its name among the hazards), ``rules`` (rewrite: pairs of a regular
expression and what takes its place) and ``share`` (of the articles), ``back`` (stale: how many
articles ago), ``count`` (many_links), ``odd`` (certificate: which one), and those that
non_content.py and broken.py name."""

_OF_CONNECTIONS = ("unreachable", "certificate")


@dataclass(kw_only=True)
class Fault:
    """A fault that has been ordered: which one, for what, how often."""

    name: str
    article: str | None = None
    """Identity of the article it is for ("2023-09-16-170000170"), or None: any address."""
    path: str | None = None
    """Regular expression that the path with its query must match somewhere, or None."""
    host: str | None = None
    """The host it is for, or None: every one."""
    times: int | None = None
    """How many requests it still strikes, or None: all."""
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a name that is not registered."""
        if self.name not in FAULTS:
            raise ValueError(f"no fault {self.name!r}; there are: {', '.join(sorted(FAULTS))}")

    def meets(self, request: Request) -> bool:
        """Tell whether the request is one of those that the fault is for."""
        address = f"{request.path}?{request.query}" if request.query else request.path
        return (
            (self.host is None or self.host == request.host)
            and (self.article is None or _article_path(self.article) in address)
            and (self.path is None or re.search(self.path, address) is not None)
        )


class Faults:
    """The faults in force; safe to change from another thread than the proxy's."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._faults: list[Fault] = []

    def add(self, name: str, **order: Any) -> None:
        """Order a fault: ``article``, ``path``, ``host``, ``times``; the rest are its options."""
        known = {
            key: order.pop(key) for key in ("article", "path", "host", "times") if key in order
        }
        with self._lock:
            self._faults.append(Fault(name=name, **known, options=order))

    def load(self, orders: Iterable[Mapping[str, Any]]) -> None:
        """Order several faults, each as a mapping with its ``name``."""
        for order in orders:
            self.add(**order)

    def clear(self) -> None:
        """End every fault."""
        with self._lock:
            self._faults.clear()

    def answer(self, request: Request, site: Answer) -> Reply:
        """Return what the site answers, or what the first fault that strikes makes of it."""
        fault = self._strike(request, lambda fault: fault.name not in _OF_CONNECTIONS)
        if fault is None:
            return site(request)
        return FAULTS[fault.name](request, site, fault.options)

    def refuses(self, host: str) -> bool:
        """Tell whether the host takes no connection now."""
        connection = Request(host=host)
        return self._strike(connection, lambda fault: fault.name == "unreachable") is not None

    def odd_certificate(self, host: str) -> str | None:
        """Return how the certificate is odd that the host shows now; None: it is not."""
        fault = self._strike(Request(host=host), lambda fault: fault.name == "certificate")
        return fault.options["odd"] if fault else None

    def _strike(self, request: Request, is_wanted: Callable[[Fault], bool]) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if is_wanted(fault) and fault.times != 0 and fault.meets(request):
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None


def _article_path(article_id: str) -> str:
    return "/" + article_id.replace("-", "/") + "/"
