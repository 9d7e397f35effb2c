"""What is kept is served by pywb."""

import gzip
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kompascrawler.warc.writing import Exchange
from tests.crawls import ROOT
from tests.warc.test_writing import indexed, opened
from tests.warc.worker import exchange, page_of

PYWB = ROOT / "build" / "pywb"
RENDERED = b"<html>what a browser shows</html>"
PACKED = gzip.compress(page_of(2), mtime=0)


def served(folder: Path, wanted: list[str]) -> list[tuple[int, bytes]]:
    """Return status and body of addresses as pywb serves them."""
    if not (PYWB / ".ready").exists():
        pytest.skip("pywb is not here: make pywb")
    if sys.version_info >= (3, 13):
        pytest.skip("pywb needs the module cgi, which Python 3.13 does not have")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("pywb_serving.py")), f"{folder}/"],
        input="\n".join(wanted),
        env=os.environ | {"PYTHONPATH": str(PYWB)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    answers = json.loads(done.stdout.splitlines()[-1])
    return [(status, body.encode("latin-1")) for status, body in answers]


def test_pywb_serves_every_kind_of_answer(tmp_path: Path) -> None:
    """Page, equal page, compressed page and rendered document, byte for byte, by our index."""
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    wanted: dict[str, bytes] = {}
    answers: list[Exchange] = [
        exchange(1),
        exchange(1, url="https://www.kompas.com/other"),
        exchange(2, answered=headers, body=PACKED),
        exchange(3, body=os.urandom(20_000)),  # the file is full, and indexed
    ]
    store, archive = opened(tmp_path)
    with closing(store):
        archive.add_rendered("https://www.kompas.com/a?page=2", [RENDERED], "1", None)
        wanted["urn:kompascrawler:rendered:1:https://www.kompas.com/a?page=2"] = RENDERED
        for one in answers:
            archive.add(one)
            wanted[one.url] = one.body
        archive.close()
    lines = [(f"{key.split()[-1]} {about['url']}", about) for key, about in indexed(tmp_path)]
    assert [about["mime"] for _, about in lines].count("warc/revisit") == 1
    found = served(tmp_path / "warc", [line for line, _ in lines])
    assert found == [(200, wanted[about["url"]]) for _, about in lines]
    assert len(found) == len(wanted)
