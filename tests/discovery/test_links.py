"""Links are told apart by their addresses."""

from kompascrawler.discovery.links import sort_links
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
