"""The examples in the docstrings hold."""

import doctest
from importlib import import_module

import pytest

from tests.crawls import ROOT

FILES = sorted((ROOT / "kompascrawler").rglob("*.py"))
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in FILES
    if ">>> " in path.read_text()
]


@pytest.mark.parametrize("module", MODULES)
def test_examples(module: str) -> None:
    """Each example gives what it shows."""
    result = doctest.testmod(import_module(module))
    assert result.attempted > 0
    assert result.failed == 0
