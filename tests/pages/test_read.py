"""Fields of the layout "read" that the saved pages do not show."""

from urllib.parse import urljoin

import pytest

from kompascrawler.pages import ArticlePage, PageRefused, article_page

URL = "https://www.kompas.com/global/read/2026/04/17/103000470/x"


def page(
    extra: str = "", *, url: str = URL, time: str = "Kompas.com - 17/04/2026, 10:30 WIB"
) -> ArticlePage:
    """Return a small page."""
    markup = (
        f'<h1 class="read__title">Judul</h1><div class="read__time">{time}</div>{extra}'
        '<div class="read__content"><p>Teks.</p></div>'
    )
    return article_page(url, markup.encode())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Kompas.com - 17/04/2026, 10:30 WIB", None),
        ("Kompas.com , 17 April 2026, 10:30 WIB", None),
        ("Kompas.com, Diperbarui 18/04/2026, 10:03 WIB", "2026-04-18T10:03:00+07:00"),
        ("Kompas.com - Diperbarui 18 Mei 2026, 10:03 WIB", "2026-05-18T10:03:00+07:00"),
        ("Diperbarui", None),
    ],
)
def test_updated_only_where_the_page_says_so(line: str, expected: str | None) -> None:
    """The update time comes from the printed line when the head has none (2026, unseen)."""
    assert page(time=line).updated_at == expected


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ('<meta property="og:title" content="Judul Lain Halaman all - Kompas.com">', "Judul Lain"),
        (
            '<script>{"headline" : "Judul \\"Lain\\" di\\u002dsini"}</script>',
            'Judul "Lain" di-sini',
        ),
        ('<script>{"headline": "Rusak \\x"}</script>', None),
        ("", None),
    ],
)
def test_the_head_states_the_title_too(head: str, title: str | None) -> None:
    """Where the printed headline is not in its place, og:title and JSON-LD have it."""
    markup = f'{head}<div class="read__content"><p>Teks.</p></div>'
    found = article_page(URL, markup.encode())
    assert found.title == title
    assert ("title" in found.missing) is (title is None)


def test_the_update_is_told_by_the_time_in_utc_too() -> None:
    """Where the other meta is missing and the line says no time."""
    meta = '<meta property="article:published_time" content="2026-04-18T03:03:11+00:00">'
    found = page(meta, time="Diperbarui")
    assert found.updated_at == "2026-04-18T10:03:11+07:00"
    assert found.readings["updated_at"].taken == "meta article:published_time"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2026-04-18 10:03:11", "2026-04-18T10:03:11+07:00"),
        ("2026-04-18T03:03:11+00:00", "2026-04-18T10:03:11+07:00"),
        ("2026-04-18T10:03:11.250+07:00", "2026-04-18T10:03:11+07:00"),
        ("9999-12-31T23:59:59Z", "2026-04-18T10:03:00+07:00"),
        ("kemarin", "2026-04-18T10:03:00+07:00"),
    ],
)
def test_the_update_is_told_in_wib_to_the_second(stated: str, expected: str) -> None:
    """Whatever zone the head states, and from the printed line where it states nonsense."""
    meta = f'<meta name="content_PublishedDate" content="{stated}">'
    assert page(meta, time="Diperbarui 18/04/2026, 10:03 WIB").updated_at == expected


def test_a_time_that_contradicts_the_address_is_noted() -> None:
    """The address wins, and the contradiction is counted."""
    found = page(time="Kompas.com - 18/04/2026, 10:30 WIB")
    assert found.to_item().updated_at is None
    assert "time_contradicts" in found.missing
    assert found.published_at == "2026-04-17T10:30:00+07:00"


@pytest.mark.parametrize(
    ("metas", "authors", "editors"),
    [
        (
            '<meta name="content_author" content=""><meta name="content_editor" content="Bimo">',
            [],
            ["Bimo"],
        ),
        ('<meta name="content_author" content="Rani">', ["Rani"], []),
        ('<meta name="content_author" content="advertorial">', [], []),
        ('<meta name="author" content="Kompas Cyber Media">', [], []),
    ],
)
def test_names_come_by_role(metas: str, authors: list[str], editors: list[str]) -> None:
    """Without printed credits the head decides; the editor never becomes the author."""
    found = page(metas)
    assert (found.authors, found.editors) == (authors, editors)


@pytest.mark.parametrize(
    "markup",
    [
        '<meta name="content_source" content="KOMPAS.com, Reuters">',
        '<div class="read__credit__item"><span>Sumber</span><a>KOMPAS.com</a>,<a>Reuters</a></div>',
    ],
)
def test_the_paper_itself_is_a_source(markup: str) -> None:
    """Only authors and editors are never the paper."""
    assert page(markup).sources == ["KOMPAS.com", "Reuters"]


@pytest.mark.parametrize("close", ["</h6>", "<h6>", "</div>"])
def test_names_of_the_credits_window(close: str) -> None:
    """Its cards give each name a role, in the markup of 2023 and in that quoted in 2026."""
    tag = "div" if "div" in close else "h6"
    cards = "".join(
        f'<div class="credit-author"><{tag} class="credit-author-name">{name}</{tag}>'
        f'<{tag} class="credit-author-position">{role}{close}</div>'
        for name, role in (("Rani", "Penulis"), ("Bimo", "Editor"))
    )
    found = page(cards)
    assert (found.authors, found.editors) == (["Rani"], ["Bimo"])


def test_names_of_the_box_of_2026() -> None:
    """Its paragraph says the role, its elements the names; a box without a role tells nothing."""
    box = (
        '<div class="credit-title"><div class="credit-title-name">{}</div><p>{}</p></div>'
        '<meta name="content_editor" content="Bimo">'
    )
    names = (
        '<h6 class="credit-title-nameEditor">Rani,</h6><h6 class="credit-title-nameEditor">A</h6>'
    )
    assert page(box.format(names, "Penulis")).authors == ["Rani", "A"]
    assert page(box.format(names, "Editor")).editors == ["Rani", "A"]
    team = page(box.format(names, "Tim Redaksi"))
    assert (team.authors, team.editors) == ([], ["Bimo"])


@pytest.mark.parametrize(
    "box",
    [
        '<div class="read__author"><a href="#">Rani</a></div>',
        '<div class="author__profile"><img><div class="author__name">Rani</div></div>',
    ],
)
def test_names_of_a_byline(box: str) -> None:
    """They stand in where neither credits nor head name an author."""
    assert page(box).authors == ["Rani"]
    assert page(f'<meta name="content_author" content="Ayu">{box}').authors == ["Ayu"]


@pytest.mark.parametrize(
    "line", ["<a>Kontributor Medan, Rani Pratama</a>", "Kontributor Medan, Rani Pratama"]
)
def test_a_correspondent_is_one_person(line: str) -> None:
    """Role and place are no name, and the head that has them too contradicts nothing."""
    found = page(
        '<meta name="content_author" content="Kontributor Medan, Rani Pratama">'
        f'<div class="read__credit__item" id="penulis"><span>Penulis</span> {line}</div>'
    )
    assert found.authors == ["Rani Pratama"]
    assert "penulis_contradicts" not in found.missing


def test_printed_names_that_the_head_denies_are_noted() -> None:
    """What is printed counts, and the contradiction is counted."""
    found = page(
        '<meta name="content_author" content="Lain">'
        '<div class="read__credit__item" id="penulis"><span>Penulis</span>Tim Contoh</div>'
    )
    assert found.authors == ["Tim Contoh"]
    assert "penulis_contradicts" in found.missing


@pytest.mark.parametrize(
    ("extra", "pages"),
    [
        ("", None),
        ('<meta name="content_total_pages" content="4">', 4),
        ('<meta name="content_total_pages" content="banyak">', None),
        ('<div class="read__paging"><a href="?page=2"></a><a href="?page=all#page2"></a></div>', 2),
        ('<div class="paging__wrap"><a href="?page=9">9</a></div>', None),
        ('<div class="read__paging__footnote next-topic"><a href="?page=3">x</a></div>', None),
    ],
)
def test_pages_declared(extra: str, pages: int | None) -> None:
    """Only the article's own pager and the head tell how many pages there are."""
    assert page(extra).pages_declared == pages


@pytest.mark.parametrize(
    ("query", "asked"), [("", False), ("?page=2", False), ("?page=all#page2", True)]
)
def test_asked_for_all(query: str, asked: bool) -> None:  # noqa: FBT001 - a table of outcomes
    """Only the query says that every page was asked for."""
    assert page(url=URL + query).asked_for_all is asked


def test_a_photo_of_the_body_is_no_lead_photo() -> None:
    """A page whose only photo stands in the text has no lead photo."""
    markup = b'<div class="read__content"><div class="photo"><img src="a.jpg"></div>Teks</div>'
    found = article_page(URL, markup)
    assert found.lead_image is None
    assert [image.url for image in found.to_item().images] == [urljoin(URL, "a.jpg")]


BODY = '<div class="read__content"><p>Satu.</p>{}<p>Dua.</p>{}</div><p>Luar.</p>'
MARK = '<span class="liftdown_v2_tanda"></span>'


@pytest.mark.parametrize("tag", ["<div>", "</div>", "</div></div>", "<div><div>", "</section>"])
def test_the_mark_ends_the_body_whatever_is_open(tag: str) -> None:
    """A div too many or too few neither hides text nor adds what stands below."""
    found = article_page(URL, BODY.format(tag, MARK).encode())
    assert [block.text for block in found.body.blocks] == ["Satu.", "Dua."]


def test_an_early_end_is_read_in_the_declared_encoding() -> None:
    """The second reading of a damaged body knows the page's encoding."""
    markup = BODY.format("</div>Caf\u00e9.", MARK).encode("iso-8859-1")
    found = article_page(URL, markup, "iso-8859-1")
    assert [block.text for block in found.body.blocks] == ["Satu.", "Caf\u00e9.", "Dua."]


@pytest.mark.parametrize(
    ("hidden", "complete"),
    [("<select>", False), ("<div>", True)],
)
def test_a_body_whose_text_is_hidden_is_not_whole(
    hidden: str,
    complete: bool,  # noqa: FBT001 - a table of outcomes
) -> None:
    """Words that are counted but not read make an article incomplete, and are noted."""
    words = "kata " * 100
    body = f'<div class="read__content"><p>{words}</p>{hidden}<p>{words}</p>{MARK}</div>'
    head = '<meta name="content_total_words" content="200">'
    found = article_page(URL, (head + body).encode())
    assert found.halaman.words_counted == 200
    assert found.halaman.complete is complete
    assert ("text" in found.missing) is not complete


@pytest.mark.parametrize(
    ("links", "declared", "hides"),
    [
        ('<a href="?page=1">1</a><a href="?page=2">2</a>', 2, False),
        ('<a href="javascript:void(0)">1</a><a href="?page=2">2</a>', 2, False),
        ('<a href="javascript:void(0)">1</a><a href="javascript:void(0)">3</a>', 3, True),
        ("<a>1</a><a>2</a>", 2, True),
        ('<a href="javascript:void(0)">1</a><a href="?page=all#page2">Show All</a>', 1, False),
    ],
)
def test_a_pager_hides_pages_that_have_no_address(
    links: str, declared: int, *, hides: bool
) -> None:
    """The numbers are printed, and lead nowhere without a script."""
    found = page(f'<div class="read__paging">{links}</div>')
    assert (found.pages_declared, found.pager.hides_pages) == (declared, hides)


@pytest.mark.parametrize(
    ("extra", "number"),
    [
        ("", None),
        ('<meta name="content_current_page" content="2">', 2),
        ('<meta name="content_current_page" content="all">', None),
        (
            '<div class="read__paging"><a href="?page=2">2</a>'
            '<a class="paging__link paging__link--active" href="?page=3">3</a></div>',
            3,
        ),
    ],
)
def test_the_number_that_a_page_states(extra: str, number: int | None) -> None:
    """By its head, else by the link that is marked as the present one."""
    assert page(extra).number_stated == number


def test_a_page_without_text_can_be_a_part() -> None:
    """A script may bring its text; as an article by itself it is refused."""
    empty = article_page(
        URL, b'<h1 class="read__title">Judul</h1><div class="read__content"></div>'
    )
    assert empty.part().record.blocks == []
    with pytest.raises(PageRefused, match="no text"):
        empty.to_item()


def test_only_a_rendered_page_has_lost_entities() -> None:
    """What comes over the network is counted as the site counts it."""
    found = article_page(URL, '<div class="read__content"><p>“Ya”</p></div>'.encode())
    assert (found.part().decoded, found.part(is_rendered=True).decoded) == (0, 2)
