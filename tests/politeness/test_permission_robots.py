"""A robots.txt counts up to 500 kB, and its rules hold however long it is."""

import asyncio
import gzip
import json
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import StopDownload
from scrapy.http import TextResponse
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.utils.test import get_crawler

from kompascrawler.politeness.crawl_breakers import breakers_of
from kompascrawler.politeness.permission import LONGEST, RobotsMiddleware, RulesMiddleware
from tests.crawls import crawl
from tests.replica.serve import serve
from tests.replica.site import Site

URL = "https://www.kompas.com/robots.txt"
CRAWL_DELAY = {"ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 1, "CRAWL_DELAY_MAX_SECONDS": 30}
RULES = b"User-agent: *\nDisallow: /x\n"


def read(body: bytes, encoding: str = "", status: int = 200) -> tuple[bytes, list[str]]:
    """Return what Scrapy gets of a robots.txt, and what the breakers are told."""
    crawler, told = get_crawler(), []
    breakers_of(crawler).record_no_robots = lambda host, cause: told.append(cause)  # type: ignore[method-assign] # a spy
    request = Request(URL, meta={"dont_obey_robotstxt": True})
    headers = {"Content-Encoding": encoding} if encoding else {}
    response = TextResponse(URL, status=status, body=body, headers=headers, request=request)
    return RobotsMiddleware.from_crawler(crawler).process_response(request, response).body, told


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (RULES, ""),
        (RULES, "identity"),
        (gzip.compress(RULES, mtime=0), "gzip"),
        (gzip.compress(RULES, mtime=0)[:-9], "gzip"),
    ],
)
def test_short(body: bytes, encoding: str) -> None:
    """A short one is read as it is, also where its end is missing."""
    found, told = read(body, encoding)
    assert (found[:20], told) == (RULES[:20], [])


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_long(encoding: str) -> None:
    """A long one is cut at the end of a line; a bomb is unpacked no further."""
    body = RULES + b"Disallow: /y\n" * 1_000_000
    found, told = read(gzip.compress(body) if encoding else body, encoding)
    assert (found[: len(RULES)], found[-12:], told) == (RULES, b"Disallow: /y", [])
    assert LONGEST - 20 < len(found) <= LONGEST


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (RULES, "gzip", 200),
        (zlib.compress(RULES), "br", 200),
        (RULES, "no encoding\x1b", 200),
        (RULES, "", 206),
    ],
)
def test_unreadable(body: bytes, encoding: str, status: int) -> None:
    """One that cannot be read allows nothing: its host is left alone."""
    assert len(read(body, encoding, status)[1]) == 1


def test_other_answers() -> None:
    """Pages pass as they are, whatever their length."""
    crawler = get_crawler()
    middleware = RobotsMiddleware.from_crawler(crawler)
    request = Request("https://www.kompas.com/global")
    middleware.process_request(request)
    middleware.bytes_received(bytes(LONGEST + 1), request)
    response = TextResponse(request.url, body=bytes(LONGEST + 1), request=request)
    assert middleware.process_response(request, response) is response
    assert not request.headers


def test_download_stops() -> None:
    """No more is taken from the network than counts."""
    middleware = RobotsMiddleware.from_crawler(get_crawler())
    request = Request(URL, meta={"dont_obey_robotstxt": True})
    middleware.bytes_received(bytes(LONGEST), request)
    with pytest.raises(StopDownload):
        middleware.bytes_received(b"\n", request)


@pytest.mark.parametrize("options", [{}, {"is_bomb": True, "megabytes": 64}])
def test_in_a_crawl(tmp_path: Path, options: dict[str, Any]) -> None:
    """Its first rule holds, and 32 MB are not fetched."""
    with serve(Site(seed=5, articles=1)) as replica:
        replica.faults.add("long_robots", **options)
        done = crawl(replica.env, tmp_path)
        assert {line.path for line in replica.log} == {"/robots.txt"}
    assert done.status == 5, done.errors
    card = json.loads(Path(json.loads(done.output.splitlines()[-1])["card"]).read_text())
    assert card["bytes"] < 4_000_000


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "429"},
        {"name": "redirect_to", "location": "https://example.com/robots.txt"},
        {"name": "redirect_to", "location": "ftp://www.kompas.com/robots.txt"},
        {"name": "redirect_to", "location": "https://www.kompas.com/robots.txt"},
    ],
    ids=lambda fault: fault.get("location", fault["name"]),
)
def test_not_received(tmp_path: Path, fault: dict[str, Any]) -> None:
    """Asked too often, led where we do not follow, in a circle: try later; it permits nothing."""
    with serve(Site(seed=5, articles=1)) as replica:
        replica.faults.add(**fault, path="^/robots")
        done = crawl(replica.env, tmp_path)
        assert {line.path for line in replica.log} == {"/robots.txt"}
        assert (done.status, "robots.txt" in done.verdict["cause"]) == (4, True), done.output
        if fault["name"] == "429":
            replica.faults.clear()
            assert crawl(replica.env, tmp_path).status == 0


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [("5", 5), ("2.5", 2.5), ("99", 30), ("inf", 0), ("1", 0), ("-1", 0), ("nan", 0), ("x", 0)],
)
def test_crawl_delay(monkeypatch: pytest.MonkeyPatch, wanted: str, kept: float) -> None:
    """Longer than ours, it is kept up to a most, in this slot and the next; nothing shortens it."""
    crawler, request = get_crawler(settings_dict=CRAWL_DELAY), Request(URL)
    rules = ProtegoRobotParser(f"User-agent: *\nCrawl-delay: {wanted}".encode(), None)

    async def robot_parser(*_: object) -> RobotParser:
        return rules

    monkeypatch.setattr(RobotsTxtMiddleware, "robot_parser", robot_parser)
    slot = Slot(2, 1.0, 0.5)
    downloader = SimpleNamespace(per_slot_settings={}, slots={"www.kompas.com": slot})
    crawler.engine = SimpleNamespace(downloader=downloader)  # type: ignore[assignment] # a stand-in
    middleware = RulesMiddleware.from_crawler(crawler)
    for _ in range(2):
        assert asyncio.run(middleware.robot_parser(request)) is rules
    assert (slot.delay, slot.jitter) == ((kept, 0.0) if kept else (1.0, 0.5))
    settings = {"www.kompas.com": {"delay": kept, "jitter": 0.0}} if kept else {}
    assert downloader.per_slot_settings == settings
    assert request.meta.get("autothrottle_dont_adjust_delay", False) is bool(kept)
