"""Links are told apart by their addresses."""

from kompascrawler.discovery.links import MOST_ARTICLES, sort_links
from kompascrawler.sections import SECTIONS


def test_kinds() -> None:
    """Articles of the section come once and in order; the rest is counted by kind."""
    found = sort_links(
        [
            "https://www.kompas.com/global/read/2020/10/16/101742570/b",
            "https://internasional.kompas.com/read/2020/10/16/111742570/a",
            "http://www.kompas.com/global/read/2020/10/16/101742570/other-slug?page=2",
            "https://www.kompas.com/tren/read/2020/10/16/101742565/x",
            "https://video.kompas.com/watch/123/x",
            "https://foto.kompas.com/photo/read/x",
            "https://www.kompas.com/tag/rusia",
            "https://www.kompas.com/",
            "https://[broken",
            "javascript:void(0)",
        ],
        SECTIONS["global"],
    )
    assert [link.id for link in found.articles] == ["2020-10-16-101742570", "2020-10-16-111742570"]
    assert found.others == {"other_section": 1, "video": 1, "photo": 1, "tag": 1, "other": 3}


def test_years_to_come() -> None:
    """An address of a year that has not come leads to no article."""
    hrefs = [
        f"https://www.kompas.com/global/read/{year}/01/01/101742570/x" for year in (2020, 2999)
    ]
    found = sort_links(hrefs, SECTIONS["global"])
    assert [link.id for link in found.articles] == ["2020-01-01-101742570"]
    assert found.others == {"future": 1}


def test_more_than_any_listing_has() -> None:
    """Of ten thousand links the first are taken; the rest is counted."""
    hrefs = [
        f"https://www.kompas.com/global/read/2020/01/01/100000{n:04}70/x" for n in range(10_000)
    ]
    found = sort_links(hrefs, SECTIONS["global"])
    assert (len(found.articles), found.others["beyond"]) == (MOST_ARTICLES, 9_500)
    assert found.articles[0].id == "2020-01-01-100000000070"
