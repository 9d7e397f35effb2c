"""What the browser asks the site for, how fast, and as whom."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from scrapy import Request as ScrapyRequest
from scrapy import Spider
from scrapy.exceptions import NotConfigured
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.test import get_crawler

from kompascrawler.browser.traffic import Traffic
from kompascrawler.politeness.permission import RulesMiddleware
from tests.browser.crawls import Outcome, asked, crawl
from tests.browser.stand_in import StandIn, always, article, two_pages
from tests.replica.exchange import Reply, Request
from tests.replica.serve import Replica, serve

# One worker crawls for all of them.
pytestmark = pytest.mark.xdist_group("network")

ASKS = """
const body = document.querySelector('.read__content');
const tells = text => body.insertAdjacentHTML('beforeend', `<p>${text}</p>`);
const ask = (url, options) =>
    fetch(url, options).then(a => tells(`${url} ${a.status}`), () => tells(`${url} no`));
tells(`zone ${Intl.DateTimeFormat().resolvedOptions().timeZone}`);
tells(`language ${navigator.language}`);
tells(`agent ${navigator.userAgent}`);
(async () => {
    await ask('?n=2');
    await ask('/komentar/1');
    await ask('?utm_source=x');
    await ask('?n=2', {method: 'POST'});
    await ask('https://internasional.kompas.com/data');
    await ask('https://apis.kompas.com/data');
    await ask('http://169.254.169.254/latest');
    await ask('http://127.0.0.1:9/');
    await ask('https://www.kompas.com:8443/port');
    await ask('http://www.kompas.com/plain');
    await ask('?moved');
    await ask('?downgraded');
    await Promise.all([1, 2, 3].map(n => ask('?slow=' + n)));
    await navigator.serviceWorker.register('?worker').then(() => tells('worker'), () => 0);
    try { new WebSocket('wss://www.kompas.com/ws').onerror = () => tells('no socket'); } catch {}
})();
"""
LOADS = """
<img src="/i.png"><iframe src="/frame"></iframe><link rel="stylesheet" href="/s.css">
<video src="/v.mp4"></video><script src="https://tracker.example/t.js"></script>
<script src="/own.js"></script><object data="/o.swf"></object>
<style>@font-face {font-family: f; src: url(/f.woff)} p {font-family: f}</style>
<link rel="prefetch" href="/p.html"><link rel="preconnect" href="https://ads.example">
"""
SLOW = 0.3
"""Seconds that an answer takes to each of the requests that the page makes at once."""


def _curious(request: Request, times: int) -> Reply:
    if request.query == "moved":
        return Reply(status=302, headers={"Location": "https://example.com/"})
    if request.query == "downgraded":
        return Reply(status=302, headers={"Location": "http://www.kompas.com/plain"})
    if request.query.startswith("slow="):
        return Reply(body=b"data", delay=SLOW)
    if request.query:
        return Reply(body=b"data")
    return article("Satu.", script=ASKS, below=LOADS)


class Asked(NamedTuple):
    """What a curious article got, and what reached the site."""

    outcome: Outcome
    replica: Replica[StandIn]

    @property
    def text(self) -> str:
        """What its scripts wrote down."""
        return str(self.outcome.answers["curious"]["body"])


@pytest.fixture(scope="module")
def curious(chromium: None) -> Iterator[Asked]:
    """Walk an article that asks for everything it can think of."""
    site = StandIn(curious=_curious)
    with serve(site) as replica:
        yield Asked(crawl(replica, site.urls()), replica)


def test_only_the_sites_own_hosts(curious: Asked) -> None:
    """Nothing but the article's host was asked: no tracker, no private address, no other one."""
    assert {line.host for line in curious.replica.log} == {"www.kompas.com"}


def test_only_over_https(curious: Asked) -> None:
    """Nothing that an article over https asks for, or is sent to, goes over http."""
    assert {line.scheme for line in curious.replica.log} == {"https"}


def test_only_what_brings_text(curious: Asked) -> None:
    """Besides the article, its script and its data nothing was asked for."""
    paths = [line.path for line in curious.replica.log if "curious" not in line.path]
    assert sorted(paths) == ["/own.js", "/robots.txt"]


@pytest.mark.parametrize("address", ["/komentar/1", "?utm_source=x"])
def test_robots(curious: Asked, address: str) -> None:
    """What robots.txt forbids is not asked for by scripts either."""
    assert asked(curious.replica, address) == 0
    assert f"{address} no" in curious.text.replace("&amp;", "&")


def test_allowed_data_come(curious: Asked) -> None:
    """What the article's host may be asked for, its scripts get; only by GET."""
    assert "?n=2 200" in curious.text
    assert asked(curious.replica, "?n=2") == 1


def test_one_request_at_a_time(curious: Asked) -> None:
    """An article holds one of its host's places, also where its page asks for much at once."""
    times = [line.time for line in curious.replica.log if line.query.startswith("slow=")]
    assert len(times) == 3
    assert min(later - time for time, later in pairwise(times)) > SLOW / 2


@pytest.mark.parametrize(
    "line",
    ["zone Asia/Jakarta", "language id-ID", "agent kompascrawler/"],
)
def test_looks_like_us(curious: Asked, line: str) -> None:
    """Scripts see a reader in Jakarta with our name."""
    assert line in curious.text


def test_agent_of_every_request(curious: Asked) -> None:
    """Every request has our user agent."""
    agents = {line.user_agent.partition("/")[0] for line in curious.replica.log}
    assert agents == {"kompascrawler"}


def test_no_service_worker(curious: Asked) -> None:
    """No script outlives its page: what would is not even asked for."""
    assert asked(curious.replica, "?worker") == 0


@pytest.mark.parametrize(
    "kind", ["image", "iframe", "stylesheet", "host", "robots", "method", "address", "scheme"]
)
def test_blocked_are_counted(curious: Asked, kind: str) -> None:
    """What was blocked is counted by kind."""
    assert curious.outcome.stats[f"browser/blocked/{kind}"] >= 1


def test_delay_between_requests(chromium: None) -> None:
    """Page steps wait for the host's turn as Scrapy's own requests do, all together."""
    site = StandIn(one=two_pages(), two=two_pages(), plain=always(article("Biasa.")))
    delay = 0.6
    with serve(site) as replica:
        outcome = crawl(replica, site.urls(), DOWNLOAD_DELAY=delay, RANDOMIZE_DOWNLOAD_DELAY=False)
        times = sorted(line.time for line in replica.log if line.host == "www.kompas.com")
    assert len(outcome.answers["two"]["documents"]) == 2
    assert len(times) == 6
    # Of the five delays one may be lost to a first request that was slow to arrive.
    assert times[-1] - times[0] > 4 * delay


ARTICLE = ScrapyRequest("https://www.kompas.com/a", headers={"User-Agent": "kompascrawler/1"})
TEXT = b"User-agent: *\nDisallow: /komentar/\n\nUser-agent: otherbot\nDisallow: /\n"


def traffic(settings: dict[str, object], rules: bytes | None) -> Traffic:
    """Return the traffic of an article whose host's rules a crawl has read, or tried to."""
    crawler = get_crawler(Spider, {"ROBOTSTXT_OBEY": True} | settings)
    known = None if rules is None else ProtegoRobotParser.from_crawler(crawler, rules)
    found = list[RulesMiddleware]()
    with suppress(NotConfigured):
        found.append(RulesMiddleware(crawler))
        found[0]._parsers["www.kompas.com"] = known
    crawler._engine = SimpleNamespace(  # type: ignore[assignment] # what looks for middlewares
        downloader=SimpleNamespace(middleware=SimpleNamespace(middlewares=found))
    )
    nothing: Any = None  # is sent
    return Traffic(crawler, nothing, ARTICLE, nothing)


@pytest.mark.parametrize(
    ("url", "settings", "allowed"),
    [
        ("https://www.kompas.com/data", {}, True),
        ("https://www.kompas.com/komentar/1", {}, False),
        ("https://www.kompas.com/komentar/1", {"ROBOTSTXT_OBEY": False}, True),
        ("https://www.kompas.com/data", {"ROBOTSTXT_USER_AGENT": "otherbot"}, False),
        ("https://internasional.kompas.com/data", {}, False),
        ("https://internasional.kompas.com/data", {"ROBOTSTXT_OBEY": False}, True),
    ],
)
def test_allows(url: str, settings: dict[str, object], allowed: bool) -> None:  # noqa: FBT001 - a table
    """A host's rules hold for its addresses; a host whose rules are not known is forbidden."""
    assert traffic(settings, TEXT).allows(ScrapyRequest(url)) is allowed


def test_robots_that_could_not_be_had() -> None:
    """An article whose host gave no robots.txt may ask its own host, as Scrapy does."""
    assert traffic({}, None).allows(ScrapyRequest("https://www.kompas.com/komentar/1"))
