"""Addresses of Apprise: told apart, and hidden."""

import pytest

from kompascrawler.configuration.setting import addresses


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", []),
        (" json://a/ ,\n", ["json://a/"]),
        ("mailto://u:p@x?to=a,b;slack://t/", ["mailto://u:p@x?to=a,b", "slack://t/"]),
        (["json://a/", "json://b/, json://c/"], ["json://a/", "json://b/", "json://c/"]),
    ],
)
def test_addresses(given: str | list[str], expected: list[str]) -> None:
    """A list, or a text; a comma may be part of an address."""
    assert addresses(given) == expected
