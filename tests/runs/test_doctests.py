"""The examples in the docstrings hold."""

import doctest

import pytest

from kompascrawler.runs import addresses, wording


@pytest.mark.parametrize("module", [addresses, wording])
def test_examples(module: object) -> None:
    """Each example gives what it shows."""
    result = doctest.testmod(module)  # type: ignore[arg-type]  # modules of the table
    assert result.attempted > 0
    assert result.failed == 0
