"""Links called "Baca juga" in all their forms."""

import pytest

from kompascrawler.items import PointingBlock
from tests.pages.test_body import body_of

LINK = '<a href="https://www.kompas.com/global/read/2020/10/16/101010170/x" class="{}">{}</a>'
A = LINK.format("inner-link-baca-juga", "Judul Lain")
B = A.replace("101010170", "111111170").replace("Judul Lain", "Judul Kedua")


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        (f"<p><strong>Baca juga: {A}</strong></p>", []),
        (f"<p><em>Baca juga : {A}</em>&nbsp;</p>", []),
        (f"<p>BACA JUGA: {A}.</p>", []),
        (f"<p>Baca: {A}</p>", []),
        (f"<p>(Baca {A})</p>", []),
        (f"<p>(Baca juga {A})</p>", []),
        (f"<p>Baca juga {A}</p>", []),
        (f"<p>Baca berita selengkapnya: {A}</p>", []),
        (f"<h2>Baca juga: {A}</h2>", []),
        (f"<p>Teks. <strong>Baca juga: {A}</strong> Lagi.</p>", ["Teks. Lagi."]),
        (f"<p><strong>Baca juga: {A}</strong><br /><br />Lagi.</p>", ["Lagi."]),
        (f"<p>{A.replace('>Judul', '>Baca juga: Judul')}</p>", []),
        (f"<p>Baca juga: {A.replace('Lain</a>', '</a>')}{A.replace('Judul ', '')}</p>", []),
    ],
)
def test_a_label_goes_with_its_link(markup: str, left: list[str]) -> None:
    """The label and the link go, text around them stays, and the link is remembered."""
    body = body_of(markup)
    assert [" ".join(block.text.split()) for block in body.blocks] == left
    assert [(link.id, link.title) for link in body.related] == [
        ("2020-10-16-101010170", "Judul Lain")
    ]
    assert body.removed == {"baca_juga": 1}


def test_a_label_takes_every_link_that_follows() -> None:
    """Two links after one label are two records."""
    body = body_of(f"<p>Baca juga: {A}, {B}</p>")
    assert [link.title for link in body.related] == ["Judul Lain", "Judul Kedua"]
    assert body.blocks == []


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>Baca juga:</p><ul><li>{A}</li><li>{B}</li></ul>",
        f"<p><strong>Baca juga :</strong></p><p>{A}</p><p>- {B}</p>",
        f"<h3>Baca juga</h3><p>{A}<br>{B}</p>",
        f"<p>Baca artikel lainnya:</p><div>{A}, {B}</div>",
    ],
)
def test_a_bare_label_takes_the_links_of_the_blocks_after_it(markup: str) -> None:
    """Blocks that are wholly links belong to the label above them; text ends them."""
    body = body_of(f"{markup}<p>Teks.</p><p>{A}</p>")
    assert [link.title for link in body.related] == ["Judul Lain", "Judul Kedua"]
    assert [block.text for block in body.blocks] == ["Teks.", "Judul Lain"]
    assert body.removed == {"baca_juga": 1}


@pytest.mark.parametrize("after", [f"<p>Kata {A}.</p>", f"<h2>{A}</h2>", "<p>Teks</p>"])
def test_a_bare_label_takes_no_text(after: str) -> None:
    """A sentence with a link and a heading stay, and the label is left to cleaning."""
    body = body_of(f"<p>Baca juga:</p>{after}")
    assert len(body.blocks) == 2
    assert body.related == []


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>Selengkapnya {A.replace('Judul Lain', 'di sini')}.</p>",
        f"<p>Dikutip dari {A}, jumlahnya 12.</p>",
        f"<p>Ia suka membaca juga {A} di rumah.</p>",
        f"<p>Baca {A} agar tahu.</p>",
    ],
)
def test_the_class_of_a_link_decides_nothing(markup: str) -> None:
    """A sentence with a link of that class is text."""
    body = body_of(markup)
    assert len(body.blocks) == 1
    assert body.related == []


@pytest.mark.parametrize("text", ["di sini", "di sini.", "tautan ini", "[di sini]", "sini"])
def test_a_link_that_points_is_marked(text: str) -> None:
    """Cleaning learns that "di sini" is a link; other links leave nothing."""
    (block,) = body_of(f"<p>Simak <a href='/x'>fotonya</a> <a href='/x'>{text}</a> ya.</p>").blocks
    assert block.text == f"Simak fotonya {text} ya."
    assert isinstance(block, PointingBlock)
    assert block.pointers == (f"Simak fotonya {text}",)


def test_a_row_keeps_what_its_links_point_at() -> None:
    """Cells that become one line keep what is known of their links."""
    link = "Simak <a href='/x'>di sini</a>"
    (block,) = body_of(f"<table><tr><td>A</td><td>{link}</td></tr></table>").blocks
    assert isinstance(block, PointingBlock)
    assert block.pointers == ("Simak di sini",)


def test_a_headline_that_points_is_a_headline() -> None:
    """A related link whose title ends so leaves neither mark nor full stop."""
    body = body_of(f"<p>Baca juga: {A.replace('Judul Lain', 'Kisah di Sini')}.</p>")
    assert [link.title for link in body.related] == ["Kisah di Sini"]
    assert body.blocks == []


@pytest.mark.parametrize("href", ["/tag/kota", "https://kompas.id/x", "javascript:void(0)", ""])
def test_a_link_that_leads_to_no_article_is_not_related(href: str) -> None:
    """Its words stay; what a label without a link is worth is told by cleaning."""
    body = body_of(f'<p>Baca juga: <a href="{href}">Kota</a></p>')
    assert (body.related, [block.text for block in body.blocks]) == ([], ["Baca juga: Kota"])


@pytest.mark.parametrize("label", ["Simak juga:", "Lihat juga:", "Artikel terkait:", "Baca juga;"])
@pytest.mark.parametrize("shape", ["<p><strong>{} {}</strong></p>", "<p>Teks.<br>{} {}</p>"])
def test_any_label_before_a_headline_goes(label: str, shape: str) -> None:
    """A line that is a label and links to articles is no text, whatever the label says."""
    body = body_of("<p>Awal.</p>" + shape.format(label, A.replace("Lain", "Lain Lagi")))
    assert [link.title for link in body.related] == ["Judul Lain Lagi"]
    assert [block.text for block in body.blocks] == ["Awal.", "Teks."][: 1 + ("Teks" in shape)]
    assert body.removed == {"baca_juga": 1}


def test_a_headline_that_comes_again_goes_again() -> None:
    """It is no link that was left open, which runs on from its first character."""
    line = f"<p>Simak juga: {A.replace('Lain', 'Lain Lagi')}</p>"
    body = body_of(f"<p>Awal.</p>{line}{line}")
    assert ([block.text for block in body.blocks], body.removed) == (["Awal."], {"baca_juga": 2})


def test_a_lone_headline_of_the_site_goes() -> None:
    """Its link has the site's own class and leads to an article."""
    body = body_of(f"<p>Awal.</p><p>{A.replace('Lain', 'Lain Lagi')}</p><p>Akhir.</p>")
    assert [link.title for link in body.related] == ["Judul Lain Lagi"]
    assert [block.text for block in body.blocks] == ["Awal.", "Akhir."]


OTHER = A.replace("Lain", "Lain Lagi").replace("inner-link-baca-juga", "x")


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>{OTHER}</p>",
        f"<h2>Sorotan: {OTHER}</h2>",
        f"<ul><li>Ukraina: {OTHER}</li></ul>",
        f"<p>Sumber: {A.replace('Judul Lain', 'Kompas.com')}</p>",
        f"<p>Sorotan: {OTHER} terbit kemarin.</p>",
        f"<p>Ia menulis buku dan membaca: {OTHER}</p>",
        "<p>Simak juga: <a href='/tag/kota'>Kota Tua Di Utara</a></p>",
        "<p>Washington (baca: <a href='/tag/x'>Amerika Serikat</a>) menolak.</p>",
        f"<p>Washington (baca juga: {OTHER}) menolak.</p>",
    ],
)
def test_text_with_a_link_stays(markup: str) -> None:
    """Headings, items, sources, sentences, and labels that explain a word are text."""
    body = body_of(markup)
    assert (len(body.blocks), body.related, body.removed) == (1, [], {})


def test_blanks_without_end_cost_no_more_than_their_length() -> None:
    """A label before a hundred thousand blanks is cut at once."""
    body = body_of(f"<p>Baca juga: {A}{' ' * 100_000}</p>")
    assert (body.blocks, len(body.related)) == ([], 1)
