"""What is no content is told from what is, by its bytes."""

import gzip
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.politeness.non_content import NonContentKind, is_markup, sign_of
from tests.replica import Request, Site
from tests.replica.non_content import CHALLENGES, OTHERS

CLOUDFLARE_ON_A_PAGE = (
    b"<script>(function(){window.__CF$cv$params={r:'8f'};var s=document.createElement('script');"
    b"s.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js';document.head.appendChild(s)})()"
    b"</script>"
)
"""What Cloudflare adds to every ordinary page of a site that has its script detection on."""


def non_content_kind(body: bytes, **answer: Any) -> NonContentKind | None:
    """Return what a page is instead of content."""
    sign = sign_of(body, **answer)
    return sign and sign.kind


@pytest.mark.parametrize("markup", CHALLENGES.values(), ids=CHALLENGES)
@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_challenges(markup: str, status: int) -> None:
    """Each kind of challenge is told, whatever its status."""
    assert non_content_kind(markup.encode(), status=status) == "challenge"


@pytest.mark.parametrize(("kind", "markup"), OTHERS.items())
def test_other_non_content_pages(kind: str, markup: str) -> None:
    """Consent, login and maintenance pages are told by what they show."""
    assert non_content_kind(markup.encode()) == kind


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        (b"", "empty"),
        (b"<html><head><title></title></head><body></body></html>", "empty"),
        (b"<!-- nothing --><style>p {color: red}</style><div>&nbsp;</div>", "empty"),
        # A page that a script writes: another build of the site, which is for others to name.
        (b'<div id="app"></div><script src="/app.js"></script>', None),
        (b"<title>Attention Required! | Cloudflare</title>", "challenge"),
        (b"<p>Verifying you are human. This may take a few seconds.</p>", "challenge"),
        (b'<p>x</p><iframe src="https://geo.captcha-delivery.com/x"></iframe>', "challenge"),
        (b"<h1>We'll be back soon!</h1>", "maintenance"),
        (b"<h1>Website sedang dalam perbaikan</h1>", "maintenance"),
        (b"<title>Before you continue</title><p>Cookies</p>", "consent"),
        (b"<form><input name=p type=password></form>", "login"),
        # A login may ask for a captcha, too: what it wants in the end is the login.
        (b'<div class="g-recaptcha"></div><input type="password">', "login"),
        (b"<h1>Indeks</h1><p>Tidak ada berita.</p>", None),
    ],
)
def test_by_words_and_marks(markup: bytes, kind: NonContentKind | None) -> None:
    """Pages of other make than those of the replica."""
    assert non_content_kind(markup) == kind


def test_a_header_is_enough() -> None:
    """Cloudflare and AWS say in a header that an answer is a challenge."""
    assert (
        non_content_kind(b"<p>x</p>", status=403, headers={"cf-mitigated": "challenge"})
        == "challenge"
    )
    assert (
        non_content_kind(b"", status=202, headers={"x-amzn-waf-action": "challenge"}) == "challenge"
    )


@pytest.mark.parametrize("status", [404, 500, 503])
def test_errors_speak_for_themselves(status: int) -> None:
    """A status of failure needs no other name: only a challenge hides behind one."""
    for markup in ("", *OTHERS.values()):
        assert non_content_kind(markup.encode(), status=status) is None


@pytest.fixture(scope="module")
def site() -> Site:
    """Return a small site with every behaviour of articles."""
    return Site(seed=3, articles=40, halaman="mix")


LISTINGS = (
    "https://www.kompas.com/global",
    "https://www.kompas.com/",
    "https://indeks.kompas.com/?site=global&page=1",
    "https://indeks.kompas.com/?site=global&page=99",
)


def test_no_page_of_the_replica_is_taken_for_one(site: Site) -> None:
    """Articles of every behaviour, listings, an empty one, with Cloudflare's script on them."""
    articles = [story.url + query for story in site.stories for query in ("", "?page=all")]
    for url in [*articles, *LISTINGS]:
        body = site.answer(Request.get(url)).body
        assert non_content_kind(body) is None, url
        assert non_content_kind(body.replace(b"</body>", CLOUDFLARE_ON_A_PAGE)) is None, url


def test_an_article_may_speak_of_all_that(site: Site) -> None:
    """News of captchas, consent and maintenance are news."""
    body = site.answer(Request.get(site.stories[0].url)).body
    words = b"<p>Just a moment: access denied, captcha, under maintenance, cookie consent.</p>"
    assert non_content_kind(body.replace(b'<div class="read__content">', b"\\g<0>" + words)) is None


def test_an_article_without_its_container_is_none(site: Site) -> None:
    """Markup that has changed is another matter, also where the headline sounds like it."""
    body = site.answer(Request.get(site.stories[0].url)).body
    changed = body.replace(b"read__content", b"artikel-isi").replace(b"<h1", b"<h1>Captcha</h1><h1")
    assert non_content_kind(changed) is None


def test_no_real_page_is_taken_for_one(real_pages: Path) -> None:
    """All 212 real articles and two front pages pass."""
    told = {
        path.name: non_content_kind(gzip.decompress(path.read_bytes()))
        for path in (real_pages / "pages").glob("*.gz")
    }
    assert len(told) > 200
    assert set(told.values()) == {None}


@given(st.binary(max_size=300), st.sampled_from([200, 403, 503]))
def test_any_bytes_are_told_without_an_error(body: bytes, status: int) -> None:
    """Whatever comes, there is an answer."""
    assert non_content_kind(body, status=status) in (*get_args(NonContentKind), None)


@pytest.mark.parametrize("unit", [b"<", b"<a ", b"<script", b"<!--", b"<title", b"<input ", b"<p>"])
def test_hostile_markup_is_bounded(unit: bytes) -> None:
    """Only the beginning is looked at: what lies beyond it is not told."""
    filler = unit * (300_000 // len(unit))
    assert non_content_kind(filler + b"<p>captcha</p>") != "challenge"


@pytest.mark.parametrize(
    ("body", "expected"),
    [(b"", False), (b"User-agent: *", False), (b"\xef\xbb\xbf\n <html>", True)],
)
def test_markup_and_rules(body: bytes, expected: bool) -> None:  # noqa: FBT001  # a table
    """A robots.txt is text; what begins as a page is none."""
    assert is_markup(body) is expected
