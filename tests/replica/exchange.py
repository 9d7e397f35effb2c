"""What the proxy hands to a site and gets back: one request, one reply. Pure data."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from tests.replica.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it reached the proxy, its address taken apart."""

    method: str = "GET"
    scheme: str = "https"
    host: str
    """Host name, lower case, without a port."""
    path: str = "/"
    query: str = ""
    """The part after ``?``, undecoded; empty when there is none."""
    user_agent: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """All header lines, names in lower case."""
    body: bytes = b""
    back: int = 0
    """Listings answer as they were so many articles ago: what a cache has kept."""

    @classmethod
    def get(cls, url: str) -> "Request":
        """Return the GET request for an address.

        >>> Request.get("https://indeks.kompas.com?site=global&page=2").path
        '/'
        """
        parts = urlsplit(url)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "",
            path=parts.path or "/",
            query=parts.query,
        )

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.host}{self.path}{'?' if self.query else ''}{self.query}"

    @property
    def parameters(self) -> dict[str, str]:
        """The query's parameters; the last one wins where a name comes twice."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, and how it reaches the client."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=UTF-8"
    """The header of that name; none is sent where it is empty."""
    headers: dict[str, str] = field(default_factory=dict)
    """Further header lines (``Location``, ``Retry-After``)."""
    delay: float = 0.0
    """Seconds that the proxy waits before it answers."""
    cut: int | None = None
    """Bytes of the body after which the connection breaks; 0: before the head is sent."""
    stall: int | None = None
    """Bytes of the body after which nothing more comes, though the connection stays."""
    is_chunked: bool = False
    """Whether the body comes in chunks and its length is not announced."""


Answer = Callable[[Request], Reply]
"""A way to the site's own answer."""
Options = Mapping[str, Any]
"""Options of a fault, by name."""
FaultAnswer = Callable[[Request, Answer, Options], Reply]
"""What a fault answers instead of the site."""


class Served(Protocol):
    """What can be served: the generated site, or a folder of saved pages."""

    def serves(self, host: str) -> bool:
        """Tell whether the host belongs to the site."""

    def answer(self, request: Request) -> Reply:
        """Answer a request for one of the site's hosts."""

    def publish(self, n: int) -> int:
        """Make up to ``n`` newer articles visible; return how many there were."""


@runtime_checkable
class Editable(Protocol):
    """A site whose articles can be changed while it is served: the generated one."""

    @property
    def stories(self) -> "list[Story]":
        """The listed Global articles, newest first."""

    def revise(self, article_id: str, parts: Collection[str]) -> "Story":
        """Change parts of an article (``edits.PARTS``); ValueError where it cannot be done."""

    def delete(self, article_id: str, status: int) -> None:
        """Answer an article with a status from now on; ValueError where there is none."""


def redirect(location: str, status: int = 301) -> Reply:
    """Return a redirect, as the site's servers send it: with a small page."""
    body = f'<html><body><a href="{location}">Moved</a></body></html>'.encode()
    return Reply(status=status, body=body, headers={"Location": location})
