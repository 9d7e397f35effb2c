"""What readers and exports pay for the small files of a year, before and after compaction.

    python -m tests.bench.dataset [--days N] [--folder FOLDER]

A made-up data folder: 40 articles a day of the size of real ones, published by runs of a quarter of
an hour in 32 files a day. Each reader is a process of its own that reads all records; CPU is user
and system, with what imports take left out. The kernel has the files in memory.
"""

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from kompascrawler.dataset.tables import write_parquet
from kompascrawler.items import Block, Image
from kompascrawler.store.store import Store
from tests.store.synthetic import WORDS, make_article

FIRST: Final = date(2025, 11, 20)
A_DAY: Final = 40
FILES_A_DAY: Final = 32
SCHEMA: Final = "kompascrawler/schema/article-1.1.duckdb.sql"
READERS: Final = {
    "DuckDB, `articles('data')`": (
        "import duckdb; from pathlib import Path",
        f"duckdb.execute(Path({SCHEMA!r}).read_text());"
        " duckdb.sql(\"select count(*), sum(word_count) from articles('{0}')\").fetchall()",
    ),
    "pandas, `read_json` of each file": (
        "import pandas as pd; from pathlib import Path",
        "pd.concat([pd.read_json(p, lines=True, dtype=False)"
        " for p in Path('{0}/articles').rglob('[!.]*.jsonl')], ignore_index=True)",
    ),
    "Polars, `read_ndjson` of each file": (
        "import polars as pl; from pathlib import Path",
        "pl.concat([pl.read_ndjson(p).select('id', 'title', 'text', 'word_count')"
        " for p in Path('{0}/articles').rglob('[!.]*.jsonl')])",
    ),
    "`Dataset`": (
        "from kompascrawler import Dataset",
        "sum(article.word_count for article in Dataset('{0}'))",
    ),
    "`kompascrawler follow`": (
        "from kompascrawler.dataset.lines import follow; from pathlib import Path",
        "sum(len(lines) for _, lines in follow(Path('{0}')))",
    ),
    "pandas, `parquet/`": (
        "import pandas as pd, pyarrow.parquet",
        "pd.read_parquet('{0}/parquet')",
    ),
}
EXPORTS: Final = ("parquet", "hf", "sqlite", "csv", "xlsx", "jsonl")
_TIMED: Final = """
import resource
{0}
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
before = cpu()
{1}
print(cpu() - before)
"""
MEASURED: Final = """
import atexit, os, re
from kompascrawler.__main__ import main
peak = re.compile(r"VmHWM:\\s+(\\d+)")
told = lambda: print(sum(os.times()[:2]), peak.search(open("/proc/self/status").read())[1])
atexit.register(told)
main()
"""
"""Runs ``kompascrawler``; the last line that it prints has CPU seconds and most memory (KB)."""


def fill(folder: Path, days: int) -> None:
    """Publish so many days of articles."""
    chance = random.Random(1)
    with closing(Store(folder, "fill")) as store:
        store._database._connection.execute("PRAGMA synchronous = OFF")
        for day in (FIRST + timedelta(days=number) for number in range(days)):
            for number in range(A_DAY):
                text = "\n\n".join(" ".join(chance.choices(WORDS, k=66)) for _ in range(6))
                made = make_article(0, text=text, id=f"{day}-{number // 2:02}{number % 2}00070")
                blocks = [Block(type="paragraph", text=t, page=1) for t in text.split("\n\n")]
                image = Image(
                    url="https://asset.kompas.com/x.jpg", caption=text[:200], credit="AFP"
                )
                made.url = (
                    f"https://www.kompas.com/global/read/{made.id.replace('-', '/', 3)}/judul"
                )
                made.published_at = f"{day}T{number // 2:02}:{number % 2}0:00+07:00"
                store.put(replace(made, blocks=blocks, images=[image], word_count=396))
                if number * FILES_A_DAY // A_DAY != (number + 1) * FILES_A_DAY // A_DAY:
                    store.publish()


def cost(folder: Path, imports: str, work: str) -> float:
    """Return the CPU seconds of a reader: the better of two."""
    script = _TIMED.format(imports, work.format(folder))
    command = [sys.executable, "-c", script]
    run = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(2)]
    return min(float(done.stdout.splitlines()[-1]) for done in run)


def costs(folder: Path) -> list[float]:
    """Return what each reader pays."""
    return [cost(folder, *reader) for reader in READERS.values()]


def exported(folder: Path, form: str) -> str:
    """Return the row of an export to a format: CPU and most memory of the whole command."""
    with tempfile.TemporaryDirectory() as temporary:
        out = str(Path(temporary) / f"out.{form}")
        command = [sys.executable, "-c", MEASURED, "export", out, "--format", form]
        done = subprocess.run(
            [*command, "-s", f"DATA_DIR={folder}"], check=True, capture_output=True, text=True
        )
    cpu, memory = map(float, done.stdout.split())
    return f"| `{form}` | {cpu:.1f} s | {memory / 1024:.0f} MB |"


def measure(folder: Path, days: int) -> Iterator[str]:
    """Yield a table in Markdown."""
    fill(folder, days)
    began = time.process_time()
    write_parquet(folder)
    yield f"All months of `parquet/`, once: {time.process_time() - began:.1f} s of CPU\n"
    yield "| Export | CPU | Memory |\n|---|---|---|"
    yield from (exported(folder, form) for form in EXPORTS)
    yield ""
    files = len(list(folder.glob("articles/*/*.jsonl")))
    before = costs(folder)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    with closing(Store(folder, "compact")) as store:
        while store.compact(date.max):
            pass
        store.remove_replaced(timedelta(seconds=-1))
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime - used
    left = len(list(folder.glob("articles/*/*.jsonl")))
    yield f"{days * A_DAY:,} articles; compacting took {used:.1f} s of CPU"
    yield f"| Reader, CPU | {files:,} files | {left:,} files | Ratio |\n|---|---|---|---|"
    for name, one, other in zip(READERS, before, costs(folder), strict=True):
        yield f"| {name} | {one:.2f} s | {other:.2f} s | {one / other:.1f} |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--folder", type=Path, default=None)
    options = parser.parse_args()
    place = options.folder or Path(tempfile.mkdtemp()) / "data"
    began = time.monotonic()
    for line in measure(place, options.days):
        print(line, flush=True)
    print(f"{time.monotonic() - began:.0f} s in all", file=sys.stderr)
    if options.folder is None:
        shutil.rmtree(place.parent)
