"""Answers that are no content: told by their bytes, noted at the request, raised for errbacks."""

from collections.abc import Mapping
from typing import Final

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from kompascrawler.pages.imposters import HEADERS, Kind, imposter

IMPOSTER: Final = "imposter"
"""Key in ``Request.meta``: what the answer is instead of content (``pages.imposters.Kind``)."""


class ImposterServed(IgnoreRequest):
    """An answer that is no content; errbacks see it as ``failure.value``."""

    def __init__(self, kind: Kind, response: Response) -> None:
        super().__init__(f"{kind} page instead of content")
        self.kind = kind
        self.response = response


def imposter_in(response: Response) -> Kind | None:
    """Return what an answer is instead of content, or None."""
    return imposter(response.body, status=response.status, headers=telling_headers(response))


def telling_headers(response: Response) -> Mapping[str, str]:
    """Return those of an answer's headers that may tell an imposter, names in lower case."""
    return {
        name: value.decode("latin-1") for name in HEADERS if (value := response.headers.get(name))
    }
