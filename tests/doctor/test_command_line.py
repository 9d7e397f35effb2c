"""What the doctor keeps of a reply."""

from scrapy import Request
from scrapy.http import HtmlResponse

from kompascrawler.doctor.command_line import reply_of
from kompascrawler.politeness.non_content import NON_CONTENT

URL = "https://internasional.kompas.com/"


def a_response(status: int = 200, headers: dict[str, str] | None = None) -> HtmlResponse:
    """Return a response of the site."""
    request = Request(URL)
    return HtmlResponse(URL, status=status, headers=headers or {}, body=b"x", request=request)


def test_a_page_and_the_time_it_was_sent() -> None:
    """The body, its encoding and the site's clock."""
    headers = {"Content-Type": "text/html; charset=latin-1", "Date": "now"}
    reply = reply_of(a_response(headers=headers))
    assert (reply.is_page, reply.body, reply.date) == (True, b"x", "now")
    assert reply.encoding in ("latin-1", "cp1252")


def test_where_a_redirect_leads() -> None:
    """As an address of its own, whatever the header holds."""
    assert reply_of(a_response(301, {"Location": "/global"})).leads_to == f"{URL}global"
    assert reply_of(a_response(200, {"Location": "/global"})).leads_to is None
    assert reply_of(a_response(304)).leads_to is None


def test_a_non_content_page_is_no_page() -> None:
    """What the crawl's own middleware has told is not read, and says that we are refused."""
    response = a_response()
    response.meta[NON_CONTENT] = "challenge"
    reply = reply_of(response)
    assert (reply.is_page, reply.refuses_us) == (False, True)
    assert str(reply) == "challenge page instead of content"
