"""Why a request came to nothing."""

import pytest
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import HtmlResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectionLost

from kompascrawler.run.requests import cause_of

URL = "https://www.kompas.com/global/read/2023/09/16/170000170/judul"


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (HttpError(HtmlResponse(URL, status=503)), "http 503"),
        (IgnoreRequest("Forbidden by robots.txt"), "Forbidden by robots.txt"),
        (IgnoreRequest("max redirections reached"), "max redirections reached"),
        (IgnoreRequest("two\nlines"), "two lines"),
        (IgnoreRequest(), "IgnoreRequest: "),
        (IgnoreRequest("… exceeded DOWNLOAD_MAXSIZE (…)"), "larger than DOWNLOAD_MAXSIZE when"),
        (DownloadCancelledError(), "larger than DOWNLOAD_MAXSIZE"),
        (ResponseDataLossError(), "the answer broke off"),
        (DownloadFailedError("[<twisted…>]"), "the connection broke"),
        (ConnectionLost("cut\noff"), "ConnectionLost: Connection to the other side was lost"),
    ],
)
def test_causes(error: Exception, cause: str) -> None:
    """Robots, redirect loops and broken connections are told apart, in one line."""
    said = cause_of(error)
    assert said.startswith(cause)
    assert len(said.splitlines()) == 1
