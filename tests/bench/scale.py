"""What a run and a look-up cost with ten thousand articles known, and with ten million.

    python -m tests.bench.scale [--articles N ...] [--rounds N] [--folder FOLDER] [--json FILE]

The store is filled with made-up articles of the size of real ones, the newest first as in a first
fill, and kept in the folder for the next time; what is measured is a copy. CPU is user and system,
the median of the rounds; memory the most that a process held. Runs crawl the replica, which
publishes meanwhile.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Final

from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.duplicates import KEYS, SIZE, fingerprint, packed
from kompascrawler.store.model import Link
from kompascrawler.store.store import Store
from tests.crawls import AT_ONCE, COMPILED, ROOT, scrapy_command
from tests.replica import Site
from tests.replica.serve import Replica, serve
from tests.store.synthetic import make_article

NEWEST: Final = date(2019, 12, 31)
"""Day of the newest article that is filled in; the replica's are newer."""
A_DAY: Final = 40
"""Articles of a day (31 to 42: docs/site.md, section 8); more where days would not suffice."""
SLUG: Final = "menteri-luar-negeri-bertemu-utusan-khusus-bahas-gencatan-senjata-di-kairo"
_CHUNK: Final = 100_000
_FAILED_SHARE: Final = 1_000
"""Of so many articles one could not be had."""


def fill(folder: Path, articles: int) -> None:
    """Fill a store with so many articles, published by runs of a hundred."""
    store, chance = Store(folder, "fill"), random.Random(1)
    sketches = [_sketch(chance) for _ in range(1_000)]
    numbered = enumerate(_links(articles), start=1)
    while chunk := list(islice(numbered, _CHUNK)):
        with store._database.writing("fill it") as db:
            db.execute("PRAGMA cache_size = -1000000")
            db.executemany(
                "INSERT INTO page (url) VALUES (?) ON CONFLICT DO NOTHING",
                {(link.found_on,) for _, link in chunk},
            )
            db.executemany(
                "INSERT INTO link (id, url, found_on, first_seen_at, state, cause) VALUES"
                " (?, ?, (SELECT number FROM page WHERE url = ?), ?, ?, ?)",
                (_row(number, link) for number, link in chunk),
            )
            db.executemany(
                "INSERT INTO article (number, id, revision, content_hash, sketch, is_whole, pages,"
                " stored_at, run_id) VALUES (?, ?, 1, ?, ?, 1, 1, ?, ?)",
                (
                    (number, link.id, chance.randbytes(32), chance.choice(sketches),
                     1_500_000_000 + number, f"20200101T{number // 100:06d}Z-ab12")
                    for number, link in chunk
                ),
            )  # fmt: skip
            db.executemany(
                "INSERT INTO sketch_key (key, article) VALUES (?, ?)",
                sorted((-1 - chance.getrandbits(31), n) for n, _ in chunk for _ in range(KEYS)),
            )
    store.close()


def _links(articles: int) -> Iterator[Link]:
    a_day = max(A_DAY, articles // 300_000)
    for number in range(articles):
        back, place = divmod(number, a_day)
        day = NEWEST - timedelta(days=back)
        identity = f"{day}-{a_day - place:06d}170"
        yield Link(
            identity,
            f"https://www.kompas.com/global/read/{identity[:10].replace('-', '/')}/"
            f"{identity[11:]}/{SLUG}",
            f"https://indeks.kompas.com/?site=global&date={day}&page={place // 15 + 1}",
        )


def _row(number: int, link: Link) -> tuple[object, ...]:
    is_failed = number % _FAILED_SHARE == 0
    return (
        *link, 1_500_000_000 + number, "given_up" if is_failed else "stored",
        "http 404" if is_failed else None,
    )  # fmt: skip


def _sketch(chance: random.Random) -> bytes:
    words = min(max(int(chance.lognormvariate(5.7, 0.6)), 60), 1_500)
    steps = (chance.expovariate(words / 2**20) for _ in range(min(words, SIZE)))
    return packed(tuple(sorted({int(number) for number in accumulate(steps)})))


@dataclass(frozen=True, slots=True)
class Cost:
    """What something costs: CPU in seconds, and memory in MB where a process is measured."""

    cpu: float
    memory: float | None = None

    def __str__(self) -> str:
        memory = f" {self.memory:6.0f} MB" if self.memory else ""
        return f"{self.cpu * 1000:10.2f} ms{memory}"


def queries(folder: Path, rounds: int) -> Iterator[tuple[str, Cost]]:
    """Measure what a run asks of its store and has it do, for each article."""
    store = Store(folder, f"scale-{time.time_ns()}")
    fresh = (make_article(time.time_ns() % 10**9 + n) for n in range(10**6))
    known = [link.id for link in _links(rounds)]
    new = [next(fresh) for _ in range(rounds)]
    yield "look-up", _each(store.is_settled, known)
    yield "look-up of a duplicate", _each(store.find_duplicate, new)
    yield "put", _each(store.put, new)
    batches: list[float] = []
    for _ in range(rounds):
        for _ in range(40):
            store.put(next(fresh))
        batches.append(_cpu(store.publish))
    yield "publish 40", Cost(statistics.median(batches))
    yield "counts", _each(lambda _: store.counts(), known)
    store.close()


def chance_candidates(folder: Path, texts: int = 500) -> float:
    """Return how many articles a text that is like none is compared with, on average."""
    store = Store(folder, "chance")
    prints = [fingerprint(make_article(10**9 + number).text) for number in range(texts)]
    with store._database.reading() as db:
        found = [
            db.execute("SELECT 1 FROM sketch_key WHERE key = ?", (key,)).fetchall()
            for one in prints
            for key in one.keys
        ]
    store.close()
    return sum(map(len, found)) / texts


def runs(folder: Path, rounds: int) -> Iterator[tuple[str, Cost]]:
    """Measure whole runs, and what a person asks beside them."""
    site = Site(seed=1, articles=60 + rounds * 41, start_visible=60, padding="real")
    crawl = scrapy_command("crawl", "kompas_global", settings=AT_ONCE | {"DATA_DIR": folder})
    with serve(site) as replica:
        _child(crawl, replica)
        for name, published in (("idle run", 0), ("run, 1 new", 1), ("run, 40 new", 40)):
            costs = []
            for _ in range(rounds):
                if published:
                    replica.publish(published)
                costs.append(_child(crawl, replica))
            yield name, _median(costs)
        for name in ("status", "failures", f"why {next(_links(1)).id}"):
            command = scrapy_command(*name.split(), settings={"DATA_DIR": folder})
            yield name.split()[0], _median([_child(command, replica) for _ in range(rounds)])


def _each(work: Callable[..., object], given: Sequence[object]) -> Cost:
    return Cost(statistics.median(_cpu(work, one) for one in given))


def _cpu(work: Callable[..., object], *given: object) -> float:
    began = time.process_time()
    work(*given)
    return time.process_time() - began


def _median(costs: Sequence[Cost]) -> Cost:
    memory = max(cost.memory or 0 for cost in costs)
    return Cost(statistics.median(cost.cpu for cost in costs), memory)


def _child(command: Sequence[str], replica: Replica[Site]) -> Cost:
    """Run a command against the replica, in a process whose memory is its own."""
    measured = (
        "import resource, subprocess, sys;"
        "done = subprocess.run(sys.argv[1:], stdout=-3, stderr=-3);"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, done.returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", measured, *command],
        cwd=ROOT, env=os.environ | replica.env | COMPILED,
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    cpu, memory, status = map(float, done.stdout.split())
    if status:
        raise SystemExit(f"{' '.join(command)}: exit status {status:.0f}")
    return Cost(cpu, memory)


def measure(folder: Path, articles: int, rounds: int) -> dict[str, Cost]:
    """Fill a store, unless it is there, and print what a copy of it costs."""
    if not folder.exists():
        draft = folder.with_name(f"{folder.name}.draft")
        fill(draft, articles)
        draft.rename(folder)
    with tempfile.TemporaryDirectory(dir=folder.parent) as copy:
        path = Path(copy, FILE_NAME)
        shutil.copyfile(folder / FILE_NAME, path)
        return _measure(path, articles, rounds)


def _measure(path: Path, articles: int, rounds: int) -> dict[str, Cost]:
    print(f"{articles:,} articles: {path.stat().st_size / articles:.0f} bytes each in {FILE_NAME};")
    print(f"{chance_candidates(path.parent):.2f} candidates by chance a look-up", flush=True)
    costs = {}
    for measured in (queries(path.parent, max(rounds, 40)), runs(path.parent, rounds)):
        for name, cost in measured:
            costs[name] = cost
            print(f"{cost}  {name}", flush=True)
    return costs


def main() -> None:
    """Measure each size, and print what the largest costs beside the smallest."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.bench.scale")
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5, help="runs of each kind")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "scale")
    parser.add_argument("--json", type=Path, help="write the costs here")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    sizes = sorted(options.articles)
    costs = {size: measure(options.folder / str(size), size, options.rounds) for size in sizes}
    for name, cost in costs[sizes[-1]].items():
        print(f"{cost.cpu / costs[sizes[0]][name].cpu:5.2f} x  {name}")
    if options.json:
        seconds = {
            size: {name: cost.cpu for name, cost in of.items()} for size, of in costs.items()
        }
        options.json.write_text(json.dumps(seconds, indent=1))


if __name__ == "__main__":
    main()
