"""How the code is laid out: what lies where, and what is named exists.

Which room may import which stands in pyproject.toml and is checked by ``make lint``.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.cases.code import names
from tests.configuration.document import own_settings
from tests.conftest import read_page
from tests.crawls import AT_ONCE, ROOT, records, scrapy_command
from tests.replica.serve import serve
from tests.replica.site import Site

PACKAGE = ROOT / "kompascrawler"
KNOW_MARKUP = ("pages",)
"""Rooms that name the site's markup."""
NOT_FOR_A_CRAWL = {
    *("apprise", "packaging.requirements", "playwright", "prometheus_client", "scrapy_playwright"),
    *("warcio", "fastwarc", "kompascrawler.warc.recorder"),
    *("obstore", "kompascrawler.cloud"),
    "rich",  # what people look at
    *("aiohttp", "requests"),  # of parts of Scrapy that the settings leave out
    *(f"kompascrawler.{room}" for room in ("debugging", "doctor")),
    *(f"kompascrawler.outcome.{name}" for name in ("command_line", "monitoring", "status")),
}
"""Modules that a healthy run does not use."""
NAMED = re.compile(r"(?<![\w./-])(?:(?:kompascrawler|tests|docs)/[\w./-]*\w|\w+\.py\b)")
"""A file or folder from the root on, or a module by its name."""


def strings(path: Path) -> Iterator[str]:
    """Return the strings of a program, without its docstrings."""
    tree = ast.parse(path.read_text())
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def test_only_pages_know_the_markup() -> None:
    """No other room names a class or a field of the head that stands on the committed pages."""
    saved = (ROOT / "tests" / "cases" / "saved").glob("*/page.html.gz")
    known = frozenset[str]().union(*(names(read_page(page).decode()) for page in saved))
    assert len(known) > 400
    found = {
        f"{path.name}: {name}"
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in KNOW_MARKUP
        for name in known.intersection(re.findall(r"[\w-]+", "\n".join(strings(path))))
    }
    assert found == set()


def test_every_setting_of_ours_is_read() -> None:
    """Beside where it is declared and checked, each setting is named where it does something."""
    declared = {"settings.py", "configuration", "doctor"}
    code = [path for path in PACKAGE.rglob("*.py") if declared.isdisjoint(path.parts)]
    read = {text for path in code for text in strings(path)}
    assert own_settings() <= read


def test_a_run_imports_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    """One that stores an article needs nobody to notify; one without news needs no parser of it."""
    script = (
        "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
        " from scrapy.cmdline import execute; execute()"
    )
    command = scrapy_command("crawl", "kompas_global", settings=AT_ONCE | {"DATA_DIR": tmp_path})

    def imported() -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", script, *command[3:]],
            cwd=ROOT,
            env=os.environ | replica.env,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            check=True,
        )
        return {*done.stderr.splitlines()[-1].split()}

    with serve(Site(seed=5, articles=1)) as replica:
        first, idle = imported(), imported()
    assert len(records(tmp_path)) == 1
    assert {"kompascrawler.pages.read", "selectolax.lexbor"} <= first
    assert not NOT_FOR_A_CRAWL.intersection(first)
    assert not {*NOT_FOR_A_CRAWL, "selectolax"}.intersection(idle)


def test_files_that_are_named_are_there() -> None:
    """A file that a document, a docstring or a comment of ours names has not moved."""
    texts = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *PACKAGE.rglob("*.py"), ROOT / "Makefile"]
    there = {path.name for top in ("kompascrawler", "tests") for path in (ROOT / top).rglob("*.py")}
    named = {(path.name, name) for path in texts for name in NAMED.findall(path.read_text())}
    gone = {
        (where, name)
        for where, name in named
        if not ((ROOT / name).exists() if "/" in name else name in there)
    }
    assert gone == set()
