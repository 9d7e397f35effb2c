"""The walk over a body, on small pieces of markup."""

from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kompascrawler.pages.body import read_body
from kompascrawler.pages.collect import Body

URL = "https://www.kompas.com/global/read/2020/10/17/160000470/x"
OTHER = "/global/read/2020/10/16/101010170/x"
"""Address of another article, as a page may give it."""


def body_of(markup: str) -> Body:
    """Return what the walk finds in a container with this markup."""
    page = f'<div class="read__content">{markup}</div>'
    root = etree.fromstring(page, etree.HTMLParser(huge_tree=True))
    container = root.find(".//div")
    assert container is not None
    return read_body(container, URL)


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
            [("paragraph", "A | | B")],
        ),
        ("<p>Satu<script>x()</script> dua<!-- ads --></p>", [("paragraph", "Satu dua")]),
        ("<p>Satu</p></p></p>dua</div>", [("paragraph", "Satu"), ("paragraph", "dua")]),
        (
            "<span class='ads-on-body'>Teks di dalam iklan</span>",
            [("paragraph", "Teks di dalam iklan")],
        ),
        ("<h2><div class='photo'><img src='a.jpg'></div>1. Satu</h2>", [("heading", "1. Satu")]),
        ("<p>&nbsp;</p>", []),
        (
            "<p>Satu</p><figcaption>Judul video</figcaption>dua",
            [("paragraph", t) for t in ("Satu", "dua")],
        ),
        (
            "<figure><iframe src='a'></iframe><figcaption>Judul video</figcaption></figure>dua",
            [("paragraph", "dua")],
        ),
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
            '<div class="fb-post" data-href="https://www.facebook.com/a/posts/1"><blockquote '
            'cite="https://www.facebook.com/a/posts/1" class="fb-xfbml-parse-ignore"><p>x</p>'
            "</blockquote></div>",
            ("other", "/posts/1"),
        ),
        (
            '<blockquote class="text-post-media" data-text-post-permalink="https://t/@a/post/2">'
            '<a href="https://t/">Lihat di Threads</a></blockquote>',
            ("other", "/post/2"),
        ),
        (
            '<blockquote class="reddit-embed-bq"><a href="https://reddit/r/a/3">x</a></blockquote>',
            ("other", "/r/a/3"),
        ),
        ('<audio controls><source src="https://a/b.mp3">tak bisa</audio>', ("other", "b.mp3")),
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


def test_a_figure_is_a_photo() -> None:
    """The caption of a figure goes to its image."""
    body = body_of(
        '<figure><img src="https://a/x.jpg"><figcaption>Judul foto</figcaption></figure>Teks.'
    )
    (image,) = body.images
    assert (image.url, image.caption) == ("https://a/x.jpg", "Judul foto")
    assert [block.text for block in body.blocks] == ["Teks."]


CELL = "<table><tr><td>{}</td><td>B</td></tr></table>"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (CELL.format("Satu<br>Dua"), ["Satu Dua | B"]),
        (CELL.format("<p>Satu</p><p>Dua</p>"), ["Satu Dua | B"]),
        (CELL.format("<ul><li>Satu</li><li>Dua</li></ul>"), ["Satu Dua | B"]),
        (CELL.format("A<script>x()</script><style>p {}</style>"), ["A | B"]),
        (CELL.format("<table><tr><td>Satu</td><td>Dua</td></tr></table>"), ["Satu | Dua | B"]),
        (CELL.format("<img src='a'><div class='photo'><img src='b'> Judul</div>A"), ["A | B"]),
        (CELL.format("<blockquote class='twitter-tweet'>Kicau</blockquote>A"), ["A | B"]),
        ("<table><caption>Daftar</caption><tr><td>A</td></tr></table>", ["Daftar", "A"]),
        ("<table><thead><tr><th>A<th>B</thead><tr><td>1<td>2</table>", ["A | B", "1 | 2"]),
        ("<table><tr><td><p>Satu</p><p>Dua</p></td></tr></table>", ["Satu", "Dua"]),
        ("<table><tr><td>A</td><td>B</td><p>Luar</p><p>lain</p>", ["A | B", "Luar", "lain"]),
        ("<td>Satu</td>dua", ["Satu", "dua"]),
    ],
)
def test_a_row_is_a_line(markup: str, expected: list[str]) -> None:
    """Cells are walked like any text and joined; a nested table stays in its cell, once."""
    assert [block.text for block in body_of(markup).blocks] == expected


def test_what_stands_in_a_cell_is_not_lost() -> None:
    """A photo, an embed and a "Baca juga" link of a cell go where others go."""
    body = body_of(
        CELL.format(
            '<div class="photo"><img src="a.jpg"></div><iframe src="https://youtu.be/x"></iframe>'
            f'<p>Baca juga: <a href="{OTHER}">Judul</a></p>A'
        )
    )
    assert [image.url for image in body.images] == [urljoin(URL, "a.jpg")]
    assert [embed.type for embed in body.embeds] == ["youtube"]
    assert [link.title for link in body.related] == ["Judul"]
    assert [block.text for block in body.blocks] == ["A | B"]


@pytest.mark.parametrize("tag", ["span", "div", "blockquote", "section", "a", "font"])
def test_deep_nesting_hides_nothing(tag: str) -> None:
    """Paragraphs, captions and links below a thousand open elements are told apart."""
    body = body_of(
        f"<p>Awal.</p>{f'<{tag}>' * 1000}<p>Satu.</p><p>Dua.</p>"
        '<div class="photo"><img src="a.jpg"> Judul</div>'
        f'<p>Baca juga: <a href="{OTHER}">Lain</a></p><p>Akhir.</p>'
    )
    assert [block.text for block in body.blocks] == ["Awal.", "Satu.", "Dua.", "Akhir."]
    assert [image.caption for image in body.images] == ["Judul"]
    assert [link.title for link in body.related] == ["Lain"]


def test_deep_nesting_in_a_photo() -> None:
    """A caption below a thousand open elements is read."""
    body = body_of(f'<div class="photo"><img src="a.jpg">{"<i>" * 1000}Judul</div>')
    assert [image.caption for image in body.images] == ["Judul"]


def test_nothing_after_the_end_mark_is_text() -> None:
    """What an element left open swallows stands after the mark that ends a body."""
    body = body_of('<div><p>Satu <span class="liftdown_v2_tanda"></span>dua</p></div><p>Tiga</p>')
    assert [block.text for block in body.blocks] == ["Satu"]
    assert body.is_ended


PIECES_OF_MARKUP = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", '<div class="photo">', '<a href="/x">', "</a>", "<br>",
     "<table>", "</table>", "<tr>", "</tr>", '<tr class="photo">', "<td>", "</td>", "<li>",
     "<h2>", "</h2>", "<b>", "</b>", "<figure>", "<img src='x'>", "<figcaption>", "<script>",
     "</script>", "Baca juga: ", "(Baca ", "teks ", "Judul", " ", "<!-- x -->", "<?x y?>",
     "<blockquote>", '<span class="liftdown_v2_tanda">', '<a id="page3">', "<iframe src='x'>",
     "</iframe>", "<select>", '<blockquote class="twitter-tweet">']
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES_OF_MARKUP, max_size=30).map("".join))
def test_any_markup_is_walked(markup: str) -> None:
    """No nesting breaks the walk, and no block is empty."""
    body = body_of(markup)
    assert all(block.text.strip() for block in body.blocks)


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


def test_what_is_left_out_is_noted_where_it_stood() -> None:
    """Photos, captions, embeds, boxes and "Baca juga" links are noted with their place."""
    body = body_of(
        "<p>Satu.</p><div class='photo'><img src='a.jpg'></div><figcaption>Foto</figcaption>"
        "<p>Dua.</p><iframe src='https://www.youtube.com/embed/x'></iframe>"
        f"<p>Baca juga: <a href='{OTHER}'>Judul</a></p><div class='kid-wrap'>Kotak</div>"
    )
    assert [(left.name, left.place) for left in body.left_out] == [
        ("photo", 1), ("caption", 1), ("embed", 2), ("baca_juga", 2), ("box", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "hidden",
    [
        "<span style='display:none'>x</span>",
        "<span style='color: red; DISPLAY : none'>x</span>",
        "<b hidden>x</b>",
        "<div hidden><p>x</p></div>",
        "<p style='visibility: hidden'>x</p>",
        "<div data-modal-target='modal-gift-membership'>x</div>",
        "<div class='clearfix komentar-bar'>Komentar: 3</div>",
        "<div class='read__credit clearfix'><div class='read__credit__item'>Penulis x</div></div>",
        "<script>kompasid.recommend('x')</script>",
    ],
)
def test_what_no_reader_sees_is_no_text(hidden: str) -> None:
    """Hidden elements, windows of the site and its boxes (docs/site.md, section 11.9)."""
    assert [block.text for block in body_of(f"<p>Satu.</p>{hidden}<p>Dua.</p>").blocks] == [
        "Satu.",
        "Dua.",
    ]


@pytest.mark.parametrize("shown", ["display:block", "display: inline-block", "none: display", ""])
def test_other_styles_hide_nothing(shown: str) -> None:
    """Only what says that it is not displayed is not."""
    assert texts(f"<p style='{shown}'>Satu.</p>") == [("paragraph", "Satu.")]


INLINE = (
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em"),
    *("font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike"),
    *("strong", "sub", "sup", "time", "tt", "u", "var", "nobr", "output", "ruby", "rt", "slot"),
)
SEEN_AS_NOTHING = ("button", "canvas", "datalist", "meter", "progress", "script", "svg", "textarea")


@given(st.lists(st.sampled_from(INLINE), min_size=1, max_size=4))
def test_no_inline_element_cuts_a_sentence(tags: list[str]) -> None:
    """Whatever inline elements HTML has, also in each other."""
    opened, closed = "".join(f"<{t}>" for t in tags), "".join(f"</{t}>" for t in reversed(tags))
    for name in dict.fromkeys(tags):
        opened = opened.replace(f"<{name}>", f"<{name} class='x'>", 1)
    assert texts(f"<p>Satu {opened}dua{closed} tiga.</p>") == [("paragraph", "Satu dua tiga.")]


@pytest.mark.parametrize("tag", SEEN_AS_NOTHING)
def test_nothing_that_is_no_text_cuts_a_sentence(tag: str) -> None:
    """What stands in it goes, the sentence around it stays one."""
    assert texts(f"<p>Satu <{tag}>x</{tag}> tiga.</p>") == [("paragraph", "Satu tiga.")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "<tr><th>Negara<th>Emas<th>Perak</tr><tr><td>A<td><td>2</tr>"
            "<tr><td rowspan=2>B<td>1<td>3</tr><tr><td>4<td></tr><tr><td>C<td>5<td>6</tr>",
            ["Negara | Emas | Perak", "A | | 2", "B | 1 | 3", "B | 4 |", "C | 5 | 6"],
        ),
        (
            "<tr><th>N<th colspan=2>Medali</tr><tr><td>A<td>1<td>2</tr><tr><td><td><td>3</tr>",
            ["N | Medali |", "A | 1 | 2", "| | 3"],
        ),
        (
            "<tr><td>A<td rowspan=2>x<td>1</tr><tr><td>B<td>2</tr>",
            ["A | x | 1", "B | x | 2"],
        ),
        ("<tr><td><img src='a'><td>Teks satu.</tr><tr><td><td>Dua.</tr>", ["Teks satu.", "Dua."]),
        ("<tr><td>A<td>1</tr><tr><td colspan=2>Catatan</tr>", ["A | 1", "Catatan |"]),
        ("<tr><td rowspan=x>A<td colspan=-1>1</tr><tr><td>B<td>2</tr>", ["A | 1", "B | 2"]),
    ],
)
def test_a_value_stays_under_its_heading(rows: str, expected: list[str]) -> None:
    """Empty cells keep their place, and a cell that spans rows or columns fills it."""
    assert [block.text for block in body_of(f"<table>{rows}</table>").blocks] == expected


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ("<img src='//asset.kompas.com/a.jpg'>", "https://asset.kompas.com/a.jpg"),
        ("<img src='/a b.jpg'>", "https://www.kompas.com/a%20b.jpg"),
        (
            "<img src='data:image/gif;base64,R0==' data-src='https://asset.kompas.com/real.jpg'>",
            "https://asset.kompas.com/real.jpg",
        ),
        ("<img src='https://a/x.jpg' data-src='https://a/real.jpg'>", "https://a/real.jpg"),
        ("<img src=' https://a/x&#10;&#x2028;.jpg&#x1f;'>", "https://a/x.jpg"),
        ("<img src='javascript:x()'>", None),
        ("<img src='https://[::1/x'>", None),
        ("<img src='data:image/gif;base64,R0=='>", None),
    ],
)
def test_addresses_of_photos_are_absolute(markup: str, url: str | None) -> None:
    """A picture that a script loads has its own address; what leads to no web page has none."""
    body = body_of(f'<div class="photo">{markup}<span class="author">AFP</span> Foto</div>')
    assert [image.url for image in body.images] == ([url] if url else [])
    assert body.blocks == []


def test_addresses_of_embeds_are_absolute() -> None:
    """A frame without an address on the web is none."""
    body = body_of(
        "<iframe src='//www.youtube.com/embed/x'></iframe><iframe src='about:blank'></iframe>"
        "<iframe src='about:blank' data-src='https://www.youtube.com/embed/y'></iframe>"
    )
    assert [embed.url[-8:] for embed in body.embeds] == ["/embed/x", "/embed/y"]


def test_control_characters_go_and_are_counted() -> None:
    """They part no word, and are white space nowhere."""
    body = body_of("<p>ka&#x1f;ta dan ke\x7frja\x01.</p>")
    assert [block.text for block in body.blocks] == ["kata dan kerja."]
    assert body.removed == {"control_characters": 3}
