"""An open store for the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kompascrawler.store.store import Store
from tests.store.synthetic import Clock


@pytest.fixture
def clock() -> Clock:
    """Return a clock that the test sets."""
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """Return an open store in a folder of its own."""
    opened = Store(tmp_path / "data", "run", clock=clock)
    yield opened
    opened.close()
