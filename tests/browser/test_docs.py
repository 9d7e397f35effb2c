"""docs/browser.md names every setting and every error."""

from pathlib import Path

import pytest

from kompascrawler import settings
from kompascrawler.browser import request
from kompascrawler.browser.request import BrowserError
from tests.crawls import ROOT

TEXT = (Path(ROOT) / "docs" / "browser.md").read_text()
SETTINGS = [name for name in vars(settings) if name.startswith("BROWSER_")]
ERRORS = [
    name
    for name, thing in vars(request).items()
    if isinstance(thing, type) and issubclass(thing, BrowserError)
]


@pytest.mark.parametrize("name", [*SETTINGS, *ERRORS])
def test_is_documented(name: str) -> None:
    """Each stands in the docs under its name."""
    assert f"`{name}`" in TEXT or f"request.{name}`" in TEXT
