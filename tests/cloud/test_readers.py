"""Readers of the bucket, as docs/publish.md has them: every record once, whatever lies there."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final

import pyarrow as pa
import pytest
from pyarrow import parquet

from kompascrawler.cloud.publishing import publish as copy
from kompascrawler.store import manifest
from kompascrawler.store.store import Store
from tests.cloud.bucket import KEY, SECRET
from tests.cloud.test_publishing import there, write_table
from tests.crawls import ROOT
from tests.dataset.folders import publish
from tests.dataset.test_lines import LATER

pytestmark = pytest.mark.xdist_group("bucket")
HTTPFS: Final = ROOT / "build" / "httpfs"
BLOCKS: Final = re.findall(
    r"```(?:python|sql)\n(.*?)```", (ROOT / "docs" / "publish.md").read_text(), re.DOTALL
)
_LOAD: Final = """
import os, pathlib, duckdb, duckdb_extension_httpfs
folder = pathlib.Path(duckdb_extension_httpfs.__file__).parent
db = duckdb.connect()
db.execute(f"LOAD '{next(folder.rglob('*.duckdb_extension'))}'")
host = os.environ["AWS_ENDPOINT_URL"].removeprefix("http://")
"""


@pytest.fixture
def expected(tmp_path: Path, bucket: str) -> Counter[str]:
    """Fill the bucket, compact the folder, and copy that; return what a reader is to find."""
    folder = tmp_path / "data"
    publish(folder, "run", 1, 6, 2, 3, 7)
    copy(folder, bucket)
    with closing(Store(folder, "compact")) as store:
        store.compact(LATER)
    write_table(folder, "2026-11", b"")
    path = folder / "parquet" / "month=2026-11.parquet"
    parquet.write_table(pa.table({"id": ["a"]}), path)
    copy(folder, bucket)
    current = manifest.current(manifest.read(folder))
    files = [name for name in there(bucket) if name.startswith("articles/")]
    assert len(files) > len(current)
    lines = [line for one in current for line in (folder / one.file).read_text().splitlines()]
    return Counter(json.loads(line)["id"] for line in lines)


def block(what: str, bucket: str) -> str:
    """Return the lines of the document that have something in them, for our bucket."""
    (code,) = (code for code in BLOCKS if what in code)
    return str(code).replace("bucket/kompas", bucket.removeprefix("s3://"))


def run(code: str, *path: Path) -> Counter[str]:
    """Run lines in a process of their own; return the identities that they print."""
    settled = {
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | settled, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Counter(re.findall(r"\d{4}-\d\d-\d\d-\d+", done.stdout))


def test_pyarrow(bucket: str, expected: Counter[str]) -> None:
    """Files and tables."""
    address = f"S3FileSystem(endpoint_override={os.environ['AWS_ENDPOINT_URL']!r})"
    code = block("pyarrow.fs", bucket).replace("S3FileSystem()", address)
    ends = 'print(articles.to_table(columns=["id"]).column("id").to_pylist())'
    tables = 'assert tables.to_table().to_pydict() == {"id": ["a"]}'
    assert run(f"{code}\n{ends}\n{tables}") == expected


def test_duckdb(bucket: str, expected: Counter[str]) -> None:
    """By obstore's file system."""
    code = block("FsspecStore", bucket)
    assert run(f"{code}\nprint(articles.project('id').fetchall())") == expected


@pytest.mark.soak
def test_duckdb_with_httpfs(bucket: str, expected: Counter[str]) -> None:
    """By its own extension."""
    if not HTTPFS.is_dir():
        pytest.skip("only make soak installs DuckDB's httpfs")
    secret = (
        f"CREATE SECRET (TYPE s3, KEY_ID '{KEY}', SECRET '{SECRET}', REGION 'us-east-1', "
        "ENDPOINT '{host}', USE_SSL false, URL_STYLE 'path')"
    )
    reading = f'print(db.sql("""{block("getvariable", bucket)}""").fetchall())'
    assert run(f'{_LOAD}db.execute(f"{secret}")\n{reading}', HTTPFS) == expected


@pytest.mark.soak
def test_spark(bucket: str, expected: Counter[str]) -> None:
    """By obstore on its workers."""
    pytest.importorskip("pyspark", reason="only make soak installs it")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    code = block("pyspark", bucket)
    assert run(f'{code}\nprint(articles.select("id").collect())') == expected
