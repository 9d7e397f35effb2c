"""Every form of an address means one article: path date and id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.identity import oddity, parse_address, published_at

ARTICLE = "2023-09-16-170000170"
PATH = "read/2023/09/16/170000170"
WWW = "www.kompas.com/global"


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (f"https://{WWW}/{PATH}/judul-berita", WWW),
        (f"http://{WWW}/{PATH}/judul-berita", WWW),
        (f"https://{WWW}/{PATH}/judul-berita?page=2", WWW),
        (f"https://{WWW}/{PATH}/judul-berita?page=all#page2", WWW),
        (f"https://{WWW}/{PATH}/judul-berita?utm_source=x&source=y", WWW),
        (f"https://amp.kompas.com/global/{PATH}/judul-berita?amp=1&page=2", WWW),
        (f"https://kompas.com/global/{PATH}/judul-berita", WWW),
        (f"https://internasional.kompas.com/{PATH}/judul-berita", "internasional.kompas.com"),
        (
            f" https://{WWW}/{PATH} ".replace("/read/", "/read/xml/").replace(
                "170 ", "170/judul-berita "
            ),
            WWW,
        ),
    ],
)
def test_forms_of_one_article(url: str, asked: str) -> None:
    """Host, scheme, query, fragment and ``/xml/`` do not change which article is meant."""
    address = parse_address(url)
    assert address is not None
    assert address.id == ARTICLE
    assert address.url == f"https://{asked}/{PATH}/judul-berita"
    assert address.host == asked.partition("/")[0]


@pytest.mark.parametrize(
    ("url", "article_id", "channel"),
    [
        ("https://health.kompas.com/read/26I07143200268/judul", "2026-09-07-143200268", "health"),
        ("https://health.kompas.com/read/23E31235959168", "2023-05-31-235959168", "health"),
        ("https://www.kompas.com/jawa-tengah/read/2025/11/10/143200188/judul",
         "2025-11-10-143200188", "jawa-tengah"),
        ("https://internasional.kompas.com/read/2025/05/30/061605970/judul",
         "2025-05-30-061605970", "internasional"),
    ],
)  # fmt: skip
def test_later_forms(url: str, article_id: str, channel: str) -> None:
    """Months as letters, provinces and the host of Global since May 2025; each is asked for as is.

    docs/site.md, sections 11.3 and 11.4.
    """
    address = parse_address(f"{url}?page=2")
    assert address is not None
    assert (address.id, address.channel, address.url) == (article_id, channel, url)


@pytest.mark.parametrize(
    "slug", ["", "/", "/twitter.com", "/-judul--", "/judul-20.00-wib", "/Judul.Lama", "/j."]
)
def test_slug_does_not_identify(slug: str) -> None:
    """Any slug, or none, leads to the same article (docs/site.md, section 17)."""
    address = parse_address(f"https://{WWW}/{PATH}{slug}")
    assert address is not None
    assert address.id == ARTICLE


@pytest.mark.parametrize(
    "url",
    [
        "https://www.kompas.com/global",
        "https://www.kompas.com/global/komentar/2023/09/16/170000170/judul",
        "https://www.kompas.com/global/image/2023/09/16/170000170/judul?page=1",
        "https://www.kompas.com/tag/rusia",
        "https://indeks.kompas.com/?site=global&page=2",
        f"https://kompas.com.example.org/global/{PATH}/judul",
        f"https://www.kompas.tv/{PATH}/judul",
        f"ftp://www.kompas.com/global/{PATH}/judul",
        f"//www.kompas.com/global/{PATH}/judul",
        "https://[::1/read/2023/09/16/170000170/x",
        "javascript:void(0)",
        "",
    ],
)
def test_no_article(url: str) -> None:
    """Comments, photo viewers, lists, other sites and nonsense are no articles."""
    assert parse_address(url) is None


@pytest.mark.parametrize(
    "instant",
    [
        "2026/00/45/120000",
        "2026/13/01/120000",
        "26M01120000",
        "26B30120000",
        "26A00120000",
        "2026/04/31/120000",
        "2026/02/29/120000",
        "2100/02/29/120000",
        "0000/01/01/120000",
        "2026/01/00/120000",
        "2026/01/32/120000",
        "2026/01/01/240000",
        "2026/01/01/126000",
        "2026/01/01/120060",
    ],
)
def test_no_article_has_an_impossible_time(instant: str) -> None:
    """A date or a time of day that does not exist makes no identity: bounds are made of them."""
    assert parse_address(f"https://{WWW}/read/{instant}170/x") is None


@given(
    st.integers(0, 9999), st.integers(0, 19), st.integers(0, 39), st.integers(0, 299999),
)  # fmt: skip
def test_an_address_states_an_instant_or_is_none(
    year: int, month: int, day: int, time: int
) -> None:
    """What parses is exactly what the calendar and the clock know."""
    address = parse_address(f"https://{WWW}/read/{year:04}/{month:02}/{day:02}/{time:06}170/x")
    stated = published_at(f"{year:04}-{month:02}-{day:02}-{time:06}170")
    assert (address and published_at(address.id)) == stated


@pytest.mark.parametrize(
    ("article_id", "time"),
    [
        (ARTICLE, "2023-09-16T17:00:00+07:00"),
        ("2018-03-29-10534231", "2018-03-29T10:53:42+07:00"),
        ("2012-01-05-0711381", "2012-01-05T07:11:38+07:00"),
        ("2023-09-16-990000170", None),
        ("2023-02-30-170000170", None),
        ("nonsense", None),
    ],
)
def test_time_of_publication(article_id: str, time: str | None) -> None:
    """The number begins with the time of first publication (WIB); an impossible time is none."""
    found = published_at(article_id)
    assert (found and found.isoformat()) == time


@given(st.text())
def test_any_text_is_an_address_or_none(text: str) -> None:
    """No text makes the parser raise."""
    address = parse_address(text)
    assert address is None or address.id


@given(st.datetimes(), st.integers(0, 9), st.sampled_from(["70", "65", "1", ""]))
def test_identities_sort_by_publication(time, digit, channel) -> None:  # type: ignore[no-untyped-def]
    """An identity states its own time and lies between the days around it."""
    article_id = f"{time:%Y-%m-%d}-{time:%H%M%S}{digit}{channel}"
    assert article_id[:10] < article_id
    found = published_at(article_id)
    assert time.year < 1000 or (found and found.replace(tzinfo=None) == time.replace(microsecond=0))


@pytest.mark.parametrize(
    ("url", "odd"),
    [
        ("https://www.kompas.com/global", None),
        ("http://www.kompas.com:80/global", None),
        ("https://www.kompas.com:443/global", None),
        ("https://www.kompas.com:80/global", "another port"),
        ("https://www.kompas.com:0/global", "another port"),
        ("https://a@www.kompas.com/global", "a user name"),
        ("https://@www.kompas.com/global", "a user name"),
        ("ftp://www.kompas.com/global", "another scheme"),
        ("file:///etc/passwd", "another scheme"),
        ("https://www.kompas.com:99999/", "no address"),
        ("https://[", "no address"),
    ],
)
def test_oddities(url: str, odd: str | None) -> None:
    """Plain addresses of http and https, with their own port or none, are not odd."""
    assert oddity(url) == odd


@given(st.text())
def test_any_text(url: str) -> None:
    """Whatever is given, there is an answer."""
    assert oddity(url) is None or oddity(url)
