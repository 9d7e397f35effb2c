"""The Python API: the record of one page, as docs/api.md has it."""

import json
import pickle
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from multiprocessing import get_context
from pathlib import Path

import pytest

from kompascrawler import Article, PageRefused, extract
from kompascrawler.cleaning import clean
from kompascrawler.pages import article_page
from tests.crawls import ROOT
from tests.replica.exchange import Request
from tests.replica.pinned import PINNED
from tests.replica.site import Site

URL = f"{PINNED.url}?page=all"
PAGE = Site(articles=1).answer(Request.get(URL)).body
NOT_KNOWN = {"run_id": "", "crawled_at": "", "first_seen_at": "", "duplicate_of": None}


def test_the_record_is_that_of_a_crawl() -> None:
    """It is cleaned as a crawl does; what only a run knows is empty."""
    article = extract(PAGE, URL)
    assert article == clean(article_page(URL, PAGE).to_item())
    assert article.halaman.complete is True
    assert article.text
    assert {name: getattr(article, name) for name in NOT_KNOWN} == NOT_KNOWN


def test_text_is_read_as_bytes_are() -> None:
    """A page that somebody has decoded says nothing else, whatever charset it still declares."""
    text = PAGE.decode()
    declared = re.sub("utf-8", "windows-1252", text, flags=re.IGNORECASE)
    assert declared != text
    assert extract(text, URL) == extract(declared, URL) == extract(PAGE, URL)
    assert extract(text.replace("Dua ", "\ud800 ", 1), URL).id == PINNED.id


def test_any_channel() -> None:
    """An article of another section has a record as well."""
    url = "https://money.kompas.com/read/2023/09/16/170000126/judul"
    page = PAGE.decode().replace(PINNED.url, url)
    assert extract(page, url).id == "2023-09-16-170000126"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("", "empty"),
        ("<p>Just a moment...</p>", "no_layout"),
        (re.sub(rb"""<h1 .*?</h1>|<meta [^>]*title[^>]*>|"headline".*?,""", b"", PAGE), "title"),
    ],
)
def test_what_is_refused(page: bytes | str, reason: str) -> None:
    """Whatever has no record ends with the one error, which says why and survives a pickle."""
    with pytest.raises(PageRefused) as caught:
        extract(page, URL)
    assert caught.value.reason == reason
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.reason, str(copy)) == (reason, str(caught.value))


def test_the_published_form() -> None:
    """``to_dict`` and ``to_json`` agree, with the keys of a published line in their order."""
    article = extract(PAGE, URL)
    assert json.loads(article.to_json()) == article.to_dict()
    assert list(article.to_dict()) == [field.name for field in fields(Article)]
    assert "\n" not in article.to_json()


def test_a_pool_of_processes() -> None:
    """Pages go in, records and errors come out."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        good, bad = pool.submit(extract, PAGE, URL), pool.submit(extract, b"", URL)
        assert good.result() == extract(PAGE, URL)
        assert isinstance(bad.exception(), PageRefused)


def test_no_scrapy_no_settings_no_store(tmp_path: Path) -> None:
    """Neither is imported; nothing is written; a machine without ``fcntl`` will do."""
    (tmp_path / "page.html").write_bytes(PAGE)
    script = (
        "import sys, pathlib; sys.modules['fcntl'] = None\n"
        "from kompascrawler import extract\n"
        f"print(extract(pathlib.Path('page.html').read_bytes(), {URL!r}).id)\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    article_id, modules = done.stdout.splitlines()
    assert article_id == PINNED.id
    foreign = ("scrapy", "twisted", "parsel", "itemadapter", "sqlite3")
    ours = ("kompascrawler.settings", "kompascrawler.configuration", "kompascrawler.store")
    assert not {*foreign, *ours}.intersection(modules.split())
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize("document", ["README.md", "docs/api.md"])
def test_the_examples_run(tmp_path: Path, document: str) -> None:
    """Each document has a program that can be copied."""
    (tmp_path / "page.html").write_bytes(PAGE)
    program = (ROOT / document).read_text().partition("```python\n")[2].partition("```")[0]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    record = json.loads("{" + done.stdout.splitlines()[-1].partition("{")[2])
    assert record["id"] == PINNED.id
