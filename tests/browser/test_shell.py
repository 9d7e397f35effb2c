"""``scrapy shell`` with the project's own settings."""

import os
import pty
import subprocess
from time import monotonic

from tests.browser.stand_in import StandIn, two_pages
from tests.crawls import AT_ONCE, ROOT, scrapy, scrapy_command
from tests.replica import Site
from tests.replica.serve import serve
from tests.terminal import at_terminal

TIME_LIMIT = 60


def test_plain_page() -> None:
    """The shell opens and fetches a page over plain HTTP."""
    site = StandIn(one=two_pages())
    with serve(site) as replica:
        url = site.urls()["one"]
        done = scrapy("shell", url, "-c", "response.css('p::text').get()", env=replica.env)
    assert "Satu." in done.output, done.errors


def test_browser_page(chromium: None) -> None:
    """A browser request works from the shell, and nothing is left when it ends."""
    site = StandIn(one=two_pages())
    code = (
        "(fetch(__import__('kompascrawler.browser').browser.browser_request("
        f"'{site.urls()['one']}')), len(response.meta['browser_pages']))"
    )
    with serve(site) as replica:
        started = monotonic()
        done = scrapy("shell", "-c", code, env=replica.env, settings=AT_ONCE)
    assert monotonic() - started < TIME_LIMIT
    assert "2)" in done.output, done.errors


def test_in_a_terminal(chromium: None) -> None:
    """Somebody at a terminal fetches with the browser, looks at the pages, and leaves."""
    site = StandIn(one=two_pages())
    lines = (
        "from kompascrawler.browser import browser_request\n"
        f"fetch(browser_request('{site.urls()['one']}'))\n"
        "print('pages', len(response.meta['browser_pages']) * 21)\n"
        "exit()\n"
    )
    master, terminal = pty.openpty()
    with serve(site) as replica:
        environment = {**os.environ, **replica.env, "SCRAPY_PYTHON_SHELL": "python"}
        process = subprocess.Popen(
            scrapy_command("shell", settings=AT_ONCE),
            cwd=ROOT, env=environment, stdin=terminal, stdout=terminal, stderr=terminal,
        )  # fmt: skip
        os.close(terminal)
        os.write(master, lines.encode())
        shown = _read(master)
        assert process.wait(TIME_LIMIT) == 0, shown
    assert "pages 42" in shown


def _read(master: int) -> str:
    """Return all that a terminal shows until nobody uses it any more."""
    shown = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other end is closed
            return shown.decode("utf-8", "replace")
        if not piece:
            return shown.decode("utf-8", "replace")
        shown += piece


def test_a_page_that_only_a_browser_has(chromium: None) -> None:
    """browser() gives the text that a script writes, while `response` stays what it was."""
    site = Site(articles=1, halaman="script_body")
    env = {"SCRAPY_PYTHON_SHELL": "python"}
    command = scrapy_command("shell", site.stories[0].url, settings=AT_ONCE)
    with serve(site) as replica, at_terminal(command, replica.env | env) as terminal:
        terminal.wait_for(">>> ")
        assert "refused: no_body" in terminal.ask("article()")
        assert "complete: " in terminal.ask("shown = browser(); explain(shown)")
        assert "[] ['browser']" in terminal.ask("print(response.flags, shown.flags)")
        assert terminal.leave() == 0


def test_without_a_browser() -> None:
    """The shell opens and works; browser() says what to do."""
    site = StandIn(one=two_pages())
    settings = AT_ONCE | {"BROWSER_EXECUTABLE": "/none"}
    with serve(site) as replica:
        url = site.urls()["one"]
        done = scrapy(
            "shell", url, "--nolog", "-c", "(response.status, browser())",
            env=replica.env, settings=settings,
        )  # fmt: skip
    assert "(200, BrowserMissing: " in done.output, done.errors
