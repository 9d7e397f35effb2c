"""What other programs take for a page, and what of its text they find: ``make bench-peers``.

    python -m tests.bench.peers [--rounds N] [--folder FOLDER]

Each is installed in an environment of its own (``peers.txt``) and reads the pages that a person has
read (``shared/kompas/gold``). In each round the lxml parse, ours and the peer take turns. F1 is on
words, repeats counted, against the paragraphs of the gold.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import PIPE
from typing import Any, Final, NamedTuple

from lxml import etree

from kompascrawler.cleaning import clean
from kompascrawler.pages import article_page
from tests.bench.document import machine, write
from tests.conftest import SHARED, read_page
from tests.crawls import ROOT

_HERE: Final = Path(__file__).parent
_URL: Final = "https://www.kompas.com/global/read/2020/10/16/103425828/judul"


class Result(NamedTuple):
    """What a program took, times the lxml parse (median, least, most), and what it found."""

    name: str
    ratios: Sequence[float]
    f1: float
    note: str = ""

    def __str__(self) -> str:
        if self.note:
            return f"| {self.name} | {self.note} | | |"
        median, spread = statistics.median(self.ratios), (min(self.ratios), max(self.ratios))
        return (
            f"| {self.name} | {median:.2f} | {spread[0]:.2f} to {spread[1]:.2f} | {self.f1:.4f} |"
        )


def f1(text: str, gold: str) -> float:
    """Return the F1 of the words of a text."""
    found, wanted = (Counter(re.findall(r"\w+", one.casefold())) for one in (text, gold))
    both = (found & wanted).total()
    return 2 * both / (found.total() + wanted.total()) if both else 0.0


def environments() -> dict[str, list[str]]:
    """Return the packages of each peer, by its name."""
    lines = (_HERE / "peers.txt").read_text(encoding="utf-8").splitlines()
    packages = [line.split() for line in lines if not line.startswith("#")]
    return {each[0].partition("==")[0]: each for each in packages}


def installed(folder: Path, packages: Sequence[str]) -> Path | None:
    """Return the Python of an environment with these packages; None where they do not install."""
    python = folder / "bin" / "python"
    options = ("--quiet", "--disable-pip-version-check")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    done = subprocess.run([python, "-m", "pip", "install", *options, *packages], check=False)
    return python if done.returncode == 0 else None


def _cpu(work: Callable[[bytes], object], pages: Sequence[bytes]) -> float:
    began = time.process_time()
    for page in pages:
        work(page)
    return (time.process_time() - began) / len(pages)


def _parse(page: bytes) -> None:
    etree.fromstring(page, etree.HTMLParser(encoding="utf-8"))


def _ours(page: bytes) -> str:
    read = article_page(_URL, page)
    return clean(read.to_item()).text


def measure(folder: Path, rounds: int) -> list[Result]:
    """Measure ours and each peer on the pages of the gold."""
    golds: dict[str, Any] = {
        path.stem: json.loads(path.read_bytes()) for path in sorted(SHARED.glob("gold/*.json"))
    }
    right = ["\n".join(gold["paragraphs"]) for gold in golds.values()]
    pages = [read_page(SHARED / "pages" / f"{name}.html.gz") for name in golds]

    def score(texts: Sequence[str]) -> float:
        return statistics.mean(f1(*pair) for pair in zip(texts, right, strict=True))

    ours, peers = list[float](), list[Result]()
    with tempfile.TemporaryDirectory() as unzipped:
        files = [Path(unzipped, name) for name in golds]
        for file, page in zip(files, pages, strict=True):
            file.write_bytes(page)
        for name, packages in environments().items():
            python = installed(folder / name, packages)
            if python is None:
                peers.append(Result(packages[0], (), 0, "cannot be installed here"))
            elif turns := _turns(
                [str(python), str(_HERE / "peer.py"), name, *files], pages, rounds
            ):
                ours += turns.ours
                peers.append(Result(packages[0], turns.peer, score(turns.texts)))
            else:
                peers.append(Result(packages[0], (), 0, "fails on these pages"))
            print(peers[-1], flush=True)
    return [Result("kompascrawler: the whole record", ours, score([*map(_ours, pages)])), *peers]


class _Turns(NamedTuple):
    """What a peer finds on the pages, and what it and ours take: times the lxml parse, by round."""

    texts: Sequence[str]
    ours: Sequence[float]
    peer: Sequence[float]


def _turns(command: Sequence[str | Path], pages: Sequence[bytes], rounds: int) -> _Turns | None:
    """Have the lxml parse, ours and a peer take turns; None where the peer fails."""
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as peer:
        assert peer.stdin is not None
        assert peer.stdout is not None
        texts, ours, theirs = peer.stdout.readline(), list[float](), list[float]()
        for _ in range(rounds if texts else 0):
            parsed = _cpu(_parse, pages)
            ours.append(_cpu(_ours, pages) / parsed)
            print(file=peer.stdin, flush=True)
            theirs.append(float(peer.stdout.readline()) / parsed)
    return _Turns(json.loads(texts), ours, theirs) if texts else None


def main() -> None:
    """Measure all, and write them into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.bench.peers")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "peers")
    options = parser.parse_args()
    ours, *peers = measure(options.folder, options.rounds)
    ahead = [
        one.name
        for one in peers
        if one.ratios and statistics.median(one.ratios) < statistics.median(ours.ratios)
    ]
    lines = [
        machine(f"lxml {etree.__version__}"),
        "",
        "| Program | CPU, times the lxml parse | least and most | F1 of the words |",
        "|---|---:|---:|---:|",
        *map(str, [ours, *peers]),
        "",
        f"Faster than ours: {', '.join(ahead) or 'none'}.",
        f"A text nearer to the gold: {_nearer(ours, peers)}.",
    ]
    write("peers", lines)


def _nearer(ours: Result, peers: Sequence[Result]) -> str:
    return ", ".join(one.name for one in peers if one.f1 > ours.f1) or "none"


if __name__ == "__main__":
    main()
