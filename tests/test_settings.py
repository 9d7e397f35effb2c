"""What a crawl with the project's settings tells the site, and whom it lets in."""

import importlib
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from kompascrawler import settings
from kompascrawler.configuration.table import ENVIRONMENT
from tests.crawls import crawl, records
from tests.replica.exchange import Reply, Request
from tests.replica.serve import serve
from tests.replica.site import Site


class Watching(Site):
    """A site that sets cookies, and looks at who asks while the answer is waited for."""

    def __init__(self) -> None:
        super().__init__(seed=5, articles=3)
        self.headers: set[str] = set()
        self.ports: set[int] = set()
        self.seen: set[int] = set()

    def answer(self, request: Request) -> Reply:
        """Answer with a cookie."""
        self.headers |= request.headers.keys()
        for child in psutil.Process().children():  # other tests have servers of their own
            if "kompas_global" not in child.cmdline():
                continue
            for process in (child, *child.children(recursive=True)):
                connections = process.net_connections("inet")
                listening = (one for one in connections if one.status == psutil.CONN_LISTEN)
                self.ports |= {one.laddr.port for one in listening}
                self.seen.add(process.pid)
        reply = super().answer(request)
        return replace(reply, headers={**reply.headers, "Set-Cookie": "seen=1; Path=/"})


def test_what_comes_from_the_environment_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every variable that is read, so that the run card shows what was given."""
    for variable in ENVIRONMENT:
        monkeypatch.setenv(variable, "1")
    try:
        names = vars(importlib.reload(settings))["_FROM_ENVIRONMENT"]
        assert names == list(ENVIRONMENT.values())
        assert {getattr(settings, name) for name in names} == {"1"}
    finally:
        monkeypatch.undo()
        importlib.reload(settings)


def test_a_crawl_keeps_to_itself(tmp_path: Path) -> None:
    """No cookie is sent back, no page is told where we come from, no port is open."""
    with serve(Watching()) as replica:
        assert crawl(replica.env, tmp_path).status == 0
        site = replica.site
    assert len(records(tmp_path)) == 3
    assert site.headers == {"host", "user-agent", "accept", "accept-language", "accept-encoding"}
    assert site.seen
    assert site.ports == set()
