"""What is odd about an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.identity import oddity


@pytest.mark.parametrize(
    ("url", "odd"),
    [
        ("https://www.kompas.com/global", None),
        ("http://www.kompas.com:80/global", None),
        ("https://www.kompas.com:443/global", None),
        ("https://www.kompas.com:80/global", "another port"),
        ("https://www.kompas.com:0/global", "another port"),
        ("https://a@www.kompas.com/global", "a user name"),
        ("https://@www.kompas.com/global", "a user name"),
        ("ftp://www.kompas.com/global", "another scheme"),
        ("file:///etc/passwd", "another scheme"),
        ("https://www.kompas.com:99999/", "no address"),
        ("https://[", "no address"),
    ],
)
def test_oddities(url: str, odd: str | None) -> None:
    """Plain addresses of http and https, with their own port or none, are not odd."""
    assert oddity(url) == odd


@given(st.text())
def test_any_text(url: str) -> None:
    """Whatever is given, there is an answer."""
    assert oddity(url) is None or oddity(url)
