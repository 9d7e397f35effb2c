"""`kompascrawler report`: one file that anybody can read, anywhere."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.report import write
from tests.browser.crawls import require_chromium
from tests.crawls import ROOT, Finished, crawl, scrapy
from tests.dataset.exported import store
from tests.dataset.folders import files, rewritten
from tests.dataset.years import fill
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.store.synthetic import make_article

TEN_YEARS = 3653
MOST_BYTES = 500_000


@pytest.fixture(scope="module")
def ten_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the data of ten years, and the report on it."""
    folder = tmp_path_factory.mktemp("years")
    fill(folder / "data", TEN_YEARS, 1)
    write(folder / "data", folder / "report.html", ["global"])
    return folder


def report(data_dir: Path, *args: Any) -> Finished:
    """Run the command."""
    return scrapy("report", *map(str, args), settings={"DATA_DIR": data_dir})


def plots(file: Path) -> dict[str, LexborNode]:
    """Return the sections of a report by their headings."""
    sections = LexborHTMLParser(file.read_bytes()).css("section")
    return {section.css("h2")[0].text(): section for section in sections}


def numbers(section: LexborNode, column: int) -> int:
    """Return the sum of a column of a plot's table."""
    cells = section.css(f"tbody tr td:nth-child({column})")
    return sum(int(cell.text().replace(",", "")) for cell in cells)


@pytest.mark.xdist_group("ten_years")
def test_ten_years_are_small_and_alone(ten_years: Path) -> None:
    """Below 500 kB; no script, nothing from elsewhere, and what strangers wrote is text."""
    html = (ten_years / "report.html").read_text()
    assert len(html.encode()) < MOST_BYTES
    assert not re.search(r"<script|<link|<img|https?://|url\(|@import|javascript:|\son\w+=", html)
    assert "Budi &lt;Okoye&gt; &amp; Rekan" in html


@pytest.mark.xdist_group("ten_years")
def test_each_plot_has_its_numbers(ten_years: Path) -> None:
    """The tables hold what the data set holds."""
    found = plots(ten_years / "report.html")
    assert len(found) == 15
    assert all(section.css("table tbody tr") for section in found.values())
    assert all(section.css("svg path, svg rect") for section in found.values())
    articles = len(list(Dataset(ten_years / "data")))
    for title in ("Articles a day", "Lengths"):
        assert numbers(found[title], 2) == articles, title
    assert sum(numbers(found["Hours and weekdays"], day) for day in range(2, 9)) == articles
    assert sum(numbers(found["Completeness and proof"], proof) for proof in range(2, 7)) == articles
    assert sum(numbers(found["Runs"], name) for name in range(2, 7)) == 360
    assert "Ikuti saluran" in found["Repeated lines"].text()


def test_no_barriers(tmp_path: Path) -> None:
    """axe-core finds none, tables open, at three widths in both schemes; nothing juts out."""
    script = max(ROOT.glob("build/axe-core-*.js"), default=None)
    if script is None:
        pytest.skip("axe-core is not here: make axe")
    require_chromium()
    fill(tmp_path / "data", 20, 2)
    write(tmp_path / "data", tmp_path / "report.html", ["global"])
    module = (sys.executable, "-m", "tests.dataset.barriers")
    done = subprocess.run(
        [*module, str(script), str(tmp_path / "report.html")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "6 pages, 0 violations\n"), (
        done.stdout + done.stderr
    )


def test_an_empty_data_set(tmp_path: Path) -> None:
    """A folder that a crawl has begun has a report that says so."""
    store(tmp_path / "data", "run")
    done = report(tmp_path / "data", tmp_path / "x.html")
    assert (done.status, done.output) == (0, "")
    assert (tmp_path / "x.html").read_text().count("Nothing yet.") == 15


def test_what_cannot_be_done(tmp_path: Path) -> None:
    """Bad names: status 2. No data folder, a damaged file, a full disk: 3; OUT stays as it was."""
    data_dir, out = tmp_path / "data", tmp_path / "x.html"
    store(data_dir, "run", make_article(1))
    for args in ((tmp_path / "x.pdf",), (tmp_path / "none" / "x.html",), (out, out)):
        assert report(data_dir, *args).status == 2, args
    out.write_text("earlier")
    done = report(tmp_path / "none", out)
    assert (done.status, "is no folder" in done.errors) == (3, True)
    full = scrapy("report", str(out), settings={"DATA_DIR": data_dir}, largest_file=500)
    cause = f"scrapy report: cannot write {out}: File too large"
    assert (full.status, full.errors.splitlines()[-1]) == (3, cause)
    rewritten(files(data_dir)[0], b"Judul", b"JUDUL")
    done = report(data_dir, out)
    assert (done.status, "verify --repair" in done.errors) == (3, True)
    assert out.read_text() == "earlier"


def test_a_missing_extra(tmp_path: Path) -> None:
    """Status 2, and how to install it."""
    store(tmp_path, "run", make_article(1))
    out, settings = str(tmp_path / "x.html"), {"DATA_DIR": tmp_path}
    done = scrapy("report", out, settings=settings, lacking="jinja2")
    advice = "this needs jinja2: in the checkout, pip install '.[report]'"
    assert (done.status, done.errors.splitlines()[-1]) == (2, f"scrapy report: {advice}")


def test_a_run_with_news_writes_it(tmp_path: Path) -> None:
    """An idle run does not; where it cannot be written the run is fine, and the log says why."""
    out, data_dir = tmp_path / "report.html", tmp_path / "data"
    with serve(Site(seed=5, articles=4)) as replica:
        assert crawl(replica.env, data_dir, REPORT_FILE=out).status == 0
        assert numbers(plots(out)["Articles a day"], 2) == 4
        out.unlink()
        assert crawl(replica.env, data_dir, REPORT_FILE=out).status == 0
        assert not out.exists()
        away = crawl(replica.env, tmp_path / "other", REPORT_FILE=tmp_path / "none" / "x.html")
    assert (away.status, "REPORT_FILE was not written: cannot write" in away.errors) == (0, True)
