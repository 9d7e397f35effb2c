"""The examples in the docstrings hold."""

import doctest

import pytest

from kompascrawler.doctor import environment, finding


@pytest.mark.parametrize("module", [environment, finding])
def test_examples(module: object) -> None:
    """Each example gives what it shows."""
    result = doctest.testmod(module)  # type: ignore[arg-type]  # modules of the table
    assert result.attempted > 0
    assert result.failed == 0
