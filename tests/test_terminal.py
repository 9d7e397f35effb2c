"""What strangers wrote commands no terminal, wherever it is shown."""

import ast
import io
import json
import logging
import re
import sys
from pathlib import Path

import pytest

import kompascrawler
from kompascrawler.command import say
from kompascrawler.identity import parse_address
from kompascrawler.run.log import JsonFormatter
from kompascrawler.terminal import (
    PrintableRecord,
    Row,
    fit_for,
    lines,
    printable,
    put,
    row_lines,
    show,
    table,
    tracked,
)
from tests.crawls import AT_ONCE, scrapy
from tests.replica.broken import COMMANDS
from tests.replica.serve import serve
from tests.replica.site import Site

HOSTILE = COMMANDS.decode()
COMMAND = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def test_json_stays_json() -> None:
    """What it says is the same for a program; only how it is written is not."""
    written = printable(json.dumps({"a": f"{HOSTILE}\udcff"}, ensure_ascii=False))
    assert not COMMAND.search(written)
    assert json.loads(written) == {"a": f"{HOSTILE}\udcff"}


def test_texts_stay() -> None:
    """Letters, marks and signs of any language are no commands."""
    text = "Café – “naïve” 日本語 عربى 🙂 👩\u200d🚀 a\u0301\tb\n"
    assert printable(text) == text


def test_drawn(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines, tables, painted rows, messages."""
    show(lines(HOSTILE, HOSTILE), table([[HOSTILE]], head=[""], left=1))
    put(HOSTILE, sys.stdout)
    say("why", HOSTILE)
    print(*row_lines([Row(HOSTILE, HOSTILE, "good")], indent=9))
    shown = capsys.readouterr()
    assert not COMMAND.search(shown.out + shown.err)
    assert shown.out.count("aGFjaw") == 6
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    (painted,) = row_lines([Row("a", HOSTILE, "good")], indent=9)
    assert COMMAND.sub("", painted).count("[") == painted.count("[")
    assert painted.count("\x1b") == 2  # ours


@pytest.mark.parametrize("formatter", [logging.Formatter(), JsonFormatter("run")])
def test_logged(formatter: logging.Formatter) -> None:
    """Messages, arguments and tracebacks."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    error = ValueError(HOSTILE)
    raised = (ValueError, error, None)
    handler.handle(PrintableRecord("a", 40, "a.py", 1, "of %s", (HOSTILE,), raised))
    assert stream.getvalue().count("aGFjaw") == 2
    assert not COMMAND.search(stream.getvalue())


def test_closed_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said to nobody is no error."""
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    put("a", sys.stdout)
    show(lines("a", "b"))
    assert [*row_lines([Row("a", "b")], indent=2)] == ["a b"]
    assert [*tracked([1])] == [1]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8", None])
def test_every_encoding(encoding: str | None) -> None:
    """A terminal of any encoding gets every text, and no error."""
    fit_for(encoding, "– \udcff").encode(encoding or "utf-8")


@pytest.mark.parametrize("end", ["\x1b[2J", "x\x9b", "?a=\x00", "#\x7f", "x\x07y/"])
def test_addresses(end: str) -> None:
    """One with a command is no address of an article."""
    assert parse_address(f"https://www.kompas.com/global/read/2023/09/16/170000170/{end}") is None


def test_in_a_crawl(tmp_path: Path) -> None:
    """Nothing of it in the log of a run, whatever is logged, nor in what is told of it."""
    with serve(Site(seed=5, articles=3)) as replica:
        replica.faults.add("commands")
        given = AT_ONCE | {"DATA_DIR": tmp_path, "LOG_LEVEL": "DEBUG"}
        done = scrapy("crawl", "kompas_global", env=replica.env, settings=given)
        page = tmp_path / "page.html"
        story = replica.site.stories[0]
        command = ("fetch", "--nolog", story.url)
        page.write_text(scrapy(*command, env=replica.env, settings=given).output)
        assert "aGFjaw" in page.read_text()
        told = [scrapy("explain", str(page), *more, settings=given) for more in ([], ["--json"])]
        told.append(scrapy("why", story.id, settings=given))
    for finished in (done, *told):
        assert not COMMAND.search(finished.output + finished.errors)
    assert "aGFjaw" in told[0].output


def test_nothing_else_prints() -> None:
    """Whoever prints does it by the functions that make a text printable."""
    folder = Path(kompascrawler.__file__).parent
    printing = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.stderr.write")
    }
    ours = {"terminal.py"}
    counts_and_settings = {"outcome/command_line.py", "commands/settings.py"}
    assert printing == ours | counts_and_settings
