"""A Chromium to test with."""

import pytest

from tests.browser.crawls import require_chromium


@pytest.fixture(scope="session")
def chromium() -> None:
    """Skip what needs a Chromium where none is installed; CI installs one."""
    require_chromium()
