"""A shell in the middle of a crawl, at a terminal."""

import sys
from pathlib import Path

import pytest

from tests.browser.crawls import require_chromium
from tests.crawls import records
from tests.replica import Site
from tests.replica.serve import serve
from tests.terminal import at_terminal

PROGRAM = ["-m", "tests.debugging.inspecting"]
ENV = {"SCRAPY_PYTHON_SHELL": "python"}


@pytest.mark.parametrize("module", ["scrapy.shell", "kompascrawler.debugging.shell"])
def test_on_an_answer(module: str, tmp_path: Path) -> None:
    """A callback stops, is looked into, and the crawl goes on to its end as if nothing were."""
    site = Site(articles=1, layout="2023-04")
    story = site.stories[0]
    command = [sys.executable, *PROGRAM, module, "parse_article", str(tmp_path), story.url]
    with serve(site) as replica, at_terminal(command, replica.env | ENV) as terminal:
        opening = terminal.wait_for(">>> ")
        assert f"<200 {story.url}?page=all>" in opening
        if module != "scrapy.shell":
            assert "[s]   explain " in opening
            assert "taken         .read__title" in terminal.ask("explain(response)")
            assert "Found         never" in terminal.ask(f"why('{story.id}')")
            assert "not here: the crawl waits" in terminal.ask("browser()")
        terminal.type("exit()")
        terminal.wait_for("crawled")
    assert [record["id"] for record in records(tmp_path)] == [story.id]


def test_on_what_the_browser_shows(tmp_path: Path) -> None:
    """The response of a page that only a browser has holds its text."""
    require_chromium()
    site = Site(articles=1, layout="2023-04", halaman="script_body")
    story = site.stories[0]
    command = [
        sys.executable, *PROGRAM, "kompascrawler.debugging.shell", "parse_browsed", str(tmp_path),
        story.url,
    ]  # fmt: skip
    with serve(site) as replica, at_terminal(command, replica.env | ENV) as terminal:
        terminal.wait_for(">>> ")
        assert "['browser']" in terminal.ask("response.flags")
        explained = terminal.ask("explain()")
        assert "taken         .read__content" in explained
        assert "blocks on the page" in explained
        terminal.type("exit()")
        terminal.wait_for("crawled")
    assert [record["id"] for record in records(tmp_path)] == [story.id]
