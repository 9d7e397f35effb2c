"""``scrapy fixture`` as it is used: in a process of its own, in a checkout."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.replica import Request, Site
from tests.replica.player import play
from tests.test_docs import ROOT


class Done(NamedTuple):
    """How a command went."""

    status: int
    out: str
    err: str


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder that is a checkout as far as the command looks."""
    (tmp_path / "scrapy.cfg").write_bytes((ROOT / "scrapy.cfg").read_bytes())
    (tmp_path / "tests" / "cases").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return a saved page: one article of the replica."""
    site = Site(articles=1)
    path = tmp_path / "page.html.gz"
    path.write_bytes(gzip.compress(site.answer(Request.get(site.stories[0].url)).body))
    return path


def fixture(checkout: Path, *args: str, env: dict[str, str] | None = None) -> Done:
    """Run ``scrapy fixture`` in a checkout."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "fixture", *args],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_a_case_is_made_and_holds(checkout: Path, page: Path) -> None:
    """Add makes the three files and says what it made; update finds nothing different."""
    done = fixture(checkout, "add", str(page), "--case", "one", "--remark", "for a test")
    assert (done.status, done.err) == (0, "")
    made = checkout / "tests" / "cases" / "one"
    assert sorted(file.name for file in made.iterdir()) == [
        "case.json",
        "expected.json",
        "page.html.gz",
    ]
    assert json.loads((made / "case.json").read_text())["remark"] == "for a test"
    title = json.loads((made / "expected.json").read_text())["article"]["title"]
    assert title in done.out
    assert title.encode() not in gzip.decompress(page.read_bytes())
    assert [path.name for path in made.parent.iterdir()] == ["one"]
    held = fixture(checkout, "update")
    assert (held.status, held.out) == (0, "1 case: nothing differs\n")


def test_the_same_page_gives_the_same_files(checkout: Path, page: Path) -> None:
    """A case made again is the same to the byte; only --replace puts it in place of another."""
    made = checkout / "tests" / "cases" / "one"
    assert fixture(checkout, "add", str(page), "--case", "one").status == 0
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    again = fixture(checkout, "add", str(page), "--case", "one")
    assert again.status == 2
    assert "there is a case one already" in again.err
    assert fixture(checkout, "add", str(page), "--case", "one", "--replace").status == 0
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before


def test_a_change_is_shown_field_by_field_and_written_on_demand(checkout: Path, page: Path) -> None:
    """Update shows what differs with status 1, changes nothing, and takes it over with --write."""
    fixture(checkout, "add", str(page), "--case", "one")
    path = checkout / "tests" / "cases" / "one" / "expected.json"
    right = path.read_bytes()
    wrong = json.loads(right)
    wrong["article"]["title"] = "Judul yang Lain"
    path.write_text(json.dumps(wrong))
    shown = fixture(checkout, "update", "one")
    assert shown.status == 1
    assert shown.out.startswith("--- one: title expected\n+++ one: title today\n")
    assert "\n-Judul yang Lain\n" in shown.out
    assert "text" not in shown.out
    assert json.loads(path.read_text()) == wrong
    assert fixture(checkout, "update", "--write").status == 1
    assert path.read_bytes() == right
    assert fixture(checkout, "update").status == 0


def test_a_page_that_is_refused_is_a_case_when_asked_for(checkout: Path) -> None:
    """The refusal is what such a case expects, and neither is mistaken for the other."""
    home = checkout / "home.html"
    home.write_text("<html><body><h1>Beranda</h1></body></html>")
    without = fixture(checkout, "add", str(home), "--case", "home")
    assert (without.status, "no_layout" in without.err) == (2, True)
    assert fixture(checkout, "add", str(home), "--case", "home", "--refused").status == 0
    made = checkout / "tests" / "cases" / "home" / "expected.json"
    assert json.loads(made.read_text()) == {"refused": "no_layout"}


def test_a_page_is_asked_for_by_its_address(checkout: Path) -> None:
    """An address is fetched by the crawler's settings; a missing page is one line."""
    site = Site(articles=1)
    url = site.stories[0].url
    with play(site) as replica:
        done = fixture(checkout, "add", url, "--case", "one", env=replica.env)
        missing = fixture(checkout, "add", f"{url[:-40]}/x/y", "--case", "two", env=replica.env)
    assert (done.status, done.err) == (0, "")
    assert json.loads((checkout / "tests/cases/one/case.json").read_text())["encoding"] == "utf-8"
    assert missing.status == 4
    assert len(missing.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["add", "page.html.gz", "--case", "../x"], "'../x' is no name of a case"),
        (["add", "absent.html", "--case", "one"], "absent.html: no such file"),
        (["add", "page.html.gz", "--case", "one", "--refused"], "the page is not refused"),
        (["update", "absent"], "no case 'absent'"),
        (["add", "page.html.gz", "--case", "one", "--write"], "add does not take --write"),
        (["update", "--case", "one", "--replace"], "update does not take --case, --replace"),
        (["add", "page.html.gz", "--case", "one", "-s", "SECTION=x"], "SECTION"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(
    checkout: Path, page: Path, args: list[str], message: str
) -> None:
    """What cannot be done is said, with status 2, and no file is made."""
    done = fixture(checkout, *args)
    assert done.status == 2
    assert message in done.err + done.out
    assert "Traceback" not in done.err
    assert list((checkout / "tests" / "cases").iterdir()) == []


def test_outside_a_checkout_it_says_so(checkout: Path, page: Path) -> None:
    """A project without tests/cases is told where cases are made."""
    (checkout / "tests" / "cases").rmdir()
    done = fixture(checkout, "update")
    assert done.status == 2
    assert "cases are made in a checkout" in done.err


def test_a_page_changed_by_hand_is_noticed(checkout: Path, page: Path) -> None:
    """A case whose page is not the one its note describes is no case."""
    fixture(checkout, "add", str(page), "--case", "one")
    (checkout / "tests/cases/one/page.html.gz").write_bytes(gzip.compress(b"<p>lain</p>"))
    done = fixture(checkout, "update")
    assert done.status == 2
    assert "add it anew" in done.err
    (checkout / "tests/cases/one/expected.json").unlink()
    without = fixture(checkout, "update")
    assert (without.status, "expected.json: add it anew" in without.err) == (2, True)
