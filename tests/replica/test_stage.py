"""The stage logs every request and obeys the control address."""

import json

import pytest

from tests.replica import Request, Site
from tests.replica.stage import CONTROL_HOST, Stage


@pytest.fixture
def stage() -> Stage:
    """Put a small site on stage."""
    return Stage(Site(articles=30))


def control(stage: Stage, method: str, path: str, query: str = "", body: bytes = b"") -> object:
    """Send a command to the control address; return its answer."""
    request = Request(
        method=method, scheme="http", host=CONTROL_HOST, path=path, query=query, body=body
    )
    reply = stage.answer(request)
    assert reply.status == 200, reply.body
    return json.loads(reply.body)


def test_publish_makes_articles_visible(stage: Stage) -> None:
    """POST /publish?n=… moves the site's clock."""
    before = stage.site.answer(Request.get("https://www.kompas.com/global"))
    assert control(stage, "POST", "/publish", "n=3") == {"published": 3}
    assert stage.site.answer(Request.get("https://www.kompas.com/global")) != before


def test_log_holds_each_request(stage: Stage) -> None:
    """GET /log answers every request with its host, path, query, status and user agent."""
    stage.answer(Request(host="www.kompas.com", path="/nowhere", query="a=1", user_agent="me"))
    lines = control(stage, "GET", "/log")
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


def test_commands_are_not_in_the_log(stage: Stage) -> None:
    """The control address leaves no line of its own."""
    control(stage, "GET", "/log")
    assert not stage.log


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
    stage: Stage,
    path: str,
    query: str,
    is_forbidden: bool,  # noqa: FBT001  # a table
) -> None:
    """A forbidden address is answered as any other and marked in the log."""
    stage.answer(Request(host="www.kompas.com", path=path, query=query))
    assert stage.log[-1].is_forbidden is is_forbidden


def test_faults_are_ordered_and_cleared(stage: Stage) -> None:
    """POST /faults takes one or a list, DELETE /faults ends them."""
    front = Request.get("https://www.kompas.com/global")
    control(stage, "POST", "/faults", body=b'{"name": "503", "host": "www.kompas.com"}')
    assert stage.answer(front).status == 503
    assert control(stage, "POST", "/faults", body=b'[{"name": "404"}]') == {"ordered": 1}
    control(stage, "DELETE", "/faults")
    assert stage.answer(front).status == 200


@pytest.mark.parametrize("body", [b"", b"{", b'{"name": "x"}', b"[1]", b'{"host": "a"}'])
def test_a_bad_order_is_answered_with_the_reason(stage: Stage, body: bytes) -> None:
    """An order that makes no sense is refused with 400."""
    request = Request(method="POST", host=CONTROL_HOST, path="/faults", body=body)
    reply = stage.answer(request)
    assert reply.status == 400
    assert json.loads(reply.body)["error"]


def test_an_unknown_command_says_what_is_known(stage: Stage) -> None:
    """Another path of the control address is 404 with the list of commands."""
    reply = stage.answer(Request(host=CONTROL_HOST, path="/nothing"))
    assert reply.status == 404
    assert b"POST /publish" in reply.body


def test_foreign_hosts_get_502(stage: Stage) -> None:
    """Nothing is answered for, or sent to, a host that is not the site's."""
    assert stage.answer(Request(host="example.com")).status == 502
    assert stage.opens("example.com") == 502
    assert stage.opens("kompas.com.example.com") == 502
    assert stage.opens("www.kompas.com") == 200
