"""What is hard on a browser: each hazard as an answer, and what a real browser makes of it."""

import http.client
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.replica import Request, Site
from tests.replica.faults import FAULTS, Faults
from tests.replica.serve import SECONDS_TO_STOP, Replica, serve

SITE = Site(seed=5, articles=20, halaman={"scroll": 0.5})
STORY = SITE.stories[0]


def page_under(name: str, url: str = STORY.url, **options: object) -> str:
    """Return the body that a hazard leaves of a page."""
    faults = Faults()
    faults.add(name, **options)
    return faults.answer(Request.get(url), SITE.answer).body.decode()


@pytest.mark.parametrize("name", ["loop", "alert", "abort", "leave", "many_links"])
def test_hostile_scripts_are_added_to_pages(name: str) -> None:
    """The page is the site's own with something put into it."""
    usual, hostile = SITE.answer(Request.get(STORY.url)).body.decode(), page_under(name)
    start = next(n for n, (a, b) in enumerate(zip(usual, hostile, strict=False)) if a != b)
    rest = len(usual) - start
    assert len(hostile) > len(usual)
    assert hostile[-rest:] == usual[-rest:]


@pytest.mark.parametrize("name", ["loop", "alert", "abort", "leave", "many_links"])
@pytest.mark.parametrize("path", ["robots.txt", "fetched"])
def test_hostile_scripts_are_added_to_nothing_else(name: str, path: str) -> None:
    """What a crawler or a script fetches beside pages stays as it is."""
    story = next(s for s in SITE.stories if s.behaviour == "scroll")
    urls = {
        "robots.txt": "https://www.kompas.com/robots.txt",
        "fetched": story.url.replace("/read/", "/halaman/") + "?n=2",
    }
    reply = SITE.answer(Request.get(urls[path]))
    assert reply.status == 200
    assert page_under(name, urls[path]) == reply.body.decode()


def test_many_links_are_as_many_as_ordered() -> None:
    """They have the pager's class and stand outside the pager."""
    page = page_under("many_links", count=70)
    assert page.rpartition('<div class="paging__wrap clearfix">')[2].count("paging__link") == 70


@pytest.mark.parametrize(
    ("name", "location"),
    [
        ("redirect_loop", STORY.url),
        ("redirect_off", "https://example.com/"),
        ("redirect_private", "http://169.254.169.254/"),
    ],
)
def test_redirects_lead_where_their_names_say(name: str, location: str) -> None:
    """Each is a 302."""
    reply = FAULTS[name](Request.get(STORY.url), SITE.answer, {})
    assert (reply.status, reply.headers["Location"]) == (302, location)


@pytest.fixture
def served() -> Iterator[Replica[Site]]:
    """Play the site with faults of its own."""
    with serve(SITE) as replica:
        yield replica


@contextmanager
def asked(replica: Replica[Site], seconds: float = 20.0) -> Iterator[http.client.HTTPResponse]:
    """Ask for the article; give the answer's head, its body still to be read."""
    context = ssl.create_default_context(cafile=str(replica.ca_file))
    connection = http.client.HTTPSConnection(
        "127.0.0.1", replica.port, context=context, timeout=seconds
    )
    connection.set_tunnel("www.kompas.com", 443)
    headers = {"Accept-Encoding": "gzip"}
    connection.request("GET", STORY.url.removeprefix("https://www.kompas.com"), headers=headers)
    with closing(connection), connection.getresponse() as answer:
        yield answer


def test_no_content_has_no_body(served: Replica[Site]) -> None:
    """204 comes without a length and without a type."""
    served.faults.add("no_content")
    with asked(served) as answer:
        assert (answer.status, answer.read()) == (204, b"")
        assert answer.getheader("Content-Length") is None


def test_a_download_is_announced(served: Replica[Site]) -> None:
    """The page comes as an attachment."""
    served.faults.add("download")
    with asked(served) as answer:
        assert (answer.getheader("Content-Disposition") or "").startswith("attachment")


def test_half_a_body_is_half_of_what_was_announced(served: Replica[Site]) -> None:
    """The connection breaks in the middle, whatever encoding the client takes."""
    served.faults.add("half_body")
    with asked(served) as answer:
        announced = int(answer.getheader("Content-Length") or 0)
        with pytest.raises(http.client.IncompleteRead) as broken:
            answer.read()
    assert len(broken.value.partial) == announced // 2


def test_what_never_loads_has_a_head_and_an_open_connection(served: Replica[Site]) -> None:
    """Status and length come, then nothing, until the client leaves."""
    served.faults.add("never_loads")
    with asked(served, seconds=0.5) as answer:
        assert answer.status == 200
        with pytest.raises(TimeoutError):
            answer.read()


def test_the_proxy_stops_while_an_answer_stalls() -> None:
    """An open connection does not hold up the end of the replica."""
    with ExitStack() as client, serve(Site(seed=5, articles=20)) as replica:
        replica.faults.add("never_loads")
        assert client.enter_context(asked(replica)).status == 200
        started = time.monotonic()
    assert time.monotonic() - started < SECONDS_TO_STOP


def test_ways_off_the_site_are_logged(served: Replica[Site]) -> None:
    """A connection asked for another host is refused, and seen."""
    connection = http.client.HTTPSConnection("127.0.0.1", served.port, timeout=20)
    connection.set_tunnel("example.com", 443)
    with closing(connection), pytest.raises(OSError, match="502"):
        connection.request("GET", "/")
    assert [(line.host, line.status) for line in served.log] == [("example.com", 502)]
