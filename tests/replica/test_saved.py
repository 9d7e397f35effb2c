"""Saved pages answer under their real addresses."""

import gzip
import re
from pathlib import Path

import pytest

from tests.replica import Request, SavedPages

URL = "https://www.kompas.com/global/read/2020/10/{day:02}/10{day:02}00070/slug-{day}"


def page(day: int, body: str = "") -> bytes:
    """Return a small page that states its own address."""
    url = URL.format(day=day)
    return (
        f'<html><head><title>Judul &amp; {day}</title><link rel="canonical" href="{url}" /></head>'
        f"<body>{body}</body></html>"
    ).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder of 25 pages, one of them packed."""
    for day in range(1, 25):
        (tmp_path / f"{day}.html").write_bytes(page(day + 3))
    (tmp_path / "packed.html.gz").write_bytes(gzip.compress(page(28)))
    return tmp_path


def test_pages_answer_byte_for_byte(folder: Path) -> None:
    """A saved page comes as it was saved, whatever slug and query."""
    site = SavedPages(folder)
    base = URL.format(day=28).rpartition("/")[0]
    for form in (URL.format(day=28), f"{base}/junk?page=all", f"{base}?page=2"):
        assert site.answer(Request.get(form)).body == page(28)


def test_the_index_lists_all_newest_first(folder: Path) -> None:
    """A walk of the made index finds every saved article, twenty a page."""
    site = SavedPages(folder)
    pages = [
        re.findall(
            r'<a class="article__link" href="([^"]+)"',
            site.answer(
                Request.get(f"https://indeks.kompas.com?site=global&page={n}")
            ).body.decode(),
        )
        for n in (1, 2, 3)
    ]
    assert [len(links) for links in pages] == [20, 5, 0]
    assert pages[0][0] == URL.format(day=28)
    assert len({url for links in pages for url in links}) == 25


def test_the_front_page_lists_the_newest(folder: Path) -> None:
    """The section's front page is made as well."""
    html = SavedPages(folder).answer(Request.get("https://www.kompas.com/global")).body.decode()
    assert URL.format(day=28) in html
    assert "Judul &amp; 28" in html


def test_a_manifest_says_the_address(tmp_path: Path) -> None:
    """Where a manifest states an address it is believed before the page."""
    other = "http://megapolitan.kompas.com/read/2015/03/22/13371571/Judul"
    (tmp_path / "a.html").write_bytes(page(4))
    (tmp_path / "MANIFEST.tsv").write_text(f"file\turl\na.html\t{other}\n", encoding="utf-8")
    site = SavedPages(tmp_path)
    assert site.ids == ["2015-03-22-13371571"]
    assert site.answer(Request.get(other)).status == 200


def test_everything_else_is_404(folder: Path) -> None:
    """An article that was not saved, and any other address, are not found."""
    site = SavedPages(folder)
    for url in (URL.format(day=30), "https://www.kompas.com/tren"):
        assert site.answer(Request.get(url)).status == 404


def test_robots_txt_is_the_site_s(folder: Path) -> None:
    """The crawler finds the rules that it must obey."""
    reply = SavedPages(folder).answer(Request.get("https://www.kompas.com/robots.txt"))
    assert b"Disallow: /komentar/*" in reply.body


def test_nothing_new_ever_comes(folder: Path) -> None:
    """Publishing does nothing."""
    assert SavedPages(folder).publish(3) == 0


def test_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    """An empty folder is an error that names it."""
    with pytest.raises(ValueError, match="no saved pages"):
        SavedPages(tmp_path)


def test_the_real_pages_are_all_there(real_pages: Path) -> None:
    """Every captured article answers; Global ones are listed under ``site=global``."""
    site = SavedPages(real_pages / "pages")
    pages = list((real_pages / "pages").iterdir())
    assert len(site.ids) == len(pages) - 2  # two are front pages
    found = 0
    for n in range(1, 7):
        index = site.answer(Request.get(f"https://indeks.kompas.com?site=global&page={n}"))
        found += index.body.count(b'class="article__link"')
    assert found == 92
