"""The settings of the browser."""

import pytest
from scrapy.settings import Settings

from kompascrawler.browser.options import Options


def _options(**settings: object) -> Options:
    chosen = Settings()
    chosen.setmodule("kompascrawler.settings")
    chosen.update(settings)
    return Options.from_settings(chosen)


def test_defaults() -> None:
    """Each has a value without being set, and certificates must prove something."""
    options = _options(BROWSER_EXECUTABLE=None, BROWSER_CDP_URL=None, BROWSER_HEADED="0")
    assert (options.timeout, options.recycle_pages) == (60.0, 100)
    assert (options.executable, options.cdp_url, options.headed) == (None, None, False)
    assert not options.ignore_https_errors


@pytest.mark.parametrize(("given", "read"), [("1", True), ("0", False), ("True", True)])
def test_headed_as_text(given: str, read: bool) -> None:  # noqa: FBT001 - a table
    """The environment's text is read as yes or no."""
    assert _options(BROWSER_HEADED=given).headed is read


def test_numbers_as_text() -> None:
    """The command line's text is read as a number of the setting's type."""
    options = _options(BROWSER_MAX_MEMORY_MB="2", BROWSER_TIMEOUT="7")
    assert (options.max_memory_mb, options.timeout) == (2, 7.0)
    assert type(options.timeout) is float
