"""docs/data.md: each of its lines is run with the real library."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kompascrawler.dataset import tables
from kompascrawler.dataset.dataset import Dataset
from tests.crawls import ROOT
from tests.dataset.exported import fill

SECTION = (ROOT / "docs/data.md").read_text().partition("## Reading the records")[2]
BLOCKS = re.findall(r"```(python|sh)\n(.*?)```", SECTION.partition("\n## ")[0], re.DOTALL)
GET = ' --get "/kompas/articles.json?_search=panjang&_shape=objects"'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with ``data`` in it, and with the package as a checkout has it."""
    top = tmp_path_factory.mktemp("reading")
    fill(top / "data")
    tables.refresh(top / "data", 1)
    (top / "kompascrawler").symlink_to(ROOT / "kompascrawler")
    return top


def run(command: list[str], folder: Path) -> str:
    """Run a program as a reader would; it must end well."""
    paths = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {"PATH": paths, "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hf"), "HOME": "/tmp"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_reader_that_is_named_is_run() -> None:
    """None of the blocks is lost to the expression above."""
    named = " ".join(code for _, code in BLOCKS)
    readers = ("pandas", "polars", "pyarrow", "datasets", "pyspark", "duckdb", "jq", "sqlite-utils")
    assert [name for name in (*readers, "datasette", "Dataset", "init") if name not in named] == []


def test_python(folder: Path) -> None:
    """Every library gives every article."""
    blocks = [code for language, code in BLOCKS if language == "python" and "spark" not in code]
    names = "('frame', 'table', 'dataset')"
    counts = f"print(len(next(globals().pop(n) for n in {names} if n in globals())))"
    answer = run([sys.executable, "-c", f"\n{counts}\n".join([*blocks, ""])], folder).split()
    whole = len(list(Dataset(folder / "data").articles(complete=True)))
    assert answer == [*["6"] * 4, str(whole)]


@pytest.mark.soak
def test_spark(folder: Path) -> None:
    """The line of Spark gives every article, with its types."""
    pytest.importorskip("pyspark", reason="only make soak installs it")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    (code,) = (code for _, code in BLOCKS if "pyspark" in code)
    found = 'frame.count(), frame.where("duplicate_of is not null").count()'
    types = (
        'str(frame.schema["published_at"].dataType), str(frame.schema["published_date"].dataType)'
    )
    answer = run([sys.executable, "-c", f"{code}\nprint([{found}, {types}])"], folder)
    duplicates = sum(one.duplicate_of is not None for one in Dataset(folder / "data"))
    assert answer.strip() == str([6, duplicates, "TimestampType()", "DateType()"])


@pytest.mark.parametrize("code", [code for language, code in BLOCKS if language == "sh"])
def test_shell(folder: Path, code: str) -> None:
    """Each command gives what it is there for; Datasette is asked for one page instead of all."""
    out = run(["sh", "-ec", re.sub(r"(?m)^(datasette .*)$", rf"\1{GET}", code)], folder)
    expected = {"duckdb -c": "2026-11-12", "kompascrawler": '"1984"', "find": "=1+1"}
    start = next((name for name in expected if code.startswith(name)), None)
    assert expected.get(start or "", "2026-11-12-") in out
