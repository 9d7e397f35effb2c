"""The gateway logs every request and obeys the control address."""

import json

import pytest

from tests.replica import Request, Site
from tests.replica.control import CONTROL_HOST
from tests.replica.gateway import Gateway


@pytest.fixture
def gateway() -> Gateway:
    """Put a small site on gateway."""
    return Gateway(Site(articles=30))


def control(gateway: Gateway, method: str, path: str, query: str = "", body: bytes = b"") -> object:
    """Send a command to the control address; return its answer."""
    request = Request(
        method=method, scheme="http", host=CONTROL_HOST, path=path, query=query, body=body
    )
    reply = gateway.answer(request)
    assert reply.status == 200, reply.body
    return json.loads(reply.body)


def test_publish_makes_articles_visible(gateway: Gateway) -> None:
    """POST /publish?n=… moves the site's clock."""
    before = gateway.site.answer(Request.get("https://www.kompas.com/global"))
    assert control(gateway, "POST", "/publish", "n=3") == {"published": 3}
    assert gateway.site.answer(Request.get("https://www.kompas.com/global")) != before


def test_log_holds_each_request(gateway: Gateway) -> None:
    """GET /log answers every request with its host, path, query, status and user agent."""
    gateway.answer(Request(host="www.kompas.com", path="/nowhere", query="a=1", user_agent="me"))
    lines = control(gateway, "GET", "/log")
    assert isinstance(lines, list)
    [line] = lines
    time = line.pop("time")
    assert line == {
        "host": "www.kompas.com",
        "path": "/nowhere",
        "query": "a=1",
        "status": 404,
        "user_agent": "me",
        "is_forbidden": False,
        "scheme": "https",
    }
    assert time > 0


def test_commands_are_not_in_the_log(gateway: Gateway) -> None:
    """The control address leaves no line of its own."""
    control(gateway, "GET", "/log")
    assert not gateway.log.lines


@pytest.mark.parametrize(
    ("path", "query", "is_forbidden"),
    [
        ("/komentar/x", "", True),
        ("/copy/2020/10/10/1", "", True),
        ("/global", "utm_source=x", True),
        ("/search/", "q=x", True),
        ("/global", "page=2", False),
        ("/global/komentar/x", "", False),
    ],
)
def test_what_robots_txt_forbids_is_marked(
    gateway: Gateway,
    path: str,
    query: str,
    is_forbidden: bool,  # noqa: FBT001  # a table
) -> None:
    """A forbidden address is answered as any other and marked in the log."""
    gateway.answer(Request(host="www.kompas.com", path=path, query=query))
    assert gateway.log.lines[-1].is_forbidden is is_forbidden


def test_faults_are_ordered_and_cleared(gateway: Gateway) -> None:
    """POST /faults takes one or a list, DELETE /faults ends them."""
    front = Request.get("https://www.kompas.com/global")
    control(gateway, "POST", "/faults", body=b'{"name": "503", "host": "www.kompas.com"}')
    assert gateway.answer(front).status == 503
    assert control(gateway, "POST", "/faults", body=b'[{"name": "404"}]') == {"ordered": 1}
    control(gateway, "DELETE", "/faults")
    assert gateway.answer(front).status == 200


@pytest.mark.parametrize("body", [b"", b"{", b'{"name": "x"}', b"[1]", b'{"host": "a"}'])
def test_a_bad_order_is_answered_with_the_reason(gateway: Gateway, body: bytes) -> None:
    """An order that makes no sense is refused with 400."""
    request = Request(method="POST", host=CONTROL_HOST, path="/faults", body=body)
    reply = gateway.answer(request)
    assert reply.status == 400
    assert json.loads(reply.body)["error"]


def test_an_unknown_command_says_what_is_known(gateway: Gateway) -> None:
    """Another path of the control address is 404 with the list of commands."""
    reply = gateway.answer(Request(host=CONTROL_HOST, path="/nothing"))
    assert reply.status == 404
    assert b"POST /publish" in reply.body


def test_foreign_hosts_get_502(gateway: Gateway) -> None:
    """Nothing is answered for, or sent to, a host that is not the site's."""
    assert gateway.answer(Request(host="example.com")).status == 502
    assert gateway.opens("example.com") == 502
    assert gateway.opens("kompas.com.example.com") == 502
    assert gateway.opens("www.kompas.com") == 200
