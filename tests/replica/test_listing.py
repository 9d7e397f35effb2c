"""Listings look as the real ones did, broken nesting included."""

from datetime import datetime

import pytest
from lxml import html

from kompascrawler.identity import WIB
from tests.replica.channels import OTHERS
from tests.replica.listing import Entry, Markup, front_list, index_list, missed, terkini

NASIONAL = OTHERS[0]
ENTRIES = [
    Entry(f"https://www.kompas.com/x/{n}", f'Judul "{n}" & <lain>', "Global", time)
    for n in range(3)
    for time in [datetime(2026, 11, 20, 8, n, tzinfo=WIB)]
]


@pytest.mark.parametrize(
    ("markup", "path"),
    [
        ("2020", '//div[contains(@class,"article__list ")]//a[@class="article__link"]'),
        ("2024", '//div[@class="articleItem"]/a[@class="article-link"]'),
    ],
)
def test_a_list_names_every_entry_in_order(markup: Markup, path: str) -> None:
    """The selectors of docs/site.md, section 8 find each article's address and title."""
    links = html.fromstring(f"<div>{index_list(ENTRIES, markup)}</div>").xpath(path)
    assert [a.get("href") for a in links] == [entry.url for entry in ENTRIES]
    assert all(entry.title in a.text_content() for a, entry in zip(links, ENTRIES, strict=True))


@pytest.mark.parametrize(
    ("markup", "date"), [("2020", "20/11/2026, 08:01 WIB"), ("2024", "20/11/2026")]
)
def test_a_list_prints_section_and_date(markup: Markup, date: str) -> None:
    """Each entry shows its section and when it came out."""
    text = html.fromstring(f"<div>{index_list(ENTRIES[1:2], markup)}</div>").text_content()
    assert date in text
    assert "global" in text.lower()


@pytest.mark.parametrize("markup", ["2020", "2024"])
def test_an_empty_list_has_no_link(markup: Markup) -> None:
    """Beyond the end the list is there and empty."""
    assert "<a " not in index_list([], markup)


def test_the_2020_list_is_nested_as_badly_as_the_real_one() -> None:
    """A div is closed before the h3 inside it, as docs/site.md, section 3 quotes."""
    lines = [line.strip() for line in index_list(ENTRIES[:1], "2020").splitlines()]
    broken = lines.index("</h3>")
    assert lines[broken - 1].endswith("</a></div>")


@pytest.mark.parametrize(
    ("markup", "headline"), [("2020", "headline__big__link"), ("2024", "hlItem-link")]
)
def test_a_front_page_begins_with_headlines(markup: Markup, headline: str) -> None:
    """Headlines come first and in their own classes."""
    page = html.fromstring(f"<div>{front_list(ENTRIES[:1], ENTRIES[1:], markup)}</div>")
    assert page.xpath("string((//a)[1]/@href)") == ENTRIES[0].url
    assert len(page.find_class(headline)) == 1


def test_terkini_without_pager_has_the_older_heading() -> None:
    """On nasional in 2020 the heading's tags were the other way round."""
    block = html.fromstring(terkini(ENTRIES, NASIONAL))
    assert block.xpath('string(//h2/div[@class="title__content"])') == "Terkini Lainnya"
    assert not block.find_class("paging__wrap")


def test_the_other_box_reuses_the_classes() -> None:
    """Only its heading tells it from Terkini Lainnya."""
    block = html.fromstring(missed(ENTRIES))
    assert len(block.xpath('//div[contains(@class,"ga--latest")]//a[@class="article__link"]')) == 3
    assert block.xpath('string(//h2[@class="title__content"])') == "Mungkin Anda melewatkan ini"
