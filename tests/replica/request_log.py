"""The log of every request that reached a replica."""

import time
from collections import deque
from dataclasses import dataclass

from tests.replica.exchange import Request
from tests.replica.robots import is_forbidden

_LONGEST_LOG = 200_000


@dataclass(frozen=True, slots=True)
class Line:
    """One request, as the log keeps it."""

    host: str
    path: str
    query: str
    status: int
    """Status answered; 0 where the connection was broken before."""
    user_agent: str
    time: float
    """When it was answered, seconds since 1970."""
    is_forbidden: bool
    """Whether robots.txt forbids the address."""
    scheme: str = "https"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.host}{self.path}{'?' if self.query else ''}{self.query}"


class RequestLog:
    """Every request so far, the oldest first; the very oldest fall out."""

    def __init__(self) -> None:
        self.lines: deque[Line] = deque(maxlen=_LONGEST_LOG)

    def add(self, request: Request, status: int) -> None:
        """Write down a request and the status answered."""
        self.lines.append(
            Line(
                host=request.host,
                path=request.path,
                query=request.query,
                status=status,
                user_agent=request.user_agent,
                time=time.time(),
                is_forbidden=is_forbidden(request.path, request.query),
                scheme=request.scheme,
            )
        )
