"""A data folder for the tests of the data set."""

from pathlib import Path

import pytest

from tests.dataset.folders import NUMBERS, publish


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data folder as a run has left it."""
    folder = tmp_path / "data"
    publish(folder, "run", *NUMBERS)
    return folder
