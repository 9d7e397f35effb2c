"""The examples in the replica's docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

from kompascrawler import replica

MODULES = [f"{replica.__name__}.{module.name}" for module in pkgutil.iter_modules(replica.__path__)]


@pytest.mark.parametrize("module", MODULES)
def test_examples(module: str) -> None:
    """Each example gives what it says."""
    assert doctest.testmod(importlib.import_module(module)).failed == 0
