"""``python -m tests.cases`` as it is used: in a process of its own."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.replica import Request, Site
from tests.replica.serve import serve
from tests.test_docs import ROOT


class Done(NamedTuple):
    """How a command went."""

    status: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for cases, with none in it."""
    (tmp_path / "saved").mkdir()
    return tmp_path / "saved"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return a saved page: one article of the replica."""
    site = Site(articles=1)
    path = tmp_path / "page.html.gz"
    path.write_bytes(gzip.compress(site.answer(Request.get(site.stories[0].url)).body))
    return path


def run(folder: Path, *args: str, env: dict[str, str] | None = None) -> Done:
    """Run the tool on a folder of cases, from the folder above it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.cases", "--folder", str(folder), *args],
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_a_case_is_made_and_holds(folder: Path, page: Path) -> None:
    """Add makes the three files and says what it made; update finds nothing different."""
    done = run(folder, "add", str(page), "--case", "one", "--remark", "for a test")
    assert (done.status, done.err) == (0, "")
    made = folder / "one"
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
    held = run(folder, "update")
    assert (held.status, held.out) == (0, "1 case: nothing differs\n")


def test_the_same_page_gives_the_same_files(folder: Path, page: Path) -> None:
    """A case made again is the same to the byte; only --replace puts it in place of another."""
    made = folder / "one"
    assert run(folder, "add", str(page), "--case", "one").status == 0
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    again = run(folder, "add", str(page), "--case", "one")
    assert again.status == 2
    assert "there is a case one already" in again.err
    assert run(folder, "add", str(page), "--case", "one", "--replace").status == 0
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before


def test_a_change_is_shown_field_by_field_and_written_on_demand(folder: Path, page: Path) -> None:
    """Update shows what differs with status 1, changes nothing, and takes it over with --write."""
    run(folder, "add", str(page), "--case", "one")
    path = folder / "one" / "expected.json"
    right = path.read_bytes()
    wrong = json.loads(right)
    wrong["article"]["title"] = "Judul yang Lain"
    path.write_text(json.dumps(wrong))
    shown = run(folder, "update", "one")
    assert shown.status == 1
    assert shown.out.startswith("--- one: title expected\n+++ one: title today\n")
    assert "\n-Judul yang Lain\n" in shown.out
    assert "text" not in shown.out
    assert json.loads(path.read_text()) == wrong
    assert run(folder, "update", "--write").status == 1
    assert path.read_bytes() == right
    assert run(folder, "update").status == 0


def test_a_page_that_is_refused_is_a_case_when_asked_for(folder: Path) -> None:
    """The refusal is what such a case expects, and neither is mistaken for the other."""
    home = folder.parent / "home.html"
    home.write_text("<html><body><h1>Beranda</h1></body></html>")
    without = run(folder, "add", str(home), "--case", "home")
    assert (without.status, "no_layout" in without.err) == (2, True)
    assert run(folder, "add", str(home), "--case", "home", "--refused").status == 0
    made = folder / "home" / "expected.json"
    assert json.loads(made.read_text()) == {"refused": "no_layout"}


def test_a_page_is_asked_for_by_its_address(folder: Path) -> None:
    """An address is fetched by the crawler's settings; a missing page is one line."""
    site = Site(articles=1)
    url = site.stories[0].url
    with serve(site) as replica:
        done = run(folder, "add", url, "--case", "one", env=replica.env)
        missing = run(folder, "add", f"{url[:-40]}/x/y", "--case", "two", env=replica.env)
    assert (done.status, done.err) == (0, "")
    assert json.loads((folder / "one/case.json").read_text())["encoding"] == "utf-8"
    assert missing.status == 4
    assert len(missing.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["add", "page.html.gz", "--case", "../x"], "'../x' is no name of a case"),
        (["add", "absent.html", "--case", "one"], "absent.html: no such file"),
        (["add", "page.html.gz", "--case", "one", "--refused"], "the page is not refused"),
        (["update", "absent"], "no case 'absent'"),
        (["add", "page.html.gz", "--case", "one", "--write"], "unrecognized arguments: --write"),
        (["update", "--case", "one", "--replace"], "unrecognized arguments: --case --replace"),
        (["add", "page.html.gz", "--case", "one", "-s", "SECTION=x"], "SECTION"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(
    folder: Path, page: Path, args: list[str], message: str
) -> None:
    """What cannot be done is said, with status 2, and no file is made."""
    done = run(folder, *args)
    assert done.status == 2
    assert message in done.err + done.out
    assert "Traceback" not in done.err
    assert list(folder.iterdir()) == []


def test_outside_a_checkout_it_says_so(folder: Path, page: Path) -> None:
    """Without the folder it says where cases are made."""
    folder.rmdir()
    done = run(folder, "update")
    assert done.status == 2
    assert "cases are made in a checkout" in done.err


def test_a_page_changed_by_hand_is_noticed(folder: Path, page: Path) -> None:
    """A case whose page is not the one its note describes is no case."""
    run(folder, "add", str(page), "--case", "one")
    (folder / "one/page.html.gz").write_bytes(gzip.compress(b"<p>lain</p>"))
    done = run(folder, "update")
    assert done.status == 2
    assert "add it anew" in done.err
    (folder / "one/expected.json").unlink()
    without = run(folder, "update")
    assert (without.status, "expected.json: add it anew" in without.err) == (2, True)
