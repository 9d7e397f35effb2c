"""Which articles are Global ones."""

import pytest

from kompascrawler.identity import parse_address
from kompascrawler.sections import SECTIONS


@pytest.mark.parametrize(
    ("url", "is_global"),
    [
        ("https://www.kompas.com/global/read/2020/10/16/101742570/x", True),
        ("https://internasional.kompas.com/read/2026/06/28/120000270/x", True),
        ("https://internasional.kompas.com/read/2018/03/29/10534231/x", True),
        ("http://internasional.kompas.com/read/xml/2012/01/05/0711381/X.Y", True),
        ("https://amp.kompas.com/global/read/2020/10/16/101742570/x", True),
        ("https://kompas.com/global/read/2020/10/16/101742570/x", True),
        ("https://m.kompas.com/global/read/2020/10/16/101742570/x", False),
        ("https://video.kompas.com/global/read/2020/10/16/101742570/x", False),
        ("https://www.kompas.com/global/read/2020/10/16/101742565/x", False),
        ("https://www.kompas.com/tren/read/2020/10/16/101742565/x", False),
        ("https://nasional.kompas.com/read/2020/10/16/10174270/x", False),
        ("https://money.kompas.com/read/2020/10/16/101742570/x", False),
    ],
)
def test_global_articles(url: str, *, is_global: bool) -> None:
    """Host and path must be the section's, and a nine-digit number must end in 70."""
    address = parse_address(url)
    assert address is not None
    assert SECTIONS["global"].holds(address) is is_global
    assert SECTIONS["any"].holds(address)
