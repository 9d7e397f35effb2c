"""The proxy speaks HTTP and TLS with real clients on loopback."""

import gzip
import http.client
import json
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from tests.replica import Site
from tests.replica.serve import Replica, serve

Opener = Callable[[Replica[Site]], urllib.request.OpenerDirector]


def tunnel(replica: Replica[Site], host: str = "www.kompas.com") -> http.client.HTTPSConnection:
    """Return a connection to a host through the replica."""
    context = ssl.create_default_context(cafile=str(replica.ca_file))
    connection = http.client.HTTPSConnection("127.0.0.1", replica.port, context=context, timeout=20)
    connection.set_tunnel(host, 443)
    return connection


def test_https_is_served_with_a_certificate_for_the_host(
    replica: Replica[Site], opener: Opener
) -> None:
    """A client that verifies certificates reads a page of each host."""
    client = opener(replica)
    for url in ("https://www.kompas.com/global", "https://indeks.kompas.com?site=global&page=2"):
        with client.open(url) as answer:
            assert b"article__list clearfix" in answer.read()


def test_without_the_authority_the_certificate_is_refused(replica: Replica[Site]) -> None:
    """Nobody trusts the replica by accident."""
    proxies = urllib.request.ProxyHandler({"https": replica.proxy_url})
    client = urllib.request.build_opener(proxies)
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        client.open("https://www.kompas.com/global")


def test_plain_http_is_redirected(replica: Replica[Site], opener: Opener) -> None:
    """An absolute-form http request is answered by the proxy itself."""
    with opener(replica).open("http://www.kompas.com/global") as answer:
        assert answer.url == "https://www.kompas.com/global"
    assert [(line.scheme, line.status) for line in replica.log] == [("http", 301), ("https", 200)]


def test_a_connection_is_kept_alive(replica: Replica[Site]) -> None:
    """Several requests travel over one connection."""
    connection = tunnel(replica)
    sockets = set()
    for story in replica.site.stories[:5]:
        connection.request("GET", story.url.removeprefix("https://www.kompas.com"))
        assert story.title.split()[0].encode() in connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()
    assert len(sockets) == 1


def test_answers_are_packed_when_the_client_takes_it(replica: Replica[Site]) -> None:
    """With Accept-Encoding: gzip the body is packed, without it plain."""
    connection = tunnel(replica)
    connection.request("GET", "/global")
    plain = connection.getresponse().read()
    connection.request("GET", "/global", headers={"Accept-Encoding": "gzip, deflate"})
    packed = connection.getresponse()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.read()) == plain
    connection.close()


def test_head_has_no_body(replica: Replica[Site]) -> None:
    """HEAD answers the head of GET and keeps the connection usable."""
    connection = tunnel(replica)
    connection.request("HEAD", "/global")
    head = connection.getresponse()
    assert (head.status, head.read()) == (200, b"")
    connection.request("GET", "/robots.txt")
    assert connection.getresponse().read().startswith(b"User-Agent: *")
    connection.close()


def test_the_control_address_works_through_the_proxy(
    replica: Replica[Site], opener: Opener
) -> None:
    """Another process publishes and reads the log by plain http."""
    client = opener(replica)
    with client.open("http://replica.invalid/publish?n=2", data=b"") as answer:
        assert json.load(answer) == {"published": 2}
    with client.open("https://www.kompas.com/global"):
        pass
    with client.open("http://replica.invalid/log") as answer:
        assert [line["path"] for line in json.load(answer)] == ["/global"]
    assert len(replica.site.stories) == 42


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_foreign_hosts_get_502(replica: Replica[Site], opener: Opener, scheme: str) -> None:
    """Nothing ever leaves this machine."""
    with pytest.raises(urllib.error.URLError, match="502"):
        opener(replica).open(f"{scheme}://www.example.com/")


def test_a_dropped_answer_breaks_the_connection(replica: Replica[Site]) -> None:
    """The fault "drop" ends the connection without an answer; the next request is served."""
    replica.faults.add("drop", times=1)
    connection = tunnel(replica)
    connection.request("GET", "/global")
    with pytest.raises((ConnectionError, http.client.HTTPException, ssl.SSLError)):
        connection.getresponse()
    connection.close()
    connection.request("GET", "/global")
    assert connection.getresponse().read()
    connection.close()
    assert [line.status for line in replica.log] == [0, 200]


def test_a_truncated_body_ends_before_its_length(replica: Replica[Site]) -> None:
    """The fault "truncate" promises more than it sends."""
    replica.faults.add("truncate")
    connection = tunnel(replica)
    connection.request("GET", "/global")
    answer = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    connection.close()


def test_an_unreachable_host_takes_no_connection(replica: Replica[Site]) -> None:
    """The fault "unreachable" breaks the tunnel of its host alone."""
    replica.faults.add("unreachable", host="indeks.kompas.com")
    unreachable = tunnel(replica, "indeks.kompas.com")
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        unreachable.request("GET", "/")
    unreachable.close()
    connection = tunnel(replica)
    connection.request("GET", "/global")
    assert connection.getresponse().read()
    connection.close()


def test_refuse_and_listen(replica: Replica[Site]) -> None:
    """After ``refuse`` connections are refused, after ``listen`` served at the same port."""
    port = replica.port
    replica.refuse()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    replica.listen()
    assert replica.port == port
    connection = tunnel(replica)
    connection.request("GET", "/robots.txt")
    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET",
        b"\x16\x03\x01\x02\x00nonsense",
        b"CONNECT www.kompas.com:443 HTTP/1.1\r\nHost: www.kompas.com:443\r\n\r\nno TLS at all",
        b"GET http://[bad/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST http://replica.invalid/publish HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
    ],
)
def test_clients_that_die_or_talk_nonsense_do_no_harm(replica: Replica[Site], said: bytes) -> None:
    """Whatever a client says before it is gone, the next one is served."""
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", replica.port)) as client:
            client.sendall(said)
    connection = tunnel(replica)
    connection.request("GET", "/robots.txt")
    assert connection.getresponse().status == 200
    connection.close()
    assert len(replica.site.stories) == 40


def test_many_clients_at_once_are_served(replica: Replica[Site]) -> None:
    """Forty clients at the same time all get their own article."""
    stories = replica.site.stories[:40]
    got: dict[str, bool] = {}

    def fetch(url: str, title: str) -> None:
        connection = tunnel(replica)
        connection.request("GET", url.removeprefix("https://www.kompas.com"))
        got[url] = title.split(maxsplit=1)[0].encode() in connection.getresponse().read()
        connection.close()

    threads = [threading.Thread(target=fetch, args=(s.url, s.title)) for s in stories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert got == dict.fromkeys((story.url for story in stories), True)


def test_the_environment_names_the_proxy_and_the_authority(replica: Replica[Site]) -> None:
    """A process gets the proxy in both spellings, no exception, and the certificate's file."""
    env = replica.env
    assert {env[name] for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY")} == {
        f"http://127.0.0.1:{replica.port}"
    }
    assert env["no_proxy"] == env["NO_PROXY"] == ""
    assert "BEGIN CERTIFICATE" in replica.ca_file.read_text()
    assert env["SSL_CERT_FILE"] == str(replica.ca_file)


def is_broken(connection: socket.socket) -> bool:
    """Tell whether the other side has ended a connection, in whichever way."""
    try:
        return connection.recv(1) == b""
    except (ConnectionError, ssl.SSLError):
        return True


def test_everything_is_gone_afterwards() -> None:
    """When serving is over, port, thread and certificate are gone, open connections too."""
    before = set(threading.enumerate())  # other tests of the process may have replicas of their own
    with serve(Site(articles=20)) as replica:
        connection = tunnel(replica)
        connection.request("GET", "/robots.txt")
        connection.getresponse().read()
        port, ca_file = replica.port, replica.ca_file
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    assert not ca_file.exists()
    assert "replica" not in {thread.name for thread in set(threading.enumerate()) - before}
    assert connection.sock is not None
    assert is_broken(connection.sock)
    connection.close()
