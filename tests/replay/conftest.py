"""One crawl serves the tests of this folder: they run in one worker."""

from pathlib import Path

import pytest

from tests.replay.kept import NO_BROWSER, fill


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the pages of 60 articles; nobody changes it."""
    folder = tmp_path_factory.mktemp("crawled")
    fill(folder, 60, **NO_BROWSER)
    return folder
