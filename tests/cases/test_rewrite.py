"""Pages rewritten: the markup stays, the words go, and the record keeps its shape."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.cleaning import clean
from kompascrawler.halaman.joining import count_words
from tests.cases import Rewriter
from tests.cases.audit import leftovers
from tests.cases.shape import differences, expectation
from tests.cleaning.raw import article
from tests.cleaning.test_boilerplate import BELOW, BOILERPLATE, TELEGRAM
from tests.replica import Request, Site
from tests.replica.layouts import LAYOUTS

TEXTS = st.text(st.sampled_from("abcdiknsuABKRS érØ文0159.,:;'\"-–“”()/|\n\u00a0&<>="), max_size=60)


@given(text=TEXTS)
def test_text_keeps_its_words_and_marks(text: str) -> None:
    """Words are as many by the site's count, and everything that is no word is where it was."""
    new = Rewriter("x").prose(text)
    assert len(new) == len(text)
    assert count_words(new.encode()) == count_words(text.encode())
    marks = re.compile(r"[^\W_]")
    assert marks.sub("x", new) == marks.sub("x", text)


@given(text=TEXTS)
def test_any_bytes_are_rewritten(text: str) -> None:
    """Whatever a page is, its source keeps its length, and so does its rewriting's."""
    page = f"<p>{text}</p>".encode()
    once = Rewriter("x").page(page)
    assert len(once.decode()) == len(page.decode())
    assert len(Rewriter("x").page(once).decode()) == len(page.decode())


def test_bytes_that_are_no_text_stay() -> None:
    """A page need not be UTF-8."""
    assert Rewriter("x").page(b"<p>\xff\xfe \x00</p>") == b"<p>\xff\xfe \x00</p>"


@pytest.mark.parametrize(
    "text",
    [
        *BOILERPLATE,
        *BELOW,
        "SEOUL, KOMPAS.com - Isi",
        "Rio de Janeiro, KOMPAS.com - Isi",
        "new delhi, KOMPAS.com - Isi",
        "WASHINGTON DC, KOMPAS.om - Isi",
        "Menurut Kompas.com, Senin (1/1/2020), hal itu benar - katanya.",
        "Selain itu, KOMPAS.com - sebagai media - hadir.",
        "Baca selengkapnya di sini.",
        "Anda bisa membacanya di tautan ini.",
        "Isi. Bagaimana cerita selengkapnya? Baca di sini.",
        "Ia lahir dan tinggal di sini.",
        "Simak selengkapnya di bawah ini:",
        "Isi. Baca juga: Raja Negeri Jauh di Istana Lama Di sana ia menginap.",
        "Baca juga: Raja Negeri Jauh",
        "Artikel ini telah tayang di BBC.com, kata juru bicara. Ia lalu membantahnya.",
        "Editor: Bimo menjawab tidak.",
        "Terkini Lainnya",
    ],
)
def test_a_rewritten_text_is_cleaned_like_the_original(text: str) -> None:
    """What a rule cuts it cuts rewritten, and what looks alike and stays, stays."""
    before = clean(article("Pembuka.", text))
    after = clean(article("Pembuka.", Rewriter("x").prose(text)))
    assert after.removed == before.removed
    assert list(map(len, after.text.split("\n"))) == list(map(len, before.text.split("\n")))


def test_boilerplate_is_known_across_markup() -> None:
    """A call to action stays, whatever markup and line ends stand between its words."""
    source = TELEGRAM.replace("breaking news", "<b>breaking\n   news</b>").replace('"', "&quot;")
    page = f"<div><i>{source}</i></div><p>Raja datang.</p>".encode()
    rewritten = Rewriter("x").page(page)
    assert rewritten.startswith(f"<div><i>{source}</i></div><p>".encode())
    assert b"Raja" not in rewritten


@pytest.mark.parametrize(
    "markup",
    [
        '<img alt="Dia "Raja Negeri Jauh" itu datang" src="x">',
        "<!-- Raja Negeri Jauh datang ke istana -->",
        "<script>var x = 'Raja Negeri Jauh datang';</script>",
        "<a onclick=\"bagikan('Raja Negeri Jauh datang')\">",
        '<meta name="keywords" content="Raja Negeri Jauh datang" />',
        "<Raja Negeri Jauh datang>",
        '<div data-title="Raja Negeri Jauh datang">',
        "<p>R&aacute;ja N<b>eg</b>eri Jauh datang ke istana</p>",
        '<input value="https://account.kompas.com/raja-negeri-jauh-datang">',
        "<style>/* Raja Negeri Jauh datang */ .x { color: red }</style>",
        '<script type="application/ld+json">{"headline": "Raja Negeri Jauh datang"}</script>',
        '<p class="Raja Negeri Jauh datang ' + "x" * 300 + '">',
    ],
)
def test_no_place_of_a_page_keeps_a_sentence(markup: str) -> None:
    """Torn attributes, comments, scripts, heads and unknown tags hold nothing of what was said."""
    rewritten = Rewriter("x").page(markup.encode()).decode()
    assert not {"raja", "negeri", "jauh", "datang"} & set(re.findall("[a-z]+", rewritten.lower()))
    assert len(rewritten) == len(markup)


def test_relations_within_a_page_hold() -> None:
    """The same words are the same words in headline, head, address and text."""
    title, name = "Raja Negeri Jauh Datang", "Rani Contoh"
    page = (
        f'<meta property="og:title" content="{title}" />'
        f'<meta name="content_editor" content="{name}" />'
        f'<a href="https://x.org/raja-negeri-jauh-datang">{title}</a><h1>{title}</h1><b>{name}</b>'
    ).encode()
    rewriter = Rewriter("x")
    rewritten = rewriter.page(page).decode()
    assert rewritten.count(rewriter.prose(title)) == 3
    assert rewritten.count(rewriter.prose(name)) == 2
    assert rewriter.prose(title).lower().replace(" ", "-") in rewritten


def test_long_scripts_lose_their_middle() -> None:
    """Code of advertisers is cut; what states facts of the page is not."""
    code = "kode();" * 200
    rewritten = Rewriter("x").page(f"<script>{code}</script><p>x</p>".encode())
    assert len(rewritten) < 600
    assert rewritten.endswith(b"</script><p>x</p>")
    facts = '{"@context": "x", "a": "' + "b" * 900 + '"}'
    assert len(Rewriter("x").page(f"<script>{facts}</script>".encode())) > 900


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_a_generated_page_keeps_its_shape(layout: str) -> None:
    """Pages of every layout of the replica give a record of the same shape, again and again."""
    site = Site(articles=3, layout=layout)
    for story in site.stories:
        page = site.answer(Request.get(story.url)).body
        rewriter = Rewriter("x")
        rewritten, address = rewriter.page(page), rewriter.address(story.url)
        again = Rewriter("y")
        twice, second = again.page(rewritten), again.address(address)
        first = expectation(story.url, page)
        assert differences(first, expectation(address, rewritten)) == []
        assert differences(first, expectation(second, twice)) == []
        assert leftovers(page, rewritten, rewriter.stayed) == []
