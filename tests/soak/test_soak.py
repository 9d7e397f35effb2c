"""The crawler in all that can happen to it: a short form, and the long one."""

from pathlib import Path

import pytest

from tests.soak.soak import Soak


def test_short(tmp_path: Path) -> None:
    """After 6 runs with mishaps, and some without, the files hold what the site published."""
    assert Soak(tmp_path, runs=6, seed=8).run() == []


@pytest.mark.soak
def test_long(tmp_path: Path) -> None:
    """The same after 300 runs, and neither the state nor idle runs have grown."""
    assert Soak(tmp_path, runs=300, seed=1).run() == []
