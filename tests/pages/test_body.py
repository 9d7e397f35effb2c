"""The walk over a body, on small pieces of markup."""

import pytest
from lxml import etree

from kompascrawler.pages.body import Body, read_body


def body_of(markup: str) -> Body:
    """Return what the walk finds in a container with this markup."""
    page = f'<div class="read__content">{markup}</div>'
    root = etree.fromstring(page, etree.HTMLParser())
    container = root.find(".//div")
    assert container is not None
    return read_body(container)


def texts(markup: str) -> list[tuple[str, str]]:
    """Return kind and text of the blocks."""
    return [(block.type, block.text) for block in body_of(markup).blocks]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>Satu <em>dua</em> tiga</p>", [("paragraph", "Satu dua tiga")]),
        ("<p>Satu</p>Luar<p>Dua</p>", [("paragraph", t) for t in ("Satu", "Luar", "Dua")]),
        ("<p>Satu<br />dua</p>", [("paragraph", "Satu\ndua")]),
        ("<p>Satu<br /><br />dua</p>", [("paragraph", "Satu"), ("paragraph", "dua")]),
        ("<h2>Judul</h2><h3> </h3><p></p>", [("heading", "Judul")]),
        ("<h2>" + "kata " * 40 + "</h2>", [("paragraph", ("kata " * 40).strip())]),
        ("<ul><li>Satu</li><li><p>Dua</p></li></ul>", [("list_item", t) for t in ("Satu", "Dua")]),
        ("<blockquote><p>Kutipan</p></blockquote>", [("quote", "Kutipan")]),
        (
            "<table><tr><th>A</th><td> </td><td>B</td></tr><tr><td></td></tr></table>",
            [("paragraph", "A | B")],
        ),
        ("<p>Satu<script>x()</script> dua<!-- ads --></p>", [("paragraph", "Satu dua")]),
        ("<p>Satu</p></p></p>dua</div>", [("paragraph", "Satu"), ("paragraph", "dua")]),
        (
            "<span class='ads-on-body'>Teks di dalam iklan</span>",
            [("paragraph", "Teks di dalam iklan")],
        ),
        ("<h2><div class='photo'><img src='a.jpg'></div>1. Satu</h2>", [("heading", "1. Satu")]),
        ("<p>&nbsp;</p>", []),
    ],
)
def test_pieces_of_text(markup: str, expected: list[tuple[str, str]]) -> None:
    """Each way of marking up text gives its blocks, in order."""
    assert texts(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<iframe src="https://www.youtube.com/embed/a"></iframe>', ("youtube", "embed/a")),
        ('<iframe src="https://open.spotify.com/embed/b"></iframe>', ("other", "embed/b")),
        (
            '<blockquote class="twitter-tweet"><p>x</p><a href="https://t.co/1">t</a>'
            '<a href="https://twitter.com/a/status/2">tgl</a></blockquote>',
            ("twitter", "status/2"),
        ),
        (
            '<blockquote class="instagram-media" data-instgrm-permalink="https://i/p/1/">x'
            "</blockquote>",
            ("instagram", "/p/1/"),
        ),
        ('<blockquote class="tiktok-embed" cite="https://tt/v/9">x</blockquote>', ("tiktok", "/9")),
        (
            '<div class="photo-infographic"><img src="https://a/peta.png"> Teks</div>',
            ("infographic", "peta.png"),
        ),
    ],
)
def test_embeds_are_no_text(markup: str, expected: tuple[str, str]) -> None:
    """What comes from elsewhere is listed with its address, and its words are not text."""
    body = body_of(f"<p>Sebelum</p>{markup}<p>Sesudah</p>")
    (embed,) = body.embeds
    assert (embed.type, embed.url[-len(expected[1]) :]) == expected
    assert [block.text for block in body.blocks] == ["Sebelum", "Sesudah"]


def test_a_survey_is_counted_not_listed() -> None:
    """The reader survey in a frame is no embed."""
    body = body_of('<iframe class="darkMsg" src="https://widget.kompas.com/survey/39"></iframe>')
    assert (body.embeds, body.removed) == ([], {"survey": 1})


def test_a_photo_goes_to_the_images() -> None:
    """Caption and credit of a photo inside a paragraph are no text."""
    body = body_of(
        '<p><strong><div class="photo"><img src="https://a/x.jpg">'
        '<span class="pb_10 author">Kredit</span> Judul foto</div></strong>Teks sesudahnya.</p>'
    )
    (image,) = body.images
    assert (image.url, image.caption, image.credit) == ("https://a/x.jpg", "Judul foto", "Kredit")
    assert [block.text for block in body.blocks] == ["Teks sesudahnya."]


def test_boxes_of_the_site_are_left_out() -> None:
    """Boxes named by public scrapers of 2024-2026 (unseen) hold no text of the article."""
    body = body_of(
        '<div class="kompasidRec"><p>Iklan</p></div>'
        '<div class="inject-baca-juga"><a href="https://www.kompas.com/global/read/2024/01/02/'
        '101010170/x">Judul Lain</a></div><p>Teks</p>'
    )
    assert [block.text for block in body.blocks] == ["Teks"]
    assert [(link.id, link.title) for link in body.related] == [
        ("2024-01-02-101010170", "Judul Lain")
    ]
    assert body.removed == {"box": 1, "baca_juga": 1}


@pytest.mark.parametrize("anchor", ['<a name="page2"></a>', '<div id="page2"></div>'])
def test_an_anchor_begins_a_page(anchor: str) -> None:
    """Text after the mark of page 2 is on page 2."""
    assert [b.page for b in body_of(f"<p>Satu</p>{anchor}<p>Dua</p>").blocks] == [1, 2]
