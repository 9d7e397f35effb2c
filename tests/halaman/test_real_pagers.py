"""What the real first pages say of their other pages."""

from pathlib import Path

from kompascrawler.halaman.assembly import Assembly
from kompascrawler.pages import PageRefused, article_page
from tests.conftest import read_page

URL = "https://www.kompas.com/global/read/2020/10/17/160000470/"


def test_real_first_pages_lead_to_the_second(real_pages: Path) -> None:
    """No pager hides its pages; each divided page asks for page 2, each single one for nothing."""
    divided = 0
    for path in sorted((real_pages / "pages").glob("*__www_global__*.gz")):
        try:
            part = article_page(URL, read_page(path)).part()
        except PageRefused:
            continue
        assert (part.hides_pages, part.number_stated) in ((False, None), (False, 1)), path.name
        is_divided = (part.pages_declared or 1) > 1
        assert Assembly(part).begin() == (2 if is_divided else "done"), path.name
        divided += is_divided
    assert divided > 10
