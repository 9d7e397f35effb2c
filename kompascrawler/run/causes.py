"""Why a request came to nothing, in words for people; ``error`` is what a failure holds. Pure."""

from collections.abc import Mapping
from typing import Final

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

_CAUSES: Final[Mapping[type[Exception], str]] = {
    # Scrapy says of them what its libraries raised, which is Twisted's names or nothing at all.
    DownloadCancelledError: "larger than DOWNLOAD_MAXSIZE",
    ResponseDataLossError: "the answer broke off",
    DownloadFailedError: "the connection broke",
    DownloadTimeoutError: "no answer in time",
    DownloadConnectionRefusedError: "connection refused",
    CannotResolveHostError: "host not found",
}


def cause_of(error: BaseException | None) -> str:
    """Name in a few words why a request failed, for people and for the retry queue."""
    if isinstance(error, HttpError):
        return f"http {error.response.status}"
    for kind, cause in _CAUSES.items():
        if isinstance(error, kind):
            return cause
    if isinstance(error, IgnoreRequest) and "exceeded DOWNLOAD_MAXSIZE" in str(error):
        return "larger than DOWNLOAD_MAXSIZE when unpacked"
    if isinstance(error, IgnoreRequest) and str(error):
        # Scrapy's words: forbidden by robots.txt, redirected too often, off the section's hosts.
        return " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]


def is_gone(error: BaseException | None) -> bool:
    """Tell whether the site says that there is no such page."""
    return isinstance(error, HttpError) and error.response.status in (404, 410)
