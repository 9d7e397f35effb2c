"""What is told of a page."""

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.debugging.trace import FieldTrace, PageTrace, trace_lines
from kompascrawler.debugging.tracing import trace_page
from kompascrawler.pages import article_page
from kompascrawler.sections import SECTIONS
from tests.pages.cases import NAMES, load

SINGLE = "read_2020_single"


def trace(name: str, *changes: tuple[str, str], section: str = "any") -> PageTrace:
    """Return the trace of a committed page in which something was replaced."""
    case = load(name)
    body = case.body
    for old, new in changes:
        assert old.encode() in body
        body = body.replace(old.encode(), new.encode())
    return trace_page(case.asked, body, None, section=SECTIONS[section])


def field(told: PageTrace, name: str) -> FieldTrace:
    """Return what is told of a field."""
    return next(field for field in told.fields if field.name == name)


@pytest.mark.parametrize("name", NAMES)
def test_the_account_is_of_the_record(name: str) -> None:
    """What is told ends in the very record that a crawl makes, block by block."""
    case, told = load(name), trace(name)
    assert told.record == clean(article_page(case.asked, case.body).to_item())
    assert [block.text for block in told.blocks if block.text is not None] == [
        block.text for block in told.record.blocks
    ]
    assert told.refused is None
    assert told.faults == []


@pytest.mark.parametrize("name", NAMES)
def test_the_lines_are_for_a_terminal(name: str) -> None:
    """No line is longer than 80 columns, addresses that are longer aside."""
    for line in trace_lines(trace(name)):
        assert len(line) <= 80 or " " not in line[18:], line


def test_long_parts_are_cut_off_at_the_edge() -> None:
    """Whatever the length of a rule's name, its line ends in time."""
    told = trace(SINGLE, ("Kabar Pertama dari Pulau Contoh", "Kabar " * 30))
    lines = [line for line in trace_lines(told) if "* baca_juga" in line]
    assert [len(line) for line in lines] == [80, len("      * baca_juga: text Kisah Buku Lama")]


def test_every_cut_is_told_with_its_rule() -> None:
    """What cleaning takes stands below its block, by the name that it is counted under."""
    first = trace(SINGLE).blocks[0]
    assert [(cut.rule, cut.text) for cut in first.cuts] == [
        ("dateline", "KOTA CONTOH, KOMPAS.com -")
    ]
    assert first.raw.startswith("KOTA CONTOH")
    assert first.text is not None
    assert first.text.startswith("Gempa")


def test_a_block_that_goes_is_told_by_what_took_it() -> None:
    """A whole line of the site has no text in the record, and a rule."""
    told = trace(SINGLE, ("Kapal itu datang pagi hari.", "Terkini Lainnya"))
    gone = [block for block in told.blocks if block.text is None]
    assert [block.cuts[0].rule for block in gone] == ["latest_box"] * len(gone)
    assert len(gone) == 3


def test_a_field_says_where_it_comes_from() -> None:
    """Every place is told, the one taken and those passed over."""
    tags = field(trace(SINGLE), "tags")
    assert [(candidate.place, candidate.state) for candidate in tags.candidates] == [
        (".read__tagging a", "taken"), ("meta content_tags", "passed over"),
    ]  # fmt: skip


def test_a_renamed_class_is_found() -> None:
    """A title whose class has changed is told by the like name, and by what og:title says."""
    told = trace(SINGLE, ("read__title", "read__title2"))
    title = field(told, "title")
    assert title.candidates[0].state == "not there"
    assert any("read__title2" in near for near in title.candidates[0].near)
    assert title.near == ['<h1 class="read__title2"> has the text of meta og:title']
    assert (title.value, told.faults) == ("Gempa Guncang Pulau Contoh", [])


@pytest.mark.parametrize("end", ["</head>", "</body>"])
def test_the_title_is_no_link_of_a_list(end: str) -> None:
    """Lists of stories, above and below, hold the article's own: meant is the headline."""
    link = '<h1 class="other"><a href="/x">Gempa Guncang Pulau Contoh</a></h1>'
    places = (end, f"{end}{link}") if end == "</head>" else (end, f"{link}{end}")
    told = trace(SINGLE, ("read__title", "headline"), places)
    assert field(told, "title").near == ['<h1 class="headline"> has the text of meta og:title']


def test_a_class_of_another_kind_of_element_is_found() -> None:
    """The name is there, and not where it is looked for: that is said."""
    told = trace(SINGLE, ('h1 class="read__title"', 'h4 class="big read__title"'))
    assert "only div and h1 elements count" in field(told, "title").candidates[0].near[0]


def test_a_class_among_others_is_found() -> None:
    """Class names are tokens."""
    told = trace(SINGLE, ('class="read__title"', 'class="big read__title"'))
    assert field(told, "title").candidates[0].state == "taken"


def test_a_renamed_meta_is_found() -> None:
    """A meta element under another name is told by the like name."""
    told = trace(SINGLE, ("content_total_words", "content-total-words"))
    words = field(told, "words_declared")
    assert words.candidates[0].near == ["meta content-total-words"]


def test_a_page_of_no_layout_says_what_was_sought() -> None:
    """Where title and body are both renamed, every layout tells its marks, and what may be it."""
    told = trace(SINGLE, ("read__title", "headline"), ("read__content", "article-body"))
    assert told.refused is not None
    assert told.refused.startswith("no_layout")
    assert [layout.told_by for layout in told.layouts] == [
        {"read__content": 0, "read__title": 0}, {"kcm-read-content-top": 0},
    ]  # fmt: skip
    assert "headline" in told.near["title"][0]
    assert "article-body" in told.near["body"][0]
    assert "read__time" in told.near["time"][0]


def test_a_page_without_its_body_tells_its_other_fields() -> None:
    """A refusal does not end the trace: the fields that can be read are told."""
    told = trace(SINGLE, ("read__content", "text_box"))
    assert told.refused is not None
    assert told.refused.startswith("no_body")
    assert field(told, "title").value == "Gempa Guncang Pulau Contoh"
    assert "text_box" in field(told, "body").near[0]


def test_an_article_of_another_section_is_refused() -> None:
    """As in a crawl of the section."""
    told = trace(SINGLE, ("kompas.com/global/read", "kompas.com/tren/read"), section="global")
    assert told.refused is not None
    assert told.refused.startswith("other_section")


@pytest.mark.parametrize(
    ("body", "status", "headers", "refused"),
    [
        (
            b"",
            200,
            {},
            "empty: empty page instead of content, recognised by neither a text nor a script",
        ),
        (
            b"<title>Just a moment...</title><p>x</p>",
            403,
            {},
            "recognised by the words 'just a moment'",
        ),
        (b"<p>x</p>", 403, {"cf-mitigated": "challenge"}, "recognised by the header cf-mitigated"),
        (b"<p class=g-recaptcha>x</p>", 200, {}, "recognised by 'g-recaptcha' in its markup"),
        (
            b"<input type=password>",
            200,
            {},
            "login page instead of content, recognised by a field for",
        ),
        (b"<p>Tidak ada</p>", 404, {}, "http 404: the status says"),
    ],
)
def test_what_stands_instead_of_content_is_named(
    body: bytes, status: int, headers: dict[str, str], refused: str
) -> None:
    """Such a page is no page of the site: it is told by what, and no layout is sought on it."""
    url = "https://www.kompas.com/"
    told = trace_page(
        url, body, None, section=SECTIONS["any"], status=status, headers=headers
    )  # fmt: skip
    assert told.refused is not None
    assert refused in told.refused
    assert told.layouts == []


def test_a_listing_is_told_from_an_article() -> None:
    """What lists articles has no record, nor anything that may be its title."""
    url = "https://indeks.kompas.com/?site=global&page=2"
    told = trace_page(url, b"<h1>Indeks</h1>", None, section=SECTIONS["any"])
    assert told.refused is not None
    assert "but a page of the index: links()" in told.refused
    assert told.near == {}


def test_the_arithmetic_of_halaman() -> None:
    """Page 1 of a divided article tells what is missing and what a crawl does next."""
    halaman = trace("read_2020_roundup_paged").halaman
    assert halaman is not None
    assert halaman.pages_fetched < halaman.pages_expected == halaman.pages_declared
    assert halaman.complete is False
    assert halaman.verdict.startswith("incomplete: 1 of ")
    assert halaman.next_step == "request ?page=2"


def test_what_is_no_text_is_told() -> None:
    """Photos, embeds and "Baca juga" links stand where they stood."""
    told = trace(SINGLE)
    assert [(part.name, part.after) for part in told.left_out] == [
        ("baca_juga", 2), ("photo", 4), ("embed", 5), ("baca_juga", 5), ("embed", 7),
    ]  # fmt: skip
