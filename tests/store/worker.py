"""Stores and publishes the articles of a plan, in a process that may be killed at any moment.

``python worker.py DATA_DIR PLAN PUBLISH_EVERY [FILE_SIZE_LIMIT]``; PLAN holds published lines.
Prints the identity of each article that ``put`` has accepted. Exit status 3 with the message on
standard error: StoreError.
"""

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

from kompascrawler.items import Article, Halaman
from kompascrawler.store.model import AlreadyStored, StoreError
from kompascrawler.store.store import Store


def limit_file_size(limit: int) -> None:
    """Let writes beyond the limit fail (EFBIG) as on a full disk, instead of ending the process."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sys.dont_write_bytecode = True  # what is left of one would be taken for all
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def work(data_dir: Path, plan: Path, publish_every: int) -> None:
    store = Store(data_dir, f"run-{time.time_ns()}-{os.getpid()}")
    for number, line in enumerate(plan.read_text().splitlines(), start=1):
        fields = json.loads(line)
        article = Article(**fields | {"halaman": Halaman(**fields["halaman"])})
        store.find_duplicate(article)
        try:
            store.put(article)
        except AlreadyStored:
            continue
        print(article.id, flush=True)
        if number % publish_every == 0:
            store.publish()
    store.publish()
    store.close()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    try:
        if len(arguments) > 3:
            limit_file_size(int(arguments[3]))
        work(Path(arguments[0]), Path(arguments[1]), int(arguments[2]))
    except StoreError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
